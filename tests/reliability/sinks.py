"""A collector that takes nothing and says nothing, for the decision log, spans and metrics: `python -m tests.reliability.sinks` keeps
a server busy in front of it for ten minutes, and prints a row."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from asyncio.subprocess import PIPE
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import status_service_pb2 as status_pb
from suasion.v1.status_service_pb2_grpc import StatusServiceStub
from suasion.v1.subject_pb2 import Subject

from cli.private.program import HOST
from tests.reliability.claims import RULES
from tests.reliability.places import Place
from tests.reliability.process import Client, Server

MINUTES = 10
CALLERS = 4
ROOM = 192
"""MiB that the buffers of a process may come to, and what it takes to empty them."""
LOG = "suasion.decision_log."


class Loud(Server):
    """What it says at its end is read."""

    errors = PIPE

    def rss(self) -> int:
        """MiB of memory."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) // 1024

    async def last_words(self) -> int:
        """Ends it; how many decisions it says that it did not log."""
        process = self._process
        assert process is not None and process.stderr is not None
        process.terminate()
        lines = [json.loads(line) for line in (await process.stderr.read()).splitlines() if line[:1] == b"{"]
        self._process = None
        await process.wait()
        return max(int(each["total"]) for each in lines if each.get("event") == "decisions_not_logged")


async def dead_sinks_harm_nothing(folder: Path, seconds: float) -> str:
    """Every decision is answered, memory stays within bounds, and each record that was emitted is a drop that was counted."""
    with closing(socket.create_server((HOST, 0))) as silent:
        address = f"{HOST}:{silent.getsockname()[1]}"
        place = Place("memory", "", folder, more=("--log", f"otlp:{address}", "--otlp", address))
        server = Loud(RULES, place)
        await server.start()
        client = Client(server.address)
        end, memory = time.monotonic() + seconds, [server.rss()]
        watching = asyncio.create_task(watched(server, memory))
        answered = sum(await asyncio.gather(*(ask(client, end) for _ in range(CALLERS))))
        watching.cancel()
        counts = await counted(client)
        await client.close()
        dropped = await server.last_words()
    assert counts == (answered, 0), counts
    assert dropped == answered, (dropped, answered)
    assert max(memory) < memory[0] + ROOM, memory
    middle, last = memory[len(memory) // 2], memory[-1]
    return f"{answered:,} decisions, as many drops counted; {memory[0]} MiB, {middle} in the middle, {last} in the end"


async def ask(client: Client, end: float) -> int:
    number = 0
    while time.monotonic() < end:
        number += 1
        request = pb.MatchPlanRequest(subject=Subject(user_id=f"u{number}"), decide="hellos")
        await client.decisions.MatchPlan(request)
    return number


async def watched(server: Loud, memory: list[int]) -> None:
    while True:
        await asyncio.sleep(1)
        memory.append(server.rss())


async def counted(client: Client) -> tuple[int, int]:
    """Emitted and stored."""
    stub = StatusServiceStub(client.channel)  # type: ignore[no-untyped-call]
    status = await stub.Status(status_pb.StatusRequest())
    figures = {each.name: int(each.value) for each in status.figures}
    return figures[LOG + "emitted"], figures[LOG + "stored"]


def main() -> None:
    with TemporaryDirectory() as folder:
        print(asyncio.run(dead_sinks_harm_nothing(Path(folder), MINUTES * 60)))


if __name__ == "__main__":
    main()
