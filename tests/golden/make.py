"""Makes a golden log: `python -m tests.golden.make NAME`, at a release. One that is there stays as it is."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from itertools import chain
from pathlib import Path

from bench.retail_log import RULES, retail
from bench.retail_log import records as of_retail
from server.ports import WhenFull
from server.wiring import decision_log
from tests.log.records import records

HERE = Path(__file__).parent
RULE_SETS, EACH, RETAIL = 12, 50, 900
QUIET, QUIETER = "quiet 21:00 to 09:00 user time", "quiet 18:00 to 10:00 user time"
"""What the candidate changes of the retail rules."""


async def write(directory: Path) -> None:
    log = decision_log(str(directory), full=WhenFull.BLOCK, mask=False)
    rules, serving = retail()
    log.keep(serving.version, rules)
    of_rules = []
    for seed in range(RULE_SETS):
        made, answers = records(seed, EACH)
        log.keep(made.serving.version, made.files)
        of_rules.append(answers)
    for each in chain(of_retail(serving, RETAIL), *of_rules):
        await log.record(each)
    await log.close()


def digest(directory: Path) -> str:
    """Of all files, by name."""
    sum = hashlib.sha256()
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        sum.update(f"{path.relative_to(directory)}\0".encode() + path.read_bytes())
    return sum.hexdigest()


def main(name: str) -> None:
    directory = HERE / name
    directory.mkdir()  # raises if it is there
    asyncio.run(write(directory))
    base = RULES.read_text(encoding="utf-8")
    (directory / "base.sua").write_text(base, encoding="utf-8")
    (directory / "candidate.sua").write_text(base.replace(QUIET, QUIETER), encoding="utf-8")
    print(f'"{name}": "{digest(directory)}"')


if __name__ == "__main__":
    main(*sys.argv[1:])
