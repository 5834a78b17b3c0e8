"""Servers as processes of their own, which can be killed, and a client that outlives them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import grpc
from suasion.v1.contact_service_pb2_grpc import ContactServiceStub
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.fact_service_pb2_grpc import FactServiceStub

from cli.private.program import free_port
from tests.reliability.places import Place

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 600
"""On a machine that has much else to do."""
PAUSE = 0.05
"""Seconds between two tries while a server is down."""
DOWN = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.DEADLINE_EXCEEDED})


class Server:
    """`suasion serve` at one place, with rules the first time. Started anew it has the same address, and goes on with what
    served last. `more`: arguments."""

    errors: Any = None
    """Told by pytest if a test fails, unless they are read here."""

    def __init__(self, rules: Path, place: Place, *more: str) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        self._rules = [str(rules)]
        self._command = [
            *(sys.executable, "-m", *place.program, "serve"),
            *("--listen", self.address, "--no-access-log", *place.arguments),
            *more,
        ]
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        environment = {**os.environ, "PYTHONTZPATH": "", "PYTHONPATH": f"{ROOT}:{ROOT / 'protos'}"}
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            *self._rules,
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=self.errors,
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            line = await self._process.stdout.readline()
        assert line.startswith(b"listening on"), line
        self._rules = []

    async def kill(self) -> None:
        """As a power cut would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def send(self, number: signal.Signals) -> None:
        """Such as SIGSTOP: it hears of nothing, and nobody hears of it."""
        assert self._process is not None
        self._process.send_signal(number)

    async def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            await process.wait()


class Client:
    """Calls one server, again and again while it is down: all that it asks for is known by an id."""

    def __init__(self, address: str) -> None:
        options = (("grpc.min_reconnect_backoff_ms", 50), ("grpc.max_reconnect_backoff_ms", 200))
        self.channel = grpc.aio.insecure_channel(address, options=options)
        self.decisions: Any = DecisionServiceStub(self.channel)  # type: ignore[no-untyped-call]
        self.contacts: Any = ContactServiceStub(self.channel)  # type: ignore[no-untyped-call]
        self.facts: Any = FactServiceStub(self.channel)  # type: ignore[no-untyped-call]

    async def until_answered(self, call: Any, request: Any, seconds: float = 20) -> Any:
        """`seconds`: for each try."""
        while True:
            try:
                return await call(request, timeout=seconds)
            except grpc.aio.AioRpcError as error:
                if error.code() not in DOWN:
                    raise
                await asyncio.sleep(PAUSE)

    async def close(self) -> None:
        await self.channel.close()
