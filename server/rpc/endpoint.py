"""The gRPC server: its methods, its health, its end."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2_grpc

from server.ports import DEFAULT_WORKSPACE, Tokens
from server.rpc.calls import Around
from server.rpc.ending import Ending
from server.rpc.interceptors import in_order
from server.rpc.routing import Register, Routes
from server.rpc.tls import Tls
from server.rpc.transports import Transport, made, offer

GRACE_SECONDS = 5.0
ADDRESS = re.compile(r"(?P<host>.+):(?P<port>\d{1,5})")
LAST_PORT = 65535

add_health: Register = health_pb2_grpc.add_HealthServicer_to_server
add_reflection: Register = reflection_pb2_grpc.add_ServerReflectionServicer_to_server


class CannotListen(Exception):
    """The address is taken, not ours, or no address."""


class NotSafe(CannotListen):
    """Others than this machine could come, and everybody could do everything."""


def address_of(listen: str) -> tuple[str, int]:
    """Host and port. Raises CannotListen."""
    address = ADDRESS.fullmatch(listen)
    if address is None or int(address["port"]) > LAST_PORT:
        raise CannotListen(f"cannot listen on `{listen}`: an address such as `127.0.0.1:50051` is wanted")
    return address["host"], int(address["port"])


def is_this_machine(host: str) -> bool:
    """Nobody else can come there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def cannot_listen(listen: str) -> CannotListen:
    return CannotListen(f"cannot listen on `{listen}`: it is taken, or not an address of this machine")


def hold(listen: str) -> str:
    """Keeps an address, port 0 for a free one, for processes that share it, until this process ends: bound, and never listened at.
    Returns it. Raises CannotListen, too if somebody listens there already who would share it."""
    host, port = address_of(listen)
    try:
        family, *_, address = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as alone:
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind(address)
        holding = socket.socket(family)
        holding.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holding.bind(address)
    except OSError as error:
        raise cannot_listen(listen) from error
    held = f"{host}:{holding.getsockname()[1]}"
    os.set_inheritable(holding.detach(), True)
    return held


@dataclass(frozen=True, slots=True)
class Access:
    """Who may come in. `tokens` None: everybody, which only `insecure` allows where others than this machine can come.
    `tls` None: nobody is kept from reading along. `reflect` lets anybody ask for the descriptions of all methods."""

    tokens: Tokens | None = None
    tls: Tls | None = None
    reflect: bool = False
    insecure: bool = False

    def require_safe(self, listen: str) -> None:
        """Raises NotSafe where others than this machine could come and do everything."""
        if self.tokens is None and not self.insecure and not is_this_machine(address_of(listen)[0]):
            raise NotSafe(f"cannot listen on `{listen}` without keys: whoever comes could do everything")


OPEN = Access()
"""For this machine alone."""


class Endpoint:
    """Services behind one address. Health answers for each of them by name, and for all under the empty name."""

    def __init__(
        self,
        access: Access = OPEN,
        *,
        transport: Transport = Transport.GRPCIO,
        outermost: Sequence[Around] = (),
        innermost: Sequence[Around] = (),
    ) -> None:
        """`outermost` goes around every call, `innermost` within all
        that always does."""
        self.access = access
        self._ending = Ending()
        self._hurried = asyncio.Event()
        self._transport = transport
        self._server = made(transport)
        always = in_order(access.tokens, transport.pushes_back)
        self._routes = Routes((*outermost, *always, *innermost, self._ending.around))
        self._needs_rules: dict[str, bool] = {}
        self._with_rules: set[str] = set()
        """Workspaces in which rules are active."""
        self.ready = False
        """Rules are active in some workspace, and the end is not near."""
        self._health = health.aio.HealthServicer()
        self._routes.add(DEFAULT_WORKSPACE, self._health, add_health)

    def add(
        self, workspace: str, name: str, servicer: object, register: Register, *, needs_rules: bool
    ) -> None:
        """Offer a service by its full name in a workspace; one that needs rules is healthy only while some are active."""
        self._routes.add(workspace, servicer, register)
        self._needs_rules[name] = needs_rules

    async def start(self, listen: str) -> str:
        """Listen on `host:port`, port 0 for a free one, and return the address. Raises CannotListen, TlsUnusable."""
        host, _ = address_of(listen)
        self.access.require_safe(listen)
        try:
            port = self._port(listen)
        except RuntimeError as error:
            raise cannot_listen(listen) from error
        if self.access.reflect:
            names = [*self._needs_rules, health.SERVICE_NAME, reflection.SERVICE_NAME]
            servicer = reflection.aio.ReflectionServicer(names)
            self._routes.add(DEFAULT_WORKSPACE, servicer, add_reflection)
        offer(self._transport, self._server, self._routes)
        await self._server.start()
        return f"{host}:{port}"

    def _port(self, listen: str) -> int:
        if self.access.tls is None:
            return self._server.add_insecure_port(listen)
        return self._server.add_secure_port(listen, self.access.tls.credentials())

    async def say_rules_are_active(self, workspace: str, active: bool) -> None:
        """Without rules to decide by in any workspace, only what does not need them is healthy."""
        (self._with_rules.add if active else self._with_rules.discard)(workspace)
        active = bool(self._with_rules)
        for name, needs_rules in self._needs_rules.items():
            await self._health.set(name, STATUS[active or not needs_rules])
        await self._health.set("", STATUS[active])
        self.ready = active

    async def say_farewell(self) -> None:
        """Tell those who ask for health that the end is near, for good; calls are still taken."""
        self.ready = False
        await self._health.enter_graceful_shutdown()

    async def stop(self, linger: float = 0.0) -> None:
        """Say farewell, take calls for `linger` seconds more, so that whoever balances load hears of the end first; then
        end streams, and give other calls GRACE_SECONDS."""
        await self.say_farewell()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._hurried.wait(), linger)
        self._ending.come()
        await self._server.stop(None if self._hurried.is_set() else GRACE_SECONDS)

    async def hurry(self) -> None:
        """Cancel what is under way, so that `stop` waits for nothing."""
        self._hurried.set()
        await self._server.stop(None)


STATUS: Mapping[bool, Any] = {
    True: health_pb2.HealthCheckResponse.SERVING,
    False: health_pb2.HealthCheckResponse.NOT_SERVING,
}
