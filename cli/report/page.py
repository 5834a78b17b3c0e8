"""A replay's report as one page of HTML, which asks nobody for anything: style and plots stand in it, and it has no script."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import Element

from cli.report.blame_cards import blame, chips, examples
from cli.report.markup import details, document, element, scrolled, table, unseen
from cli.report.plots import bars, colour, flow, volumes
from cli.report.words import COVERED, LOOPS, Words, came_to, difference, figure, groups, percent
from dsl.version import ENGINE_VERSION
from server.replay.guards import Guarded
from server.replay.pairs import Status
from server.replay.report import Blamed, Compared, Covered, Moved, Report

STYLE = Path(__file__).with_name("page.css")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a browser lets the page do: show itself."""
MOST_LINES, MOST_MOVES = 5, 3
"""At the top."""
MOST_ROWS = 40
MOST_PLANS = 24
"""Of a matrix of plans; those that win and lose most."""


def written(report: Report, guards: Sequence[Guarded]) -> str:
    return document(page(report, guards))


def page(report: Report, guards: Sequence[Guarded]) -> Element:
    words = Words(report)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"Replay: {words.changed}"),
        style(),
    )
    main = element("main", *sections(report, guards))
    return element("html", head, element("body", header(report, guards), main, footer(report)), lang="en")


def style() -> Element:
    """Written as it is, as browsers read it."""
    made = element("style")
    made.text = STYLE.read_text(encoding="utf-8")
    return made


def section(title: str, *inside: Element | str, **attributes: str) -> Element:
    return element("section", element("h2", title), *inside, **attributes)


# ---- head and foot


def header(report: Report, guards: Sequence[Guarded]) -> Element:
    words = Words(report)
    return element(
        "header",
        element("p", "Replay", class_="kicker"),
        element("h1", words.changed),
        element("p", f"{words.head}: {LOOPS[report.loop]}.", class_="lead"),
        *gist(report),
        element("ul", *map(guard, guards), class_="guards"),
        element("dl", *tiles(report), class_="tiles"),
        element("dl", *terms(words.subject), class_="terms"),
    )


def gist(report: Report) -> Iterator[Element]:
    """Which lines did it, and how."""
    words = Words(report)
    found = [each for each in report.blamed if each.decisions]
    if found:
        lines = element("ul", *(line(words, each) for each in found[:MOST_LINES]), class_="gist")
        more = and_more(len(found) - MOST_LINES, "which follow below")
        yield section("Which lines did it, and how", lines, *more)


def line(words: Words, blamed: Blamed) -> Element:
    told = element("p", element("code", blamed.location), f" {blamed.rule}: {words.blamed(blamed)}")
    more = len(blamed.moves) - MOST_MOVES
    rest = (f"and {more:,} more",) if more > 0 else ()
    return element("li", told, chips((*islice(words.moves(blamed), MOST_MOVES), *rest)))


def tiles(report: Report) -> Iterator[Element]:
    changed = report.statuses.get(Status.CHANGED, 0)
    yield tile(
        "users changed",
        percent(report.share_changed),
        f"{report.users_changed:,} of {report.users:,}",
    )
    yield tile("decisions changed", f"{changed:,}", f"of {report.decisions:,}")
    sends = Compared("", sum(each.before for each in report.sends), sum(each.after for each in report.sends))
    yield tile("messages sent", figure(sends.after), since(sends))
    for each in report.money:
        if each.before or each.after:
            yield tile(f"{each.name}, {report.currency}", figure(each.after), since(each))
    for status in (Status.SLOWER, Status.ERROR):
        if count := report.statuses.get(status, 0):
            yield tile(f"decisions: {status.value}", f"{count:,}", f"of {report.decisions:,}")


def tile(name: str, value: str, more: str) -> Element:
    return element(
        "div", element("dt", name), element("dd", value, class_="value"), element("dd", more, class_="more")
    )


def since(each: Compared) -> str:
    return f"{difference(each.before, each.after) or 'no change'} from {figure(each.before)}"


def guard(found: Guarded) -> Element:
    state = "broken" if found.is_broken else "kept"
    mark = element("strong", f"{'✗' if found.is_broken else '✓'} {state}")
    return element("li", mark, f" {found.guard}: {came_to(found)}", class_=state)


def footer(report: Report) -> Element:
    versions = {"base": report.base, "candidate": report.candidate}
    return element(
        "footer",
        element("dl", *terms(versions), class_="terms"),
        element("p", f"Made by suasion {ENGINE_VERSION}. This page loads nothing and runs nothing."),
    )


def terms(told: Mapping[str, str]) -> Iterator[Element]:
    for name, text in told.items():
        yield from (element("dt", name), element("dd", element("code", text)))


# ---- sections


def sections(report: Report, guards: Sequence[Guarded]) -> Iterator[Element]:
    """Those that have something in them."""
    if report.verdicts:
        yield section("Verdicts", *verdicts(report.verdicts))
    if len(report.entry_points) > 1:
        yield section("Entry points", entry_points(report))
    if report.blamed:
        yield section("What is to blame", *blame(report))
    if report.days:
        yield section("Sends a day", legend(), figure_of(volumes(report.days), days(report)))
    if any(move.before != move.after for move in report.plans):
        yield section("Plans that win and lose", *plans(report.plans))
    yield from compared_sections(report)
    if report.crowds:
        rows = ((each.crowd, f"{each.entered:,}", f"{each.left:,}") for each in report.crowds)
        yield section(
            "Crowds",
            table(
                "users by crowd, once for each time they were asked about", ("crowd", "entered", "left"), rows
            ),
        )
    if report.notes:
        notes = element("ul", *(element("li", note) for note in report.notes))
        yield section("To be known", notes, class_="notes")
    if report.regrets:
        known = "What the candidate sent as known then, and would not have with full knowledge."
        yield section("Regrets", element("p", known), *examples(Words(report), report.regrets))
    if report.coverage:
        yield section("Coverage", element("p", f"{Words(report).covered}."), *coverage(report))
    if report.left_out:
        rows = ((each.why, f"{each.records:,}", each.first) for each in report.left_out)
        yield section(
            "Left out",
            table("records that were not used or not answered", ("why", "records", "the first"), rows),
        )


