"""What becomes of records when the sink does not take them: waited for, dropped and counted, or put aside; never more in memory
than there is room for. Always emitted = stored + dropped + held."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.adapters.log.buffered import BufferedLog, Room
from server.adapters.log.rows import RecordWriter
from server.adapters.log.spill import PATTERN, Spill
from server.ports import LogCounts, Record, WhenFull
from tests.log.sinks import Gate, ids, some

ROOM = Room(records=10, closing=5.0)
WRITE = RecordWriter(mask=True)
RECORDS = some(60)


def adds_up(counts: LogCounts) -> bool:
    return counts.emitted == counts.stored + counts.dropped + counts.held


async def emit(log: BufferedLog, records: list[Record]) -> None:
    for each in records:
        await log.record(each)
        assert adds_up(log.counts())


def test_what_a_sink_takes_is_stored_once() -> None:
    sink = Gate()
    sink.open()

    async def scenario() -> LogCounts:
        log = BufferedLog(sink, WRITE, WhenFull.BLOCK, ROOM)
        await emit(log, RECORDS)
        await log.close()
        return log.counts()

    assert asyncio.run(scenario()) == LogCounts(emitted=60, stored=60)
    assert ids(sink.rows) == sorted(each.decision_id for each in RECORDS)


def test_dropped_records_are_counted() -> None:
    sink = Gate()

    async def scenario() -> tuple[LogCounts, LogCounts]:
        log = BufferedLog(sink, WRITE, WhenFull.DROP, ROOM)
        await emit(log, RECORDS)
        shut = log.counts()
        sink.open()
        await log.close()
        return shut, log.counts()

    shut, end = asyncio.run(scenario())
    assert shut.dropped >= 50 and shut.held <= 10
    assert end == LogCounts(60, len(sink.rows), 60 - len(sink.rows))


def test_calls_wait_for_room_and_nothing_is_lost() -> None:
    sink = Gate()

    async def scenario() -> LogCounts:
        log = BufferedLog(sink, WRITE, WhenFull.BLOCK, ROOM)
        waiting = {asyncio.create_task(log.record(each)) for each in RECORDS}
        taken: set[asyncio.Task[None]] = set()
        while len(taken) < 10:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            taken |= done
        assert len(taken) == 10 and adds_up(log.counts())
        sink.open()
        await asyncio.wait(waiting)
        await log.close()
        return log.counts()

    assert asyncio.run(scenario()) == LogCounts(60, 60)


def test_a_call_that_ends_while_it_waits_is_a_counted_drop() -> None:
    sink = Gate()

    async def scenario() -> LogCounts:
        log = BufferedLog(sink, WRITE, WhenFull.BLOCK, ROOM)
        taken, waiting = (
            set[asyncio.Task[None]](),
            {asyncio.create_task(log.record(each)) for each in RECORDS},
        )
        while len(taken) < 10:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            taken |= done
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)
        sink.open()
        await log.close()
        return log.counts()

    assert asyncio.run(scenario()) == LogCounts(60, 10, 50)


def test_what_waits_at_the_end_is_dropped_and_counted() -> None:
    async def scenario() -> LogCounts:
        log = BufferedLog(Gate(refuses=True), WRITE, WhenFull.BLOCK, ROOM)
        calls = [asyncio.create_task(log.record(each)) for each in RECORDS]
        await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        await log.close()
        await asyncio.wait(calls)
        return log.counts()

    assert asyncio.run(scenario()) == LogCounts(60, 0, 60)


def test_a_sink_that_never_comes_back_does_not_keep_the_end_waiting() -> None:
    sink = Gate()

    async def scenario() -> LogCounts:
        log = BufferedLog(sink, WRITE, WhenFull.DROP, replace(ROOM, closing=0.05))
        await emit(log, RECORDS)
        await asyncio.to_thread(sink.until_asked)
        await log.close()
        end = log.counts()
        sink.open()
        await asyncio.to_thread(sink.until_stored, 1)
        assert log.counts() == end
        return end

    assert asyncio.run(scenario()) == LogCounts(60, 0, 60)


def test_a_record_that_cannot_be_written_down_is_dropped_and_logged_without_its_facts(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sink = Gate()
    sink.open()
    broken = replace(RECORDS[0], facts=replace(RECORDS[0].facts, request_id=b"secret"))  # type: ignore[arg-type]

    async def scenario() -> LogCounts:
        log = BufferedLog(sink, WRITE, WhenFull.DROP, ROOM)
        await emit(log, [broken, RECORDS[1]])
        await log.close()
        return log.counts()

    assert asyncio.run(scenario()) == LogCounts(2, 1, 1)
    assert "decision log" in caplog.text and "secret" not in caplog.text


# ---- spill files


def test_what_finds_no_room_goes_to_a_file_and_is_stored_later(tmp_path: Path) -> None:
    sink = Gate(refuses=True)

    async def scenario() -> LogCounts:
        log = BufferedLog(sink, WRITE, WhenFull.SPILL, replace(ROOM, records=200), Spill(tmp_path, 2**30))
        for each in some(300):
            await log.record(each)
        shut = log.counts()
        sink.open()
        await asyncio.to_thread(sink.until_stored, 300)
        await log.close()
        assert adds_up(shut) and shut.stored == 0
        return log.counts()

    end = asyncio.run(scenario())
    assert (end.stored, end.dropped, end.held) == (300, 0, 0) and end.spilled >= 100
    assert len(set(ids(sink.rows))) == 300
    assert list(tmp_path.glob(PATTERN)) == []


def test_what_could_not_be_stored_is_taken_up_by_the_next_process(tmp_path: Path) -> None:
    sink = Gate()
    sink.open()

    async def shut() -> LogCounts:
        log = BufferedLog(Gate(refuses=True), WRITE, WhenFull.SPILL, ROOM, Spill(tmp_path, 2**30))
        await emit(log, RECORDS[:5])
        await log.close()
        return log.counts()

    async def after() -> LogCounts:
        log = BufferedLog(sink, WRITE, WhenFull.SPILL, ROOM, Spill(tmp_path, 2**30))
        await asyncio.to_thread(sink.until_stored, 5)
        await log.close()
        return log.counts()

    assert asyncio.run(shut()) == LogCounts(5, 0, 0, spilled=5, held=5)
    assert asyncio.run(after()) == LogCounts(5, 5)
    assert ids(sink.rows) == sorted(each.decision_id for each in RECORDS[:5])
    assert list(tmp_path.glob(PATTERN)) == []


def test_a_full_spill_file_refuses_and_one_in_use_is_let_be(tmp_path: Path) -> None:
    rows = [WRITE(each) for each in RECORDS]
    first = Spill(tmp_path, 10_000)
    assert first.append(rows[:10]) and not first.append(rows[10:])
    second = Spill(tmp_path, 10_000)
    assert (first.rows, second.rows) == (10, 0)
    assert [each["decision_id"] for each in first.first(3, 2**20)] == [
        each["decision_id"] for each in rows[:3]
    ]
    first.remove(3)
    first.close()
    assert Spill(tmp_path, 10_000).first(1, 1) == rows[3:4]


def test_half_a_line_of_a_spill_file_is_none(tmp_path: Path) -> None:
    spill = Spill(tmp_path, 2**20)
    spill.append([WRITE(each) for each in RECORDS[:3]])
    spill.close()
    (path,) = tmp_path.glob(PATTERN)
    path.write_bytes(path.read_bytes()[:-20])
    assert Spill(tmp_path, 2**20).rows == 2


# ---- memory

LOAD = """
import asyncio, json, resource, sys
from dataclasses import replace
from pathlib import Path
from server.adapters.log.buffered import Room
from server.ports import WhenFull
from server.wiring import decision_log
from tests.log.sinks import some

