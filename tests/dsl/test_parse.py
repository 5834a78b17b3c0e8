"""Files as rows of statements: what is cut, remembered, refused, and what a mistake leaves alone."""

import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from types import FrameType
from typing import Any

import pytest
from lark import Lark

from dsl import ast
from dsl.ast import Statement
from dsl.grammar import HERE
from dsl.parse import ParseCache, Parsed, parse
from dsl.source import Source, Span

GRAMMAR = (HERE / "grammar.lark").read_text(encoding="utf-8")


def parsed(text: str) -> Parsed:
    return parse(Source("a.sua", text), ParseCache())


def only(text: str) -> Any:
    """The one statement of a clean text."""
    found = parsed(text)
    assert not found.diagnostics
    (placed,) = found.file.statements
    return placed.statement


def body(condition: str) -> Any:
    return only(f"crowd c {{ {condition} }}").body


def clause(test: str) -> Any:
    (one,) = only(f'test "t" {{ {test} }}').clauses
    return one


def codes(text: str) -> list[str]:
    return [one.code for one in parsed(text).diagnostics]


def heads(found: Parsed) -> list[tuple[int, str]]:
    return [(one.line, type(one.statement).__name__) for one in found.file.statements]


# ---- cutting


def test_a_mistake_leaves_the_other_statements_alone() -> None:
    found = parsed("list a\ncrowd b { ?? }\n\n# words\nlist c\ncrowd d {\nlist e\n")
    assert heads(found) == [(1, "ListDecl"), (5, "ListDecl"), (7, "ListDecl")]
    assert [(one.keyword, one.name, one.line) for one in found.broken] == [
        ("crowd", "b", 2),
        ("crowd", "d", 6),
    ]
    assert [str(one.place) for one in found.diagnostics] == ["a.sua:2", "a.sua:6"]


def test_statements_on_one_line_and_indented_ones() -> None:
    assert heads(parsed("list a list b crowd c = a list d")) == [(1, "ListDecl")] * 2 + [
        (1, "Crowd"),
        (1, "ListDecl"),
    ]
    assert heads(parsed("list a\n  list b\n  list c")) == [(1, "ListDecl"), (2, "ListDecl"), (3, "ListDecl")]
    assert heads(parsed("\n  list a\n  crowd b { ? }\n  list c")) == [(2, "ListDecl"), (4, "ListDecl")]
    second = parsed("list a   list b").file.statements[1]
    assert second.statement.span == Span(1, 10, 1, 16)


def test_fields_that_are_called_like_statements_may_stand_in_column_one() -> None:
    profile = only("profile user {\nlist: text\nscore : int\n}")
    assert [field.name.text for field in profile.fields] == ["list", "score"]
    assert only("crowd a {\nx > 1 and\nscore.total > 3\n}").body.terms


def test_after_foreign_words_reading_goes_on() -> None:
    found = parsed("crwod a { x }\nrules { y }\nlist b\nfoo bar\nlist c list d ?? list e\nlist f")
    assert heads(found) == [(3, "ListDecl"), (5, "ListDecl"), (5, "ListDecl"), (6, "ListDecl")]
    assert [one.keyword for one in found.broken] == ["crwod", "rules", "foo", None]


def test_spans_count_from_the_statement() -> None:
    text = "# one\n\nlist a\n\ncrowd b {\n  user.x is 3\n}"
    crowd = parsed(text).file.statements[1]
    assert (crowd.line, crowd.statement.span) == (5, Span(1, 1, 3, 2))
    assert isinstance(crowd.statement, ast.Crowd)
    assert crowd.statement.body.span == Span(2, 3, 2, 14)


