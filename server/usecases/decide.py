"""What shall be done about a user? Taken for good: granted exactly once, never too often, answered alike when asked again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, replace

from compiler.manifest import OfDecide, OfEvent
from compiler.outcome import Decision
from dsl.frozen import dataclass
from server.ports import Occurrence, OccurrenceKey, Reservation, Taken
from server.usecases.active_rules import Serving
from server.usecases.choice import Choice
from server.usecases.failures import LedgerAway
from server.usecases.grounds import Ground, Grounds
from server.usecases.match_plan import decide_named
from server.usecases.occurrences import (
    RETRY,
    Fates,
    decide_of,
    fates,
    known_to_rules,
    opened_by,
    turns,
    unpinned,
)
from server.usecases.pinning import Pinning
from server.usecases.record_events import RecordEvents, ReportedEvent
from server.usecases.reservations import reservation
from server.usecases.subject import Subject
from server.usecases.taking import Name, Taking
from server.usecases.uncounted import nothing_came_of, require_uncounted

LEASE = 5 * 60 * 10**6
"""Microseconds for which what the timers grant stays reserved."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked. `decide`: empty for the only one. `lease`: microseconds. `as_of`: only for advice."""

    subject: Subject
    event: ReportedEvent | None = None
    decide: str = ""
    lease: int = LEASE
    name: Name = field(default_factory=Name)
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, what it rests on, what was granted, and what became of occurrences; `advisory`: nothing was to be."""

    decision: Decision
    grounds: Grounds
    fates: Fates
    opened: tuple[Occurrence, ...] = ()
    reservation: Reservation | None = None
    advisory: bool = False


Encode = Callable[[Decided], bytes]
"""The form in which answers are kept and published."""


class Decide:
    """Makes decisions and takes them for good."""

    def __init__(
        self,
        choose: Choice,
        ground: Ground,
        pinning: Pinning,
        record: RecordEvents,
        taking: Taking,
        encode: Encode,
        retry: int | None = RETRY,
    ) -> None:
        """`retry`: microseconds after which the timers look again at what was unavailable; None is never."""
        self._choose = choose
        self._ground = ground
        self._pinning = pinning
        self._record = record
        self._taking = taking
        self._encode = encode
        self._retry = retry

    async def advise(self, ask: Ask) -> bytes:
        """What would be decided; nothing is recorded. Raises what deciding does."""
        event = self._record.admitted(ask.event) if ask.event else None
        subject = replace(ask.subject, event=event, event_is_new=True)
        serving = await self._choose(subject, ask.as_of)
        decide = decide_named(serving, ask.decide)
        decided = await self._decided(serving, decide, subject, ask.as_of, advisory=True)
        await self._on_record(decided)
        return self._encode(decided)

    async def __call__(self, ask: Ask) -> bytes:
        """The answer, of the first time if it was asked before.

        Raises NoActiveRules, UnknownName, NothingToDecide, InvalidRequest, EventIdReused, RequestIdReused, Contended,
        and StoreUnavailable when nothing can be granted as it cannot be written down.
        """
        self._choose.active.accepted(lambda serving: decide_named(serving, ask.decide))
        event = await self._record.one(ask.event) if ask.event else None
        subject = replace(ask.subject, event=event)
        serving = await self._choose(subject)
        decide = decide_named(serving, ask.decide)
        name = replace(ask.name, key=ask.name.key and f"{ask.name.key} {decide}")
        try:
            return await self._taken_once(serving, decide, subject, ask.lease, name)
        except LedgerAway:
            return await self._without_ledger(serving, decide, subject)

    async def _taken_once(
        self, serving: Serving, decide: str, subject: Subject, lease: int, name: Name
    ) -> bytes:
        """Raises LedgerAway where nothing was tried, beside what deciding does."""
        if (before := await self._taking.known(name)) is not None:
            return before

        newest: list[Decided] = []

        async def make() -> Taken:
            decided = await self._granted(serving, decide, subject, lease)
            newest[:] = [decided]
            key = None if nothing_came_of(decided.grounds, decided.reservation) else name.key
            return replace(self._taken(decided, subject), key=key, fingerprint=name.fingerprint)

        answer = await self._taking(subject.user, name, make, lambda: self._on_record(*newest))
        assert answer is not None
        return answer

    async def _without_ledger(self, serving: Serving, decide: str, subject: Subject) -> bytes:
        """What can be said where nothing can be taken. Raises StoreUnavailable where marketing would go out."""
        decided = await self._decided(serving, decide, subject, None, advisory=True)
        plan, verdict = decided.decision.plan, decided.decision.verdict
        kind = decided.grounds.serving.ruleset.plans[plan].kind if plan else "plans"
        require_uncounted(self._ground.failures, kind, verdict)
        decided = replace(decided, grounds=replace(decided.grounds, failed=True))
        await self._on_record(decided)
        return self._encode(decided)

    async def due(self, occurrence: Occurrence) -> None:
        """What shall be done as an occurrence has come due. What comes of it is published; nothing is when it is over, or
        was looked at since it was claimed."""
        subject = Subject(occurrence.user)
        newest: list[Decided] = []

        async def make() -> Taken | None:
            newest.clear()
            serving = await self._choose(subject)
            decide = decide_of(serving, occurrence)
            if decide is None:
                return await self._dropped(occurrence)
            decided = await self._granted(serving, decide, subject, LEASE)
            if occurrence not in decided.grounds.open:
                return None
            newest.append(decided)
            taken = self._taken(decided, subject)
            return replace(taken, publish=bool(taken.ended or taken.reservation))

        await self._taking(occurrence.user, Name(), make, lambda: self._on_record(*newest))

    async def _decided(
        self, serving: Serving, decide: str, subject: Subject, as_of: int | None, *, advisory: bool = False
    ) -> Decided:
        """The decision, with the occurrences that the subject's event opens."""
        event = subject.event
        entry = OfEvent(decide, event.type) if event else OfDecide(decide)
        grounds = await self._ground(serving, entry, subject, as_of)
        opened = opened_by(serving, grounds.facts, event, decide) if event and grounds.unjudged else ()
        grounds = self._ground.require("plans", await self._pinning(grounds, decide, subject))
        serving = grounds.serving
        if opened and grounds.facts.opened is not None:
            known = (
                *grounds.facts.opened,
                *known_to_rules(serving, unpinned(serving, opened), grounds.facts),
            )
            grounds = replace(grounds, facts=replace(grounds.facts, opened=known))
        decision = serving.program.decide(decide, grounds.facts)
        became = fates(serving, decision, grounds.facts, self._retry)
        return Decided(decision, grounds, became, opened, advisory=advisory)

    async def _granted(self, serving: Serving, decide: str, subject: Subject, lease: int) -> Decided:
        """The decision, with what it grants."""
        decided = await self._decided(serving, decide, subject, None)
        granted = reservation(decided.decision, decided.grounds, subject.user, lease)
        return replace(decided, reservation=granted)

    async def _on_record(self, *newest: Decided) -> None:
        for each in newest:
            asked = {"decide": each.decision.decide}
            granted = each.reservation.id if each.reservation else None
            await self._ground.record(
                "decide", asked, each.grounds, each.decision, advisory=each.advisory, reservation=granted
            )

    def _taken(self, decided: Decided, subject: Subject) -> Taken:
        """Where a store did not answer, what the event opens is left to the timers: what is unknown now would never be opened."""
        grounds = decided.grounds
        open = {each.key for each in grounds.open}
        ended, waking = decided.fates.ended, {**self._turns(decided), **decided.fates.waking}
        return Taken(
            key=None,
            fingerprint=b"",
            user=subject.user,
            revision=grounds.to_take_on(),
            now=grounds.facts.now,
            answer=self._encode(decided),
            reservation=decided.reservation,
            opened=tuple(
                replace(each, wake=waking.get(each.key, each.wake))
                for each in decided.opened
                if each.key not in ended and not grounds.failed
            ),
            judged=(subject.event.id,) if subject.event and grounds.unjudged and not grounds.failed else (),
            waking={key: wake for key, wake in waking.items() if key in open},
            ended={key: why for key, why in ended.items() if key in open},
        )

    def _turns(self, decided: Decided) -> Mapping[OccurrenceKey, int | None]:
        grounds, granted = decided.grounds, decided.reservation
        activity, decide = granted.touch.activity if granted else None, decided.decision.decide
        now = grounds.facts.now
        return turns(grounds.serving, decide, grounds.open, decided.fates, activity, now, self._retry)

    async def _dropped(self, occurrence: Occurrence) -> Taken | None:
        """The rules do not have its plan any more: it is over without a word."""
        ledger, now = self._ground.stores.contacts, self._ground.clock.now()
        history = await ledger.history(occurrence.user, now)
        over: Mapping[OccurrenceKey, str] = {occurrence.key: "dropped"}
        return Taken(None, b"", occurrence.user, history.revision, now, b"", ended=over)
