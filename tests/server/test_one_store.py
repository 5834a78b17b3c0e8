"""Every process on one store serves what was ordered; when the store cannot be read, what served last."""

from __future__ import annotations

import asyncio
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import status_service_pb2 as status_pb
from suasion.v1.status_service_pb2_grpc import StatusServiceStub
from typer.testing import CliRunner

from cli.main import application
from dsl.source import Source
from server.ports import Release, RuleFiles, StoreUnavailable
from server.stores import memory_stores, sqlite_stores
from server.usecases.release_refusals import LastGoodDamaged, VersionNotReproducible
from tests.server.conftest import Run, Running
from tests.server.messages import at, event, record, subject
from tests.server.test_process import Serve, Served, ask, serve, told

__all__ = ["serve"]
LONGEST = 60.0
EARLIER = "2026-03-03T10:00:00+00:00"


def rules(name: str) -> str:
    return f'plan hello {{ send push "{name}" }}\ndecide best {{ among hello }}\n'


def eventually(holds: Callable[[], bool]) -> None:
    """Waits for what others bring about."""
    end = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


# ---- processes


def decides(served: Served) -> tuple[str, int]:
    """Which version decides, and the release that a process serves by."""
    version = told(served, "plan", "u1")["provenance"]["version"]
    status = told(served, "status")
    return version, int(status["versions"][0]["epoch"])


