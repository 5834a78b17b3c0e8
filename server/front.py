"""What workspaces share that answer at one address: the address, its limits and its turns."""

from __future__ import annotations

from server.rpc.endpoint import OPEN, Access, Endpoint
from server.rpc.limits import Limits
from server.rpc.priority import by_rules
from server.rpc.telemetry import tells
from server.rpc.transports import Transport
from server.rpc.turns import Turns
from server.telemetry import Telemetry
from server.usecases.active_rules import ActiveRules
from server.usecases.status import Figure


class Front:
    """Not yet listening. `active` has the rules of each workspace that answers here."""

    def __init__(
        self,
        access: Access = OPEN,
        *,
        transport: Transport = Transport.GRPCIO,
        limits: Limits | None = None,
        telemetry: Telemetry | None = None,
    ) -> None:
        self.active: dict[str, ActiveRules] = {}
        self.limits = limits or Limits()
        self.turns = Turns(by_rules(self.active))
        self.endpoint = Endpoint(
            access,
            transport=transport,
            outermost=[tells(telemetry)] if telemetry else [],
            innermost=[self.limits.around, self.turns.around],
        )

    def figures(self) -> list[Figure]:
        """What is counted of all workspaces together."""
        return [
            Figure("suasion.calls.limited", "{call}", lambda: self.limits.refused),
            Figure("suasion.calls.shed", "{call}", lambda: self.turns.shed),
            Figure("suasion.calls.waiting", "{call}", lambda: self.turns.waiting),
        ]
