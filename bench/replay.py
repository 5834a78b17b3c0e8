"""How fast records are replayed, beside deciding alone: `python -m bench.replay` writes bench/replay.md (some twenty minutes, most of
them for the logs; with `--log DIR` the one of 100,000 is taken from there).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.retail_log import DECIDE, RULES, write
from compiler.driver import compile_ruleset
from dsl.collector import collector_paused
from dsl.source import Source
from server.adapters.log.parquet import write_file
from server.archives import decision_archive
from server.ports import RuleFiles
from server.replay.open_loop import COLUMNS, OpenLoop
from server.replay.parts import FEW
from server.replay.programs import Programs
from server.replay.tally import Tally
from server.replay.verify import Redecide

ROOT = Path(__file__).resolve().parent.parent
PAGE = Path(__file__).with_name("replay.md")
START, END = "<!-- measured: start -->", "<!-- measured: end -->"
RECORDS, COPIES = 100_000, 10
SLICE, SLICES, ROUNDS = 50, 100, 9
CANDIDATE = ("quiet 21:00 to 09:00 user time", "quiet 20:00 to 09:00 user time")
"""What is changed."""
WHOLE = ("reading its columns", "a pair, the base as recorded", "counting a pair")


# ---- logs


def copied(log: Path, directory: Path) -> Path:
    """The same records of so many times as many users."""
    (directory / "rules").symlink_to(log / "rules")
    for copy in range(COPIES):
        for path in log.glob("*.parquet"):
            table = pq.read_table(path)
            for name in ("user", "decision_id"):
                other = pc.binary_join_element_wise(table[name], pa.scalar(str(copy)), "-")
                table = table.set_column(table.column_names.index(name), table.schema.field(name), other)
            write_file(table, directory / f"{path.stem}-{copy}.parquet")
    return directory


def versions() -> Mapping[str, RuleFiles]:
    """The base, and the candidate."""
    base = RULES.read_text(encoding="utf-8")
    named = {}
    for text in (base, base.replace(*CANDIDATE)):
        source = Source("rules.sua", text)
        ruleset = compile_ruleset([source]).ruleset
        assert ruleset is not None
        named[ruleset.hash] = RuleFiles((source,))
    return named


# ---- pieces, in one process


@collector_paused()
def pieces(log: Path) -> dict[str, float]:
    """Microseconds of this thread for a record: the least of some rounds for each slice, as others are at work on the machine."""
    archive, given = decision_archive(log), versions()
    base, candidate = given
    parts = archive.parts()
    some = parts[:: max(1, len(parts) // 5)]
    rows = [
        record
        for part in some
        for record, _ in zip(archive.read(part), range(SLICE * SLICES // 5), strict=False)
    ]
    programs, redecide = Programs(archive, given), Redecide(archive)
    loop, third = OpenLoop(programs, base, candidate), OpenLoop(programs, candidate, candidate)
    program = programs(candidate).serving.program
    facts = [loop.question(row).own for row in rows]
    pairs, tally = [loop(row) for row in rows], Tally()
    reading = least({"": (lambda part: list(archive.read(part, COLUMNS)), some)}, 1)[""]
    return {"reading its columns": reading * len(some) / sum(part.records for part in some)} | least(
        {
            "deciding alone, on facts that are typed": (lambda each: program.decide(DECIDE, each), facts),
            "reading and typing its facts": (lambda row: loop.question(row).own, rows),
            "a pair, the base as recorded": (loop, rows),
            "a pair, both decided": (third, rows),
            "counting a pair": (tally.add, pairs),
            "verifying it": (redecide, rows),
        }
    )


def least(
    things: Mapping[str, tuple[Callable[[Any], object], Sequence[Any]]], slice: int = SLICE
) -> dict[str, float]:
    best: dict[tuple[str, int], float] = {}
    for _ in range(ROUNDS):
        for name, (call, arguments) in things.items():
            for begin in range(0, len(arguments), slice):
                started = time.thread_time()
                for argument in arguments[begin : begin + slice]:
                    call(argument)
                spent = time.thread_time() - started
                best[name, begin] = min(best.get((name, begin), spent), spent)
    counts = {name: len(arguments) for name, (_, arguments) in things.items()}
    return {
        name: 1e6 * sum(spent for (of, _), spent in best.items() if of == name) / count
        for name, count in counts.items()
    }


# ---- whole runs


@dataclass(frozen=True, slots=True)
class Ran:
    """Seconds until it ended, until its first line of progress, and of all its processes; megabytes that they held together
    at most, each with what they share."""

    seconds: float
    first_line: float
    cpu: float
    megabytes: float


def ran(*words: str) -> Ran:
    """`suasion WORDS`, which reports progress on stderr."""
    begun, before = time.monotonic(), os.times()
    command = [str(ROOT / "suasion"), *words, "--format", "json"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    held = [0]
    watching = Thread(target=watch, args=(process, held))
    watching.start()
    assert process.stderr is not None
    process.stderr.readline()
    first_line = time.monotonic() - begun
    process.stderr.read()
    process.wait()
    watching.join()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Ran(time.monotonic() - begun, first_line, cpu, held[0] / 2**20)


def watch(process: subprocess.Popen[bytes], held: list[int]) -> None:
    """Until it has ended: what all processes of its session hold."""
    while process.poll() is None:
        held[0] = max(held[0], sum(map(resident, Path("/proc").glob("[0-9]*/stat"), [process.pid] * 10**6)))
        time.sleep(1.0)


def resident(stat: Path, session: int) -> int:
    """Bytes, if it belongs to the session."""
    with suppress(OSError):
        fields = stat.read_text().rpartition(")")[2].split()
        if int(fields[3]) == session:
            return int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    return 0


# ---- the page


def tables(found: Mapping[str, float], runs: Mapping[int, Ran]) -> str:
    """`found`: of `pieces`; `runs`: by the number of records."""
    alone = found["deciding alone, on facts that are typed"]
    quickest = sum(found[name] for name in WHOLE)
    both = quickest + found["a pair, both decided"] - found["a pair, the base as recorded"]
    lines = ["| for one record, in one process | µs | to deciding alone |", "|---|---|---|"]
    lines += [f"| {name} | {spent:.0f} | {spent / alone:.2f} |" for name, spent in found.items()]
    lines += [f"| the whole: columns, pair, counting | {quickest:.0f} | {quickest / alone:.2f} |"]
    lines += [
        "",
        f"So two cores of their own replay {2e6 / quickest:,.0f} records a second. Where the base has to be decided, too, as it is not the version on "
        f"record, they are {2e6 / both:,.0f} records, for which {4e6 / both:,.0f} decisions are made.",
        "",
        "| `suasion replay`, records | a second, by the clock | for each second of two cores | seconds of two cores | until the first line | MB of all processes |",
        "|---|---|---|---|---|---|",
        *(
            f"| {count:,} | {count / run.seconds:,.0f} | {2 * count / run.cpu:,.0f} | {run.cpu / 2:.0f} | {run.first_line:.1f} s | {run.megabytes:.0f} |"
            for count, run in runs.items()
        ),
    ]
    return "\n".join(lines)


def main() -> None:
    assert RECORDS > FEW  # so that there is progress
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        log = options.log or directory / "log"
        if options.log is None:
            asyncio.run(write(log, RECORDS))
        (large := directory / "large").mkdir()
        (candidate := directory / "candidate.sua").write_text(
            RULES.read_text(encoding="utf-8").replace(*CANDIDATE), encoding="utf-8"
        )
        words = ("replay", str(RULES), str(candidate), "--log")
        runs = {RECORDS: ran(*words, str(log)), RECORDS * COPIES: ran(*words, str(copied(log, large)))}
        measured = tables(pieces(log), runs)
    fill(measured)
    print(measured)


def fill(measured: str) -> None:
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{START}\n\n{measured}\n\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
