"""A directory of decisions: what was stored is there at once, whole, after any crash; and goes when it is old, or asked to."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dsl.source import Source
from server.adapters.log import parquet, segments
from server.adapters.log.archive import ParquetArchive
from server.adapters.log.columns import SCHEMA
from server.adapters.log.parquet import ParquetSink, Rotation
from server.adapters.log.rows import RecordWriter, Row
from server.adapters.log.sinks import SinkUnavailable
from server.ports import RuleFiles
from server.ports.log import Erased, Wanted
from tests.log.records import stored
from tests.log.sinks import ids, some

WRITE = RecordWriter(mask=True)
ROWS = [WRITE(each) for each in some(120)]
OFTEN = Rotation(bytes=1)


def files(directory: Path) -> list[Path]:
    return sorted(directory.glob(parquet.PATTERN))


def on_disk(directory: Path) -> list[Row]:
    return in_order(stored(ParquetArchive(directory)))


def in_order(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["decision_id"])


def test_rows_are_there_at_once_and_come_back_as_they_were(tmp_path: Path) -> None:
    sink = ParquetSink(tmp_path)
    sink.write(ROWS[:50])
    assert files(tmp_path) == [] and on_disk(tmp_path) == in_order(ROWS[:50])
    sink.close()
    assert len(files(tmp_path)) == 1 and on_disk(tmp_path) == in_order(ROWS[:50])
    assert list(tmp_path.glob(segments.PATTERN)) == []


def test_a_segment_becomes_a_file_by_size_and_by_age(tmp_path: Path) -> None:
    sink = ParquetSink(tmp_path, OFTEN)
    sink.write(ROWS[:2])
    sink.write(ROWS[2:4])
    assert [pq.read_metadata(path).num_rows for path in files(tmp_path)] == [2, 2]
    old = ParquetSink(tmp_path, Rotation(seconds=0))
    old.write(ROWS[4:5])
    assert len(files(tmp_path)) == 3
    young = ParquetSink(tmp_path)
    young.write(ROWS[5:6])
    young.tick()
    assert len(files(tmp_path)) == 3 and len(on_disk(tmp_path)) == 6


WRITING = """
import sys
from pathlib import Path
from server.adapters.log.parquet import ParquetSink, Rotation
from tests.log.test_parquet import ROWS

sink = ParquetSink(Path(sys.argv[1]), Rotation(bytes=200_000))
for row in ROWS * 1000:
    sink.write([row])
    print(flush=True)
