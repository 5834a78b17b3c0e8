"""Contacts that no `decide` granted, and what becomes of all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from compiler.outcome import Contact, Verdict
from dsl.frozen import dataclass
from server.ports import GIVEN_BACK, Change, Clock, ContactLedger, Reservation, Taken
from server.usecases import contact_states
from server.usecases.active_rules import Serving
from server.usecases.check_contact import Asked, Judge, Message, as_json, kind_of, question_for_good
from server.usecases.choice import Choice
from server.usecases.failures import LedgerAway
from server.usecases.grounds import Ground, Grounds
from server.usecases.record_events import EventResult, RecordEvents, ReportedEvent
from server.usecases.refusals import ContactNotInState, InvalidRequest, UnknownContact, Violation
from server.usecases.reservations import granted, held_out, message_granted
from server.usecases.subject import Subject
from server.usecases.taking import Name, Taking
from server.usecases.uncounted import nothing_came_of, require_uncounted


@dataclass(frozen=True, slots=True)
class Reserved:
    """The verdict, what it rests on, and what was granted or would have been; `advisory`: nothing could be."""

    contact: Contact
    grounds: Grounds
    reservation: Reservation | None
    advisory: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A contact to be reserved. `contact`: a plan's name, or a message. `occurrence`: of an earlier contact, or empty.
    `lease`: microseconds."""

    subject: Subject
    contact: str | Message
    occurrence: str
    lease: int
    name: Name


class Reserve:
    """Reserves what the policies allow now."""

    def __init__(
        self, choose: Choice, ground: Ground, taking: Taking, encode: Callable[[Reserved], bytes]
    ) -> None:
        self._choose = choose
        self._ground = ground
        self._taking = taking
        self._encode = encode

    async def __call__(self, wish: Wish) -> bytes:
        """The answer, of the first time if it was asked before.

        Raises NoActiveRules, UnknownName, InvalidRequest, RequestIdReused, Contended, StoreUnavailable, and
        ContactNotInState when the occurrence has a contact that was not given back.
        """
        serving = await self._choose(wish.subject)
        try:
            return await self._taken_once(serving, wish)
        except LedgerAway:
            return await self._without_ledger(serving, wish)

    async def _taken_once(self, serving: Serving, wish: Wish) -> bytes:
        """Raises LedgerAway where nothing was tried, beside what reserving does."""
        if (before := await self._taking.known(wish.name)) is not None:
            return before

        entry, judge = question_for_good(serving, wish.contact)
        newest: list[Reserved] = []

        async def make() -> Taken:
            newest[:] = [await self._reserved(serving, wish, entry, judge)]
            return self._taken(wish, *newest)

        async def record() -> None:
            await self._on_record(wish, entry, *newest)

        answer = await self._taking(wish.subject.user, wish.name, make, record)
        assert answer is not None
        return answer

    async def _without_ledger(self, serving: Serving, wish: Wish) -> bytes:
        """The verdict, where nothing can be reserved. Raises StoreUnavailable where marketing would go out."""
        entry, judge = question_for_good(serving, wish.contact)
        grounds = await self._ground(serving, entry, wish.subject, None, for_good=True)
        reserved = Reserved(judge(grounds.facts), replace(grounds, failed=True), None, advisory=True)
        kind = kind_of(serving, wish.contact)
        require_uncounted(self._ground.failures, kind, reserved.contact.verdict)
        await self._on_record(wish, entry, reserved)
        return self._encode(reserved)

    async def _reserved(self, serving: Serving, wish: Wish, entry: Asked, judge: Judge) -> Reserved:
        id = occurrence(serving, wish)
        grounds = await self._ground(serving, entry, wish.subject, None, for_good=True)
        self._ground.require(kind_of(serving, wish.contact), grounds)
        if wish.occurrence:
            await self._require_free(wish, grounds)
        contact = judge(grounds.facts)
        return Reserved(contact, grounds, self._reservation(wish, id, contact, grounds))

    async def _require_free(self, wish: Wish, grounds: Grounds) -> None:
        """Refuses to try again what was not given back."""
        ledger, now = self._ground.stores.contacts, grounds.facts.now
        for each in await ledger.of_occurrence(wish.subject.user, wish.occurrence):
            if (state := each.at(now).state) not in GIVEN_BACK:
                raise ContactNotInState("reserved again", state.value)

    def _reservation(self, wish: Wish, id: str, contact: Contact, grounds: Grounds) -> Reservation | None:
        if contact.verdict not in (Verdict.SEND, Verdict.HOLDOUT) or contact.channel is None:
            return None
        user = wish.subject.user
        if not isinstance(wish.contact, str):
            return message_granted(wish.contact, id, grounds, user, wish.lease)
        attempt = grounds.serving.program.attempt(wish.contact, contact.channel, id, grounds.facts)
        if contact.verdict is Verdict.HOLDOUT:
            return held_out(attempt, grounds, user)
        return granted(attempt, grounds, user, wish.lease)

    async def _on_record(self, wish: Wish, entry: Asked, reserved: Reserved) -> None:
        asked = as_json(wish.contact, entry)
        granted = reserved.reservation.id if reserved.reservation else None
        await self._ground.record(
            "reserve",
            asked,
            reserved.grounds,
            reserved.contact,
            advisory=reserved.advisory,
            reservation=granted,
        )

    def _taken(self, wish: Wish, reserved: Reserved) -> Taken:
        grounds = reserved.grounds
        return Taken(
            key=None if nothing_came_of(grounds, reserved.reservation) else wish.name.key,
            fingerprint=wish.name.fingerprint,
            user=wish.subject.user,
            revision=grounds.to_take_on(),
            now=grounds.facts.now,
            answer=self._encode(reserved),
            reservation=reserved.reservation,
        )


