"""What an answer rests on: one version, one instant, and the facts that the version wants for the question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field
from time import perf_counter_ns
from typing import Any, Protocol

from compiler.facts import Facts
from compiler.manifest import EntryPoint, Manifest, OfDecide, OfEvent, OfPlan, OfTrigger
from compiler.outcome_to_json import Outcome
from compiler.shapes import place_of
from compiler.types import MISSING, UNAVAILABLE
from compiler.wire.json_text import Json
from dsl.frozen import dataclass
from server.ports import Clock, ClockBehind, DecisionLog, Occurrence, Record, Stores
from server.ports.log import Kind
from server.usecases.active_rules import Serving
from server.usecases.failures import Failures, LedgerAway
from server.usecases.gather import Beside, Fetched, gather
from server.usecases.ids import new_id
from server.usecases.refusals import ClockWrong
from server.usecases.subject import Subject


@dataclass(frozen=True, slots=True)
class Shadow:
    """A version that is to decide beside, and what was fetched for both."""

    beside: Beside
    subject: Subject
    fetched: Fetched
    decides: bool


class Shadows(Protocol):
    """Decides beside, off the path of the request."""

    def beside(self, user: str, serving: Serving, entry: EntryPoint) -> Beside | None:
        """What decides about a user beside what serves them, and knows the question."""

    def answered(self, kind: Kind, asked: Mapping[str, Json], grounds: Grounds) -> None:
        """Something was answered on grounds with a shadow. At once: what there is no room for is dropped, and counted."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """`decision_id` is unique to the answer; `missing` and `unavailable` name facts wanted, such as `user.country`.

    `revision`: as of which the user's facts were read; None where it could not be had, or was not asked for. `open`:
    occurrences that the store has. `unjudged`: the triggers of the subject's event are still to be looked at. `begun`: when
    facts were asked for, in nanoseconds of the clock that measures spans. `failed`: a store did not answer. `behind`: others
    have granted the user something by a clock too far ahead of ours. `shadow`: what decides beside it, and on what.
    """

    decision_id: str
    user: str
    serving: Serving
    manifest: Manifest
    facts: Facts
    unavailable: tuple[str, ...]
    revision: int | None = None
    open: tuple[Occurrence, ...] = ()
    unjudged: bool = False
    begun: int = field(default_factory=perf_counter_ns)
    failed: bool = False
    behind: ClockBehind | None = None
    shadow: Shadow | None = None

    def to_take_on(self) -> int:
        """The revision on which a decision may be taken for good. Raises LedgerAway where there is none, and ClockWrong."""
        if self.revision is None:
            raise LedgerAway("contacts: what is granted cannot be written down")
        if self.behind is not None:
            raise ClockWrong(self.behind)
        return self.revision

    @property
    def missing(self) -> tuple[str, ...]:
        return missing(self.manifest, self.facts)


@dataclass(frozen=True, slots=True)
class Common:
    """What many answers have in common: the version that most of them rest on, the instant, and an id of them all."""

    version: str
    now: int
    decision_id: str


DEFAULT = Failures()


@dataclass(frozen=True, slots=True)
class Ground:
    """Lays grounds, and records what was made of them. `as_of` is microseconds, or None for now."""

    stores: Stores
    clock: Clock
    log: DecisionLog
    failures: Failures = DEFAULT
    shadows: Shadows | None = None

    def require(self, kind: str, grounds: Grounds) -> Grounds:
        """The grounds, unless this kind of verdict is not to be answered on them. Raises StoreUnavailable."""
        self.failures.require(kind, failed=grounds.failed)
        return grounds

    async def __call__(
        self,
        serving: Serving,
        entry: EntryPoint,
        subject: Subject,
        as_of: int | None,
        *,
        for_good: bool = False,
    ) -> Grounds:
        """`for_good`: the revision is wanted whatever is asked. What others granted by a clock ahead of ours has happened.

        Raises InvalidRequest for facts in the request that cannot be read."""
        begun = perf_counter_ns()
        now = self.clock.now() if as_of is None else as_of
        manifest = serving.manifest(entry)
        decides = for_good or (as_of is None and isinstance(entry, ABOUT_PLANS))
        beside = (
            self.shadows.beside(subject.user, serving, entry) if self.shadows and self.log.keeps else None
        )
        gathered = await gather(serving, self.stores, subject, manifest, now, decides, beside)
        behind: ClockBehind | None = None
        while as_of is None and gathered.newest > now and behind is None:
            try:
                now = self.clock.at_least(gathered.newest)
                gathered = await gather(serving, self.stores, subject, manifest, now, decides, beside)
            except ClockBehind as error:
                behind = error
        facts = gathered.facts
        return Grounds(
            decision_id=new_id(),
            user=subject.user,
            serving=serving,
            manifest=manifest,
            facts=facts,
            unavailable=unavailable(manifest, facts, too_short(serving, entry, facts)),
            revision=gathered.revision,
            open=gathered.open,
            unjudged=gathered.unjudged,
            begun=begun,
            failed=gathered.failed,
            behind=behind,
            shadow=beside and Shadow(beside, subject, gathered.fetched, decides),
        )

    def common(self, serving: Serving, as_of: int | None) -> Common:
        """What answers to one request have in common."""
        now = self.clock.now() if as_of is None else as_of
        return Common(serving.version, now, new_id())

    async def record(
        self,
        kind: Kind,
        asked: Mapping[str, Json],
        grounds: Grounds,
        outcome: Outcome | Callable[[], Outcome],
        *,
        advisory: bool = True,
        reservation: str | None = None,
    ) -> None:
        """Put an answer on record (see `Record`): microseconds; what is slow about it happens elsewhere."""
        if not self.log.keeps:
            return
        serving = grounds.serving
        record = Record(
            decision_id=grounds.decision_id,
            kind=kind,
            asked=asked,
            user=grounds.user,
            version=serving.version,
            ruleset=serving.ruleset,
            manifest=grounds.manifest,
            facts=grounds.facts,
            outcome=outcome,
            missing=grounds.missing,
            unavailable=grounds.unavailable,
            latency=(perf_counter_ns() - grounds.begun) // 1000,
            advisory=advisory,
            plan_versions=serving.plan_versions,
            reservation=reservation,
        )
        await self.log.record(record)
        if grounds.shadow is not None and self.shadows is not None:
            self.shadows.answered(kind, asked, grounds)


ABOUT_PLANS = (OfDecide, OfPlan, OfEvent, OfTrigger)
"""What is asked of plans as a whole, with the occurrences that are open now; as of another instant they are derived."""


def missing(manifest: Manifest, facts: Facts) -> tuple[str, ...]:
    """Facts wanted that are known to be absent."""
    return (
        *told("user.", manifest.attributes, facts.user, MISSING),
        *told("input.", manifest.inputs, facts.input, MISSING),
    )


def unavailable(manifest: Manifest, facts: Facts, too_short: Collection[str] = ()) -> tuple[str, ...]:
    """Facts wanted that could not be had; events of the types `too_short` not of all the time that is looked at."""
    events = {**facts.events, **dict.fromkeys(too_short, UNAVAILABLE)} if too_short else facts.events
    return (
        *told("user.", manifest.attributes, facts.user, UNAVAILABLE),
        *told("event ", manifest.events, events, UNAVAILABLE),
        *told("list ", manifest.lists, facts.lists, UNAVAILABLE),
        *(("touches",) if facts.touches is UNAVAILABLE else ()),
        *(("budgets",) if facts.budgets is UNAVAILABLE else ()),
    )


def told(prefix: str, wanted: Iterable[str], known: Mapping[str, Any], state: object) -> list[str]:
    """The names wanted of what is in this state, in their order."""
    if state is UNAVAILABLE and state not in known.values():
        return []  # as nearly always
    return sorted([prefix + name for name in wanted if known.get(name) is state])


def too_short(serving: Serving, entry: EntryPoint, facts: Facts) -> frozenset[str]:
    """Types of events whose history begins later than the rules look, and is not told by totals."""
    if not facts.known_since:
        return frozenset()
    needs = serving.required(entry)
    reaches = {name: needs.events[name].reach for name in facts.known_since if name in needs.events}
    since = {name: reach.since(facts.now) for name, reach in reaches.items()}
    told = {shape for shape, total in facts.totals.items() if total.tells_all(facts.now)}
    for_ever = {place_of(shape)[0] for shape in needs.totals - told}
    return frozenset(
        name
        for name, start in since.items()
        if name in for_ever or start is None or start + 1 < facts.known_since[name]
    )
