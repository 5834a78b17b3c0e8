"""What a report is shown as says the same everywhere, whatever users are called."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.console import Console

from cli.report import finish, junit, page, tables
from server.replay.guards import Guard, Guarded, MaxChange, Never, NoGuard, guarded
from server.replay.pairs import Status
from server.replay.report import Compared, Moved, Report
from server.replay.report_json import report_json
from tests.replay.reports import HOSTILE, QUOTED, REPORT

GUARDS = (
    Guarded("at most 2% of users", 12, 13, 678, "users"),
    Guarded(f"no plan:{HOSTILE}→*", 2, 0, 9_040, "decisions"),
)
VOID = {"meta"}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


# ---- the page


PERIOD = "2026-03-02 11:00 to 2026-03-03 12:00 Europe/Berlin"


class Parsed(HTMLParser):
    """Elements with their attributes, and all that is read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, text: str) -> None:
        if "style" not in self.open:
            self.texts.append(text)


@pytest.fixture
def written() -> str:
    return page.written(REPORT, GUARDS)


def test_a_page_is_well_formed_and_asks_nobody_for_anything(written: str) -> None:
    found = Parsed(written)
    assert found.open == []
    tags = {tag for tag, _ in found.elements}
    assert not tags & {"script", "img", "link", "iframe", "object", "embed", "a", "form", "base"}
    names = {name for _, attributes in found.elements for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "href", "srcset")]
    style = re.search("<style>(.*?)</style>", written, re.DOTALL)
    assert style and "url(" not in style[1] and "@import" not in style[1]


def test_a_page_says_what_it_is_of(written: str) -> None:
    text = "\n".join(Parsed(written).texts)
    for said in (
        f"logs/{HOSTILE}",
        PERIOD,
        "rules.sua, version aaaaaaaaaaaa",
        "version bbbbbbbbbbbb",
        "a" * 64,
        "b" * 64,
    ):
        assert f"\n{said}\n" in text


def test_first_comes_how_many_then_which_line_and_how(written: str) -> None:
    told = [
        "12 of 678 users are treated differently (1.77 %)",
        "r.sua:4",
        "send → block: 40 decisions, 12 users",
        "users changed",
    ]
    texts = Parsed(written).texts
    assert [text for text in texts[texts.index(told[0]) :] if text in told][: len(told)] == told


def test_where_nothing_changed_nothing_is_drawn_of_verdicts() -> None:
    same = (Moved("send", "send", 12_345),)
    elements = Parsed(page.written(replace(REPORT, verdicts=same, blamed=()), ())).elements
    plots = [found["aria-label"] for tag, found in elements if tag == "svg" and "aria-label" in found]
    assert [plot and plot.partition(":")[0] for plot in plots] == ["Sends a day"]
    assert "gist" not in [found.get("class") for _, found in elements]


def test_names_of_users_are_shown_as_they_are(written: str) -> None:
    text = "".join(Parsed(written).texts)
    assert HOSTILE in text and QUOTED in text
    assert not CONTROL.search(text)


def test_whoever_sees_no_plot_is_told_what_it_shows(written: str) -> None:
    elements = Parsed(written).elements
    plots = [attributes for tag, attributes in elements if tag == "svg" and attributes.get("role") == "img"]
    flow, volumes = (attributes["aria-label"] for attributes in plots)
    assert flow == "What became of each verdict: send to block: 40"
    before, after = (sum(getattr(day, side) for day in REPORT.days) for side in ("before", "after"))
    assert volumes == f"Sends a day: {before:,.0f} before, {after:,.0f} after, on 29 days"
    hidden = [
        attributes for tag, attributes in elements if tag == "svg" and attributes.get("aria-hidden") == "true"
    ]
    assert len(plots) + len(hidden) == len([tag for tag, _ in elements if tag == "svg"])
    assert len([tag for tag, _ in elements if tag == "caption"]) == len(
        [tag for tag, _ in elements if tag == "table"]
    )


def test_a_page_of_nothing_is_a_page() -> None:
    assert Parsed(page.written(Report("a", "b", REPORT.loop), ())).open == []


# ---- JUnit


def cases(*guards: Guard) -> dict[tuple[str | None, str | None], ElementTree.Element]:
    suite = ElementTree.fromstring(junit.written(REPORT, guards).encode())
    assert suite.get("tests") == str(len(suite.findall("testcase")))
    for tag in ("failure", "error"):
        assert suite.get(f"{tag}s") == str(len(suite.findall(f"testcase/{tag}")))
    told = {each.get("name"): each.get("value") for each in suite.iterfind("properties/property")}
    assert told == {
        "history": f"logs/{HOSTILE}",
        "period": PERIOD,
        "base": "rules.sua, version aaaaaaaaaaaa",
        "candidate": "version bbbbbbbbbbbb",
    }
    return {(case.get("classname"), case.get("name")): case for case in suite.iterfind("testcase")}


def test_junit_has_a_case_for_every_entry_point_and_every_place_in_it() -> None:
    found = cases()
    assert {name: [part.tag for part in case] for name, case in found.items()} == {
        ("crowds", "all of it"): [],
        ("crowds", "r.sua:4 policy gentle"): [],
        ("crowds", "old.sua:9 crowd old"): [],
        ("decide best", "all of it"): ["failure"],
        ("decide best", "r.sua:4 policy gentle"): ["failure"],
        ("decide best", "old.sua:9 crowd old"): [],
        ("decisions", "answered by both versions"): ["error"],
    }
    (failure,) = found["decide best", "r.sua:4 policy gentle"]
    assert failure.get("message") == "40 decisions about 12 users, 3 of which only because of earlier ones"
    assert failure.text and HOSTILE in failure.text


