"""How long the slowest calls take with decisions on record and without: `python -m bench.service_latency` writes it to `service.md`.

Servers alike but for `--log` and `--otlp`, to a collector that takes all and to one that takes nothing, get the same calls in turn, half as many a second as the one with a collector can answer, each at
its time whether others were answered or not.
"""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import grpc
import uvloop

from bench.service import rewrite, started
from bench.service_kinds import kinds
from bench.service_load import Asked, load, requests_of
from bench.service_rules import shop
from compiler.driver import compile_ruleset
from dsl.source import Source

ROUNDS, SECONDS = 5, 5.0
KINDS = ("told contact", "advise")
SERVERS: Mapping[str, tuple[str, ...]] = {
    "without": (),
    "files": ("--log", "{folder}"),
    "live": ("--log", "otlp:{live}", "--otlp", "{live}"),
    "dead": ("--log", "otlp:{dead}", "--otlp", "{dead}"),
}
RATIOS = (("files", "without"), ("live", "without"), ("dead", "live"))


async def capacity(channel: grpc.aio.Channel, asked: Asked, name: str) -> float:
    """Calls a second."""
    done, seconds = (await load(channel, asked, requests_of(asked, name), 2.0)).split()
    return int(done) / float(seconds)


async def latencies(channel: grpc.aio.Channel, asked: Asked, name: str, rate: float) -> list[float]:
    """Seconds from when each call was to begin to its answer."""
    loop, requests = asyncio.get_running_loop(), requests_of(asked, name)
    call: Any = channel.unary_unary(asked.method)
    start = loop.time()

    async def ask(planned: float) -> float:
        await asyncio.sleep(planned - loop.time())
        await call(next(requests))
        return loop.time() - planned

    return await asyncio.gather(*(ask(start + number / rate) for number in range(int(rate * SECONDS))))


async def measured(addresses: Mapping[str, str], asked: Asked) -> tuple[float, dict[str, list[float]]]:
    """Calls a second, and by server the 99th percentiles of rounds."""
    channels = {name: grpc.aio.insecure_channel(address) for name, address in addresses.items()}
    for name, channel in channels.items():
        await capacity(channel, asked, f"warm-{name}")  # until everything is warm
    rate = await capacity(channels["live"], asked, "full") / 2
    slowest: dict[str, list[float]] = {name: [] for name in channels}
    for number in range(ROUNDS):
        for name, channel in channels.items():
            times = await latencies(channel, asked, f"{name}-{number}", rate)
            slowest[name].append(quantiles(times, n=100)[-1])
    return rate, slowest


async def page(addresses: Mapping[str, str], asked: Mapping[str, Asked]) -> str:
    lines = [
        "| call | a second | p99 without `--log`, ms | files / without | a collector / without | a dead collector / one that takes all |",
        "|---|---|---|---|---|---|",
    ]
    for kind in KINDS:
        rate, slowest = await measured(addresses, asked[kind])
        ratios = (
            median(a / b for a, b in zip(slowest[ours], slowest[theirs], strict=True))
            for ours, theirs in RATIOS
        )
        told = " | ".join(f"{ratio:.2f}" for ratio in ratios)
        lines.append(f"| {kind} | {rate:,.0f} | {median(slowest['without']) * 1e3:.1f} | {told} |")
    return "\n".join(lines)


def main() -> None:
    text, customers = shop()
    ruleset = compile_ruleset([Source("shop.sua", text)]).ruleset
    assert ruleset is not None
    with ExitStack() as last:
        folder = Path(last.enter_context(tempfile.TemporaryDirectory()))
        rules = folder / "shop.sua"
        rules.write_text(text, encoding="utf-8")
        serve = ("-m", "cli.main", "serve", str(rules), "--listen", "127.0.0.1:0", "--store", "memory")
        more = ("--clock", "events", "--no-access-log")
        silent = last.enter_context(socket.create_server(("127.0.0.1", 0)))
        dead = f"127.0.0.1:{silent.getsockname()[1]}"
        live = started(last, "-m", "bench.service_collector")[1]
        addresses = {
            name: started(
                last,
                *serve,
                *more,
                *(each.format(folder=folder / "log", dead=dead, live=live) for each in options),
            )[1]
            for name, options in SERVERS.items()
        }
        table = uvloop.run(page(addresses, kinds(ruleset, customers)))
    print(table)
    rewrite("latency", table)


if __name__ == "__main__":
    main()
