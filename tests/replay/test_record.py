"""Any files become an event history; what cannot be used is counted, named and stops nothing."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cli.exit_codes import ExitCode
from cli.purchases import EXAMPLE, purchases
from server.histories import history
from server.replay.history import Arrival
from tests.replay.histories import record_import
from tests.server.clock import micros

ROOT = Path(__file__).resolve().parents[2]
RETAIL = ROOT.parent / "shared" / "data" / "online_retail.parquet"
MAPPING = """
zone = "Europe/Berlin"
[[event]]
type = { from = "kind" }
user = "user"
time = "at"
arrived = "seen"
fields.price = { from = "price", as = "money", currency = "EUR" }
fields.pieces = { from = "pieces", as = "int" }
[[profile]]
user = "user"
where = "tier IS NOT NULL"
fields.tier = "upper(tier)"
[[member]]
list = "staff"
user = "user"
where = "tier = 'pro'"
"""
HEAD = ["user", "kind", "at", "seen", "price", "pieces", "tier"]
GOOD = ["007", "view", "2026-07-01 10:00", "2026-07-01 10:01", "1.5", "2", "pro"]
BAD = {
    "it cannot be read": ["1", "too", "few"],
    "it has no `user`": ["", *GOOD[1:]],
    "it has no `type`": ["1", "", *GOOD[2:]],
    "it has no `time`": ["1", "view", "", *GOOD[3:]],
    "its `time` is no instant, such as `2026-03-02 10:00`": ["1", "view", "soon", *GOOD[3:]],
    "it has no `arrived`": [*GOOD[:3], "", *GOOD[4:]],
    "its `price` is no money, such as `19.90`": [*GOOD[:4], "dear", *GOOD[5:]],
    "its `pieces` is no int, such as `12`": [*GOOD[:5], "2.5", "pro"],
}


def imported(folder: Path, mapping: str, *files: Path) -> tuple[dict[str, Any], list[Arrival]]:
    """The envelope, and the events."""
    (folder / "mapping.toml").write_text(mapping)
    envelope = json.loads(
        record_import(*files, "--mapping", folder / "mapping.toml", "--to", folder / "history").stdout
    )
    return envelope, list(history(folder / "history").events())


def written(folder: Path, name: str, rows: list[list[str]]) -> Path:
    with (folder / name).open("w", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return folder / name


def test_rows_become_events_profiles_and_members(tmp_path: Path) -> None:
    file = written(
        tmp_path, "a.csv", [GOOD, ["8", "buy", "2026-01-01T09:00:00Z", "2026-01-01 10:30", "", "", ""]]
    )
    envelope, events = imported(tmp_path, MAPPING, file)
    assert envelope["data"] == {"events": 2, "users": 2, "profiles": 1, "members": 1, "left_out": 0}
    assert envelope["diagnostics"] == [
        {"severity": "note", "message": "it arrived before the one above it", "count": 1, "first": "a.csv:3"}
    ]
    buy, view = events  # ordered by arrival
    assert (view.type, view.user, view.place) == ("view", "007", "a.csv:2")
    assert view.time == 1_782_892_800_000_000  # 08:00Z: summer in Berlin
    assert view.arrived - view.time == 60 * 10**6
    assert json.loads(view.fields) == {"price": {"amount": "1.500000", "currency": "EUR"}, "pieces": 2}
    assert json.loads(buy.fields) == {"price": None, "pieces": None}
    assert buy.arrived - buy.time == 30 * 60 * 10**6  # 10:30 in Berlin is 09:30Z
    made = history(tmp_path / "history")
    assert list(made.profiles()) == [("007", {"tier": "PRO"}, None)]
    assert list(made.members()) == [("staff", "007")]


def test_what_cannot_be_used_is_counted_and_named_and_stops_nothing(tmp_path: Path) -> None:
    first = written(tmp_path, "first.csv", [GOOD, *BAD.values(), [*GOOD[:1], "buy", *GOOD[2:]]])
    second = written(tmp_path, "second.csv", list(BAD.values()))
    envelope, events = imported(tmp_path, MAPPING, first, second)
    told = {each["message"]: (each["count"], each["first"]) for each in envelope["diagnostics"]}
    places = {why: f"first.csv:{row}" for row, why in enumerate(BAD, 3)}
    kinds = {"it has no `user`": 3}  # of an event, a profile and a member
    assert told == {why: (2 * kinds.get(why, 1), place) for why, place in places.items()}
    assert {each.place for each in events} == {"first.csv:2", "first.csv:11"}


def test_a_row_says_the_same_whatever_its_file(tmp_path: Path) -> None:
    """CSV, JSON Lines and Parquet of the same rows; a broken line in the second, and bytes that are no text in the first."""
    rows = [dict(zip(HEAD, row, strict=True)) for row in (GOOD, ["8", *GOOD[1:]], ["9", *GOOD[1:]])]
    table = written(tmp_path, "a.csv", [list(row.values()) for row in rows])
    table.write_bytes(table.read_bytes() + b"\xff,view,,,,,\n")
    lines = tmp_path / "a.jsonl"
    lines.write_text("\n".join(["{oops", *map(json.dumps, rows), "[1]"]))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    found = []
    for file in (table, lines, tmp_path / "a.parquet"):
        _, events = imported(tmp_path, MAPPING, file)
        found.append([(each.id, each.user, each.time, each.arrived, each.fields) for each in events])
    assert found[0] == found[1] == found[2]
    assert [each[1] for each in found[0]] == ["007", "8", "9"]


# ---- local time


def noted(envelope: dict[str, Any]) -> dict[str, tuple[int, str]]:
    notes = (each for each in envelope["diagnostics"] if each["severity"] == "note")
    return {each["message"]: (each["count"], each["first"]) for each in notes}


def test_a_time_that_clocks_skip_is_when_they_went_forward(tmp_path: Path) -> None:
    """Of zoneinfo: 2026-03-29 01:00Z is 03:00 in Berlin, and 02:30 on 2026-10-25 is 00:30Z, and 01:30Z again."""
    walls = (
        "2026-03-29 01:59",
        "2026-03-29 02:00",
        "2026-03-29 02:30",
        "2026-03-29 03:00",
        "2026-10-25 02:30",
    )
    rows = [[str(number), "view", wall, wall, "", "", ""] for number, wall in enumerate(walls)]
    rows.append(["9", "view", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+02:00", "", "", ""])
    envelope, events = imported(tmp_path, MAPPING, written(tmp_path, "a.csv", rows))
    times = {each.user: (each.time, each.arrived) for each in events}
    one = micros("2026-03-29T01:00:00+00:00")
    expected = [one - 60 * 10**6, one, one, one, micros("2026-10-25T01:30:00+00:00")]
    assert times == {
        **{str(number): (time, time) for number, time in enumerate(expected)},
        "9": (micros("2026-10-25T00:30:00+00:00"),) * 2,
    }
    skipped = "its time is one that clocks skipped; taken as when they went forward"
    twice = "its time is one that clocks showed twice; taken as the later"
    assert {skipped: (4, "a.csv:3"), twice: (2, "a.csv:6")}.items() <= noted(envelope).items()


def test_a_format_of_its_own_is_wall_time_too(tmp_path: Path) -> None:
    """In Apia 2011-12-30 never was: it went from 2011-12-30 10:00Z on."""
    row = ["1", "view", "30.12.2011 15:00", "", "", "", ""]
    mapping = MAPPING.replace("Europe/Berlin", "Pacific/Apia").replace('arrived = "seen"\n', "")
    mapping = mapping.replace('time = "at"', 'time = { from = "at", format = "%d.%m.%Y %H:%M" }')
    _, (event,) = imported(tmp_path, mapping, written(tmp_path, "a.csv", [row]))
    assert event.time == event.arrived == micros("2011-12-30T10:00:00+00:00")


@pytest.mark.parametrize("time", ["2026-07-01 10:00", "2026-07-01", "2026-07-01T10:00:00.5"])
def test_a_time_without_an_offset_needs_a_zone(time: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(MAPPING.replace('zone = "Europe/Berlin"', ""))
    rows = [[*GOOD[:2], each, each, *GOOD[4:]] for each in ("2026-07-01T10:00Z", "2026-07-01 10:00+02", time)]
    file = written(tmp_path, "a.csv", rows)
    said = record_import(file, "--mapping", tmp_path / "m.toml", "--to", tmp_path / "out", format="human")
    assert said.exit_code == ExitCode.USAGE
    assert "the time of `a.csv` has no offset in row 4: say `zone" in said.output


INSTANT = """
[[event]]
type = "view"
user = "user"
time = "'2026-07-01T10:00Z'"
fields.at = { from = "at", as = "instant" }
[[profile]]
user = "user"
fields.at = { from = "at", as = "instant" }
"""


def test_an_instant_in_a_field_is_wall_time_too(tmp_path: Path) -> None:
    """The same times as those of events, above."""
    walls = ["2026-03-29 01:59", "2026-03-29 02:30", "2026-10-25 02:30", "2026-10-25T02:30:00+02:00", ""]
    rows = [[str(number), "", wall, "", "", "", ""] for number, wall in enumerate(walls)]
    mapping = f'zone = "Europe/Berlin"\n{INSTANT}'
    envelope, events = imported(tmp_path, mapping, written(tmp_path, "a.csv", rows))
    expected = {
        "0": "2026-03-29T00:59:00.000000Z",
        "1": "2026-03-29T01:00:00.000000Z",
        "2": "2026-10-25T01:30:00.000000Z",
        "3": "2026-10-25T00:30:00.000000Z",
        "4": None,
    }
    assert {each.user: json.loads(each.fields)["at"] for each in events} == expected
    assert {user: known["at"] for user, known, _ in history(tmp_path / "history").profiles()} == expected
    assert noted(envelope) == {
        "its `at` is one that clocks skipped; taken as when they went forward": (2, "a.csv:3"),
        "its `at` is one that clocks showed twice; taken as the later": (2, "a.csv:4"),
    }


@pytest.mark.parametrize(
    "mapping",
    [
        INSTANT.partition("[[profile]]")[0],
        "[[profile]]" + INSTANT.partition("[[profile]]")[2],
        INSTANT.partition("fields")[0] + 'id = { from = "at", as = "instant" }',
    ],
)
def test_an_instant_in_a_field_needs_a_zone_too(mapping: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(mapping)
    rows = [["1", "", each, "", "", "", ""] for each in ("2026-07-01T10:00Z", "2026-07-01 10:00")]
    file = written(tmp_path, "a.csv", rows)
    said = record_import(file, "--mapping", tmp_path / "m.toml", "--to", tmp_path / "out", format="human")
    assert said.exit_code == ExitCode.USAGE
    assert "of `a.csv` has no offset in row 3: say `zone" in said.output


FLAGS = {True: ("true", "T", "yes", "Y", " 1 "), False: ("False", "f", "NO", "n", "0"), None: ("",)}
MONEY = {"19.90": "19.900000", " 5 ": "5.000000", "-1.5": "-1.500000", "": None}
NO_FLAG, NO_MONEY = ("ja", "on", "2", "1.5"), ("19,90", "1,234.50", "€ 5", "5 EUR", "NaN")


def test_flags_and_amounts_are_read_as_the_page_lists_them(tmp_path: Path) -> None:
    mapping = MAPPING.partition("[[profile]]")[0].replace('"pieces", as = "int"', '"pieces", as = "flag"')
    flags = [(flag, word) for flag, words in FLAGS.items() for word in words]
    rows = [[*GOOD[:4], "1", word, ""] for _, word in flags]
    rows += [[*GOOD[:4], amount, "", ""] for amount in MONEY]
    rows += [[*GOOD[:4], "1", word, ""] for word in NO_FLAG]
    rows += [[*GOOD[:4], amount, "", ""] for amount in NO_MONEY]
    envelope, events = imported(tmp_path, mapping, written(tmp_path, "a.csv", rows))
    fields = [json.loads(each.fields) for each in events]
    assert [each["pieces"] for each in fields[: len(flags)]] == [flag for flag, _ in flags]
    amounts = [each["price"] and each["price"]["amount"] for each in fields[len(flags) :]]
    assert amounts == list(MONEY.values())
    told = {each["message"]: each["count"] for each in envelope["diagnostics"]}
    assert told == {
        "its `pieces` is no flag, such as `yes`, `false` or `1`": len(NO_FLAG),
        "its `price` is no money, such as `19.90`": len(NO_MONEY),
    }


def test_expressions_read_what_is_written_otherwise(tmp_path: Path) -> None:
    mapping = MAPPING.replace('from = "price"', "from = \"replace(price, ',', '.')\"")
    mapping = mapping.replace('{ from = "pieces", as = "int" }', "{ from = \"pieces = 'ja'\", as = 'flag' }")
    _, (event,) = imported(tmp_path, mapping, written(tmp_path, "a.csv", [[*GOOD[:4], "19,90", "ja", ""]]))
    assert json.loads(event.fields) == {"price": {"amount": "19.900000", "currency": "EUR"}, "pieces": True}


def test_what_a_format_does_not_fit_is_told_with_it(tmp_path: Path) -> None:
    mapping = MAPPING.replace('time = "at"', 'time = { from = "at", format = "%d.%m.%Y" }')
    envelope, _ = imported(tmp_path, mapping, written(tmp_path, "a.csv", [GOOD]))
    assert [each["message"] for each in envelope["diagnostics"]] == [
        "its `time` is no instant, as `%d.%m.%Y` has it"
    ]


def test_rows_that_no_table_takes_are_said(tmp_path: Path) -> None:
    mapping = MAPPING.replace('user = "user"\n', 'user = "user"\nwhere = "kind = \'view\'"\n', 1)
    other = [GOOD[0], "buy", *GOOD[2:6], ""]
    envelope, events = imported(tmp_path, mapping, written(tmp_path, "a.csv", [GOOD, other, other]))
    assert len(events) == 1 and noted(envelope) == {"no table of the mapping takes it": (2, "a.csv:3")}


def test_ids_are_made_of_columns_or_of_what_is_said(tmp_path: Path) -> None:
    file = written(tmp_path, "a.csv", [GOOD, GOOD, [*GOOD[:5], "3", "pro"]])
    _, events = imported(tmp_path, MAPPING, file)
    one, again, other = (each.id for each in events)
    assert one == again != other
    _, events = imported(
        tmp_path, MAPPING.replace("[[profile]]", 'id = ["user", "file_row"]\n[[profile]]', 1), file
    )
    assert [each.id for each in events] == ["007-2", "007-3", "007-4"]


INSTANTS = {
    "infinity": None,
    "-infinity": None,
    "290000-01-01": None,
    "0044-03-15 (BC)": None,
    "0001-01-01": None,  # in Berlin, which is the year before in UTC
    "0001-01-01T00:00:00Z": -62_135_596_800_000_000,
    "9999-12-31T23:59:59.999999Z": 253_402_300_799_999_999,
}


def test_years_that_no_clock_shows_are_no_instants(tmp_path: Path) -> None:
    file = written(tmp_path, "a.csv", [[*GOOD[:2], each, each, *GOOD[4:]] for each in INSTANTS])
    envelope, events = imported(tmp_path, MAPPING, file)
    assert [each.time for each in events] == [each for each in INSTANTS.values() if each is not None]
    assert [(each["message"], each["count"]) for each in envelope["diagnostics"]] == [
        ("its `time` is no instant, such as `2026-03-02 10:00`", 5)
    ]


ODD = {'say "hi"': 1, "a/b~c": 2, "file_row": 99, "two\nlines": 3}


def test_members_may_be_called_anything(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    rows = [
        dict(zip(HEAD, GOOD, strict=True)) | ODD | {"": 4},
        dict(zip(map(str.upper, HEAD), GOOD, strict=True)),
    ]
    lines.write_text("\n".join(map(json.dumps, rows)))
    odd = [f"fields.odd{at} = {json.dumps(name)}" for at, name in enumerate(ODD) if name != "file_row"]
    _, events = imported(tmp_path, MAPPING.replace("[[profile]]", "\n".join([*odd, "[[profile]]"]), 1), lines)
    assert [each.user for each in events] == ["007", "007"]
    assert [json.loads(events[0].fields)[f"odd{at}"] for at in (0, 1, 3)] == ["1", "2", "3"]
    assert [each.place for each in events] == ["a.jsonl:1", "a.jsonl:2"]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_file_of_nothing_stops_nothing(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    _, events = imported(tmp_path, MAPPING, tmp_path / name, written(tmp_path, "b.csv", [GOOD]))
    assert [each.place for each in events] == ["b.csv:2"]


def test_nothing_said_of_fields_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('user,fields\n1,"{""a"": 1}"\n2,\n')
    mapping = "zone = 'UTC'\n[[event]]\ntype = 'a'\nuser = 'user'\ntime = \"'2026-01-01'\"\nfields = 'fields'"
    _, events = imported(tmp_path, mapping, tmp_path / "a.csv")
    assert [json.loads(each.fields) for each in events] == [{"a": 1}, {}]


@pytest.mark.parametrize(
    ("mapping", "word"),
    [
        ("zone = 1 2", "no TOML"),
        ("colour = 'red'", "has no `colour`"),
        ('zone = "Atlantis"', "no time zone"),
        ("[[event]]\ntype = 'a'\nuser = 'user'", "lacks `time`"),
        ("[[event]]\ntype = 'a'\nuser = 'user'\ntime = 'att'", "`att`"),
        ("[[event]]\ntype = 'a'\nuser = 'current_user'\ntime = 'at'", "`current_user`"),
        ("[[event]]\ntype = 'a'\nuser = 'user'\ntime = 'at'\nfields.x = { from = 'x', as = 'money' }", "currency"),
        ("[[event]]\ntype = 'a'\nuser = 'user'\ntime = 'at'\nfields.x = { from = 'x', as = 'float' }", "one of text"),
        ("[[event]]\ntype = 'a'\nuser = 'user'\ntime = 'at'\nfields.x = { from = 'x', format = '%d' }", "say so with `as`"),
        ("[[event]]\ntype = 'a'\nuser = 'user'\ntime = { from = 'at', as = 'date' }", "`time` is an instant"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_told_in_words(mapping: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(mapping)
    file = written(tmp_path, "a.csv", [GOOD])
    said = record_import(file, "--mapping", tmp_path / "m.toml", "--to", tmp_path / "out", format="human")
    assert said.exit_code == ExitCode.USAGE
    assert word.strip("`") in said.output and "Traceback" not in said.output


def test_cdnow_is_what_the_demo_streams(tmp_path: Path) -> None:
    _, events = imported(tmp_path, (EXAMPLE / "mapping.toml").read_text(), EXAMPLE / "purchases.txt")
    theirs = [(each.user_id, each.event_time.ToMicroseconds(), each.fields_json) for each in purchases()]
    ours = [(each.user, each.time, each.fields) for each in events]
    assert Counter(map(plain, ours)) == Counter(map(plain, theirs))
    assert len(ours) == 6919


def plain(event: tuple[str, int, bytes]) -> tuple[str, int, str, int, float]:
    user, time, fields = event
    said = json.loads(fields)
    return user, time, said["day"], said["quantity"], float(said["amount"]["amount"])


@pytest.mark.skipif(not RETAIL.exists(), reason="the orders of a real web shop are not beside the checkout")
def test_a_real_web_shop(tmp_path: Path) -> None:
    """Figures from the description of the data."""
    mapping = (ROOT / "examples" / "online_retail" / "mapping.toml").read_text()
    envelope, events = imported(tmp_path, mapping, RETAIL)
    assert (envelope["data"]["events"], envelope["data"]["users"]) == (96_947, 2_189)
    assert envelope["data"]["left_out"] == 142_083 - 96_947
    cancelled = f"SELECT count(*), count(customer) FROM '{RETAIL}' WHERE invoice[1] = 'C'"
    assert duckdb.execute(cancelled).fetchall() == [(2_603, sum(each.type == "cancelled" for each in events))]
