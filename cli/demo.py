"""`suasion demo`: real purchases through a real server, and what it decides."""

import asyncio
import contextlib
import signal
import sys
import warnings
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import grpc
import typer
import uvloop
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli.demo_answers import USUAL, as_json, ask_more, show
from cli.demo_questions import Client, Done, Findings, ask, send
from cli.exit_codes import Failure
from cli.output import HUMAN, Output, OutputOption
from cli.purchases import purchases
from server.rpc.endpoint import Access, CannotListen
from server.stores import memory_stores
from server.wiring import Service

ANY_PORT = "127.0.0.1:0"
T = TypeVar("T")


def command(
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the server running until Ctrl-C, to be asked more.")
    ] = False,
    listen: Annotated[
        str | None,
        typer.Option(
            "--listen",
            metavar="HOST:PORT",
            help=f"Where the server answers; {USUAL} with --keep if that is free, else any free port.",
            show_default=False,
        ),
    ] = None,
    out: OutputOption = HUMAN,
) -> None:
    """Stream real purchases through a server and show what it decides.

    Starts a server in this process, with everything in memory; activates the rules of examples/cdnow; streams 6,919
    recorded purchases in over gRPC, and asks about all 2,357 customers.
    """
    with serving(places(keep, listen)) as server:
        out.notes.print(f"a server answers on {server.address}, in this process, with everything in memory")
        findings = server.run(tour(out, server.address))
        try:
            out.finish(as_json(findings), lambda console: show(console, findings))
        except typer.Exit:
            sys.stdout.flush()
            if keep:
                out.notes.print(ask_more(findings, server.address))
                server.run(interrupted())
            raise


def places(keep: bool, listen: str | None) -> list[str]:
    """Where to listen, the first that can be had."""
    if listen is not None:
        return [listen]
    return [USUAL, ANY_PORT] if keep else [ANY_PORT]


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers while something is run in its event loop."""

    runner: asyncio.Runner
    address: str

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)


@contextlib.contextmanager
def serving(places: list[str]) -> Iterator[Server]:
    """A server of our own, stopped at the end. Its clock is that of the events: now is when the last one happened."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        service = runner.run(
            Service.build(memory_stores(), clock="events", access=Access(reflect=True), timers=False)
        )
        try:
            yield Server(runner, started(runner, service, places))
        except KeyboardInterrupt:
            warnings.simplefilter("ignore", RuntimeWarning)  # of calls that are dropped before they began
            raise
        finally:
            runner.run(service.stop())


def started(runner: asyncio.Runner, service: Service, places: list[str]) -> str:
    for place in places:
        with contextlib.suppress(CannotListen):
            return runner.run(service.start(place))
    raise Failure(
        f"cannot listen on `{places[-1]}`", hint="another program may; name a free port with --listen"
    )


async def tour(out: Output, address: str) -> Findings:
    """Send everything in, ask about everybody."""
    async with grpc.aio.insecure_channel(address) as channel:
        client = Client(channel)
        events = purchases()
        with progress(out) as bars:
            sent = await send(client, events, advance(bars, "purchases sent", len(events)))
            customers = sorted({event.user_id for event in events}, key=int)
            step = advance(bars, "customers asked about", len(customers))
            return await ask(client, sent, customers, step)


def progress(out: Output) -> Progress:
    """On a terminal only."""
    columns = (TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=out.notes, transient=True, disable=not out.notes.is_terminal)


def advance(bars: Progress, text: str, total: int) -> Done:
    """What to call when so many are done."""
    task = bars.add_task(text, total=total)
    return lambda done: bars.advance(task, done)


async def interrupted() -> None:
    """Returns when somebody presses Ctrl-C, or the process is asked to end."""
    loop, end = asyncio.get_running_loop(), asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, end.set)
    await end.wait()
