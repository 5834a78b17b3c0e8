"""A real server that is told a history, event after event, by the clock of its events; what it grants goes out at once.

Between two events its clock is moved by a `tick` of nobody to whatever comes due, as a closed loop's is by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1 import answer_pb2, contact_pb2
from suasion.v1 import contact_service_pb2 as contacts_pb
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1.subject_pb2 import Subject

from server.ports import DecisionLog, State, Stores
from server.replay.history import Arrival
from server.stores import memory_stores
from tests.server.conftest import Running

Sent = tuple[str, int, str, str, str, str, State]
"""User, time, plan, channel, content, occurrence, and what became of it."""


class Told:
    """`verdicts`: of the answers about events, in order: verdict, plan, channel."""

    def __init__(self, running: Running, decide: str) -> None:
        self.running, self.decide = running, decide
        self.verdicts: list[tuple[str, str, str]] = []
        self._ticks = self._seen = 0

    @classmethod
    async def of(
        cls, rules: str, arrivals: Iterable[Arrival], decide: str = "best", log: DecisionLog | None = None
    ) -> Told:
        """All of it, and what was due by the last event."""
        running = await Running.start(memory_stores(), clock="events", log=log)
        told = cls(running, decide)
        await running.client.activate(rules, "rules.sua")
        for each in arrivals:
            await told.until(each.arrived)
            await told.hear(each)
        await running.stop()
        return told

    async def until(self, instant: int) -> None:
        """What is due before an instant, in order; then it is that instant."""
        while (due := await self.next_due()) is not None and due < instant:
            await self.tick(due)
        await self.tick(instant)

    async def next_due(self) -> int | None:
        stores = self.running.stores
        instants = (
            await stores.events.next_unjudged(),
            await stores.timers.next_wake(),
            await stores.contacts.next_lapse(),
        )
        return min((each for each in instants if each is not None), default=None)

    async def tick(self, instant: int) -> None:
        self._ticks += 1
        event = event_of(f"tick {self._ticks}", "tick", "nobody", instant, b"{}")
        await self.running.client.facts.RecordEvents(facts_pb.RecordEventsRequest(events=[event]))
        await self.settled(instant)

    async def hear(self, arrival: Arrival) -> None:
        event = event_of(arrival.id, arrival.type, arrival.user, arrival.time, arrival.fields)
        request = pb.DecideRequest(
            subject=Subject(user_id=arrival.user), decide=self.decide, event=event, request_id=arrival.id
        )
        answer = await self.running.client.decisions.Decide(request)
        name = answer_pb2.Verdict.Name(answer.verdict).removeprefix("VERDICT_").lower()
        self.verdicts.append((name, answer.plan, answer.channel))
        await self.carry_out(answer)
        await self.settled(arrival.arrived)

    async def settled(self, now: int) -> None:
        """Wait until the timers have done what is due, and do what they decided."""
        async with asyncio.timeout(30):
            while True:
                for each in await self.running.stores.outbox.read(self._seen, 100):
                    self._seen = each.id
                    await self.carry_out(pb.DecideResponse.FromString(each.answer))
                due = await self.next_due()
                if (due is None or due > now) and self._seen == await self.running.stores.outbox.last():
                    return
                await asyncio.sleep(0.002)

    async def carry_out(self, answer: pb.DecideResponse) -> None:
        contact = answer.contact
        if contact.state != contact_pb2.CONTACT_STATE_RESERVED:
            return
        client: Any = self.running.client.contacts
        dispatch = contacts_pb.DispatchRequest(contact_id=contact.contact_id, request_id=contact.contact_id)
        sent = (await client.Dispatch(dispatch)).contact
        confirm = contacts_pb.ConfirmRequest(contact_id=sent.contact_id, fencing_token=sent.fencing_token)
        await client.Confirm(confirm)


def event_of(id: str, type: str, user: str, time: int, fields: bytes) -> facts_pb.Event:
    at = Timestamp()
    at.FromMicroseconds(time)
    return facts_pb.Event(event_id=id, type=type, user_id=user, event_time=at, fields_json=fields)


async def ledger(stores: Stores, users: Iterable[str]) -> list[Sent]:
    """All contacts, whatever became of them."""
    return [
        (
            user,
            each.touch.time,
            each.plan,
            each.touch.channel,
            each.content,
            each.touch.occurrence,
            each.state,
        )
        for user in users
        for each in await stores.contacts.contacts(user, None, 1000)
    ]
