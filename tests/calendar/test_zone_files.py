"""What the arithmetic takes for granted of zone files, held against every file of the pinned package."""

from __future__ import annotations

from itertools import pairwise

import pytest

from compiler.calendar.footer import parse_footer
from compiler.calendar.offsets import OffsetTable, offset_table
from compiler.calendar.tzif import read_zone_file
from tests.calendar.second_source import DAY, HOUR, distinct_zones, zone_file, zone_names


def tables() -> list[OffsetTable]:
    return [offset_table(zone) for zone in distinct_zones()]


def test_no_offset_reaches_26_hours() -> None:
    assert all(abs(offset) < 26 * HOUR for table in tables() for offset in table.offsets)


def test_no_clock_was_ever_set_back_by_more_than_24_hours() -> None:
    assert max(before - after for table in tables() for before, after in pairwise(table.offsets)) == DAY


def test_transitions_lie_further_apart_than_their_jumps_reach() -> None:
    """So a wall time is read never, once or twice, and never both left out and read."""
    for table in tables():
        assert all(after - before > 4 * DAY for before, after in pairwise(table.transitions))


def test_rules_follow_listed_transitions() -> None:
    """The table goes on by the footer's rule from the last of them."""
    files = [read_zone_file(zone_file(zone)) for zone in zone_names()]
    assert all(file.transitions or parse_footer(file.footer) is None for file in files)


def test_far_instants_read_like_those_whole_cycles_earlier() -> None:
    for zone in distinct_zones():
        table = offset_table(zone)
        about_the_horizon = [table.horizon + month * 30 * DAY for month in range(-12, 60)]
        cycle = 146_097 * DAY
        early = [table.offset_at(at - cycle) for at in about_the_horizon]
        assert [table.offset_at(at) for at in about_the_horizon] == early
        assert [table.offset_at(at + 9 * cycle) for at in about_the_horizon] == early


@pytest.mark.parametrize("footer", ["", "EST5EDT", "CET-1CEST,J60,J300", "EST5EDT,0/0,J365/25"])
def test_rules_that_no_zone_file_uses_are_refused(footer: str) -> None:
    with pytest.raises(ValueError, match="not read"):
        parse_footer(footer)


@pytest.mark.parametrize("data", [zone_file("UTC").replace(b"TZif2", b"TZif\0", 1), b"\0" * 200])
def test_files_of_another_format_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="TZif"):
        read_zone_file(data)
