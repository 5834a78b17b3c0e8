"""Times two workers against one and writes the ratios to `bench/workers.md`: `python -m bench.workers`.

As `bench.service`: servers and load generators are processes of their own, and all is measured in every round, in turn.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.service import TICK, Process, process, rewrite, started
from bench.service_kinds import kinds
from bench.service_rules import shop
from compiler.driver import compile_ruleset
from dsl.source import Source

ROUNDS, SECONDS = 7, 0.6
CONNECTIONS = 6
PAGE = Path(__file__).with_name("workers.md")
KINDS: Mapping[str, str] = {
    "told contact": "unary CheckContact, facts in JSON",
    "told list many ids": "BatchListCrowds of 100, facts in JSON, ids",
    "decide": "Decide, reserving, on SQLite",
}
WORKERS = (1, 2)


@dataclass(frozen=True, slots=True)
class Turn:
    """`rate`: items a second. `cores`: that the workers had together. `cost`: their seconds for an item."""

    rate: float
    cores: float
    cost: float


Measured = Mapping[tuple[str, int], list[Turn]]
"""By kind and number of workers, round after round."""


def measure(server: Process, address: str, loads: list[Process], kind: str) -> Turn:
    before = cpu_of_workers(server)
    for load in loads:
        assert load.stdin
        load.stdin.write(f"{kind}\t{address}\t{SECONDS}\n")
        load.stdin.flush()
    done = [load.stdout.readline().split() for load in loads if load.stdout]
    spent = cpu_of_workers(server) - before
    items = sum(int(count) for count, _ in done)
    rate = sum(int(count) / float(seconds) for count, seconds in done)
    return Turn(rate, spent / max(float(seconds) for _, seconds in done), spent / items)


def cpu_of_workers(parent: Process) -> float:
    """Seconds, of all of them."""
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
    stats = (Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split() for each in children)
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) * TICK


def measured() -> Measured:
    turns: Measured = {(kind, number): [] for kind in KINDS for number in WORKERS}
    with ExitStack() as last:
        folder = Path(last.enter_context(tempfile.TemporaryDirectory()))
        text, customers = shop()
        rules = folder / "shop.sua"
        rules.write_text(text, encoding="utf-8")
        ruleset = compile_ruleset([Source(rules.name, text)]).ruleset
        assert ruleset is not None
        asked = folder / "requests"
        asked.write_bytes(pickle.dumps(dict(kinds(ruleset, customers))))
        servers = {
            number: started(
                last,
                *("-m", "cli.main", "serve", str(rules), "--listen", "127.0.0.1:0", "--no-access-log"),
                *("--store", f"sqlite:{folder / f'{number}.db'}", "--workers", str(number)),
            )
            for number in WORKERS
        }
        loads = [
            last.enter_context(process("-m", "bench.service_load", str(each), str(asked)))
            for each in range(CONNECTIONS)
        ]
        for warm in (True, *[False] * ROUNDS):
            for (kind, number), each in turns.items():
                turn = measure(*servers[number], loads, kind)
                if not warm:
                    each.append(turn)
    return turns


def page(turns: Measured) -> str:
    lines = [
        "| what | two workers against one, by items a second | items a second of one, of two | cores that one, two had | server's time for an item, two against one |",
        "|---|---|---|---|---|",
    ]
    for kind, words in KINDS.items():
        one, two = turns[kind, 1], turns[kind, 2]
        ratio = median(b.rate / a.rate for a, b in zip(one, two, strict=True))
        cost = median(b.cost / a.cost for a, b in zip(one, two, strict=True))
        rates = f"{median(each.rate for each in one):,.0f}, {median(each.rate for each in two):,.0f}"
        cores = f"{median(each.cores for each in one):.2f}, {median(each.cores for each in two):.2f}"
        lines.append(f"| {words} | {ratio:.2f} | {rates} | {cores} | {cost:.2f} |")
    return "\n".join(lines)


def main() -> None:
    text = page(measured())
    print(text)
    rewrite("measured", text, PAGE)


if __name__ == "__main__":
    main()