"""


@pytest.mark.parametrize("after", [1, 40, 99])
def test_a_killed_process_loses_nothing_that_it_had_stored(tmp_path: Path, after: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITING, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["protos", "."])},
    )
    assert process.stdout
    for _ in range(after):
        process.stdout.readline()
    process.kill()
    said = after + len(process.communicate()[0].splitlines())
    assert said <= len(on_disk(tmp_path)) <= said + 1
    before = on_disk(tmp_path)
    ParquetSink(tmp_path)
    assert list(tmp_path.glob(segments.PATTERN)) == [] and on_disk(tmp_path) == before


@pytest.mark.parametrize("cut", [1, 100, 1000, 10**6])
def test_a_segment_cut_anywhere_has_the_rows_before_the_cut(tmp_path: Path, cut: int) -> None:
    sink = ParquetSink(tmp_path)
    for row in ROWS[:20]:
        sink.write([row])
    (path,) = tmp_path.glob(segments.PATTERN)
    os.truncate(path, max(0, path.stat().st_size - cut))
    found = on_disk(tmp_path)
    assert len(found) < 20 and found == in_order(ROWS[: len(found)])


def test_a_file_that_was_made_before_its_segment_went_counts_once(tmp_path: Path) -> None:
    sink = ParquetSink(tmp_path)
    sink.write(ROWS[:3])
    (segment,) = tmp_path.glob(segments.PATTERN)
    parquet.write_file(segments.pa.Table.from_pylist(ROWS[:3], SCHEMA), segment.with_suffix(".parquet"))
    assert len(on_disk(tmp_path)) == 3


def test_what_is_not_finished_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".decisions-1.parquet.unfinished").write_bytes(b"PAR1 half")
    assert on_disk(tmp_path) == []


def test_a_directory_that_is_gone_is_said_to_be_and_the_row_is_not_stored(tmp_path: Path) -> None:
    sink = ParquetSink(tmp_path / "log")
    (tmp_path / "log").rmdir()
    with pytest.raises(SinkUnavailable):
        sink.write(ROWS[:1])


def test_old_files_go_and_then_the_oldest_of_too_many_bytes(tmp_path: Path) -> None:
    sink = ParquetSink(tmp_path, OFTEN)
    for number in range(4):
        sink.write(ROWS[number : number + 1])
    for age, path in enumerate(reversed(files(tmp_path))):
        then = time.time() - age * 1000
        os.utime(path, (then, then))
    newest = files(tmp_path)[-1]
    parquet.prune(tmp_path, Rotation(keep_seconds=2500))
    assert len(files(tmp_path)) == 3
    parquet.prune(tmp_path, Rotation(keep_bytes=newest.stat().st_size))
    assert files(tmp_path) == [newest]


def test_rules_are_kept_once(tmp_path: Path) -> None:
    sink, rules = ParquetSink(tmp_path), RuleFiles((Source("a.sua", "x"),), (Source("team/b.sua", "y"),))
    sink.keep("f00", rules)
    sink.keep("f00", RuleFiles(()))
    assert ParquetArchive(tmp_path).rules("f00") == rules
    assert ParquetArchive(tmp_path).rules("f01") is None


# ---- asking


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> ParquetArchive:
    """Half of the rows in a file, half in a segment."""
    directory = tmp_path_factory.mktemp("log")
    sink = ParquetSink(directory)
    sink.write(ROWS[:60])
    sink.close()
    open_sink = ParquetSink(directory)
    open_sink.write(ROWS[60:])
    archive = ParquetArchive(directory)
    archive.sink = open_sink  # type: ignore[attr-defined] # as long as it is held the segment is in use
    return archive


MIDDLE = sorted(row["time"] for row in ROWS)[60]
ASKED: dict[str, tuple[Wanted, Callable[[Row], Any]]] = {
    "all": (Wanted(), lambda row: True),
    "user": (Wanted(user="u1"), lambda row: row["user"] == "u1"),
    "kind": (Wanted(kind="decide"), lambda row: row["kind"] == "decide"),
    "verdict": (Wanted(verdict="block"), lambda row: row["verdict"] == "block"),
    "plan": (Wanted(plan=ROWS[0]["plan"] or "p0"), lambda row: row["plan"] == (ROWS[0]["plan"] or "p0")),
    "code": (Wanted(reason="cap"), lambda row: any(each["code"] == "cap" for each in row["reasons"])),
    "since": (Wanted(since=MIDDLE), lambda row: row["time"] >= MIDDLE),
    "until": (Wanted(until=MIDDLE), lambda row: row["time"] < MIDDLE),
    "two": (
        Wanted(user="u1", since=MIDDLE),
        lambda row: row["user"] == "u1" and row["time"] >= MIDDLE,
    ),
    "hostile": (Wanted(user="' OR 1=1 --", reason='"; DROP TABLE decisions'), lambda row: False),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_is_asked_for_is_found(archive: ParquetArchive, name: str) -> None:
    wanted, holds = ASKED[name]
    assert in_order(archive.find(wanted, 1000, 0)) == in_order([row for row in ROWS if holds(row)])


def test_a_rule_is_a_reason_too(archive: ParquetArchive) -> None:
    rules = {each["rule"] for row in ROWS for each in row["reasons"]}
    rule = next(each for each in sorted(rules) if each.startswith("policy "))
    expected = [row for row in ROWS if any(each["rule"] == rule for each in row["reasons"])]
    assert ids(archive.find(Wanted(reason=rule), 1000, 0)) == ids(expected)


def test_the_newest_come_first_and_pages_follow_each_other(archive: ParquetArchive) -> None:
    pages = [archive.find(Wanted(), 50, start) for start in (0, 50, 100, 150)]
    assert [len(page) for page in pages] == [50, 50, 20, 0]
    times = [row["time"] for page in pages for row in page]
    assert times == sorted(times, reverse=True)
    assert ids(row for page in pages for row in page) == ids(ROWS)


# ---- erasing


def test_a_user_is_erased_from_files_and_from_what_others_left_behind(tmp_path: Path) -> None:
    user = ROWS[0]["user"]
    first = ParquetSink(tmp_path)
    first.write(ROWS[:60])
    first.close()
    writing = ParquetSink(tmp_path)
    writing.write(ROWS[60:])
    (path,) = files(tmp_path)
    then = time.time() - 1000
    os.utime(path, (then, then))
    of_user = [sum(row["user"] == user for row in part) for part in (ROWS[:60], ROWS[60:])]
    assert all(of_user)

    archive = ParquetArchive(tmp_path)
    assert archive.erase(user) == Erased(of_user[0], of_user[1])
    assert path.stat().st_mtime == pytest.approx(then)
    writing.close()
    assert archive.erase(user) == Erased(of_user[1], 0)
    assert on_disk(tmp_path) == in_order([row for row in ROWS if row["user"] != user])
    assert not any(user.encode() in path.read_bytes() for path in files(tmp_path)) or len(user) < 4


def test_a_file_of_one_user_goes(tmp_path: Path) -> None:
    sink = ParquetSink(tmp_path, OFTEN)
    sink.write(ROWS[:1])
    ParquetArchive(tmp_path).erase(ROWS[0]["user"])
    assert files(tmp_path) == []