MEBIBYTE = 2**20
target, full, spill = sys.argv[1:]
record, = some(1)

def fat(number):
    # 40 KB that no other record shares
    user = {**record.facts.user, "name": f"{number:020000}", "country": f"{number:020000}"}
    return replace(record, decision_id=str(number), facts=replace(record.facts, user=user))

async def load():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    log = decision_log(target, full=WhenFull(full), spill=Path(spill), room=Room(100_000, 16 * MEBIBYTE, 0.5))
    for number in range(10_000):
        await log.record(fat(number))
        await asyncio.sleep(0)
    counts = log.counts()
    assert counts.emitted == counts.stored + counts.dropped + counts.held
    await log.close()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    end = log.counts()
    print(json.dumps([grown // 1024, end.emitted, end.stored, end.dropped, end.held]))

asyncio.run(load())
"""


def refusing() -> Iterator[str]:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{found.getsockname()[1]}"
    yield address


def silent() -> Iterator[str]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def test_what_finds_no_room_in_the_spill_file_either_is_dropped_and_counted(tmp_path: Path) -> None:
    sink = Gate(refuses=True)

    async def scenario() -> LogCounts:
        log = BufferedLog(sink, WRITE, WhenFull.SPILL, ROOM, Spill(tmp_path, 20_000))
        await emit(log, RECORDS)
        sink.open()
        await log.close()
        return log.counts()

    end = asyncio.run(scenario())
    assert adds_up(end) and end.emitted == 60 and end.dropped > 0 and end.spilled > 0
    assert end.held == Spill(tmp_path, 0).rows


@pytest.mark.parametrize("full", ["drop", "spill"])
@pytest.mark.parametrize("collector", [refusing, silent])
def test_memory_is_bounded_while_the_collector_is_dead(
    collector: Callable[[], Iterator[str]], full: str, tmp_path: Path
) -> None:
    """400 MB of records, room for 16 MiB."""
    for address in collector():
        done = subprocess.run(
            [sys.executable, "-c", LOAD, f"otlp:{address}", full, str(tmp_path)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(["protos", "."])},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        grown, emitted, stored, dropped, held = json.loads(done.stdout)
        assert (emitted, stored) == (10_000, 0) and dropped + held == emitted
        assert grown < 160, "MiB"
        left: Any = Spill(tmp_path, 0).rows
        assert held == left and (full == "drop") == (held == 0)
