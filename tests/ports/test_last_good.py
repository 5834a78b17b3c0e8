"""What served last, as a file keeps it."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from dsl.source import Source
from server.ports import FilesDamaged, LastGood, Release, RuleFiles, StoreUnavailable
from server.stores import memory_stores
from tests.ports.conftest import Run

FIRST, SECOND = "a" * 64, "b" * 64
ODD = RuleFiles((Source("a.sua", "# “quoted” 🎈 \u2028 \x00 \n\r\n"),), (Source("team/b.sua", ""),))
KEPT = LastGood(
    Release(7, SECOND, 3, 5, Fraction(1, 3), FIRST, crowd="beta"), {FIRST: ODD, SECOND: RuleFiles(())}
)


def store(path: Path) -> Any:
    return memory_stores(path).last_good


def test_what_was_kept_comes_back(tmp_path: Path, run: Run[Any]) -> None:
    path = tmp_path / "new folder" / "last-good"
    assert run(store(path).read()) is None
    run(store(path).keep(LastGood(Release(1, FIRST, 0, 1), {FIRST: ODD})))
    run(store(path).keep(KEPT))
    assert run(store(path).read()) == KEPT
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o077 == 0  # nobody else's


def test_every_flipped_byte_is_noticed(tmp_path: Path, run: Run[Any]) -> None:
    path = tmp_path / "last-good"
    run(store(path).keep(KEPT))
    content = path.read_bytes()
    for at in range(len(content) - 1):  # all but the last line's end
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises(FilesDamaged, match="last-good"):
            run(store(path).read())


@pytest.mark.parametrize("length", [0, 1, 64, 65, 100])
def test_half_a_file_is_noticed(tmp_path: Path, run: Run[Any], length: int) -> None:
    path = tmp_path / "last-good"
    run(store(path).keep(KEPT))
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(FilesDamaged):
        run(store(path).read())


def test_of_many_at_once_one_is_kept_whole(tmp_path: Path, run: Run[Any]) -> None:
    path = tmp_path / "last-good"

    async def all_at_once() -> None:
        each = [LastGood(Release(epoch, FIRST, 0, epoch), {FIRST: ODD}) for epoch in range(1, 33)]
        await asyncio.gather(*(store(path).keep(one) for one in each))

    run(all_at_once())
    assert run(store(path).read()).release.epoch in range(1, 33)


def test_what_cannot_be_written_is_said_in_words(tmp_path: Path, run: Run[Any]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="cannot write"):
        run(store(tmp_path / "file" / "last-good").keep(KEPT))
