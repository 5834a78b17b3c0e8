"""The predicate index against Kleene's tables written out plainly, and against the trees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.checked import ir
from compiler.decision.context import Context
from compiler.decision.index import Index, build_index
from compiler.decision.index_clauses import MOST_CLAUSES, Clausifier
from compiler.decision.index_layout import MOST_LATE
from compiler.decision.index_ranked import Ranked
from compiler.decision.program import BUILDERS
from compiler.decision.trees import Tree, Trees
from compiler.facts import Facts
from compiler.types import FLAG, INT, NUMBER, TEXT, UNAVAILABLE, Answer, Kind, Type
from compiler.versions import parse_version
from dsl.source import Span

SPAN = Span(1, 1, 1, 2)
VALUES: Mapping[Type, tuple[Any, ...]] = {
    INT: (-3, 0, 1, 2, 3, 7, 900),
    NUMBER: (-0.5, 0.0, 1.0, 1.5, 2.0),
    TEXT: ("", "a", "aa", "b", "ä", "🙂"),
    FLAG: (False, True),
}
Comparison = Literal["<", "<=", ">", ">="]
ATTRIBUTES = {f"{kind.kind.value}{number}": kind for kind in VALUES for number in range(2)}
TEST: Mapping[Comparison, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def naive(expr: ir.Expr, facts: Facts, crowds: Mapping[str, ir.Expr]) -> Any:
    """A condition's answer, or a value, from nothing but the definition."""

    def of(part: ir.Expr) -> Any:
        return naive(part, facts, crowds)

    match expr:
        case ir.Const(value=value):
            return value
        case ir.Attribute(name=name):
            return facts.user.get(name)
        case ir.Otherwise(value=value, fallback=fallback):
            return of(fallback) if of(value) is None else of(value)
        case ir.And(terms=terms):
            answers = [of(term) for term in terms]
            return False if False in answers else None if None in answers else True
        case ir.Or(terms=terms):
            answers = [of(term) for term in terms]
            return True if True in answers else None if None in answers else False
        case ir.Not(term=term):
            return None if of(term) is None else not of(term)
        case ir.InCrowd(crowd=crowd):
            return of(crowds[crowd])
        case ir.InList(list=name):
            return None if facts.lists.get(name, False) is UNAVAILABLE else facts.lists.get(name, False)
        case ir.IsMissing(term=term):
            return None if of(term) is UNAVAILABLE else of(term) is None
        case ir.FlagIs(term=term):
            return None if of(term) is UNAVAILABLE else of(term)
        case ir.OneOf(term=term, options=options):
            return None if of(term) in (None, UNAVAILABLE) else of(term) in options
        case ir.Equal(left=left, right=right):
            return None if {of(left), of(right)} & {None, UNAVAILABLE} else of(left) == of(right)
        case ir.Compare(operator=operator, left=left, right=right):
            return (
                None if {of(left), of(right)} & {None, UNAVAILABLE} else TEST[operator](of(left), of(right))
            )
    raise TypeError(expr)


def constants(kind: Type) -> st.SearchStrategy[ir.Expr]:
    return st.sampled_from(VALUES[kind]).map(lambda value: ir.Const(kind, value))


def readings(kind: Type) -> st.SearchStrategy[ir.Expr]:
    names = [name for name, of in ATTRIBUTES.items() if of == kind]
    plain: st.SearchStrategy[ir.Expr] = st.sampled_from(names).map(
        lambda name: ir.Attribute(kind, "user", name)
    )
    return st.one_of(
        plain,
        plain,
        st.builds(lambda value, fallback: ir.Otherwise(kind, value, fallback, SPAN), plain, constants(kind)),
        st.builds(lambda value, fallback: ir.Otherwise(kind, value, fallback, SPAN), plain, plain),
    )


