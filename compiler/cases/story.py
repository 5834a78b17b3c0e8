"""The lines of a case played from top to bottom: a simulated clock, what has arrived so far, and a ledger in memory.

What a line says holds for the lines below it. An event arrives where its line stands, so one whose time is before an
earlier `now` came late; what has a time after the present `now` does not exist yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from compiler.cases import case
from compiler.cases.evaluators import Evaluator
from compiler.cases.ledger import Ledger, touch
from compiler.checked import ir
from compiler.facts import Event, Facts
from compiler.types import MISSING, UNAVAILABLE, Value


class Story:
    """One case under way. `facts` are what a decision at the present `now` is told."""

    def __init__(self, ruleset: ir.RuleSet, evaluator: Evaluator, told: case.Case) -> None:
        self.ruleset = ruleset
        self.evaluator = evaluator
        self.ledger = Ledger(ruleset)
        self.now: int | None = None
        self.user = filled(ruleset.attributes, {})
        self.input = filled(ruleset.inputs, {})
        self.events: dict[str, list[Event]] = {}
        self.known_since: dict[str, int] = {}
        self.lists: dict[str, bool] = {}
        self.held_out: set[str] = set()
        self.out_of_reach: set[tuple[case.Store, str]] = set()
        self.asked = 1
        self.ids = case.fresh_ids([line for line in told.lines if isinstance(line, case.Happening)])

    def tell(self, line: case.Line) -> None:
        """Take in one line that is no expectation."""
        LINES[type(line)](self, line)

    @property
    def facts(self) -> Facts:
        assert self.now is not None, "the checker wants a `now` above all that is asked"
        known = Facts(
            now=self.now,
            user={**self.user, **self.unavailable(case.Store.USER)},
            input={**self.input, **self.unavailable(case.Store.INPUT)},
            events={**self.history(), **self.unavailable(case.Store.EVENT)},
            known_since=self.known_since,
            lists={**self.lists, **self.unavailable(case.Store.LIST)},
            held_out=frozenset(self.held_out),
            request_id=f"r{self.asked}",
            touches=self.ledger.contacts(self.ledger.touches),
            shadow=self.ledger.contacts(self.ledger.shadow),
            budgets=self.ledger.budgets(self.now),
        )
        return self.without_stores(replace(known, opened=self.ledger.opened(known)))

    def history(self) -> dict[str, tuple[Event, ...]]:
        return {
            name: tuple(sorted(events, key=lambda event: (event.time, event.id)))
            for name, events in self.events.items()
        }

    def unavailable(self, store: case.Store) -> dict[str, Any]:
        return {name: UNAVAILABLE for each, name in self.out_of_reach if each is store}

    def without_stores(self, known: Facts) -> Facts:
        if (case.Store.TOUCHES, "") in self.out_of_reach:
            known = replace(known, touches=UNAVAILABLE, shadow=UNAVAILABLE)
        if (case.Store.BUDGETS, "") in self.out_of_reach:
            known = replace(known, budgets=UNAVAILABLE)
        return known

    # ---- lines

    def user_is(self, line: case.UserIs) -> None:
        self.user = filled(self.ruleset.attributes, line.values)

    def input_is(self, line: case.InputIs) -> None:
        self.input = filled(self.ruleset.inputs, line.values)

    def on_list(self, line: case.OnList) -> None:
        self.lists[line.list] = line.holds

    def holds_out(self, line: case.HeldOut) -> None:
        self.held_out.add(line.scope)

    def sent(self, line: case.Sent) -> None:
        plan = self.ruleset.plans[line.plan]
        made = touch(plan, line.channel, line.time, self.occurrence(plan, line))
        if line.tags is not None:
            made = replace(made, tags=line.tags)
        (self.ledger.shadow if line.held_out else self.ledger.touches).append(made)

    def occurrence(self, plan: ir.Plan, line: case.Sent) -> str:
        """The id of what was served; without a key one that no other has, but for `once per user`, which has one only."""
        if plan.once is not None and plan.once.field is None:
            return f"{plan.activity}/user"
        return f"{plan.activity}/{line.key or f'sent {len(self.ledger.touches) + len(self.ledger.shadow)}'}"

    def used(self, line: case.Used) -> None:
        self.ledger.used(line.owner, line.amount, self.now)

    def loses(self, line: case.OutOfReach) -> None:
        self.out_of_reach.add((line.store, line.name))

    def knows_since(self, line: case.KnownSince) -> None:
        self.known_since[line.event] = line.time

    def occurrence_is(self, line: case.OccurrenceIs) -> None:
        one = (line.plan, line.event_id)
        (self.ledger.ended if line.open else self.ledger.reopened).discard(one)
        (self.ledger.reopened if line.open else self.ledger.ended).add(one)

    def happens(self, line: case.Happening) -> None:
        """An event whose id is known already was delivered twice and counts once."""
        id_ = line.id or next(self.ids)
        known = self.events.setdefault(line.event, [])
        if id_ not in {event.id for event in known}:
            fields = filled(self.ruleset.events[line.event].fields, line.fields)
            known.append(Event(line.time, id_, fields))

    def is_now(self, line: case.NowIs) -> None:
        self.now = line.time

    def reserves(self, line: case.Reserving) -> None:
        facts = self.facts
        self.ledger.reserve(self.evaluator.decide(line.decide, facts), facts)
        self.asked += 1


LINES: Mapping[type[case.Line], Callable[[Story, Any], None]] = {
    case.UserIs: Story.user_is,
    case.InputIs: Story.input_is,
    case.OnList: Story.on_list,
    case.HeldOut: Story.holds_out,
    case.Sent: Story.sent,
    case.Used: Story.used,
    case.OutOfReach: Story.loses,
    case.KnownSince: Story.knows_since,
    case.OccurrenceIs: Story.occurrence_is,
    case.Happening: Story.happens,
    case.NowIs: Story.is_now,
    case.Reserving: Story.reserves,
}


def filled(declared: Mapping[str, ir.FieldDef], given: Mapping[str, Value]) -> dict[str, Value]:
    """What is given, and the defaults of the rest; what is missing has no entry."""
    defaults = {name: field.default for name, field in declared.items() if field.default is not None}
    return {name: value for name, value in {**defaults, **given}.items() if value is not MISSING}