def occurrence(serving: Serving, wish: Wish) -> str:
    """That of an earlier contact of the same activity, or the request itself. Raises InvalidRequest."""
    plan = serving.ruleset.plans[wish.contact] if isinstance(wish.contact, str) else None
    activity = plan.activity if plan else "message"
    if wish.occurrence:
        if not wish.occurrence.startswith(f"{activity}/"):
            text = f"an occurrence of `{activity}` begins with `{activity}/`"
            raise InvalidRequest([Violation("occurrence", text)])
        return wish.occurrence
    by_user = plan and plan.once and plan.once.field is None
    return f"{activity}/user" if by_user else f"{activity}/{wish.subject.request_id}"


class Contacts:
    """What becomes of contacts. Every method that moves one raises UnknownContact, and what the state does not allow."""

    def __init__(
        self, ledger: ContactLedger, clock: Clock, record: RecordEvents, changed: Callable[[], None]
    ) -> None:
        """`changed` is called when leases may end at other instants than before. `duplicates`: contacts that completed what had arrived."""
        self.duplicates = 0
        self._ledger = ledger
        self._clock = clock
        self._record = record
        self._changed = changed

    async def dispatch(self, id: str, lease: int, request: str, *, deduplicates: bool) -> Reservation:
        move = partial(contact_states.dispatched, lease=lease, request=request, deduplicates=deduplicates)
        return await self._moved(id, lambda before: move(before, self._clock.now()))

    async def confirm(self, id: str, token: int) -> Reservation:
        return await self._moved(
            id, lambda before: contact_states.confirmed(before, self._clock.now(), token)
        )

    async def fail(self, id: str, token: int) -> Reservation:
        return await self._moved(id, lambda before: contact_states.failed(before, self._clock.now(), token))

    async def release(self, id: str) -> Reservation:
        return await self._moved(id, lambda before: contact_states.released(before, self._clock.now()))

    async def outcome(
        self, id: str, type: str, time: int | None, fields: bytes, event_id: str
    ) -> EventResult:
        """Record what the user made of it as an event; `time` None is now. What completes it and has gone out is a duplicate."""
        reservation = await self._ledger.find(id)
        if reservation is None:
            raise UnknownContact(id)
        event = ReportedEvent(event_id, type, reservation.user, self._clock.now(), fields)
        if time is None:
            result = await self._record.of_now(event)
        else:
            (result,) = (await self._record([replace(event, time=time)])).results
        if result.refusal is None:
            await self._arrived(reservation)
        return result

    async def _arrived(self, first: Reservation) -> None:
        for each in await self._ledger.completing(first.user, first.touch.occurrence):
            after = await self._ledger.change(
                each.id, lambda before: contact_states.duplicated(before, self._clock.now())
            )
            self.duplicates += bool(after and after.duplicate and not each.duplicate)

    async def history(self, user: str, before: tuple[int, str] | None, most: int) -> Sequence[Reservation]:
        """Those of a user, newest first, behind (time, id) `before`, as they are now."""
        now = self._clock.now()
        return [each.at(now) for each in await self._ledger.contacts(user, before, most)]

    async def uncertain(self, after: tuple[int, str] | None, most: int) -> Sequence[Reservation]:
        """Those that nobody told of, oldest first, behind (time, id) `after`."""
        return await self._ledger.uncertain(after, most)

    async def _moved(self, id: str, change: Change) -> Reservation:
        after = await self._ledger.change(id, change)
        if after is None:
            raise UnknownContact(id)
        self._changed()
        return after
