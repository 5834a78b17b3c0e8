"""Logs that releases have left behind: this version answers what is in them to the bit as it was answered then."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from tests.golden.make import HERE, digest

ROOT = HERE.parents[1]
LOGS = {"0.1.0": "e589229000c66e5bef25ebd1118b7e0d92e78b0dc88507c03ceacf3f870e0085"}
"""By name, the digest of its files: none is ever changed."""
COUNTS: dict[str, dict[str, dict[str, int]]] = {
    "0.1.0": {
        "verify": {"same": 1500, "different": 0, "masked": 0, "error": 0},
        "statuses": {"same": 873, "changed": 164, "error": 463},
        "verdicts": {
            **{"none none": 533, "block block": 251, "wait wait": 90, "send send": 31, "holdout holdout": 5},
            **{"send wait": 8, "send block": 1, "holdout wait": 1},
        },
    }
}
"""What verifying and replaying found when it was made."""
SEEDS = ("0", "1", "4294967295")
"""Of hashes."""


def said(seed: str, *words: str) -> Any:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONTZPATH": ""}
    command = [str(ROOT / "suasion"), *words, "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return json.loads(done.stdout)["data"]


@pytest.mark.parametrize("name", LOGS)
def test_a_golden_log_is_as_it_was(name: str) -> None:
    assert digest(HERE / name) == LOGS[name]
    assert {path.name for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"} == set(LOGS)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", LOGS)
def test_every_answer_is_the_same(name: str, seed: str) -> None:
    log = HERE / name
    assert said(seed, "log", "verify", str(log)) == {
        "counts": COUNTS[name]["verify"],
        "first_different": None,
    }
    replayed = said(seed, "replay", str(log / "base.sua"), str(log / "candidate.sua"), "--log", str(log))
    found = {status: count for status, count in replayed["statuses"].items() if status != "slower"}
    moves = {f"{each['before']} {each['after']}": each["decisions"] for each in replayed["verdicts"]}
    assert (found, moves) == (COUNTS[name]["statuses"], COUNTS[name]["verdicts"])
