"""One life of a closed loop: the use cases that serve, with a clock that is put to each instant at which something happens (ADR 17).

What is decided goes nowhere: there is no bus, nothing listens, and the log is read here.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from compiler.facts_at_one_go import QuickReader
from compiler.manifest import EntryPoint
from compiler.outcome import Decision, Verdict
from compiler.wire.errors import unknown
from compiler.wire.json_text import Json
from server.ports import By, DecisionLog, ListMode, LogCounts, Occurrence, Record, RuleFiles, Stores
from server.ports.log import DecisionArchive, Kind
from server.replay.history import Arrival, History, Learned
from server.replay.known import Known
from server.replay.lives import Ended, Knowledge, Life, Remarks, Told
from server.replay.testimony import Heard, Testimony
from server.replay.virtual_clock import VirtualClock
from server.usecases.active_rules import ActiveRules, Serving, discreet
from server.usecases.choice import Choice
from server.usecases.contacts import Contacts
from server.usecases.decide import LEASE, Ask, Decide, Decided
from server.usecases.folds import KeptVersions
from server.usecases.gather import Beside
from server.usecases.grounds import Ground, Grounds
from server.usecases.openings import Openings
from server.usecases.pinning import Pinning
from server.usecases.record_events import RecordEvents, ReportedEvent, admit
from server.usecases.refusals import EventIdReused, InvalidRequest, Refusal
from server.usecases.releases import Releases
from server.usecases.reviews import Reviews
from server.usecases.shadow import beside
from server.usecases.subject import Subject
from server.usecases.taking import Taking
from server.usecases.timers import Timers
from server.usecases.upsert_profiles import ProfileChange, UpsertProfiles
from server.usecases.versions import Versions, made, made_ready

BATCH = 1000
"""Events after which is told what was lived."""
TYPED, VERSIONS = 100_000, 4
"""Events that are kept as a version types them, and versions for which they are."""


class World:
    def __init__(self, life: Life, stores: Stores, kept: DecisionLog) -> None:
        """`stores`: empty ones that nobody else has. `kept`: where what is told is put on record, by the ids by which it is told."""
        self._kept = kept
        self._life, self._stages = life, list(life.stages)
        self._stores, self._clock, self._log = stores, VirtualClock(), Newest()
        self.testimony = Testimony(stores.timers, keeps=kept.keeps)
        self._left_out, self._noted = Remarks(), Remarks()
        self._versions: list[str] = []
        self._declared: frozenset[str] = frozenset()
        """Types of events that one of the stages knows."""
        self._members: defaultdict[str, set[str]] = defaultdict(set)
        self._listed: dict[str, bool] = {}
        self._to_learn: deque[Learned] = deque()
        """Of users, in the order in which it was known."""
        self._build(ActiveRules())

    def _build(self, active: ActiveRules) -> None:
        stores, clock = self._stores, self._clock
        versions = Versions(stores.rules, clock)
        reviews = Reviews(stores.rules, clock, needs_approval=False)
        choose = Remembering(active, stores, clock)
        ground = Ground(stores, clock, self._log, shadows=self._log)
        taking = Taking(stores.contacts, nothing_follows)
        openings = Openings(choose, ground, taking)
        folds = KeptVersions(stores.rules, versions).folds
        self._active, self._record = active, RecordEvents(stores.events, active, clock, openings, folds)
        self._releases = Releases(stores, versions, reviews, active, clock, nothing_changes)
        self._contacts = Contacts(stores.contacts, clock, self._record, nothing_follows)
        pinning = Pinning(versions, ground)
        parts = choose, ground, pinning, self._record, taking, in_no_form, None
        self._decide = Overheard(self._came_due, *parts)
        self._timers = Timers(active, stores, clock, self._decide, openings)

    async def live(self, history: History) -> AsyncIterator[Told]:
        """What was decided, in order, told after the same events in every life of the same knowledge; at last how it was."""
        heard = told = end = 0
        for instant, arrivals in groupby(self._in_order(history), key=itemgetter(0)):
            await (self._until(instant) if heard else self._begin(instant, history))
            for _, arrival in arrivals:
                await self._hear(arrival)
                heard, end = heard + 1, max(end, arrival.arrived, instant)
            await self._rounds()
            if heard - told >= BATCH:
                told = heard
                await self._put_on_record()
                yield Told(self.testimony.taken(), heard)
        await self._until(max(end, self._life.until))
        await self._rounds()
        await self.testimony.end()
        await self._put_on_record()
        yield Told(self.testimony.taken(), heard, self._ended())

    async def _put_on_record(self) -> None:
        for record in self.testimony.records():
            await self._kept.record(record)

    def _ended(self) -> Ended:
        unlisted = tuple(name for name, is_known in self._listed.items() if not is_known)
        return Ended(tuple(self._versions), self._left_out.said, self._noted.said, unlisted)

    # ---- time

    def _in_order(self, history: History) -> Iterator[tuple[int, Arrival]]:
        """Events with the instant at which they are known. A clock that went back is taken to have stood."""
        in_full, now = self._life.knowledge is Knowledge.FULL, -(2**63)
        for arrival in history.events(by_time=in_full):
            instant = arrival.time if in_full else arrival.arrived
            if instant < now:
                self._noted.add("arrived before the one above; taken as of then", arrival.place)
            now = max(now, instant)
            yield now, arrival

    async def _until(self, instant: int) -> None:
        """All that is due before an instant, in order; then it is that instant."""
        while self._stages and (since := self._stages[0].since) is not None and since <= instant:
            await self._pass(since)
            await self._activate_up_to(since)
        await self._pass(instant)

    async def _pass(self, instant: int) -> None:
        while (due := await self._timers.next()) is not None and due < instant:
            await self._put(due)
            await self._rounds()
        await self._put(max(instant, self._clock.now()))

    async def _rounds(self) -> None:
        """What is due now. What fails there is a bug of ours: timers alone would try for ever."""
        while await self._timers.round():
            pass
        for error in self._decide.failed:
            raise error

    async def _activate_up_to(self, instant: int) -> None:
        while self._stages and (self._stages[0].since or instant) <= instant:
            rules = self._stages.pop(0).rules
            activated = await self._releases.activate_files(rules, By(), retire_plans=True)
            self._versions.append(activated.version.name)
            self._kept.keep(activated.version.name, rules)
            await self._load_lists(activated.version.ruleset.lists)

    # ---- what is known

    async def _begin(self, instant: int, history: History) -> None:
        for name, user in history.members():
            self._members[name].add(user)
        self._clock.put(instant)
        stages = [await made(stage.rules) for stage in self._life.stages]
        self._declared = frozenset().union(*(each.ruleset.events for each in stages))
        self._log.others = [await made_ready(await made(rules)) for rules in self._life.beside]
        for other in self._log.others:
            await self._load_lists(other.ruleset.lists)
        await self._activate_up_to(instant)
        self._to_learn = deque(sorted(history.profiles(), key=learned_at))
        await self._put(instant)

    async def _put(self, instant: int) -> None:
        """It is that instant, and known of users what was known then."""
        self._clock.put(instant)
        upsert = UpsertProfiles(self._stores.profiles, self._active)
        while self._to_learn and learned_at(self._to_learn[0]) <= instant:
            user, attributes, _ = self._to_learn.popleft()
            (result,) = (await upsert([ProfileChange(user, orjson.dumps(attributes))])).results
            if result.refusal:
                self._left_out.add(result.refusal.message, f"user {user}")

    async def _load_lists(self, names: Iterable[str]) -> None:
        """A list that was never loaded could not be told from one that cannot be read."""
        for name in names:
            if name not in self._listed:
                users = self._members[name]
                await self._stores.lists.load(name, users, ListMode.REPLACE, self._clock.now())
                self._listed[name] = bool(users)

    # ---- what happens

    async def _hear(self, arrival: Arrival) -> None:
        event = ReportedEvent(arrival.id, arrival.type, arrival.user, arrival.time, arrival.fields)
        try:
            if await self._stores.events.find(event.id):
                await self._record_alone(event)
                self._noted.add("a repeat of an event", arrival.place)
            else:
                known = self._record.undeclared
                await self._ask(event)
                if self._record.undeclared > known:
                    self._name_undeclared(arrival)
        except EventIdReused:
            self._left_out.add("its id is that of another event", arrival.place)
        except Refusal as refusal:
            self._left_out.add(refusal.message, arrival.place)
            if event.type not in self._declared:
                await self._keep(event)

    def _name_undeclared(self, arrival: Arrival) -> None:
        declared = [
            f"{arrival.type}.{name}" for name in self._active.all()[0].ruleset.events[arrival.type].fields
        ]
        for name in (f"{arrival.type}.{name}" for name in orjson.loads(arrival.fields)):
            if name not in declared:
                self._noted.add(unknown("field", name, declared), arrival.place)

    async def _keep(self, event: ReportedEvent) -> None:
        """What only others know is there for them to look at."""
        for other in self._log.others:
            with suppress(InvalidRequest):
                await self._stores.events.append([admit(event, other)[0]])
                return

    async def _ask(self, event: ReportedEvent) -> None:
        """All that are to be asked about it; where there is none, it is known all the same."""
        decides = self._decides_about(event)
        for name in decides:
            await self._decide(Ask(Subject(event.user, request_id=event.id), event, name))
            for heard in self._log.taken():
                await self._carry_out(heard.record)
                self.testimony.answered(event.id, heard)
        if not decides:
            await self._record_alone(event)

    def _decides_about(self, event: ReportedEvent) -> Sequence[str]:
        rules = self._active.all()[0].ruleset
        if self._life.decide or len(rules.decides) == 1:
            return [self._life.decide or next(iter(rules.decides))]
        waits = {
            name for name, plan in rules.plans.items() if plan.trigger and plan.trigger.event == event.type
        }
        return [name for name, decide in rules.decides.items() if waits & set(decide.plans)]

    async def _record_alone(self, event: ReportedEvent) -> None:
        (result,) = (await self._record([event])).results
        if result.refusal:
            raise result.refusal

    async def _came_due(self, occurrence: Occurrence) -> None:
        for heard in self._log.taken():
            await self._carry_out(heard.record)
            self.testimony.came_due(occurrence, heard)
        await self.testimony.looked_at(occurrence)

    async def _carry_out(self, record: Record) -> None:
        """What is to be sent goes out at once, and arrives."""
        if record.reservation is not None and is_send(record):
            id = record.reservation
            sent = await self._contacts.dispatch(id, LEASE, id, deduplicates=False)
            await self._contacts.confirm(id, sent.token)


def learned_at(learned: Learned) -> int:
    return -(2**63) if learned.since is None else learned.since


def is_send(record: Record) -> bool:
    return isinstance(record.outcome, Decision) and record.outcome.verdict is Verdict.SEND


class Remembering(Choice):
    """What serves looks at the same events again and again, and types them once."""

    async def __call__(self, subject: Subject, as_of: int | None = None) -> Serving:
        return remembering(await super().__call__(subject, as_of))


@lru_cache(VERSIONS)
def remembering(serving: Serving) -> Serving:
    reader = QuickReader(discreet(serving.ruleset), serving.reader, remembers=TYPED)
    return replace(serving, quick_reader=reader)


class Newest:
    """A log that is read at once. `others` are to be asked the same: what they look at is fetched for each question, too."""

    keeps = True
    archive: DecisionArchive | None = None

    def __init__(self) -> None:
        self.others: list[Serving] = []
        self._records: list[Record] = []
        self._known: list[Known] = []

    def beside(self, user: str, serving: Serving, entry: EntryPoint) -> Beside:
        other = next((each for each in self.others if each.version != serving.version), serving)
        return beside(other, serving, entry) or Beside(serving, serving.manifest(entry))

    async def record(self, record: Record) -> None:
        self._records.append(record)

    def answered(self, kind: Kind, asked: Mapping[str, Json], grounds: Grounds) -> None:
        """Follows each record."""
        assert grounds.shadow is not None
        self._known.append(Known(grounds.shadow.subject, grounds.shadow.fetched, grounds.unjudged))

    def taken(self) -> list[Heard]:
        heard = list(map(Heard, self._records, self._known))
        self._records, self._known = [], []
        return heard

    def keep(self, version: str, rules: RuleFiles) -> None:
        """The files are known."""

    def counts(self) -> LogCounts:
        return LogCounts()

    async def close(self) -> None:
        """Nothing is open."""


class Overheard(Decide):
    """`then` follows when an occurrence has come due. `failed`: what the timers would try again."""

    def __init__(self, then: Callable[[Occurrence], Awaitable[None]], *parts: Any) -> None:
        super().__init__(*parts)
        self._then = then
        self.failed: list[Exception] = []

    async def due(self, occurrence: Occurrence) -> None:
        try:
            await super().due(occurrence)
            await self._then(occurrence)
        except Exception as error:
            self.failed.append(error)


def in_no_form(decided: Decided) -> bytes:
    """Nobody is answered."""
    return b""


def nothing_follows() -> None:
    """Nobody waits for a change."""


async def nothing_changes() -> None:
    """Nobody is told which rules serve."""