def activate(served: Served, file: Path) -> str:
    arguments = ["activate", str(file), "--server", served.address]
    result = CliRunner().invoke(application(arguments), arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_all_processes_go_from_a_to_b_to_a_over_kills_and_restarts(serve: Serve, tmp_path: Path) -> None:
    store = ["--store", f"sqlite:{tmp_path / 'suasion.db'}", "--no-access-log"]
    files = [tmp_path / f"{name}.sua" for name in "ab"]
    for file in files:
        file.write_text(rules(file.stem))
    first = serve(str(files[0]), *store)
    second = serve(*store)
    a = decides(first)[0]
    assert decides(second) == (a, 1)
    activate(first, files[1])
    eventually(lambda: decides(second)[1] == 2)
    b = decides(second)[0]
    assert b != a and decides(first) == (b, 2)
    first.end(signal.SIGKILL)
    activate(second, files[0])
    again = serve(*store)
    for each in (again, second):
        eventually(lambda each=each: decides(each) == (a, 3))  # type: ignore[misc]
    assert ask(again, "plan", "u1").exit_code == 0


# ---- a version that cannot be had


async def status_of(running: Running) -> Any:
    stub: Any = StatusServiceStub(running.client.channel)  # type: ignore[no-untyped-call]
    return await stub.Status(status_pb.StatusRequest())


def version_of(running: Running, run: Run) -> str:
    return str(decided(running, run).provenance.version)


def decided(running: Running, run: Run) -> Any:
    return run(running.client.decisions.MatchPlan(decisions_pb.MatchPlanRequest(subject=subject())))


def test_a_version_that_does_not_load_leaves_the_old_one_serving_and_is_said_so(run: Run) -> None:
    running = run(Running.start(memory_stores()))
    good = run(running.client.activate(rules("good"))).rule_set.version
    stored = running.stores.rules
    run(stored.put("f" * 64, RuleFiles((Source("a.sua", rules("other")),)), 0))
    run(stored.add(Release(2, "f" * 64, 0, 2)))
    run(running.service.releases.catch_up())
    assert version_of(running, run) == good
    status = run(status_of(running))
    assert status.last_load_failure.version == "f" * 64 and "damaged" in status.last_load_failure.message
    better = run(running.client.activate(rules("better"))).rule_set
    assert (version_of(running, run), better.epoch) == (better.version, 3)
    run(running.stop())


def test_others_catch_up_with_what_one_has_ordered(tmp_path: Path, run: Run) -> None:
    one, other = (run(Running.start(sqlite_stores(tmp_path / "suasion.db"))) for _ in range(2))
    version = run(one.client.activate(rules("a"))).rule_set.version
    eventually(lambda: run(one_turn(other)))
    assert version_of(other, run) == version
    for running in (one, other):
        run(running.stop())


async def one_turn(running: Running) -> bool:
    """Whether it serves, after a moment in which it may notice."""
    await asyncio.sleep(0.05)
    return running.service.active.release is not None


def test_two_who_order_at_once_order_one_after_the_other(tmp_path: Path, run: Run) -> None:
    both = [run(Running.start(sqlite_stores(tmp_path / "suasion.db"))) for _ in range(2)]

    async def all_at_once() -> list[int]:
        orders = [running.client.activate(rules(f"v{n}")) for n in range(12) for running in both]
        return [answer.release.epoch for answer in await asyncio.gather(*orders)]

    assert sorted(run(all_at_once())) == list(range(1, 25))
    for running in both:
        run(running.service.releases.catch_up())
    assert len({version_of(running, run) for running in both}) == 1
    for running in both:
        run(running.stop())


# ---- what served last


@pytest.fixture
def kept(tmp_path: Path, run: Run) -> Path:
    """A store whose rules served and whose server has ended; a whole copy of it is in `whole.db`."""
    path = tmp_path / "suasion.db"
    running = run(Running.start(sqlite_stores(path)))
    run(running.client.activate(rules("a")))
    run(running.stop())
    shutil.copy(path, tmp_path / "whole.db")
    path.write_bytes(b"this was a database once " * 999)
    return path


def test_rules_that_served_last_serve_when_the_store_cannot_be_read(kept: Path, run: Run) -> None:
    running = run(Running.start(sqlite_stores(kept)))
    release = run(running.service.releases.resume())
    assert (release.epoch, decided(running, run).provenance.degraded) == (1, True)
    status = run(status_of(running))
    assert "came from disk" in status.last_load_failure.message
    run(running.stop())


def test_the_store_takes_over_once_it_can_be_read(kept: Path, run: Run) -> None:
    running = run(Running.start(sqlite_stores(kept)))
    run(running.service.releases.resume())
    shutil.copy(kept.parent / "whole.db", kept)
    run(running.service.releases.catch_up())
    eventually(
        lambda: not decided(running, run).provenance.degraded
    )  # what guards the store tries again after a while
    run(running.stop())


def test_a_clock_that_goes_by_events_starts_without_a_store_and_catches_up_with_it(
    tmp_path: Path, run: Run
) -> None:
    path, whole = tmp_path / "suasion.db", tmp_path / "whole.db"
    writing = run(Running.start(sqlite_stores(path), clock="events"))
    run(writing.client.activate(f"{rules('a')}event visit {{ }}\n"))
    run(writing.client.facts.RecordEvents(record(event("e1", "visit", EARLIER))))
    run(writing.stop())
    shutil.move(path, whole)
    path.write_bytes(b"this was a database once " * 999)

    running = run(Running.start(sqlite_stores(path), clock="events"))
    run(running.service.releases.resume())
    assert decided(running, run).provenance.evaluate_time != at(EARLIER)
    shutil.move(whole, path)
    eventually(lambda: run(by_the_clock_of_the_store(running)))
    run(running.stop())


async def by_the_clock_of_the_store(running: Running) -> bool:
    """After a moment in which the timers may look."""
    await asyncio.sleep(0.05)
    answer = await running.client.decisions.MatchPlan(decisions_pb.MatchPlanRequest(subject=subject()))
    return bool(answer.provenance.evaluate_time == at(EARLIER))


def test_rules_whose_checksum_does_not_match_do_not_serve(kept: Path, run: Run) -> None:
    last_good = kept.with_name("suasion.db.last-good")
    content = last_good.read_bytes()
    last_good.write_bytes(content.replace(b"hello", b"hallo", 1))
    running = run(Running.start(sqlite_stores(kept)))
    with pytest.raises(LastGoodDamaged, match="checksum"):
        run(running.service.releases.resume())
    assert running.service.active.release is None
    run(running.stop())


def test_what_could_not_be_kept_on_disk_is_kept_once_it_can(tmp_path: Path, run: Run) -> None:
    """Its folder is a file at first."""
    folder = tmp_path / "folder"
    folder.touch()
    running = run(Running.start(sqlite_stores(tmp_path / "suasion.db", folder / "last-good")))
    run(running.client.activate(rules("a")))
    folder.unlink()
    run(running.service.releases.catch_up())
    run(running.stop())
    (tmp_path / "suasion.db").write_bytes(b"no database")
    running = run(Running.start(sqlite_stores(tmp_path / "suasion.db", folder / "last-good")))
    assert run(running.service.releases.resume()).epoch == 1
    assert decided(running, run).plan == "hello" and decided(running, run).provenance.degraded
    run(running.stop())


def test_without_rules_that_served_last_the_store_is_said_to_be_broken(kept: Path) -> None:
    kept.with_name("suasion.db.last-good").unlink()
    with pytest.raises(StoreUnavailable):
        sqlite_stores(kept)


def test_a_version_that_is_damaged_in_the_store_comes_from_disk(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "suasion.db"
    running = run(Running.start(sqlite_stores(path)))
    run(running.client.activate(rules("a")))
    run(running.stop())
    with sqlite3.connect(path) as other:
        other.execute("update rule_sets set files = replace(files, 'hello', 'hallo')")
    other.close()
    running = run(Running.start(sqlite_stores(path)))
    assert run(running.service.releases.resume()).epoch == 1
    assert decided(running, run).plan == "hello" and decided(running, run).provenance.degraded
    run(running.stop())
    path.with_name("suasion.db.last-good").unlink()
    running = run(Running.start(sqlite_stores(path)))
    with pytest.raises(VersionNotReproducible):
        run(running.service.releases.resume())
    run(running.stop())