def asked(kind: Type) -> st.SearchStrategy[ir.Expr]:
    """Conditions on readings of one type: on either side of a constant, or of another reading."""
    reading, constant = readings(kind), constants(kind)
    pairs = st.one_of(st.tuples(reading, constant), st.tuples(constant, reading), st.tuples(reading, reading))
    options = st.frozensets(st.sampled_from(VALUES[kind]), max_size=3)
    return st.one_of(
        pairs.map(lambda pair: ir.Equal(*pair, SPAN)),
        st.builds(lambda term, options: ir.OneOf(term, options, SPAN), reading, options),
        reading.map(lambda term: ir.IsMissing(term, SPAN)),
        reading.map(lambda term: ir.FlagIs(term, SPAN))
        if kind == FLAG
        else st.builds(
            lambda pair, test: ir.Compare(test, pair[0], pair[1], SPAN), pairs, st.sampled_from(sorted(TEST))
        ),
    )


def conditions(crowds: tuple[str, ...] = ()) -> st.SearchStrategy[ir.Expr]:
    atoms = [asked(kind) for kind in VALUES]
    atoms.append(st.sampled_from(["staff", "testers"]).map(lambda name: ir.InList(name, SPAN)))
    if crowds:
        atoms.append(st.sampled_from(crowds).map(lambda name: ir.InCrowd(name, SPAN)))

    def several(inner: st.SearchStrategy[ir.Expr]) -> st.SearchStrategy[ir.Expr]:
        terms = st.lists(inner, min_size=2, max_size=5).map(tuple)
        return st.one_of(
            terms.map(lambda terms: ir.And(terms, SPAN)),
            terms.map(lambda terms: ir.Or(terms, SPAN)),
            inner.map(lambda term: ir.Not(term, SPAN)),
        )

    return st.recursive(st.one_of(atoms), several, max_leaves=24)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, ir.Expr]:
    """Crowds, of which each may refer to those before it."""
    crowds: dict[str, ir.Expr] = {}
    for number in range(draw(st.integers(1, 8))):
        crowds[f"c{number}"] = draw(conditions(tuple(crowds)))
    return crowds


def facts() -> st.SearchStrategy[Facts]:
    user = {name: st.sampled_from((*VALUES[kind], None, UNAVAILABLE)) for name, kind in ATTRIBUTES.items()}
    lists = {name: st.sampled_from((False, True, UNAVAILABLE)) for name in ("staff", "testers")}
    return st.builds(
        lambda user, lists: Facts(now=0, user=user, lists=lists),
        st.fixed_dictionaries({}, optional=user),
        st.fixed_dictionaries({}, optional=lists),
    )


def fillers(number: int) -> dict[str, ir.Expr]:
    """So many crowds on one attribute that the slots of all others are rare."""
    attribute = ir.Attribute(INT, "user", "int0")
    return {f"f{i}": ir.Compare(">=", attribute, ir.Const(INT, 3 * i), SPAN) for i in range(number)}


def trees_of(crowds: Mapping[str, ir.Expr]) -> Trees:
    definitions = {f"crowd {name}": partial(built, condition) for name, condition in crowds.items()}
    return Trees(ruleset_of(crowds), BUILDERS, definitions)


def built(condition: ir.Expr, trees: Trees) -> Tree:
    return trees.build(condition)


def ruleset_of(crowds: Mapping[str, ir.Expr]) -> ir.RuleSet:
    return ir.RuleSet(
        hash="",
        settings=ir.Settings(),
        user_key=None,
        user_zone=None,
        attributes={},
        inputs={},
        events={},
        lists={"staff": "", "testers": ""},
        crowds={name: ir.Crowd(name, "", SPAN, condition) for name, condition in crowds.items()},
        scores={},
        policies={},
        campaigns={},
        plans={},
        decides={},
        origins={},
    )


def answers(index: Index, facts: Facts) -> dict[str, Answer]:
    matches = index.match(facts)
    yes, unknown = index.named(matches)
    found: dict[str, Answer] = dict.fromkeys(index.names, False)
    found.update(dict.fromkeys(yes, True))
    found.update(dict.fromkeys(unknown))
    for names, bits in zip((yes, unknown), matches, strict=True):
        assert [index.names[number] for number in index.numbers(bits)] == names
    return found


