"""What `StatusService` and the metrics tell beside calls."""

from __future__ import annotations

from server.ports import Bus, DecisionLog
from server.rpc.limits import Limits
from server.rpc.turns import Turns
from server.usecases.receive import Receive
from server.usecases.relay import Relay
from server.usecases.status import Figure


def log_figures(log: DecisionLog) -> list[Figure]:
    return [
        Figure("suasion.decision_log.emitted", "{record}", lambda: log.counts().emitted),
        Figure("suasion.decision_log.stored", "{record}", lambda: log.counts().stored),
        Figure("suasion.decision_log.dropped", "{record}", lambda: log.counts().dropped),
        Figure("suasion.decision_log.spilled", "{record}", lambda: log.counts().spilled),
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


def flow_figures(limits: Limits, turns: Turns) -> list[Figure]:
    return [
        Figure("suasion.calls.limited", "{call}", lambda: limits.refused),
        Figure("suasion.calls.shed", "{call}", lambda: turns.shed),
        Figure("suasion.calls.waiting", "{call}", lambda: turns.waiting),
    ]
