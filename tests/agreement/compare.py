"""One rule set, many people: what the interpreter and the decision program answer, and every difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from compiler import interpret
from compiler.checked import ir
from compiler.checked.ir import RuleSet
from compiler.decision import audiences
from compiler.decision.case import Case
from compiler.decision.channels import Policies
from compiler.decision.choose import Chooser
from compiler.decision.context import Context
from compiler.decision.crowds import Indexed
from compiler.decision.program import Program, compile_plans, compile_program
from compiler.decision.values import ZONE
from compiler.driver import compile_ruleset
from compiler.facts import Facts
from dsl.source import Source
from tests.agreement.people import contacted, person
from tests.agreement.rulesets import rules, whole


@dataclass
class Tally:
    """What was compared. `rules` are the bodies of distinct ones; `constructs` counts the rules that hold each construct."""

    rules: set[str] = field(default_factory=set)
    pairs: int = 0
    decisions: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    gates: Counter[str] = field(default_factory=Counter)
    constructs: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.rules |= other.rules
        self.pairs += other.pairs
        self.decisions += other.decisions
        for mine, theirs in zip(self.counters, other.counters, strict=True):
            mine.update(theirs)
        self.differences += other.differences

    @property
    def counters(self) -> tuple[Counter[str], ...]:
        return self.answers, self.verdicts, self.gates, self.constructs

    def differ(self, what: str, facts: Facts, reference: Any, program: Any) -> None:
        one, other = apart(repr(reference), repr(program))
        self.differences.append(f"{what}\n  interpreter: {one}\n  program:     {other}\n  facts: {facts}")


def apart(one: str, other: str, before: int = 120, after: int = 400) -> tuple[str, str]:
    """Two texts from shortly before where they part."""
    same = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    start = max(0, same - before)
    return one[start : same + after], other[start : same + after]


NAMES = {True: "yes", False: "no", None: "unknown"}


def compiled(text: str) -> RuleSet:
    result = compile_ruleset([Source("generated.sua", text)])
    assert result.ruleset, [each.message for each in result.diagnostics]
    return result.ruleset


def compare_rules(seed: int, people: int) -> Tally:
    """All crowds and scores of one generated rule set, for that many people."""
    text = rules(seed)
    ruleset = compiled(text)
    program = compile_program(ruleset)
    tally = Tally(rules={body for line in text.splitlines() if (body := body_of(line))})
    for definition in (*ruleset.crowds.values(), *ruleset.scores.values()):
        tally.constructs.update(constructs(definition))
    random, index = Random(seed), Indexed(ruleset, program.trees)
    for _ in range(people):
        compare_person(tally, seed, Readings(ruleset, program, index), person(random, ruleset.settings.zone))
    return tally


def body_of(line: str) -> str | None:
    """What a crowd or score says, without its name."""
    word, _, rest = line.partition(" ")
    return rest.partition(" ")[2] if word in ("crowd", "score") else None


@dataclass(frozen=True)
class Readings:
    """What is compared: interpreter (of the rule set), trees, and the index, however few the crowds are."""

    ruleset: RuleSet
    program: Program
    index: Indexed


def compare_person(tally: Tally, seed: int, readings: Readings, facts: Facts) -> None:
    ruleset, program = readings.ruleset, readings.program
    expected, found = interpret.crowds(ruleset, facts), program.crowds(facts)
    indexed = readings.index.answers(facts)
    for name, answer in expected.items():
        tally.pairs += 1
        tally.answers[NAMES[answer]] += 1
        fast = found[name], program.crowd(name, facts), indexed[name]
        if any(one is not answer for one in fast):
            tally.differ(f"rules({seed}) crowd {name}", facts, answer, fast)
    for name in ruleset.scores:
        tally.pairs += 1
        reference = interpret.score(ruleset, name, facts), interpret.grade(ruleset, name, facts)
        fast = program.score(name, facts), program.grade(name, facts)
        if not same(reference, fast):
            tally.differ(f"rules({seed}) score {name}", facts, reference, fast)


def same(one: Any, other: Any) -> bool:
    """Equal, of one type, and zero of one sign."""
    return repr(one) == repr(other)


def compare_decisions(seed: int, people: int) -> Tally:
    """All decides, plans and contacts of one generated rule set."""
    ruleset = compiled(whole(seed))
    program = compile_program(ruleset)
    tally = Tally()
    random = Random(seed)
    indexed = by_index(program)
    for _ in range(people):
        facts = contacted(random, ruleset)
        for what, reference, fast in decided(ruleset, program, indexed, facts):
            if reference != fast or not same(reference, fast):
                tally.differ(f"whole({seed}) {what}", facts, reference, fast)
            if what.startswith("decide"):
                tally.decisions += 1
                tally.verdicts[reference.verdict.value] += 1
                tally.gates.update(
                    outcome.fell.value if outcome.fell else "won" for outcome in reference.outcomes
                )
    return tally


def by_index(program: Program) -> Mapping[str, Chooser]:
    """Every decide, with the audiences of its plans in an index, however few they are."""
    trees = program.trees
    plans = compile_plans(trees, Policies(trees))
    return {
        name: Chooser(decide, plans, trees, audiences.Indexed)
        for name, decide in program.ruleset.decides.items()
    }


def decided(
    ruleset: RuleSet, program: Program, indexed: Mapping[str, Chooser], facts: Facts
) -> Iterator[tuple[str, Any, Any]]:
    for name in ruleset.decides:
        reference = interpret.decide(ruleset, name, facts)
        context = Context(facts)
        yield f"decide {name}", reference, program.decide(name, facts)
        zone = program.trees.kept_entry(ZONE)(context)
        yield f"{name} by index", reference, indexed[name].decide(Case(context, zone))
    for name in list(ruleset.plans)[:2]:
        yield f"plan {name}", interpret.plan(ruleset, name, facts), program.plan(name, facts)
        yield f"contact {name}", interpret.contact(ruleset, name, facts), program.contact(name, facts)


def constructs(definition: ir.Crowd | ir.Score) -> set[str]:
    """The constructs of the language that a rule holds."""
    if isinstance(definition, ir.Crowd):
        roots: list[ir.Expr] = [definition.condition]
    else:
        roots = [
            part for line in definition.lines for part in (line.points, line.condition) if part is not None
        ]
    found = {type(definition).__name__}
    for root in roots:
        for expr in ir.subexpressions(root):
            found.update(names_of(expr))
    return found


def names_of(expr: Any) -> Iterator[str]:
    yield type(expr).__name__
    if isinstance(expr, ir.Call):
        yield f"function {expr.function}"
    if isinstance(expr, ir.Aggregate):
        yield f"aggregate {expr.function}"
        if expr.without:
            yield "without"
    if isinstance(expr, (ir.Aggregate, ir.Did, ir.Sequence)):
        yield f"window {type(expr.window).__name__}"