@given(rules(), st.lists(facts(), min_size=1, max_size=4), st.sampled_from((0, 300)))
@settings(max_examples=60, deadline=None)
def test_every_answer_is_kleenes_and_the_trees(
    crowds: dict[str, ir.Expr], users: list[Facts], filling: int
) -> None:
    trees = trees_of(crowds)
    filled = fillers(filling) | crowds
    index = build_index(filled, trees.entry, crowds.__getitem__)
    ranked = Ranked(filled, trees.entry, crowds.__getitem__)
    for user in users:
        found = answers(index, user)
        for name, condition in crowds.items():
            assert found[name] == naive(condition, user, crowds)
            assert found[name] == trees.kept_entry(f"crowd {name}")(Context(user))
        assert list(ranked.holding(user)) == [name for name in filled if found[name]]


def index_of(crowds: Mapping[str, ir.Expr]) -> Index:
    return build_index(crowds, trees_of(crowds).entry, crowds.__getitem__)


def no_crowd(name: str) -> ir.Expr:
    raise KeyError(name)


def attribute(name: str) -> ir.Expr:
    return ir.Attribute(ATTRIBUTES[name], "user", name)


def at_least(name: str, bound: Any) -> ir.Expr:
    return ir.Compare(">=", attribute(name), ir.Const(ATTRIBUTES[name], bound), SPAN)


def test_an_index_of_nothing_finds_nothing() -> None:
    index = index_of({})
    assert index.named(index.match(Facts(now=0))) == ([], [])


def test_excluded_middle_is_unknown_of_what_is_missing() -> None:
    adult = at_least("int0", 18)
    index = index_of({"anybody": ir.Or((adult, ir.Not(adult, SPAN)), SPAN)})
    assert answers(index, Facts(now=0, user={"int0": 7})) == {"anybody": True}
    assert answers(index, Facts(now=0)) == {"anybody": None}


def test_bounds_hold_exactly_at_their_constants() -> None:
    version = Type(Kind.VERSION)
    constants: dict[Type, tuple[Any, ...]] = {
        INT: (2**63 - 2, 2**63 - 1),
        NUMBER: (0.1, 0.30000000000000004, -0.0, 1.7976931348623157e308),
        TEXT: ("a", "a\0", "ab", "\U0010ffff"),
        version: tuple(map(parse_version, ("1.0.0-1", "1.0.0-rc.1", "1.0.0", "1.0.1-0"))),
    }
    for kind, values in constants.items():
        crowds: dict[str, ir.Expr] = {
            f"{test} {value!r}": ir.Compare(
                test, ir.Attribute(kind, "user", "x"), ir.Const(kind, value), SPAN
            )
            for value in values
            for test in TEST
        }
        index = index_of(crowds)
        for read in values:
            user = Facts(now=0, user={"x": read})
            assert answers(index, user) == {
                f"{test} {value!r}": TEST[test](read, value) for value in values for test in TEST
            }


def test_conditions_that_would_grow_beyond_bounds_are_read_whole() -> None:
    pairs = [ir.Or((at_least("int0", n), at_least("number0", float(n))), SPAN) for n in range(20)]
    crowds: dict[str, ir.Expr] = {
        "product": ir.And(tuple(pairs), SPAN),
        "union": ir.Or(tuple(ir.And((pair, at_least("int1", 1)), SPAN) for pair in pairs), SPAN),
    }
    clausifier = Clausifier(crowds.__getitem__)
    assert all(len(clausifier.clauses(condition)) <= MOST_CLAUSES for condition in crowds.values())
    index = index_of(crowds)
    for user in ({"int0": 30, "int1": 1}, {"int0": 3, "number0": 30.0}, {"number0": 3.0, "int1": 0}, {}):
        facts = Facts(now=0, user=user)
        assert answers(index, facts) == {name: naive(crowds[name], facts, crowds) for name in crowds}


def test_a_chain_of_many_values_is_one_clause() -> None:
    values = tuple(ir.Equal(attribute("text0"), ir.Const(TEXT, f"v{n}"), SPAN) for n in range(5_000))
    assert len(Clausifier(no_crowd).clauses(ir.Or(values, SPAN))) == 1


