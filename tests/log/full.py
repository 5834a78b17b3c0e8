"""A hundred thousand logged decisions, decided again from their record: `python -m tests.log.full`.

Generated rule sets and people, every kind of question. They are put on record by processes of one hash seed and decided
again by processes of others, through the log that `suasion serve` has and the check that `suasion log verify` makes. Writes
what it found to docs/log-agreement.md. Takes some minutes on two cores.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import orjson

from server.archives import decision_archive
from server.ports import WhenFull
from server.replay.verify import Redecide, Result
from server.wiring import decision_log
from tests.log.records import records, stored

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "log-agreement.md"
RULE_SETS, EACH = 400, 250
WRITING, READING = "0", ("0", "1", "4294967295")
"""Values of PYTHONHASHSEED."""


async def write(directory: Path, seeds: range, each: int) -> None:
    """Put answers on record; every record is stored."""
    log = decision_log(str(directory), full=WhenFull.BLOCK)
    for seed in seeds:
        made, answers = records(seed, each)
        log.keep(made.serving.ruleset.hash, made.files)
        for answer in answers:
            await log.record(answer)
    await log.close()
    counts = log.counts()
    assert counts.stored == counts.emitted == len(seeds) * each, counts


def read(directory: Path) -> dict[str, Counter[str]]:
    """What came of deciding again, and what there was."""
    archive = decision_archive(directory)
    redecide = Redecide(archive)
    results, kinds, verdicts = Counter[str](), Counter[str](), Counter[str]()
    for record in stored(archive):
        found = redecide(record)
        results[found.result.value] += 1
        kinds[record["kind"]] += 1
        verdicts[record["verdict"] or "crowds"] += 1
        if found.result is not Result.SAME:
            print(found, file=sys.stderr)
    return {"results": results, "kinds": kinds, "verdicts": verdicts}


def start(hash_seed: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.log.full", *words]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONTZPATH": ""}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)


def written(directory: Path, seeds: range, each: int) -> None:
    """By two processes into one directory."""
    middle = (seeds.start + seeds.stop) // 2
    halves = ((seeds.start, middle), (middle, seeds.stop))
    words = [("--write", str(directory), *map(str, half), str(each)) for half in halves]
    for process in [start(WRITING, *each) for each in words]:
        process.communicate()
        assert process.returncode == 0


def decided_again(directory: Path) -> dict[str, dict[str, Counter[str]]]:
    """By hash seed."""
    processes = {seed: start(seed, "--read", str(directory)) for seed in READING}
    return {seed: orjson.loads(process.communicate()[0]) for seed, process in processes.items()}


def page(found: dict[str, dict[str, Counter[str]]], rule_sets: int, bytes: int, seconds: float) -> str:
    first = found[READING[0]]
    rows = "\n".join(
        f"| {seed} | {tally['results'].get('same', 0):,} | "
        f"**{sum(tally['results'].values()) - tally['results'].get('same', 0):,}** |"
        for seed, tally in found.items()
    )

    def listed(name: str) -> str:
        return ", ".join(f"{key} {count:,}" for key, count in sorted(first[name].items()))

    return f"""# Decisions, decided again from their record

`python -m tests.log.full` ({seconds / 60:.0f} minutes) puts answers of {rule_sets} generated rule sets about generated people on record, by two
processes into one directory of {bytes / 2**20:.0f} MiB, and decides each of them again from its record alone: facts, rules and outcome as
the log has them. The outcome has to be the same text: verdicts, attempts with their arguments, ranks, and every reason of every plan.

| PYTHONHASHSEED (they were made under {WRITING}) | the same | anything else |
|---|---|---|
{rows}

Questions: {listed("kinds")}. Verdicts: {listed("verdicts")}.
"""


def run(rule_sets: int, each: int) -> tuple[dict[str, dict[str, Counter[str]]], str]:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        written(directory, range(rule_sets), each)
        found = decided_again(directory)
        bytes = sum(path.stat().st_size for path in directory.glob("*.parquet"))
    return found, page(found, rule_sets, bytes, time.monotonic() - begun)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rule-sets", type=int, default=RULE_SETS)
    parser.add_argument("--write", nargs=4)
    parser.add_argument("--read")
    options = parser.parse_args()
    if options.write:
        directory, begin, end, each = options.write
        asyncio.run(write(Path(directory), range(int(begin), int(end)), int(each)))
        return 0
    if options.read:
        sys.stdout.buffer.write(orjson.dumps(read(Path(options.read))))
        return 0
    found, text = run(options.rule_sets, EACH)
    print(text)
    if options.rule_sets == RULE_SETS:
        PAGE.write_text(text, encoding="utf-8")
    return int(any(set(each["results"]) != {"same"} for each in found.values()))


if __name__ == "__main__":
    sys.exit(main())
