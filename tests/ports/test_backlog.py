"""What one round of a relay costs grows with what waits, not with the square of it: else a backlog is never worked off."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlalchemy import insert

from server.adapters.sql.sqlite import sqlite_file
from server.adapters.sql.tables import outbox
from server.adapters.sql.timers import claim_published

USERS, AT_ONCE, CLAIMED = 8, 200, 10


def steps(file: Path, each: int) -> int:
    """Of SQLite's own machine, in tens, to claim where so many of each user went out and so many wait, of all but one behind
    what is claimed."""
    taken = 0

    def count() -> None:
        nonlocal taken
        taken += 1

    states = [*[None] * each, CLAIMED, *[0] * each]
    published = [
        {"user_id": f"u{user}", "time": 0, "answer": b"", "relay_at": state}
        for user in reversed(range(USERS))
        for state in states
        if user or state != CLAIMED
    ]
    with closing(sqlite_file(file)) as backend:
        backend.make()
        with backend.writers.begin() as connection:
            connection.execute(insert(outbox), published)
            connection.connection.driver_connection.set_progress_handler(count, 10)  # type: ignore[union-attr]
            claimed = claim_published(connection, 1, 20, AT_ONCE)
    assert len(claimed) == AT_ONCE and {row.user for row in claimed} == {"u0"}
    return taken


def test_a_backlog_is_claimed_in_steps_that_grow_with_it_alone(tmp_path: Path) -> None:
    assert steps(tmp_path / "more.db", 1600) < 8 * steps(tmp_path / "some.db", 400)
