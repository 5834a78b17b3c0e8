"""The parent of `suasion serve --workers N`: starts the processes that serve, and others for those that end.

It is a program of its own, which `serve` becomes, so that it holds nothing that serving needs; and it starts fresh processes, as gRPC
does not outlive a fork. The workers share their address (SO_REUSEPORT), and end when their parent is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence

from server import logs

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0
"""Seconds before a process is started in place of one that ended; twice as many after the next that ends as soon."""
SOON = 10.0
"""Seconds; what has served longer was well."""
log = logging.getLogger("suasion.workers")


class WorkerEnded(Exception):
    """Before it answered."""

    def __init__(self, code: int) -> None:
        self.code = code


class Workers:
    """`command` is that of a worker, whose number is added; the first of all activates the rules that it names."""

    def __init__(self, command: Sequence[str], number: int) -> None:
        self._command = command
        self._numbers = range(1, number + 1)
        self._serving: dict[int, Process] = {}
        self._alive: set[Process] = set()
        self._renewals = asyncio.Event()

    async def run(self) -> int:
        """The exit code: that of a worker that could not begin, or 0 once a signal has asked to end."""
        ends: asyncio.Queue[signal.Signals] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, ends.put_nowait, each)
        loop.add_signal_handler(signal.SIGHUP, self._renewals.set)
        working, asked = asyncio.create_task(self._work()), asyncio.create_task(ends.get())
        await asyncio.wait((working, asked), return_when=asyncio.FIRST_COMPLETED)
        code = working.result() if working.done() else 0
        working.cancel()
        tell_systemd("STOPPING=1")
        await self._end(asked.result() if asked.done() else signal.SIGTERM, ends)
        return code

    async def _end(self, how: signal.Signals, ends: asyncio.Queue[signal.Signals]) -> None:
        """Hand the signal on, and those that come after it, until nobody is left."""
        gone = asyncio.gather(*(each.wait() for each in self._alive))
        while True:
            for each in self._alive:
                each.send_signal(how)
            asked = asyncio.ensure_future(ends.get())
            await asyncio.wait((gone, asked), return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                return
            how = asked.result()

    async def _work(self) -> int:
        """Returns the exit code of a worker that does not even begin."""
        try:
            said = [await self._begin(number) for number in self._numbers]
        except WorkerEnded as ended:
            return ended.code
        sys.stdout.buffer.write(said[0])
        sys.stdout.flush()
        tell_systemd("READY=1")
        async with asyncio.TaskGroup() as tasks:
            for number in self._numbers:
                tasks.create_task(self._keep(number))
            tasks.create_task(self._renew())
        raise AssertionError("they go on for ever")

    async def _begin(self, number: int) -> bytes:
        """Let a process serve in that place, and return what it says once it answers. Raises WorkerEnded."""
        more = ["--worker", str(number), *(["--resume"] if self._serving else [])]
        process = await asyncio.create_subprocess_exec(
            *self._command, *more, stdin=PIPE, stdout=PIPE, start_new_session=True
        )
        self._alive.add(process)
        assert process.stdout
        if line := await process.stdout.readline():
            log.info({"event": "worker", "worker": number, "pid": process.pid})
            self._serving[number] = process
            return line
        raise WorkerEnded(await self._ended(process))

    async def _ended(self, process: Process) -> int:
        code = await process.wait()
        self._alive.discard(process)
        return code

    async def _keep(self, number: int) -> None:
        """Let another process come whenever one ends that nobody asked to."""
        pause = FIRST_PAUSE
        while True:
            begun, process = time.monotonic(), self._serving[number]
            code = await self._ended(process)
            if process is not self._serving[number]:
                continue
            pause = FIRST_PAUSE if time.monotonic() > begun + SOON else min(2 * pause, LONGEST_PAUSE)
            log.error({"event": "worker ended", "worker": number, "code": code, "pause_seconds": pause})
            await asyncio.sleep(pause)
            with contextlib.suppress(WorkerEnded):
                await self._begin(number)

    async def _renew(self) -> None:
        """On SIGHUP, exchange all processes, one after the other: each new one answers before an old one goes."""
        while True:
            await self._renewals.wait()
            self._renewals.clear()
            try:
                for number in self._numbers:
                    old = self._serving[number]
                    await self._begin(number)
                    if old.returncode is None:
                        old.terminate()
                    await self._ended(old)
                log.info({"event": "workers renewed"})
            except WorkerEnded as ended:
                log.error({"event": "workers not renewed", "code": ended.code})


def tell_systemd(state: str) -> None:
    """What sd_notify(3) would, if this is a service of systemd's."""
    if address := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.sendto(state.encode(), address.replace("@", "\0", 1))


def become_parent(number: int, address: str, level: int) -> None:
    """Never returns: the process goes on as the parent of so many workers at this address, called as it was itself."""
    program = [sys.executable, "-m", "cli.workers", str(number), str(level), *sys.argv[1:]]
    os.execv(sys.executable, [*program, "--listen", address])


if __name__ == "__main__":
    logs.to_stderr(int(sys.argv[2]), access=False)
    serve = (sys.executable, "-m", "cli.main", *sys.argv[3:])
    sys.exit(asyncio.run(Workers(serve, int(sys.argv[1])).run()))
