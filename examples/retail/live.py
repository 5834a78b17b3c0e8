"""A day in the shop: what customers do goes to a server, event after event, and what it decides is shown as it falls.

`.venv/bin/python examples/retail/live.py --help`
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice, takewhile
from pathlib import Path
from random import Random
from typing import Annotated

import grpc
import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text
from suasion.v1.status_service_pb2 import StatusRequest, StatusResponse
from suasion.v1.status_service_pb2_grpc import StatusServiceStub

from cli.output import console
from dsl.source import Source
from examples.retail.shopping import OPENING, customers, events
from server.ports import By, RuleFiles
from server.stores import memory_stores
from server.wiring import Service
from suasion_client import (
    AsyncClient,
    Confirm,
    Conflict,
    Contact,
    Decide,
    Decision,
    Dispatch,
    Event,
    Fail,
    LoadList,
    UpsertProfiles,
    Verdict,
)

RULES = Path(__file__).parent / "rules.sua"
ASKS = {"order_created": "now_for_order"}
"""Which `decide` an event asks; `best_offer` if none stands here."""
FAILS = 0.05
"""How likely a channel is to lose a message."""
SECONDS = 30.0
PAUSE = 0.005
"""Seconds between two looks at whether the timers are done."""
STYLES = {
    Verdict.SEND: "bold green",
    Verdict.WAIT: "yellow",
    Verdict.BLOCK: "red",
    Verdict.HOLDOUT: "magenta",
}


@dataclass(slots=True)
class Board:
    """Decisions as they fall, and their sum."""

    console: Console
    events: int = 0
    sums: dict[str, Counter[str]] = field(default_factory=dict)

    def decided(self, at: datetime, user: str, cause: str, decision: Decision, end: str) -> None:
        """`end`: what became of the contact; empty if there was none to be sent."""
        self.add("verdict", decision.verdict)
        if decision.verdict is Verdict.BLOCK:
            blocked = [each for each in decision.plans if each.verdict is Verdict.BLOCK]
            for code in sorted({reason.code for each in blocked for reason in each.reasons}):
                self.add("reason of a block", code)
        if end:
            self.add("plan sent", decision.plan)
            self.add("channel", decision.channel)
            self.add("became of it", end)
        if decision.plan:
            self.console.print(line(at, user, cause, decision, end))

    def add(self, what: str, name: str) -> None:
        self.sums.setdefault(what, Counter())[name] += 1

    def __rich__(self) -> Table:
        table = Table(title=f"{self.events} events", title_justify="left", show_header=False, box=None)
        for what, counted in self.sums.items():
            table.add_row(what, ", ".join(f"{name} {number}" for name, number in counted.most_common()))
        return table


def line(at: datetime, user: str, cause: str, decision: Decision, end: str) -> Text:
    """`03-02 09:41 c007 timer: send pay_reminder by sms, confirmed`."""
    by = f" by {decision.channel}" if decision.channel else ""
    until = f" until {local(decision.until)}" if decision.until else ""
    verdict = f"{decision.verdict} {decision.plan}{by}{until}"
    text = Text(f"{local(at)} {user} {cause}: ").append(verdict, STYLES.get(decision.verdict, ""))
    return text.append(f", {end}" if end else "")


def local(time: datetime) -> str:
    return f"{time.astimezone(OPENING.tzinfo):%m-%d %H:%M}"


# ---- asking a server


@dataclass(slots=True)
class Desk:
    """Where a server's decisions are carried out, one at a time. `dealt_with`: the last of what its timers decided."""

    suasion: AsyncClient
    status: Callable[[], Awaitable[StatusResponse]]
    board: Board
    dealt_with: int
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def tell(self, told: Iterable[Event]) -> None:
        """Ask about each event, and do what is decided. Each is an instant later: what that makes due is done before the next."""
        for event in told:
            async with self.turn:
                decide = ASKS.get(event.type, "best_offer")
                decision = await self.suasion.ask(Decide(event.user, decide, event))
                self.board.events += 1
                await self.carry_out(event.time, event.user, event.type, decision)
            await self.timers()

    async def follow(self) -> None:
        """Do what timers decide, until cancelled."""
        async for each in self.suasion.watch(self.dealt_with):
            async with self.turn:
                await self.carry_out(each.at, each.user, "timer", each.decision)
                self.dealt_with = each.id

    async def timers(self) -> None:
        """Return when nothing is due that they have not decided, and what they decided is done."""
        behind = True
        while behind:
            await asyncio.sleep(PAUSE)
            now = await self.status()
            behind = bool(now.timers_lag_duration.ToMicroseconds()) or now.last_watch_id > self.dealt_with

    async def carry_out(self, at: datetime, user: str, cause: str, decision: Decision) -> None:
        send = decision.contact if decision.verdict is Verdict.SEND else None
        self.board.decided(at, user, cause, decision, await self.lead(send) if send else "")

    async def lead(self, contact: Contact) -> str:
        """Send it; what became of it."""
        try:
            sending = await self.suasion.ask(Dispatch(contact.id))
        except Conflict:
            return "too late"
        told = Fail if Random(contact.occurrence).random() < FAILS else Confirm
        return (await self.suasion.ask(told(sending.id, sending.fencing_token))).state