def figure_of(plot: Element, beside: Element) -> Element:
    return element("figure", scrolled(plot), details("the figures", beside))


def legend() -> Element:
    keys = (element("span", element("i", class_=f"key {side}"), f" {side}") for side in ("before", "after"))
    return element("p", *keys, class_="legend")


def days(report: Report) -> Element:
    return compared("day", f"sends a day, in {report.zone}", report.days)


def compared_sections(report: Report) -> Iterator[Element]:
    for title, name, figures in (
        ("Channels", "channel", report.sends),
        ("Limits that stood in the way", "limit", report.limits),
        (f"Money, {report.currency}", "of all that is sent", report.money),
    ):
        if any(each.before or each.after for each in figures):
            ordered = sorted(figures, key=lambda each: -abs(each.after - each.before))
            shown = compared(name, unseen(title.lower()), ordered[:MOST_ROWS])
            yield section(title, shown, *and_more(len(ordered) - MOST_ROWS))


def and_more(number: int, where: str = "which `--format json` has") -> Iterator[Element]:
    """Of what was too much."""
    if number > 0:
        yield element("p", f"and {number:,} more, {where}", class_="count")


def compared(name: str, caption: Element | str, figures: Sequence[Compared]) -> Element:
    most = max((max(each.before, each.after) for each in figures), default=0)
    rows = (
        (
            each.name,
            figure(each.before),
            figure(each.after),
            difference(each.before, each.after),
            bars(each, most),
        )
        for each in figures
    )
    heads = (name, "before", "after", "difference", unseen("as bars"))
    return table(caption, heads, rows, class_="figures")


def coverage(report: Report) -> Iterator[Element]:
    """By what was never answered."""
    for title, spots in groups(report.coverage).items():
        rows = map(cells, spots)
        heads = ("place", "rule", "condition or limit", *COVERED)
        if spots:
            inside = table(unseen(title), heads, rows, class_="covered")
            yield details(f"{title}: {len(spots)}", inside)


def cells(covered: Covered) -> list[Element | str]:
    counts = [f"{getattr(covered, answer):,}" for answer in COVERED]
    return [covered.location, covered.rule, element("code", covered.text), *counts]


# ---- matrices


def entry_points(report: Report) -> Element:
    rows = (
        (
            each.name,
            f"{each.decisions:,}",
            f"{each.statuses.get(Status.CHANGED, 0):,}",
            f"{each.users_changed:,} of {each.users:,}",
        )
        for each in report.entry_points
    )
    return table("decisions by what was asked", ("asked", "decisions", "changed", "users changed"), rows)


def verdicts(moves: Sequence[Moved]) -> Iterator[Element]:
    """Of what stays as it is there is nothing to draw."""
    figures = matrix("decisions by verdict before and after", moves)
    if any(move.before != move.after for move in moves):
        yield figure_of(flow(moves), figures)
        yield from moved("verdicts that changed", moves)
    else:
        yield figures


def moved(caption: str, moves: Sequence[Moved]) -> Iterator[Element]:
    """What changed, with users."""
    found = [move for move in moves if move.before != move.after]
    rows = (
        (f"{move.before} → {move.after}", f"{move.decisions:,}", f"{move.users or 0:,}")
        for move in found[:MOST_PLANS]
    )
    yield table(caption, ("from → to", "decisions", "users"), rows)
    yield from and_more(len(found) - MOST_PLANS)


def plans(moves: Sequence[Moved]) -> Iterator[Element]:
    wins, losses = totals(moves, "after"), totals(moves, "before")
    names = sorted(wins, key=lambda name: (-abs(wins[name] - losses[name]), name))[:MOST_PLANS]
    rows = (
        (name, f"{losses[name]:,}", f"{wins[name]:,}", difference(losses[name], wins[name])) for name in names
    )
    won = table(
        "decisions that a plan wins", ("plan", "before", "after", "difference"), rows, class_="figures"
    )
    kept = [move for move in moves if {move.before, move.after} <= set(names)]
    changed = element("div", *moved("decisions that another plan wins", moves))
    yield element("div", changed, won, class_="beside")
    yield details("the figures", matrix("decisions by plan before and after", kept))


def totals(moves: Iterable[Moved], side: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for move in moves:
        for name in (move.before, move.after):
            found.setdefault(name, 0)
        found[getattr(move, side)] += move.decisions
    return found


def matrix(caption: str, moves: Sequence[Moved]) -> Element:
    """Rows are before, columns after; what changed is shaded by how much there is of it."""
    counts = {(move.before, move.after): move.decisions for move in moves}
    names = sorted({name for pair in counts for name in pair})
    most = max((count for (before, after), count in counts.items() if before != after), default=1)
    rows: list[list[Element | str]] = [
        [before, *(shade(counts.get((before, after), 0), most, before, after) for after in names)]
        for before in names
    ]
    return table(caption, ("before ↓ after →", *names), rows, class_="matrix")


def shade(count: int, most: int, before: str, after: str) -> Element:
    if before == after or not count:
        return element("td", f"{count:,}" if count else "·", class_="same" if before == after else "none")
    depth = round(10 + 35 * count / most)
    return element("td", f"{count:,}", class_=f"moved {colour(after)}", style=f"--depth: {depth}%")
