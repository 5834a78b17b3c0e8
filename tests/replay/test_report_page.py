"""A replay by the command line, and its page in a browser: nothing runs, nothing is asked for, and the figures are those of the JSON."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from cli.exit_codes import ExitCode
from cli.main import application
from cli.report.page import written as written_page
from server.replay.report import Compared, Moved
from tests.replay import recording
from tests.replay.mutations import MUTATIONS
from tests.replay.reports import REPORT

MUTATION = next(each for each in MUTATIONS if each.kind == "a price")
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A folder with the page, and what `--format json` says."""
    folder = tmp_path_factory.mktemp("report")
    history = recording.carts()
    recording.record(history, folder / "log")
    candidate = MUTATION(history.rules)
    (folder / "rules.sua").write_text(history.rules.text)
    (folder / "candidate.sua").write_text(candidate.text)
    words = ["replay", str(folder / "rules.sua"), str(folder / "candidate.sua"), "--log", str(folder / "log")]
    words += ["--html", str(folder / "page.html"), "--junit", str(folder / "junit.xml"), "--format", "json"]
    words += ["--max-change", "100%", "--fail-on", "send→wait"]
    ran = CliRunner().invoke(application(words), words)
    assert ran.exit_code == ExitCode.CLEAN, ran.output
    return folder, json.loads(ran.stdout)["data"]


def test_every_changed_decision_is_blamed_on_the_line(written: tuple[Path, Any]) -> None:
    folder, data = written
    (blamed,) = data["blamed"]
    line = MUTATION.line(recording.carts().rules)
    assert blamed["location"] == f"{folder / 'candidate.sua'}:{line}"
    assert (blamed["decisions"], blamed["users"]) == (data["statuses"]["changed"], data["users_changed"])
    assert data["statuses"]["changed"] > 0
    assert [each["broken"] for each in data["guards"]] == [False, False]


def test_junit_tells_of_the_same(written: tuple[Path, Any]) -> None:
    folder, data = written
    suite = ElementTree.parse(folder / "junit.xml").getroot()
    assert [case.get("name") for case in suite.findall("testcase[@classname='guard']")] == [
        each["guard"] for each in data["guards"]
    ]


@pytest.fixture(scope="module")
def page(written: tuple[Path, Any]) -> Iterator[Any]:
    """The page in a browser, with all that it said and asked for."""
    playwright = pytest.importorskip("playwright.sync_api")
    if BROWSER is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        opened = browser.new_page(color_scheme="dark")
        opened.said, opened.asked_for = [], []
        for event in ("console", "pageerror", "dialog", "requestfailed"):
            opened.on(event, lambda found: opened.said.append(str(found)))
        opened.on("request", lambda request: opened.asked_for.append(request.url))
        opened.goto((written[0] / "page.html").as_uri())
        yield opened
        browser.close()


def test_a_browser_has_nothing_to_say_and_asks_nobody(written: tuple[Path, Any], page: Any) -> None:
    closed = page.locator("details:not([open]) > summary")
    while closed.count():
        closed.first.click()
    assert page.said == []
    assert page.asked_for == [(written[0] / "page.html").as_uri()]
    assert page.locator("script").count() == 0
    assert "<script>alert(" in page.locator(".example").first.inner_text()


def test_figures_are_those_of_the_json(written: tuple[Path, Any], page: Any) -> None:
    data = written[1]
    tiles = page.locator(".tiles .value").all_inner_texts()
    assert tiles[:2] == [f"{100 * data['share_changed']:.2f} %", f"{data['statuses']['changed']:,}"]
    verdicts = {(each["before"], each["after"]): each["decisions"] for each in data["verdicts"]}
    assert matrix(page.locator("table.matrix").first) == verdicts
    sends = {each["name"]: [each["before"], each["after"]] for each in data["sends"]}
    shown = figures(page.locator("section", has=page.locator("h2", has_text="Channels")).locator("table"))
    assert {name: cells[:2] for name, cells in shown.items()} == sends
    days = figures(page.locator("section", has=page.locator("h2", has_text="Sends a day")).locator("table"))
    assert {name: cells[:2] for name, cells in days.items()} == {
        each["name"]: [each["before"], each["after"]] for each in data["days"]
    }