def test_comments_know_their_place() -> None:
    comments = parsed('# a\nlist x "# no" # b\n\n  # c\ncrowd y {\n  # d\n  z }').file.comments
    assert [(one.line, one.column, one.text, one.own_line) for one in comments] == [
        (1, 1, "# a", True),
        (2, 15, "# b", False),
        (4, 3, "# c", True),
        (6, 3, "# d", True),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# only words", "\ufeff", " \t\r\n"])
def test_an_empty_file_is_a_file(text: str) -> None:
    assert (parsed(text).file.statements, parsed(text).diagnostics) == ((), ())


def test_other_line_ends_tabs_and_a_byte_order_mark() -> None:
    plain = "crowd a {\n\tx > 1  # why\n}\nlist b\n"
    for other in ("\ufeff" + plain, plain.replace("\n", "\r\n"), plain.replace("\n", "\r")):
        assert parsed(other) == parsed(plain)


# ---- remembering


def test_an_edit_reads_its_own_statement_only() -> None:
    cache = ParseCache()
    before = parse(Source("a.sua", "list a\ncrowd b { x }\n# words\nlist c"), cache).file.statements
    after = parse(Source("a.sua", "\n\nlist a\ncrowd b { y }\n# other words\nlist c"), cache).file.statements
    same = [one.statement is other.statement for one, other in zip(before, after, strict=True)]
    assert same == [True, False, True]


def test_the_memory_is_bounded() -> None:
    cache = ParseCache(length=100)
    texts = [f"list name_{number}" for number in range(1000)]
    for text in [*texts, "list " + "long" * 25]:
        assert not parse(Source("a.sua", text), cache).diagnostics
    assert cache.length <= 100


def test_threads_share_it() -> None:
    cache, answers = ParseCache(length=2000), []
    texts = [f"crowd c{number} {{ user.x > {number} }}" for number in range(50)]
    start = threading.Barrier(8)

    def work() -> None:
        start.wait()
        answers.append([parse(Source("a.sua", text), cache).file for _ in range(5) for text in texts])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [[parsed(text).file for _ in range(5) for text in texts]] * 8


# ---- words


@pytest.mark.parametrize(
    "name", ["value", "day", "first", "count", "within", "crowd", "order", "user", "EUR", "where"]
)
def test_keywords_may_be_names(name: str) -> None:
    # in any place but the first one of an expression, and behind a type, where the marks stand
    assert only(f"event e {{ {name}: int  a: text }}").fields[0].name.text == name
    assert body(f"e.{name} > 3").left.ref.parts == ("e", name)
    assert only(f"list {name}").name.text == name


def test_a_field_behind_a_constant() -> None:
    fields = only("event e { a: number default 0.5  value: text  b: text default x  count: int }").fields
    assert [field.name.text for field in fields] == ["a", "value", "b", "count"]


def test_words_are_whole() -> None:
    assert codes("crowd c { a orb }") == ["S001"]
    assert codes("crowd c { a is missingb }") == []  # a choice of that name
    assert only("crowd c = order or orders").body.terms[1].ref.parts == ("orders",)


def test_the_parser_has_no_conflicts() -> None:
    Lark(GRAMMAR, parser="lalr", strict=True, start="statement")  # refuses a grammar that has one


# ---- values


def test_numbers_keep_what_is_written() -> None:
    literal = body("x > 1.50").right
    assert (literal.kind, literal.value, literal.lexeme) == (ast.LiteralKind.NUMBER, Decimal("1.50"), "1.50")
    assert body("x > 9223372036854775807").right.value == 2**63 - 1
    money = body("x > 20  EUR").right
    assert (money.value.number, money.value.currency, money.lexeme) == (Decimal(20), "EUR", "20 EUR")
    assert body("x > 2").right == body("x > 2").right != body("x > 2.0").right


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1 second", 10**6),
        ("0.5 minutes", 30 * 10**6),
        ("7 days", 7 * 86400 * 10**6),
        ("2weeks", 14 * 86400 * 10**6),
    ],
)
def test_lengths_of_time(text: str, microseconds: int) -> None:
    assert body(f"x > {text}").right.value.microseconds == microseconds