def test_crowds_that_refer_to_each_other_in_a_long_chain() -> None:
    crowds: dict[str, ir.Expr] = {"c0": at_least("int0", 0)}
    for number in range(1, 500):
        crowds[f"c{number}"] = ir.Or((ir.InCrowd(f"c{number - 1}", SPAN), at_least("int0", -number)), SPAN)
    found = answers(index_of(crowds), Facts(now=0, user={"int0": -250}))
    assert {name for name, answer in found.items() if answer} == {f"c{number}" for number in range(250, 500)}


def test_rare_slots_are_read_only_where_a_rule_is_left_that_asks() -> None:
    crowds = fillers(300) | {
        "rare": ir.And((at_least("int0", 500), at_least("text0", "a")), SPAN),
    }
    read: list[ir.Expr] = []

    def tree(expr: ir.Expr) -> Callable[[Context], Any]:
        plain = trees_of({}).entry(expr)

        def noted(context: Context) -> Any:
            read.append(expr)
            return plain(context)

        return noted

    index = build_index(crowds, tree, crowds.__getitem__)
    assert answers(index, Facts(now=0, user={"int0": 1, "text0": "b"}))["rare"] is False
    assert read == []
    assert answers(index, Facts(now=0, user={"int0": 500, "text0": "b"}))["rare"] is True
    assert read == [attribute("text0")]


def test_thousands_of_rules_with_questions_of_their_own() -> None:
    """More than one block of rules that ask about rare slots holds; every third has two clauses."""
    common = at_least("int0", 0)

    def rule(number: int) -> ir.Expr:
        own = ir.Compare(">=", ir.Attribute(INT, "user", f"own{number}"), ir.Const(INT, number), SPAN)
        both = ir.And((common, own), SPAN)
        return both if number % 3 else ir.Or((both, at_least("int1", number)), SPAN)

    crowds = {f"c{number}": rule(number) for number in range(2 * MOST_LATE + 10)}
    index = index_of(crowds)
    own = {f"own{number}": number - number % 2 for number in range(0, len(crowds), 5)}
    for user in (
        {"int0": 1, "int1": 1_100, **own},
        {"int0": -1, "int1": UNAVAILABLE, **own},
        dict[str, int](),
    ):
        facts = Facts(now=0, user=user)
        assert answers(index, facts) == {name: naive(each, facts, crowds) for name, each in crowds.items()}


def test_more_constants_than_rows_are_kept_for() -> None:
    """Five thousand different constants each: rows are made when they are looked up."""
    crowds: dict[str, ir.Expr] = {}
    for number in range(5_000):
        text = ir.OneOf(attribute("text0"), frozenset({f"s{number}", f"s{number + 1}"}), SPAN)
        test: ir.Expr = ir.Not(text, SPAN) if number % 3 == 0 else text
        bounds = (at_least("int0", 2 * number), ir.Not(at_least("int0", 2 * number + 999), SPAN))
        crowds[f"c{number}"] = ir.And((test, *bounds[: number % 3]), SPAN)
    index = index_of(crowds)
    for read in (-1, 0, 1, 2, 31, 32, 33, 4_444, 9_998, 9_999, 20_000):
        user = Facts(now=0, user={"int0": read, "text0": f"s{read // 2}"})
        assert answers(index, user) == {name: naive(crowds[name], user, {}) for name in crowds}


def test_the_best_is_found_wherever_it_stands() -> None:
    """Among those tried alone, those looked up first, and the rest."""
    crowds: dict[str, ir.Expr] = {
        f"c{number}": ir.Equal(attribute("int0"), ir.Const(INT, number // 2), SPAN) for number in range(2_500)
    }
    ranked = Ranked(crowds, trees_of({}).entry, crowds.__getitem__)
    for place in (0, 15, 16, 17, 1_015, 1_016, 1_017, 2_499):
        found = list(ranked.holding(Facts(now=0, user={"int0": place // 2})))
        assert found == [f"c{place // 2 * 2}", f"c{place // 2 * 2 + 1}"]
    assert list(ranked.holding(Facts(now=0, user={"int0": 5_000}))) == []
