"""The cases of a rule set told to a server: facts are recorded as they happen, and the clock stands where the case puts it.

What the server decides is to be what the case's own evaluator decides. Nobody is held out by chance: the user of a case is
one whom the shares hold out where the case says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1.subject_pb2 import Subject

from compiler.cases import case
from compiler.cases.evaluators import Evaluator
from compiler.cases.story import Story
from compiler.checked.ir import FieldDef, RuleSet
from compiler.decision.holdouts import holdout_test
from compiler.facts import Facts, Touch
from compiler.outcome import Decision
from compiler.types import Value
from compiler.wire.writing import write_value
from server.ports import Spend, State, Stores
from server.rpc.convert.answers import VERDICTS
from server.rpc.convert.reasons import GATES
from server.rpc.convert.time import timestamp
from tests.ports.made import reserve, reserved

Judged = tuple[Any, ...]
BEYOND_CALLERS = (case.OutOfReach, case.KnownSince)
"""Lines on what a caller cannot bring about."""


@dataclass(slots=True)
class Told:
    """A case under way, told to a story and to a server alike."""

    ruleset: RuleSet
    story: Story
    stores: Stores
    client: Any
    clock: Any
    user: str
    sent: Iterator[int]
    early: list[case.Used]

    @classmethod
    def of(cls, ruleset: RuleSet, evaluator: Evaluator, lines: case.Case, running: Any, clock: Any) -> Told:
        story = Story(ruleset, evaluator, lines)
        user = user_for(ruleset, {each.scope for each in lines.lines if isinstance(each, case.HeldOut)})
        return cls(ruleset, story, running.stores, running.client, clock, user, count(), [])

    async def line(self, line: case.Line) -> None:
        """One line that is no expectation."""
        if not isinstance(line, case.Reserving):
            self.story.tell(line)
        await LINES.get(type(line), Told.nothing)(self, line)

    async def nothing(self, line: case.Line) -> None:
        """What comes with a request, and who is held out, are no facts of a store."""

    async def user_is(self, line: case.UserIs) -> None:
        key = self.ruleset.user_key
        assert key is not None
        self.story.user[key] = self.user
        values = written(self.ruleset.attributes, {**line.values, key: self.user})
        profile = facts_pb.Profile(user_id=self.user, attributes_json=json.dumps(values).encode())
        await self.client.facts.UpsertProfiles(facts_pb.UpsertProfilesRequest(profiles=[profile]))

    async def on_list(self, line: case.OnList) -> None:
        mode = facts_pb.LoadListRequest.MODE_ADD if line.holds else facts_pb.LoadListRequest.MODE_REMOVE
        request = facts_pb.LoadListRequest(list=line.list, user_ids=[self.user], mode=mode)
        await self.client.facts.LoadList(request)

    async def happens(self, line: case.Happening) -> None:
        """It arrives now, or when it happens if that is later."""
        known = self.story.events[line.event]
        id = line.id or known[-1].id
        self.clock.put(max(line.time, self.clock.now()))
        event = facts_pb.Event(
            event_id=id,
            type=line.event,
            user_id=self.user,
            event_time=timestamp(line.time),
            fields_json=json.dumps(written(self.ruleset.events[line.event].fields, line.fields)).encode(),
        )
        await self.client.facts.RecordEvents(facts_pb.RecordEventsRequest(events=[event]))

    async def is_now(self, line: case.NowIs) -> None:
        self.clock.put(line.time)
        while self.early:
            await self.use_up(self.early.pop(0))

    async def was_sent(self, line: case.Sent) -> None:
        await self.keep(self.story.ledger.touches[-1], self.user)

    async def used(self, line: case.Used) -> None:
        """What is said above the first `now` is so in its period."""
        if self.story.now is None:
            self.early.append(line)
        else:
            await self.use_up(line)

    async def use_up(self, line: case.Used) -> None:
        """Others did, or gave back what they had used before."""
        time = self.clock.now()
        before = (await self.stores.contacts.used({line.owner: None}, time))[line.owner]
        touch = Touch(time, "x", "x", frozenset(), False, None, f"x/{next(self.sent)}")
        await self.keep(touch, "somebody else", (Spend(line.owner, line.amount - before, 2**62, None),))

    async def keep(self, touch: Touch, user: str, spends: tuple[Spend, ...] = ()) -> None:
        made = reserved(f"given {next(self.sent)}", user=user, touch=touch, state=State.CONFIRMED)
        await reserve(self.stores, replace(made, spends=spends))

    async def reserves(self, line: case.Reserving) -> None:
        """What is granted goes out at once: a case knows no leases."""
        server, story = await self.decide(line.decide, reserve=True)
        assert server == story
        for each in await self.stores.contacts.contacts(self.user, None, 1):
            if each.state is State.RESERVED:
                await self.stores.contacts.change(each.id, lambda one: replace(one, state=State.CONFIRMED))
        self.story.tell(line)

    async def decide(self, decide: str, *, reserve: bool) -> tuple[Judged, Judged]:
        """What the server and the story say."""
        facts = self.story.facts
        request = pb.DecideRequest(subject=self.subject(facts), decide=decide, reserve=reserve)
        request.request_id = facts.request_id
        answer = await self.client.decisions.Decide(request)
        return answered(answer), judged(self.story.evaluator.decide(decide, facts))

    def subject(self, facts: Facts) -> Subject:
        told = {"input": written(self.ruleset.inputs, facts.input)} if facts.input else {}
        return Subject(user_id=self.user, facts_json=json.dumps(told).encode())


LINES: Mapping[type[case.Line], Any] = {
    case.UserIs: Told.user_is,
    case.OnList: Told.on_list,
    case.Happening: Told.happens,
    case.NowIs: Told.is_now,
    case.Sent: Told.was_sent,
    case.Used: Told.used,
    case.Reserving: Told.reserves,
}


def written(declared: Mapping[str, FieldDef], values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: write_value(declared[name].type, value) for name, value in values.items()}


def user_for(ruleset: RuleSet, held_out: set[str]) -> str:
    """The first who is held out of these campaigns and decides, and of no others."""
    assert ruleset.user_key is not None
    holders = {**ruleset.campaigns, **ruleset.decides}
    tests = {name: holdout_test(name, each.holdout, ruleset.user_key) for name, each in holders.items()}
    for number in count():
        facts = Facts(0, user={ruleset.user_key: f"u{number}"})
        if {name for name, holds_out in tests.items() if holds_out(facts)} == held_out:
            return f"u{number}"
    raise AssertionError


# ---- both answers in one form


def judged(decision: Decision) -> Judged:
    until = None if decision.until is None else timestamp(decision.until)
    plans = [
        (each.plan, GATES[each.fell], VERDICTS[each.verdict], each.channel or "", each.occurrence or "")
        for each in decision.outcomes
    ]
    reasons = [[each.because.value.replace(" ", "_") for each in plan.reasons] for plan in decision.outcomes]
    scheduled = [(each.plan, timestamp(each.due), each.occurrence) for each in decision.scheduled]
    head = VERDICTS[decision.verdict], decision.plan or "", decision.channel or "", until
    return (*head, plans, reasons, scheduled)


def answered(answer: pb.DecideResponse) -> Judged:
    until = answer.until_time if answer.HasField("until_time") else None
    plans = [(each.plan, each.fell_at, each.verdict, each.channel, each.occurrence) for each in answer.plans]
    reasons = [[reason.code for reason in each.reasons] for each in answer.plans]
    scheduled = [(each.plan, each.due_time, each.occurrence) for each in answer.scheduled]
    return answer.verdict, answer.plan, answer.channel, until, plans, reasons, scheduled
