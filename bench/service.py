"""Times the service over gRPC and writes the ratios to `bench/service.md`: `python -m bench.service`.

Servers and load generators are processes of their own. What counts most is the server's processor time for an item, which a busy
machine disturbs least; items a second of a server that gets more calls than it can answer stand beside it. All kinds are measured in
every round, in turn; ratios are medians over the rounds.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.service_decode import decoding
from bench.service_kinds import fill, kinds
from bench.service_load import Asked
from bench.service_rules import shop
from compiler.driver import compile_ruleset
from dsl.source import Source

ROUNDS, SECONDS, PROCESSES = 9, 0.6, 2
TICK = 1 / os.sysconf("SC_CLK_TCK")
PAGE = Path(__file__).with_name("service.md")
ON_SQLITE = ("advise", "advise many", "decide", "decide many", "stored list", "stored list many ids")
Process = subprocess.Popen[str]
Cell = tuple[str, str]
"""Server and kind."""

RATIOS: tuple[tuple[str, Cell, Cell, float], ...] = (
    ("unary CheckContact, facts in JSON", ("memory", "told contact"), ("empty", "nothing"), 0.7),
    (
        "unary CheckContact, facts in MessagePack",
        ("memory", "told contact msgpack"),
        ("empty", "nothing"),
        0.7,
    ),
    ("the same by `--grpc native`", ("native", "told contact msgpack"), ("empty", "nothing"), 0.7),
    *(
        (
            f"BatchListCrowds of 100, {words}",
            (server, f"{facts} list many {form}"),
            (server, f"{facts} list"),
            12,
        )
        for words, server, facts, form in (
            ("facts in the request, names", "memory", "told", "names"),
            ("facts in the request, ids", "memory", "told", "ids"),
            ("facts stored, ids", "memory", "stored", "ids"),
            ("facts stored in SQLite, ids", "sqlite", "stored", "ids"),
        )
    ),
    *(
        (
            f"BatchDecide of 100 among 50 plans, {words}, {server}",
            (server, f"{kind} many"),
            (server, kind),
            wanted,
        )
        for server in ("memory", "sqlite")
        for words, kind, wanted in (("reserving nothing", "advise", 4), ("reserving", "decide", 3))
    ),
)
"""What, how it is done, what it is measured against, and how many times as many items it is to do."""


@dataclass(slots=True)
class Measured:
    """By round: seconds of the server's processors for an item, and items a second."""

    cost: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)


class Servers:
    """The servers that are measured, and what puts load on them."""

    def __init__(self, folder: Path, last: ExitStack) -> None:
        text, customers = shop()
        rules = folder / "shop.sua"
        rules.write_text(text, encoding="utf-8")
        ruleset = compile_ruleset([Source(rules.name, text)]).ruleset
        assert ruleset is not None
        self.kinds: Mapping[str, Asked] = kinds(ruleset, customers)
        asked = folder / "requests"
        asked.write_bytes(pickle.dumps(dict(self.kinds)))
        self.started: dict[str, tuple[Process, str]] = {"empty": started(last, "-m", "bench.service_empty")}
        for name, *options in (
            ("memory",),
            ("native", "--grpc", "native"),
            ("sqlite", "--store", f"sqlite:{folder / 'suasion.db'}"),
        ):
            serve = ("-m", "cli.main", "serve", str(rules), "--listen", "127.0.0.1:0", *options)
            self.started[name] = started(last, *serve, "--clock", "events", "--no-access-log")
            fill(self.started[name][1], ruleset, customers)
        self.loads = [
            last.enter_context(process("-m", "bench.service_load", str(number), str(asked)))
            for number in range(PROCESSES)
        ]

    def measure(self, server: str, kind: str, seconds: float) -> tuple[float, float]:
        """Processor seconds for an item, and items a second."""
        running, address = self.started[server]
        before = cpu_seconds(running)
        for load in self.loads:
            assert load.stdin
            load.stdin.write(f"{kind}\t{address}\t{seconds}\n")
            load.stdin.flush()
        done = [load.stdout.readline().split() for load in self.loads if load.stdout]
        items = sum(int(count) for count, _ in done)
        rate = sum(int(count) / float(spent) for count, spent in done)
        return (cpu_seconds(running) - before) / items, rate


@contextmanager
def process(*command: str) -> Iterator[Process]:
    with subprocess.Popen(
        [sys.executable, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as begun:
        try:
            yield begun
        finally:
            begun.terminate()


def started(last: ExitStack, *command: str) -> tuple[Process, str]:
    """A server and its address, which is the last word of its first line."""
    server = last.enter_context(process(*command))
    assert server.stdout
    return server, server.stdout.readline().split()[-1]


def cpu_seconds(running: Process) -> float:
    fields = Path(f"/proc/{running.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK


def measured_cells() -> dict[Cell, Measured]:
    with ExitStack() as last:
        servers = Servers(Path(last.enter_context(tempfile.TemporaryDirectory())), last)
        cells = [("empty" if kind == "nothing" else "memory", kind) for kind in servers.kinds]
        cells += [("native", "told contact msgpack"), *(("sqlite", kind) for kind in ON_SQLITE)]
        measured = {cell: Measured() for cell in cells}
        for cell in cells:
            servers.measure(*cell, SECONDS)  # until everything is warm
        for _ in range(ROUNDS):
            for cell in cells:
                cost, rate = servers.measure(*cell, SECONDS)
                measured[cell].cost.append(cost)
                measured[cell].rate.append(rate)
    return measured


def ratio(ours: list[float], theirs: list[float]) -> float:
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def page(measured: Mapping[Cell, Measured]) -> str:
    lines = ["| what | by the server's time | by items a second | wanted |", "|---|---|---|---|"]
    for words, ours, theirs, wanted in RATIOS:
        by_cost = ratio(measured[theirs].cost, measured[ours].cost)
        by_rate = ratio(measured[ours].rate, measured[theirs].rate)
        lines.append(f"| {words} | {by_cost:.2f} | {by_rate:.2f} | {wanted:g} |")
    lines += [
        "",
        *decoding(),
        "",
        "| server | kind | microseconds of its processors for an item | items a second |",
    ]
    lines.append("|---|---|---|---|")
    for (server, kind), each in measured.items():
        lines.append(f"| {server} | {kind} | {median(each.cost) * 1e6:,.0f} | {median(each.rate):,.0f} |")
    return "\n".join(lines)


def main() -> None:
    text = page(measured_cells())
    print(text)
    rewrite("measured", text)


def rewrite(part: str, text: str, path: Path = PAGE) -> None:
    """A part of the page anew: what stands between its comments."""
    start, end = f"<!-- {part}: start -->", f"<!-- {part}: end -->"
    before, _, rest = path.read_text(encoding="utf-8").partition(start)
    path.write_text(f"{before}{start}\n\n{text}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