@pytest.mark.parametrize(
    "text", ["2026-03-01", "2024-02-29 23:59", "2026-03-01 20:10:30.123456", "2026-03-01 20:10Z"]
)
def test_dates_and_instants(text: str) -> None:
    kind = ast.LiteralKind.DATE if len(text) == 10 else ast.LiteralKind.INSTANT
    for written in (text, text.replace(" ", "T")):
        literal = body(f"x > {written}").right
        assert (literal.kind, literal.value) == (kind, text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2025-02-29",
        "2026-13-01",
        "2026-03-01 24:00",
        "2026-03-01 20:60",
        "0000-01-01",
        "9999-01-01",
    ],
)
def test_dates_that_are_none(text: str) -> None:
    assert codes(f"crowd c {{ x > {text} }}") == ["S004"]


@pytest.mark.parametrize("lexeme", ["2%", "110%", "12.5%", "0.1%", "33.3333333%", "0%", "7.000000000%"])
def test_a_share_is_a_number_of_its_hundredths(lexeme: str) -> None:
    written = body(lexeme)
    assert (written.kind, written.lexeme) == (ast.LiteralKind.NUMBER, lexeme)
    hundredths = Fraction(lexeme.removesuffix("%")) / 100
    assert Fraction(written.value) == hundredths
    assert float(written.value) == float(hundredths)


def test_shares_are_exact() -> None:
    assert only('crowd c = sample 12.5% of a salt "s"').body.share.fraction == Fraction(1, 8)


def test_a_quote_inside_a_text() -> None:
    assert body('x is "say ""hi"""').right.value == 'say "hi"'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("crowd c { x > 9223372036854775808 }", "S005"),
        (f"crowd c {{ x > {'9' * 400} }}", "S104"),
        ("crowd c { did e within 0.0000001 seconds }", "S005"),
        ("crowd c { did e within 99999999 days }", "S005"),
        ('crowd c = sample 0.1234567890123% of a salt "s"', "S104"),
        ("policy p { cap push 1.5 per day }", "S005"),
        ("policy p { quiet 24:00 to 09:00 user time }", "S004"),
        (f'list a "{"x" * 10_001}"', "S105"),
        (f"list {'x' * 101}", "S106"),
        ("list a " * 501, "S107"),
        ("x" * 8_000_001, "S101"),
        ("crowd c { " + "a or " * 100_000 + "a }", "S102"),
        ("list" + " " * 500_000 + "a", "S102"),
        ("crowd c { " + "not " * 101 + "a }", "S103"),
        ("crowd c { " + "f(" * 101 + "a" + ")" * 101 + " }", "S103"),
        ("crowd c { pick a when " + "pick 1 when b, else " * 101 + "2, else 3 }", "S103"),
        ("crowd c = " + "sample 1% of " * 101 + "a" + ' salt "s"' * 101, "S103"),
        ("crowd c { x\x00 }", "S007"),
        ('list a "x\ud800y"', "S007"),
        ("list a # \u202e", "S007"),
    ],
)
def test_limits_have_diagnostics(text: str, code: str) -> None:
    assert codes(text) == [code]


def test_as_many_statements_on_a_line_as_the_limit_allows() -> None:
    found = parsed("list a " * 500)
    assert (len(found.file.statements), found.diagnostics) == (500, ())


def test_long_chains_and_deep_nests_within_the_limits() -> None:
    assert len(body(" or ".join(["user.x > 1"] * 5000)).terms) == 5000
    assert len(body(" + ".join(["1"] * 5000) + " > 1").left.terms) == 5000
    assert len(only("crowd c = " + " or ".join(["a"] * 5000)).body.terms) == 5000
    assert len(body(f"x in ({', '.join(['1'] * 5000)})").right) == 5000
    assert body("(" * 97 + "a" + ")" * 97)


def test_reading_does_not_recurse() -> None:
    limit = sys.getrecursionlimit()
    depth = len(list(frames()))
    sys.setrecursionlimit(depth + 60)
    try:
        found = parsed("crowd c { " + "(" * 3000 + "a" + ")" * 3000 + " }")
    finally:
        sys.setrecursionlimit(limit)
    assert [one.code for one in found.diagnostics] == ["S103"]


def frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back


# ---- forms


def test_precedence() -> None:
    condition = body("a and b or not c and x + y * z > -1")
    assert isinstance(condition, ast.Or) and all(isinstance(term, ast.And) for term in condition.terms)
    last: Any = condition.terms[1]
    assert isinstance(last.terms[0], ast.Not)
    assert last.terms[1].left.operators == ("+",) and last.terms[1].left.terms[1].operators == ("*",)
    assert isinstance(body("a otherwise 1 * 2 > 3").left.terms[0], ast.Otherwise)


def test_algebra() -> None:
    crowd = only("crowd c = a or b and d or (e except f except g)").body
    assert (crowd.operator, len(crowd.terms)) == ("or", 3)
    assert (crowd.terms[1].operator, len(crowd.terms[1].terms)) == ("and", 2)
    assert len(crowd.terms[2].inner.terms) == 3
    assert codes("crowd c = a and b except d") == ["S003"]
    (found,) = parsed("crowd c = a or  b except d").diagnostics
    assert found.fix is not None and found.fix.replacement == "(a or  b)"


def test_negations() -> None:
    assert body("x is not missing").negated and body("x is not 3").negated and body("x not in c").negated
    assert isinstance(body("not x in c"), ast.Not)
    assert [type(one).__name__ for one in body("x in (-1, plus, 2)").right] == [
        "Negative",
        "RefExpr",
        "Literal",
    ]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("expect user in c", ast.Expect),
        ("expect not user in c", ast.Expect),
        ("expect lead.grade is A", ast.Expect),
        ("expect best is nudge", ast.Expect),
        ("expect user.state is blocked", ast.Expect),
        ("expect unknown user in c", ast.Expect),
        ("expect best is nothing", ast.ExpectDecide),
        ("expect best is blocked", ast.ExpectDecide),
        ("expect best is not blocked", ast.ExpectDecide),
        ("expect best is not nothing", ast.ExpectDecide),
        ("expect user.state is not blocked", ast.Expect),
        ("expect best holds out nudge", ast.ExpectDecide),
        ("expect best waits", ast.ExpectDecide),
        ("expect plan nudge held out", ast.ExpectPlan),
        ("expect plan nudge not ranked", ast.ExpectPlan),
        ("expect plan nudge in best ranks -6.60 EUR", ast.ExpectPlan),
        ("expect plan nudge blocked because cap of gentle, once of life.spring, quiet", ast.ExpectPlan),
        ("happens view at 2026-03-01", ast.Happens),
        ("given user not in staff", ast.GivenMember),
        ("given unavailable user.tier", ast.GivenUnavailable),
        ("given order_paid known since 2026-01-01", ast.GivenKnownSince),
        ('given life.nudge open for "e1"', ast.GivenOccurrence),
        ("given sent push by nudge tagged nothing held out at 2026-03-01", ast.GivenSent),
        ('given nudge ended for "e1"', ast.GivenOccurrence),
        ("given user { }", ast.GivenUser),
    ],
)
def test_lines_of_tests(text: str, made: type[Statement]) -> None:
    assert type(clause(text)) is made


def test_modifiers_come_before_the_text() -> None:
    assert only('policy p default "words" { }').is_default
    assert only('plan p was q "words" { }').was.text == "q"
    assert only('event e "words" { }').doc.value == "words"
    assert only('decide d "words" { }').doc.value == "words"


def test_foreign_quotes_are_read_as_meant() -> None:
    found = parsed("plan p { send push “a” else sms 'b' }")
    assert [one.code for one in found.diagnostics] == ["S002", "S002"]
    (placed,) = found.file.statements
    assert isinstance(placed.statement, ast.Plan)
    (send,) = placed.statement.clauses
    assert isinstance(send, ast.Send)
    assert [step.content.value for step in send.steps] == ["a", "b"]