def test_it_fits_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


@pytest.mark.parametrize("width", [320, 700, 1400])
def test_long_names_and_large_figures_stay_in_their_places(page: Any, width: int, tmp_path: Path) -> None:
    (tmp_path / "wide.html").write_text(written_page(WIDE, ()))
    wide = page.context.browser.new_page()
    wide.set_viewport_size({"width": width, "height": 900})
    wide.goto((tmp_path / "wide.html").as_uri())
    wide.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert wide.evaluate("document.documentElement.scrollWidth") <= width
    assert wide.evaluate(OUT_OF_PLOT) == [] and wide.evaluate(OUT_OF_BOX) == []
    assert min(wide.evaluate(FIRST_CELLS)) >= 100
    wide.close()


OUT_OF_PLOT = """[...document.querySelectorAll("svg text")].filter(each => {
  const [inner, outer] = [each, each.ownerSVGElement].map(shown => shown.getBoundingClientRect());
  return inner.left < outer.left || inner.right > outer.right || inner.bottom > outer.bottom;
}).map(each => each.textContent)"""
OUT_OF_BOX = """[...document.querySelectorAll("dd, dt, li, p, h1, h2, h3, summary")].filter(
  each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== "inline"
).map(each => each.textContent)"""
FIRST_CELLS = """[...document.querySelectorAll("tbody th")].map(each => each.getBoundingClientRect().width)"""
LONG = "win_back_customers_of_last_summer_with_a_coupon"
PLANS = tuple(f"{LONG}_{number}" for number in range(12))
WIDE = replace(
    REPORT,
    users=12_345_678,
    users_changed=1_234_567,
    named=(f"rules/{LONG}/", f"candidate/{LONG}.sua"),
    verdicts=(Moved("send", "block", 12_345_678, 1_234_567), Moved("block", "block", 98_765_432)),
    plans=tuple(Moved(*each, 1_234_567, 7) for each in pairwise(PLANS)),
    money=(Compared("value", 18_080_000.5, 18_000_000.25),),
    days=tuple(Compared(f"2026-03-{day:02}", 9_234_567, 1_234_567) for day in range(2, 5)),
    blamed=tuple(
        replace(each, rule=f"plan {LONG}", location=f"rules/{LONG}/{each.location}") for each in REPORT.blamed
    ),
)


def test_keys_reach_what_is_scrolled_and_every_table_has_heads(page: Any) -> None:
    assert (
        page.evaluate(
            "[...document.querySelectorAll('*')].filter(each => ['auto', 'scroll'].includes(getComputedStyle(each).overflowX) && each.tabIndex < 0).length"
        )
        == 0
    )
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(each => +each.tagName[1])")
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))
    assert page.locator("th:not([scope])").count() == page.locator("table:not(:has(thead))").count() == 0
    named = page.locator("svg[role=img]").evaluate_all(
        "all => all.map(each => each.querySelector('title, desc') && each.ariaLabel)"
    )
    assert named and all(named)


def matrix(table: Any) -> dict[tuple[str, str], int]:
    """Decisions by what was answered before and after."""
    names = [name.text_content() for name in table.locator("thead th").all()][1:]
    return {
        (row.locator("th").text_content(), name): int(count.replace(",", ""))
        for row in table.locator("tbody tr").all()
        for name, count in zip(names, row.locator("td").all_text_contents(), strict=True)
        if count != "·"
    }


def figures(table: Any) -> dict[str, list[float]]:
    return {
        row.locator("th").text_content(): [
            float(text.replace(",", "")) for text in row.locator("td").all_text_contents()[:2]
        ]
        for row in table.locator("tbody tr").all()
    }
