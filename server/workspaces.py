"""Workspaces side by side behind one address: each has rules, facts and a log of its own, and sees nothing of the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from server.front import Front
from server.ports import Bus, DecisionLog, Stores
from server.rpc.endpoint import Access, Endpoint
from server.rpc.limits import Limits
from server.rpc.transports import Transport
from server.telemetry import Telemetry
from server.wiring import Service


def no_bus(workspace: str) -> None:
    """Nothing comes over a broker, or goes there."""


@dataclass(frozen=True, slots=True)
class Workspaces:
    """A service for each, by name."""

    endpoint: Endpoint
    services: Mapping[str, Service]

    @classmethod
    async def build(
        cls,
        stores: Mapping[str, Stores],
        log: Callable[[str], DecisionLog],
        bus: Callable[[str], Bus | None] = no_bus,
        *,
        access: Access,
        transport: Transport = Transport.GRPCIO,
        limits: Limits | None = None,
        telemetry: Telemetry | None = None,
        **options: Any,
    ) -> Workspaces:
        """`log` and `bus` open those of a workspace; `options` are those of `Service.build`, the same for all."""
        front = Front(access, transport=transport, limits=limits, telemetry=telemetry)
        services = {
            name: await Service.build(
                kept,
                workspace=name,
                within=front,
                telemetry=telemetry,
                log=log(name),
                bus=bus(name),
                **options,
            )
            for name, kept in stores.items()
        }
        return cls(front.endpoint, services)

    async def start(self, listen: str) -> str:
        """Listen on `host:port`, port 0 for a free one, and return the address. Raises CannotListen, TlsUnusable."""
        address = await self.endpoint.start(listen)
        for service in self.services.values():
            service.begin()
        return address

    async def stop(self, linger: float = 0.0) -> None:
        """Take calls for `linger` seconds more, finish what is under way, then let go of the stores."""
        await self.endpoint.stop(linger)
        await asyncio.gather(*(service.end() for service in self.services.values()))
