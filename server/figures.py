"""What a service counts and serves, read whenever somebody looks: what `StatusService` and the metrics tell beside calls."""

from __future__ import annotations

from server.ports import Bus, DecisionLog
from server.usecases.active_rules import ActiveRules
from server.usecases.receive import Receive
from server.usecases.relay import Relay
from server.usecases.shadow import ShadowCounts
from server.usecases.status import Figure, Serves


def log_figures(log: DecisionLog) -> list[Figure]:
    return [
        Figure("suasion.decision_log.emitted", "{record}", lambda: log.counts().emitted),
        Figure("suasion.decision_log.stored", "{record}", lambda: log.counts().stored),
        Figure("suasion.decision_log.dropped", "{record}", lambda: log.counts().dropped),
        Figure("suasion.decision_log.spilled", "{record}", lambda: log.counts().spilled),
    ]


def shadow_figures(counts: ShadowCounts) -> list[Figure]:
    return [
        Figure("suasion.shadow.asked", "{answer}", lambda: counts.asked),
        Figure("suasion.shadow.recorded", "{record}", lambda: counts.recorded),
        Figure("suasion.shadow.dropped", "{answer}", lambda: counts.dropped),
        Figure("suasion.shadow.failed", "{answer}", lambda: counts.failed),
    ]


def bus_figures(bus: Bus, receive: Receive, relay: Relay) -> list[Figure]:
    return [
        Figure("suasion.bus.connected", "1", lambda: bus.connected),
        Figure("suasion.bus.recorded", "{event}", lambda: receive.recorded),
        Figure("suasion.bus.known", "{event}", lambda: receive.known),
        Figure("suasion.bus.refused", "{event}", lambda: receive.refused),
        Figure("suasion.bus.sent", "{message}", lambda: relay.sent),
        Figure("suasion.bus.not_taken", "{message}", lambda: relay.not_taken),
        Figure("suasion.bus.lapsed", "{order}", lambda: relay.lapsed),
    ]


def served(active: ActiveRules) -> list[Serves]:
    """The versions that serve, the one that came last first."""
    release = active.release
    names = reversed(release.serves) if release else ()
    return [Serves(name, release.epoch, release.time, release.part_of(name)) for name in names if release]


def decides_beside(active: ActiveRules) -> Serves | None:
    """The version that could be made ready to decide for nobody."""
    released = active.released() if active.release else None
    if released is None or released.shadow is None:
        return None
    release, name = released.release, released.shadow.version
    return Serves(name, release.epoch, release.time, release.part_of(name))


def plan_count(active: ActiveRules) -> int | None:
    return len(active.all()[-1].ruleset.plans) if active.release else None
