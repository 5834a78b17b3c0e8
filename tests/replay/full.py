"""All customers of the real web shop, and how long their lives take: `python -m tests.replay.full`, some minutes."""

from __future__ import annotations

from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

from tests.replay.test_caps import assert_sends_what_sql_counts

EVENTS = 96_947


def main() -> None:
    with TemporaryDirectory() as folder:
        assert_sends_what_sql_counts(Path(folder), 1)
    used = getrusage(RUSAGE_CHILDREN)
    seconds = (used.ru_utime + used.ru_stime) / 2
    print(
        f"both versions send to each user what SQL counts; {EVENTS:,} events take {seconds:.0f} s of processor time each, ",
        end="",
    )
    print(f"{EVENTS / seconds:,.0f} a second, and {used.ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
