"""Builds the service from its parts: with `server.stores`, what knows every adapter."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from suasion.v1.contact_service_pb2_grpc import add_ContactServiceServicer_to_server
from suasion.v1.decision_service_pb2_grpc import add_DecisionServiceServicer_to_server
from suasion.v1.fact_service_pb2_grpc import add_FactServiceServicer_to_server
from suasion.v1.replay_service_pb2_grpc import add_ReplayServiceServicer_to_server
from suasion.v1.rule_set_service_pb2_grpc import add_RuleSetServiceServicer_to_server
from suasion.v1.status_service_pb2_grpc import add_StatusServiceServicer_to_server

from server.adapters.clocks import EventClock, SystemClock
from server.adapters.log.buffered import BufferedLog, Room
from server.adapters.log.otlp import OtlpSink
from server.adapters.log.parquet import ParquetSink, Rotation
from server.adapters.log.rows import RecordWriter
from server.adapters.log.sinks import NoLog, Sink
from server.adapters.log.spill import Spill
from server.adapters.rabbitmq.bus import RabbitBus
from server.adapters.rabbitmq.names import Names
from server.adapters.tokens import JwtTokens, minted
from server.archives import decision_archive
from server.elsewhere import relived_elsewhere
from server.figures import bus_figures, decides_beside, log_figures, plan_count, served, shadow_figures
from server.front import Front
from server.ports import (
    DEFAULT_WORKSPACE,
    Bus,
    Clock,
    ContactLedger,
    DecisionLog,
    Role,
    RuleStore,
    Stores,
    StoreUnavailable,
    Tokens,
    WhenFull,
)
from server.proxies.keeping import Keeping
from server.proxies.observing import observed
from server.rpc.contact_servicer import ContactServicer
from server.rpc.convert.answers import decided_to, reserved_to
from server.rpc.convert.messages import event_in, messages_out
from server.rpc.decision_servicer import DecisionServicer
from server.rpc.endpoint import OPEN, Access, Endpoint
from server.rpc.fact_servicer import FactServicer
from server.rpc.limits import Limits
from server.rpc.replay_servicer import ReplayServicer
from server.rpc.rule_set_servicer import RuleSetServicer
from server.rpc.status_servicer import StatusServicer
from server.rpc.telemetry import Overheard
from server.rpc.transports import Transport
from server.telemetry import Telemetry
from server.usecases.active_rules import ActiveRules
from server.usecases.check_contact import CheckContact
from server.usecases.choice import Choice
from server.usecases.contacts import Contacts, Reserve
from server.usecases.crowds import CheckCrowds, CrowdDictionary, ListCrowds
from server.usecases.decide import Decide
from server.usecases.erase_user import EraseUser
from server.usecases.failures import Failures
from server.usecases.folds import KeptVersions
from server.usecases.grounds import DEFAULT, Ground
from server.usecases.horizons import Horizons
from server.usecases.housekeeping import EVENTS, Housekeeping
from server.usecases.lists import Lists
from server.usecases.match_plan import MatchPlan
from server.usecases.openings import Openings
from server.usecases.pinning import Pinning
from server.usecases.receive import Receive
from server.usecases.record_events import RecordEvents
from server.usecases.relay import Relay
from server.usecases.releases import Releases
from server.usecases.replays import Replays
from server.usecases.reviews import Reviews
from server.usecases.rule_sets import RuleSets
from server.usecases.schedules import Schedules
from server.usecases.shadow import ShadowDecisions
from server.usecases.status import Figure, Status, Watched
from server.usecases.taking import Taking
from server.usecases.timers import Timers
from server.usecases.upsert_profiles import UpsertProfiles
from server.usecases.versions import Versions
from server.usecases.watch import Watch


def rabbitmq(url: str, lines: Sequence[str], workspace: str = DEFAULT_WORKSPACE) -> Bus:
    """Takes events of these lines of business from `amqp://USER:PASSWORD@HOST:PORT/VHOST`, or `amqps:`, and sends what was
    decided there. Made within an event loop; connects once it runs."""
    return RabbitBus(url, workspace, lines)


def line_queue(workspace: str, line: str) -> str:
    """The queue of events of a line."""
    return Names(workspace).line(line)


def dead_letter_queue(workspace: str) -> str:
    """The queue of messages that could not be taken."""
    return Names(workspace).dead


SPILL_BYTES = 2**30
OTLP = "otlp:"
ROOM = Room()


def decision_log(
    target: str,
    *,
    full: WhenFull = WhenFull.DROP,
    mask: bool = True,
    spill: Path | None = None,
    days: float = 30.0,
    room: Room = ROOM,
) -> DecisionLog:
    """Puts decisions on record: `target` is a directory, or `otlp:HOST:PORT`; empty is nowhere. `mask`: private fields.

    `spill`: the directory of spill files; that of the log if there is one. `days`: how long files are kept. Raises OSError when a directory cannot be used.
    """
    if not target:
        return NoLog()
    is_otlp = target.startswith(OTLP)
    rotation = Rotation(keep_seconds=days * 86_400)
    sink: Sink = OtlpSink(target.removeprefix(OTLP)) if is_otlp else ParquetSink(Path(target), rotation)
    beside = spill or (None if is_otlp else Path(target))
    spilling = Spill(beside, SPILL_BYTES) if full is WhenFull.SPILL and beside else None
    archive = None if is_otlp else decision_archive(Path(target))
    return BufferedLog(sink, RecordWriter(mask=mask), full, room, spilling, archive)


AUDIENCE = "suasion"
"""Whom tokens are meant for, unless said otherwise."""


def jwt_tokens(keys: Sequence[Path], audience: str = AUDIENCE, issuer: str | None = None) -> Tokens:
    """Reads JSON Web Tokens that are signed with keys from these files. Raises KeysUnusable."""
    return JwtTokens(keys, audience, issuer)


def jwt_token(
    key: Path, subject: str, roles: Mapping[str, Sequence[Role]], seconds: int, audience: str = AUDIENCE
) -> str:
    """A token, signed with the secret or private key of a file. Raises KeysUnusable."""
    return minted(key, subject, roles, audience, seconds)


CLOCKS: Mapping[str, Callable[[], Clock]] = {"system": SystemClock, "events": EventClock}


@dataclass(frozen=True, slots=True)
class Service:
    """The whole service in one workspace, not yet listening. Made and used in one event loop."""

    workspace: str
    stores: Stores
    active: ActiveRules
    rule_sets: RuleSets
    reviews: Reviews
    releases: Releases
    schedules: Schedules
    endpoint: Endpoint
    log: DecisionLog
    shadows: ShadowDecisions
    background: list[Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=list)
    """What runs from start to stop beside the calls."""
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    carriers: list[Receive | Relay] = field(default_factory=list)
    """What goes between a broker and the use cases; it finishes what it has begun."""
    carrying: list[asyncio.Task[None]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    """What is told by `StatusService`, and as metrics, beside what each call is measured by."""

    @classmethod
    async def build(
        cls,
        stores: Stores,
        *,
        workspace: str = DEFAULT_WORKSPACE,
        within: Front | None = None,
        clock: str | Clock = "system",
        access: Access = OPEN,
        approvals: bool | None = None,
        transport: Transport = Transport.GRPCIO,
        timers: bool = True,
        keep: int = EVENTS,
        limits: Limits | None = None,
        bus: Bus | None = None,
        telemetry: Telemetry | None = None,
        log: DecisionLog | None = None,
        failures: Failures = DEFAULT,
    ) -> Service:
        """`within`: where other workspaces answer, too; by itself if None. `clock` is one of CLOCKS, or one of the caller's
        own. `timers`: decide what comes due, not only what is asked. `keep`: microseconds for which events are kept at least.
        `bus`: brings events, and takes what was decided. `approvals`: what nobody else than
        its author has approved serves nobody; None is as soon as tokens tell people apart. `failures`: what is answered while a store
        does not. The service closes the stores when it stops."""
        time = CLOCKS[clock]() if isinstance(clock, str) else clock
        with suppress(StoreUnavailable):  # the timers do it before anything is due
            await time.catch_up(stores.events.latest)
        active = ActiveRules()
        if telemetry:
            stores = observed(stores, telemetry)
            stores = replace(stores, contacts=cast(ContactLedger, Overheard(stores.contacts, telemetry)))
            telemetry.watch_rules(lambda: served(active), workspace)
        front = within or Front(access, transport=transport, limits=limits, telemetry=telemetry)
        endpoint = front.endpoint

        async def changed() -> None:
            await endpoint.say_rules_are_active(workspace, active.release is not None)

        log = log or NoLog()
        stores = replace(stores, rules=cast(RuleStore, Keeping(stores.rules, log)))
        versions = Versions(stores.rules, time)
        needs_approval = endpoint.access.tokens is not None if approvals is None else approvals
        reviews = Reviews(stores.rules, time, needs_approval=needs_approval)
        releases = Releases(stores, versions, reviews, active, time, changed)
        schedules = Schedules(stores.rules, releases, time)
        rule_sets = RuleSets(stores.rules, versions, active, reviews)
        shadows = ShadowDecisions(active, log)
        service = cls(
            workspace, stores, active, rule_sets, reviews, releases, schedules, endpoint, log, shadows
        )
        service.background.extend((releases.follow, schedules.run))
        service._join(front)
        waiting = service._offer(time, versions, bus, failures)
        if timers:
            service.background.append(waiting.run)
        if clock == "system":  # one that goes by events may leap
            service.background.append(Housekeeping(stores, versions, time, keep).run)
        service._tell(time, clock if isinstance(clock, str) else "given", telemetry)
        await changed()
        return service

    def _join(self, front: Front) -> None:
        """Answer there, too; the first tells of what all share."""
        if not front.active:
            self.background.append(front.limits.follow)
            self.figures.extend(front.figures())
        front.active[self.workspace] = self.active

    def _tell(self, time: Clock, clock: str, telemetry: Telemetry | None) -> None:
        """How things stand, to whoever asks, and to a collector."""
        if telemetry:
            telemetry.watch(self.figures, self.workspace)
        watched = Watched(
            clock,
            lambda: self.endpoint.ready,
            lambda: served(self.active),
            lambda: decides_beside(self.active),
            lambda: self.releases.failure,
            self.figures,
        )
        status = StatusServicer(Status(self.stores, time, watched))
        add = add_StatusServiceServicer_to_server
        self.endpoint.add(self.workspace, STATUS, status, add, needs_rules=False)

    def _offer(self, time: Clock, versions: Versions, bus: Bus | None, failures: Failures) -> Timers:
        stores, active = self.stores, self.active
        self.background.append(self.shadows.run)
        self.figures.extend(shadow_figures(self.shadows.counts))
        ground = Ground(stores, time, self.log, failures, self.shadows)
        choose, pinning = Choice(active, stores, time), Pinning(versions, ground)
        watch = Watch(stores.outbox)

        hears: list[Callable[[], None]] = [watch.hear]

        def changed() -> None:
            for hear in hears:
                hear()

        taking = Taking(stores.contacts, changed)
        openings = Openings(choose, ground, taking)
        kept = KeptVersions(stores.rules, versions)
        record = RecordEvents(stores.events, active, time, openings, kept.folds)
        decide = Decide(choose, ground, pinning, record, taking, decided_to)
        timers = Timers(active, stores, time, decide, openings)
        hears.append(timers.poke)
        if bus:
            relay = Relay(stores.outbox, bus, active, time, messages_out)
            hears.append(relay.hear)
            self._carry(bus, Receive(bus, record, event_in), relay)
        profiles = UpsertProfiles(stores.profiles, active)
        facts = FactServicer(
            record,
            Horizons(stores.events, active),
            profiles,
            Lists(stores.lists, active, time),
            EraseUser(stores),
        )
        decisions = DecisionServicer(
            CheckCrowds(choose, ground),
            ListCrowds(choose, ground),
            MatchPlan(choose, ground, pinning),
            CheckContact(choose, ground),
            decide,
            watch,
            CrowdDictionary(active, versions),
        )
        reserve = Reserve(choose, ground, taking, lambda reserved: reserved_to(reserved).SerializeToString())
        contacts = Contacts(stores.contacts, time, record, changed)
        rule_sets = RuleSetServicer(self.rule_sets, self.reviews, self.releases, self.schedules)
        offer = partial(self.endpoint.add, self.workspace)
        offer(
            CONTACTS,
            ContactServicer(reserve, contacts),
            add_ContactServiceServicer_to_server,
            needs_rules=True,
        )
        offer(DECISIONS, decisions, add_DecisionServiceServicer_to_server, needs_rules=True)
        offer(FACTS, facts, add_FactServiceServicer_to_server, needs_rules=True)
        offer(RULE_SETS, rule_sets, add_RuleSetServiceServicer_to_server, needs_rules=False)
        replays = ReplayServicer(Replays(self.log.archive, self.rule_sets, relived_elsewhere))
        offer(REPLAYS, replays, add_ReplayServiceServicer_to_server, needs_rules=False)
        self._count(record, profiles, contacts)
        return timers

    def _count(self, record: RecordEvents, profiles: UpsertProfiles, contacts: Contacts) -> None:
        """What is counted beside what the shadows count, and the broker."""
        undeclared = Figure(
            "suasion.facts.undeclared", "{field}", lambda: record.undeclared + profiles.undeclared
        )
        duplicates = Figure("suasion.contacts.duplicates", "{contact}", lambda: contacts.duplicates)
        plans = Figure("suasion.rule_set.plans", "{plan}", lambda: plan_count(self.active))
        self.figures.extend((undeclared, duplicates, plans, *log_figures(self.log)))

    def _carry(self, bus: Bus, receive: Receive, relay: Relay) -> None:
        self.background.append(bus.run)
        self.carriers.extend((receive, relay))
        self.figures.extend(bus_figures(bus, receive, relay))

    async def start(self, listen: str) -> str:
        """Listen on `host:port`, port 0 for a free one, and return the address. Raises CannotListen."""
        address = await self.endpoint.start(listen)
        self.begin()
        return address

    def begin(self) -> None:
        """Do what is done beside the calls, from now on."""
        self.tasks.extend(asyncio.create_task(run()) for run in self.background)
        self.carrying.extend(asyncio.create_task(each.run()) for each in self.carriers)

    async def lists_never_loaded(self) -> list[str]:
        """Lists that the active rules declare and that nobody has told the members of."""
        serving = self.active.all() if self.active.release else ()
        declared = dict.fromkeys(name for each in serving for name in each.ruleset.lists)
        loaded = await self.stores.lists.holds("nobody", declared)
        return [name for name in declared if name not in loaded]

    async def stop(self, linger: float = 0.0) -> None:
        """Take calls for `linger` seconds more, finish what is under way, then let go of the stores."""
        await self.endpoint.stop(linger)
        await self.end()

    async def end(self) -> None:
        """Let go of the stores, once no calls come any more."""
        await asyncio.gather(*(each.end() for each in self.carriers))
        if self.carrying:
            await asyncio.wait(self.carrying, timeout=CARRY_SECONDS)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.shadows.settled(), SHADOW_SECONDS)
        tasks = (*self.carrying, *self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.log.close()
        self.stores.close()


SHADOW_SECONDS = 2.0
"""For a shadow to decide what was answered last."""
CARRY_SECONDS = 5.0
"""To finish what came over a bus, or goes out."""
CONTACTS = "suasion.v1.ContactService"
DECISIONS = "suasion.v1.DecisionService"
FACTS = "suasion.v1.FactService"
REPLAYS = "suasion.v1.ReplayService"
RULE_SETS = "suasion.v1.RuleSetService"
STATUS = "suasion.v1.StatusService"
