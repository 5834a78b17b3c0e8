"""What a version makes of somebody, as far as they feel it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from compiler.cases.case import alone
from compiler.cases.story import filled
from compiler.cases.written import Writer
from compiler.checked import ir
from compiler.driver import Compiled
from compiler.facts import Event, Facts
from compiler.manifest import OfCrowds, OfDecide, OfPlan
from compiler.outcome import Decision, Verdict
from compiler.types import UNAVAILABLE, Answer, Kind, Type, Unavailable, Value

Entry: TypeAlias = OfDecide | OfPlan | OfCrowds
"""`OfPlan`: of a plan that no decide lists; `OfCrowds`: of one crowd."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What reaches somebody, or would but for a control group; `until`: of a wait, microseconds."""

    verdict: Verdict
    activity: str | None = None
    channel: str | None = None
    content: str | None = None
    arguments: Mapping[str, Value] | None = None
    until: int | None = None


Treatment: TypeAlias = Sent | Answer


class Version:
    """One of two versions, ready to be asked."""

    def __init__(self, compiled: Compiled) -> None:
        assert compiled.ruleset is not None
        self.ruleset = compiled.ruleset
        self.writer = Writer(compiled)
        self.whole, self.program = self.writer.whole, self.writer.program
        self._counted: Mapping[Entry, tuple[ir.Expr, ...]] = {
            OfCrowds((each.name,)): counted(each) for each in compiled.ruleset.crowds.values()
        }

    def answer(self, entry: Entry, person: Facts) -> Decision | Answer:
        facts = self.reads(person)
        if isinstance(entry, OfCrowds):
            (crowd,) = entry.names or ()
            return self.program.crowd(crowd, facts)
        return self.program.decide(decide_of(entry), facts)

    def counts(self, entry: Entry, person: Facts) -> tuple[Value, ...]:
        """Of a crowd, what it counts or adds up, so that the way to it can be seen."""
        facts = self.reads(person)
        return tuple(self.program.evaluate(each, facts) for each in self._counted.get(entry, ()))

    def treatment(self, answer: Decision | Answer) -> Treatment:
        """An answer as far as they feel it."""
        if not isinstance(answer, Decision):
            return answer
        verdict, until = answer.verdict, answer.until
        if answer.plan is None or verdict in (Verdict.NONE, Verdict.BLOCK):
            return Sent(verdict)
        activity = self.ruleset.plans[answer.plan].activity
        if verdict is not Verdict.SEND:
            return Sent(verdict, activity, until=until)
        first = answer.attempts[0]
        return Sent(verdict, activity, first.channel, first.content, first.arguments)

    def reads(self, person: Facts) -> Facts:
        """The facts, with the defaults of this version, and without what it does not declare or could not read."""
        events = {
            kind: self.events(kind, each)
            for kind, each in person.events.items()
            if kind in self.ruleset.events
        }
        budgets = person.budgets
        return replace(
            person,
            user=read(self.ruleset.attributes, person.user),
            input=read(self.ruleset.inputs, person.input),
            events=events,
            lists={each: holds for each, holds in person.lists.items() if each in self.ruleset.lists},
            budgets=UNAVAILABLE if budgets is UNAVAILABLE else self.used(budgets),
        )

    def events(self, kind: str, events: tuple[Event, ...] | Unavailable) -> tuple[Event, ...] | Unavailable:
        if events is UNAVAILABLE:
            return UNAVAILABLE
        fields = self.ruleset.events[kind].fields
        return tuple(Event(each.time, each.id, read(fields, each.fields)) for each in events)

    def used(self, budgets: Mapping[str, int]) -> dict[str, int]:
        return {owner: budgets[owner] for owner, _ in budgets_of(self.ruleset) if owner in budgets}


def budgets_of(ruleset: ir.RuleSet) -> Iterator[tuple[str, ir.Budget]]:
    """By the key of the plan or campaign that has it."""
    yield from ((each.key, each.budget) for each in ruleset.plans.values() if each.budget)
    yield from ((each.key, each.budget) for each in ruleset.campaigns.values() if each.budget)


def counted(crowd: ir.Crowd) -> tuple[ir.Expr, ...]:
    parts = ir.subexpressions(crowd.condition)
    return tuple(each for each in parts if isinstance(each, ir.Aggregate))


def decide_of(entry: OfDecide | OfPlan) -> str:
    return entry.name if isinstance(entry, OfDecide) else alone(entry.name)


def read(declared: Mapping[str, ir.FieldDef], values: Mapping[str, Value]) -> dict[str, Value]:
    known = {
        name: each for name, each in values.items() if name in declared and fits(declared[name].type, each)
    }
    return filled(declared, known)


def fits(type_: Type, value: Value) -> bool:
    """Whether a version that declares the type could have read the value."""
    if value is None or value is UNAVAILABLE:
        return True
    if type_.kind is Kind.CHOICE:
        return value in type_.options
    return type(value) is FORMS.get(type_.kind, int)


FORMS: Mapping[Kind, Any] = {
    Kind.FLAG: bool,
    Kind.NUMBER: float,
    Kind.TEXT: str,
    Kind.TIMEZONE: str,
    Kind.VERSION: tuple,
    Kind.SET: frozenset,
}