@pytest.mark.parametrize(
    ("guard", "failed"),
    [
        (MaxChange.read("2%"), set()),
        (MaxChange.read("1.775%"), {("decide best", "all of it")}),  # 12 of 678 are fewer, 12 of 670 are more
        (Never.read("send→block"), {("decide best", "all of it"), ("decide best", "r.sua:4 policy gentle")}),
        (Never.read("wait→*"), set()),
        (Never.read(f"plan:*→{HOSTILE}"), {("decide best", "all of it")}),
    ],
)
def test_with_guards_a_case_fails_where_they_say(guard: Guard, failed: set[tuple[str, str]]) -> None:
    found = cases(guard)
    broken = {name for name, case in found.items() if case.find("failure") is not None}
    assert {name for name in broken if name[0] != "guard"} == failed


# ---- the terminal, and JSON


def test_a_terminal_is_told_the_same_and_steered_by_nobody() -> None:
    out = io.StringIO()
    console = Console(file=out, width=120, markup=False, emoji=False, highlight=False, soft_wrap=True)
    tables.show(console, REPORT, GUARDS)
    text = out.getvalue()
    assert text.startswith(
        f"history: logs/{HOSTILE}\nperiod: {PERIOD}\nbase: rules.sua, version aaaaaaaaaaaa\n"
    )
    assert "\ncandidate: version bbbbbbbbbbbb\n12,345 decisions" in text
    assert "12,345 decisions about 678 users: 12,300 same, 40 changed, 2 slower, 3 error" in text
    assert "12 of 678 users are treated differently (1.77 %)" in text
    assert f"broken: no plan:{HOSTILE}→*: 2 of 9,040 decisions" in text
    assert not CONTROL.search(text)


def test_days_that_are_not_shown_are_counted() -> None:
    out = io.StringIO()
    days = tuple(Compared(f"2026-{month:02}-{day:02}", 1, 2) for month in (1, 2) for day in range(1, 21))
    tables.show(Console(file=out, width=120), replace(REPORT, days=days), ())
    assert "2026-02-11" in out.getvalue() and "2026-02-12" not in out.getvalue()
    assert "and 9 more" in out.getvalue()


def test_json_has_everything() -> None:
    found: dict[str, Any] = json.loads(json.dumps(report_json(REPORT, GUARDS)))
    assert (found["history"], found["base_named"], found["candidate_named"]) == (
        f"logs/{HOSTILE}",
        "rules.sua",
        None,
    )
    assert (found["first_time"], found["last_time"]) == ("2026-03-02T10:00:00Z", "2026-03-03T11:00:00Z")
    assert found["share_changed"] == 12 / 678
    assert found["statuses"] == {"same": 12_300, "changed": 40, "slower": 2, "error": 3}
    assert found["verdicts"][2] == {"before": "send", "after": "block", "decisions": 40, "users": 12}
    assert found["blamed"][0]["examples"][0]["user"] == HOSTILE
    assert found["blamed"][0]["examples"][0]["time"] == "2026-03-02T10:00:00Z"
    assert [each["broken"] for each in found["guards"]] == [False, True]
    assert [each["users_changed"] for each in found["entry_points"]] == [0, 12]
    kept = {
        "base",
        "candidate",
        "loop",
        "blamed",
        "regrets",
        "notes",
        "guards",
        "share_changed",
        "rules_never_covered",
    }
    of = {"named", "period", "base_named", "candidate_named", "first_time", "last_time"}
    assert found.keys() - kept - of == {name for name in Report.__dataclass_fields__ if name not in kept | of}


# ---- guards


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("send→block", 40),
        ("send->block", 40),
        ("send → *", 40),
        ("*→block", 40),
        ("*→*", 40),
        ("wait→send", 0),
        ("plan:nudge→nothing", 38),
        ("plan:nudge->*", 40),
        (f"plan:*→{HOSTILE}", 2),
    ],
)
def test_a_move_that_must_not_be(text: str, found: int) -> None:
    (guarded_by,) = guarded([Never.read(text)], REPORT)
    assert (guarded_by.found, guarded_by.is_broken) == (found, found > 0)


@pytest.mark.parametrize(("text", "broken"), [("1.7%", True), ("1.8%", False), ("0%", True), ("100%", False)])
def test_a_share_of_users_at_most(text: str, broken: bool) -> None:
    (found,) = guarded([MaxChange.read(text)], REPORT)
    assert found.is_broken is broken
    assert found.is_broken is (REPORT.share_changed > float(text.removesuffix("%")) / 100)


@pytest.mark.parametrize("text", ["2", "-1%", "101%", "x%", "", "nan%"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(NoGuard):
        MaxChange.read(text)


NO_MOVES = ("send→send", "plan:nudge→nudge", "wait→later", "block->earlier", "later→send")
"""Which no decision ever makes, so that a guard against them would always be kept."""


@pytest.mark.parametrize("text", ["send", "send→", "→", "sends→block", "a→b→c", "plan:", "plan:a", *NO_MOVES])
def test_what_is_no_move_is_refused(text: str) -> None:
    with pytest.raises(NoGuard):
        Never.read(text)


def test_the_exit_code_is_that_of_the_guards_or_of_any_change() -> None:
    same = Report("a", "b", REPORT.loop, statuses={Status.SAME: 3, Status.CHANGED: 0}, users=1)
    changed = replace(
        same, statuses={Status.CHANGED: 1}, users_changed=1, verdicts=(Moved("send", "block", 1),)
    )
    failed = replace(same, statuses={Status.ERROR: 1})
    kept, broken = (guarded([Never.read(text)], changed) for text in ("send→wait", "send→block"))
    codes = [
        finish.code(report, guards)
        for report, guards in ((same, ()), (changed, ()), (changed, kept), (changed, broken), (failed, kept))
    ]
    assert codes == [0, 1, 0, 1, 1]
