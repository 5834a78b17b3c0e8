"""A replay's report on a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.answers import columns
from cli.report.words import Words, difference, figure, groups, guard
from dsl.text import visible
from server.replay.guards import Guarded
from server.replay.pairs import Status
from server.replay.report import Blamed, Compared, Example, Moved, Report

WIDEST = 45
"""Letters in the names of a matrix."""
MOST_CHANGED = 12
MOST_LIMITS, MOST_DAYS = 12, 31
MOST_BLAMED, MOST_MOVES, MOST_EXPLAINED = 20, 6, 2
MOST_EXAMPLES = 3
"""Of a place, each of another move."""
STYLES = {"-": "red", "+": "green"}


def show(console: Console, report: Report, guards: Sequence[Guarded]) -> None:
    """All of it, section by section; what is empty is left out."""
    words = Words(report)
    subject(console, words)
    console.print(f"{words.head}: {words.statuses}")
    console.print(words.changed, style="bold")
    for title, table in tables(report):
        if table.row_count:
            console.print(f"\n{title}", style="bold")
            console.print(table)
    blame(console, report)
    regrets(console, report)
    coverage(console, report)
    for note in notes(report):
        console.print(note)
    for each in guards:
        console.print(guard(each), style="red" if each.is_broken else "green")


def subject(console: Console, words: Words) -> None:
    for name, text in words.subject.items():
        console.print(f"{name}: {visible(text)}", style="dim")


def tables(report: Report) -> Iterator[tuple[str, Table]]:
    yield "by entry point", entry_points(report)
    yield "verdicts, before ↓ and after →", matrix(report.verdicts)
    yield "verdicts that changed", listed(report.verdicts)
    yield "plans that win, before ↓ and after →", matrix(report.plans)
    yield "plans that changed", listed(report.plans)
    yield "crowds", crowds(report)
    yield "sends", compared("channel", report.sends)
    yield "limits that stood in the way", compared("limit", changed(report.limits), MOST_LIMITS)
    yield "money", compared(report.currency, [each for each in report.money if each.before or each.after])
    yield f"sends a day ({report.zone})", compared("day", changed(report.days), MOST_DAYS)


def changed(figures: Iterable[Compared]) -> list[Compared]:
    return [each for each in figures if each.before != each.after]


def compared(title: str, figures: Sequence[Compared], most: int | None = None) -> Table:
    """So many of them, and how many more there are."""
    table = columns(title, "before", "after", "")
    for each in figures[:most]:
        table.add_row(
            visible(each.name), figure(each.before), figure(each.after), difference(each.before, each.after)
        )
    if most is not None and len(figures) > most:
        table.add_row(f"and {len(figures) - most:,} more", "", "", "")
    return right(table)


def entry_points(report: Report) -> Table:
    """Where there are several: of one, all is said by the whole."""
    table = columns("", "decisions", *(status.value for status in Status), "users", "users changed")
    for each in report.entry_points if len(report.entry_points) > 1 else ():
        counts = (each.decisions, *each.statuses.values(), each.users, each.users_changed)
        table.add_row(visible(each.name), *(f"{count:,}" for count in counts))
    return right(table)


def crowds(report: Report) -> Table:
    table = columns("crowd", "entered", "left")
    for each in report.crowds:
        table.add_row(each.crowd, f"{each.entered:,}", f"{each.left:,}")
    return right(table)


def matrix(moves: Sequence[Moved]) -> Table:
    """Empty where it would be too wide: what changed is listed, too."""
    names = sorted({name for move in moves for name in (move.before, move.after)})
    if sum(map(len, names)) > WIDEST:
        return columns("")
    counts = {(move.before, move.after): move.decisions for move in moves}
    table = columns("", *names)
    for before in names:
        cells = [counts.get((before, after), 0) for after in names]
        if any(cells):
            table.add_row(before, *(f"{count:,}" if count else "·" for count in cells))
    return right(table)


def listed(moves: Iterable[Moved]) -> Table:
    table = columns("", "decisions", "users")
    moved = [move for move in moves if move.before != move.after]
    for move in moved[:MOST_CHANGED]:
        told = visible(f"{move.before} → {move.after}")
        table.add_row(told, f"{move.decisions:,}", f"{move.users or 0:,}")
    if len(moved) > MOST_CHANGED:
        table.add_row(f"and {len(moved) - MOST_CHANGED:,} more", "", "")
    return right(table)


def right(table: Table) -> Table:
    """With its figures below each other."""
    for column in table.columns[1:]:
        column.justify = "right"
    return table


# ---- blame


def blame(console: Console, report: Report) -> None:
    if report.blamed:
        console.print("\nwhat is to blame", style="bold")
    for number, each in enumerate(report.blamed[:MOST_BLAMED]):
        place(console, Words(report), each, explained=number < MOST_EXPLAINED)
    if len(report.blamed) > MOST_BLAMED:
        console.print(f"and {len(report.blamed) - MOST_BLAMED:,} more")


def place(console: Console, words: Words, blamed: Blamed, explained: bool) -> None:
    console.print(f"{blamed.location}  {blamed.rule}: {words.blamed(blamed)}")
    for sign, text in (("-", blamed.text_before), ("+", blamed.text_after)):
        for line in filter(str.strip, text.split("\n")):
            console.print(f"  {sign} {visible(line.strip())}", style=STYLES[sign])
    for move in islice(words.moves(blamed), MOST_MOVES):
        console.print(f"    {visible(move)}")
    for example in blamed.examples[: min(MOST_EXAMPLES, len(blamed.moves)) if explained else 0]:
        shown(console, words, "  for example ", example)


def regrets(console: Console, report: Report) -> None:
    if report.regrets:
        console.print("\nwhat the candidate sent and would not have with full knowledge", style="bold")
    for each in report.regrets[:MOST_EXPLAINED]:
        shown(console, Words(report), "", each)


def shown(console: Console, words: Words, lead: str, example: Example) -> None:
    id = visible(example.decision_id)
    console.print(f"{lead}{visible(example.user)} at {words.when(example)}, decision {id}:")
    console.print(side_by_side(words, example))


def side_by_side(words: Words, example: Example) -> Table:
    """Both answers, and why."""
    table = Table(box=None, pad_edge=True, expand=True)
    for title, answered in (("before: ", example.before), ("after: ", example.after)):
        table.add_column(Text(visible(title + words.answer(answered))), overflow="fold", ratio=1)
    table.add_row(Text(example.why_before), Text(example.why_after))
    return table


# ---- coverage


def coverage(console: Console, report: Report) -> None:
    """What was never answered, by place. Most conditions are never unknown where facts are complete: those are counted alone."""
    if not report.coverage:
        return
    console.print(f"\n{Words(report).covered}", style="bold")
    for title, spots in groups(report.coverage).items():
        if spots:
            console.print(f"{title}: {len(spots)}")
        for each in spots if title != "never unknown" else ():
            console.print(f"  {each.location}  {visible(each.text)}  ({each.rule})")


def notes(report: Report) -> Iterator[str]:
    for each in report.left_out:
        yield visible(f"left out, {each.why}: {each.records:,}, the first is {each.first}")
    yield from (visible(f"note: {note}") for note in report.notes)