@asynccontextmanager
async def own_server() -> AsyncIterator[str]:
    """Its address. All in memory; its time is that of the events."""
    service = await Service.build(memory_stores(), clock="events")
    rules = Source(RULES.name, RULES.read_text(encoding="utf-8"))
    try:
        await service.releases.activate_files(RuleFiles((rules,), ()), By())
        yield await service.start("127.0.0.1:0")
    finally:
        await service.stop()


async def shop(address: str, number: int, days: float, people: int, seed: int, board: Board) -> None:
    """Let customers shop, and follow it to its end."""
    async with (
        AsyncClient(address, seconds=SECONDS) as suasion,
        grpc.aio.insecure_channel(address) as channel,
    ):
        asking = StatusServiceStub(channel)  # type: ignore[no-untyped-call]
        profiles = customers(people, seed)
        await suasion.ask(UpsertProfiles(profiles))
        for name, members in {"do_not_contact": [profiles[0].user], "testers": []}.items():
            await suasion.ask(LoadList(name, members))

        async def status() -> StatusResponse:
            answer: StatusResponse = await asking.Status(StatusRequest())
            return answer

        desk = Desk(suasion, status, board, (await status()).last_watch_id)
        following = asyncio.create_task(desk.follow())
        end = OPENING + timedelta(days=days)
        told = takewhile(lambda each: each.time < end, events([each.user for each in profiles], seed))
        await desk.tell(islice(told, number))
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def run(server: str | None, number: int, days: float, people: int, seed: int, board: Board) -> None:
    if server:
        return await shop(server, number, days, people, seed, board)
    async with own_server() as address:
        await shop(address, number, days, people, seed, board)


def main(
    server: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="One that serves these rules with `--clock events`; one of our own if left out.",
            show_default=False,
        ),
    ] = None,
    number: Annotated[int, typer.Option("--events", min=1, help="At most so many events.")] = 1000,
    days: Annotated[float, typer.Option(min=0, help="Shop for so many days of the events' time.")] = 30.0,
    people: Annotated[int, typer.Option("--customers", min=1, help="How many customers there are.")] = 40,
    seed: Annotated[int, typer.Option(help="The same seed is the same shopping.")] = 1,
) -> None:
    """Let made-up customers shop, and show what is decided about them as it falls."""
    board = Board(console())
    with Live(board, console=board.console, transient=True):  # on a terminal only
        asyncio.run(run(server, number, days, people, seed, board))
    board.console.print(board)


if __name__ == "__main__":
    typer.run(main)
