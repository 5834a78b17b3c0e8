"""Where the texts of two versions differ, piece by piece, and the texts that lie between them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import PurePath

from dsl.source import Source
from dsl.text import lines_of
from server.ports.rules import RuleFiles

MOST, LEAST, LINES = 40, 4, 100_000
"""Hunks told apart, fewer of large rule sets, as each takes two programs: of so many lines in all. If there are more, those that stand
near each other go together."""


@dataclass(frozen=True, slots=True, order=True)
class Hunk:
    """Lines `start` to `end` (not included) of a file, counted from 0, as they are in the base and in the candidate."""

    file: int
    start: int
    end: int
    start_after: int
    end_after: int

    @property
    def grown(self) -> int:
        """Lines that the candidate has more."""
        return (self.end_after - self.start_after) - (self.end - self.start)


@dataclass(frozen=True, slots=True)
class TwoFiles:
    """A file in both versions; without a line where a version has none."""

    name_before: str
    name: str
    before: Sequence[str]
    after: Sequence[str]
    is_module: bool


class Difference:
    """What lies between two versions. `hunks` in the order of the text, by file."""

    def __init__(self, base: RuleFiles, candidate: RuleFiles) -> None:
        self.files = (
            *matched(base.files, candidate.files, is_module=False),
            *matched(base.modules, candidate.modules, is_module=True),
        )
        lines = sum(len(file.after) for file in self.files)
        most = max(LEAST, min(MOST, LINES // max(lines, 1)))
        self.hunks = few([hunk for file in range(len(self.files)) for hunk in self._differing(file)], most)

    def between(self, chosen: Collection[Hunk]) -> RuleFiles:
        """The base with these hunks of the candidate."""
        made = [(file, self._lines(number, chosen)) for number, file in enumerate(self.files)]
        sources = [(file.is_module, Source(file.name, "\n".join(lines))) for file, lines in made if lines]
        return RuleFiles(
            tuple(source for is_module, source in sources if not is_module),
            tuple(source for is_module, source in sources if is_module),
        )

    def moved(self, name: str, line: int) -> tuple[str, int]:
        """Where a line of the base (counted from 1) stands in the candidate, as far as it still does."""
        for number, file in enumerate(self.files):
            if file.name_before == name:
                grown = sum(each.grown for each in self.hunks if each.file == number and each.end < line)
                return file.name, line + grown
        return name, line

    def _differing(self, number: int) -> Iterator[Hunk]:
        before, after = self.files[number].before, self.files[number].after
        for tag, *at in SequenceMatcher(None, before, after).get_opcodes():
            if tag != "equal":
                yield from PIECES[tag](Hunk(number, *at), self.files[number])

    def _lines(self, number: int, chosen: Collection[Hunk]) -> list[str]:
        file = self.files[number]
        lines = list(file.before)
        for hunk in sorted((each for each in chosen if each.file == number), reverse=True):
            lines[hunk.start : hunk.end] = file.after[hunk.start_after : hunk.end_after]
        return lines


def few(hunks: Sequence[Hunk], most: int) -> tuple[Hunk, ...]:
    """If they are too many, those of a file with the fewest lines between them as one."""
    gaps = [at for at, (one, other) in enumerate(pairwise(hunks), 1) if one.file == other.file]
    gaps.sort(key=lambda at: hunks[at].start - hunks[at - 1].end)
    closed = set(gaps[: max(0, len(hunks) - most)])
    found: list[Hunk] = []
    for at, hunk in enumerate(hunks):
        if at in closed:
            last = found[-1]
            found[-1] = Hunk(last.file, last.start, hunk.end, last.start_after, hunk.end_after)
        else:
            found.append(hunk)
    return tuple(found)


# ---- pieces of what difflib finds


def line_by_line(hunk: Hunk, file: TwoFiles) -> Iterator[Hunk]:
    """As many lines as before: each is one that was changed."""
    if hunk.grown:
        yield hunk
        return
    for at in range(hunk.end - hunk.start):
        start, after = hunk.start + at, hunk.start_after + at
        if file.before[start] != file.after[after]:
            yield Hunk(hunk.file, start, start + 1, after, after + 1)


def new_parts(hunk: Hunk, file: TwoFiles) -> Iterator[Hunk]:
    """What is new falls into parts where it has empty lines, as between statements."""
    for start, end in parts(file.after, hunk.start_after, hunk.end_after):
        yield Hunk(hunk.file, hunk.start, hunk.start, start, end)


def gone_parts(hunk: Hunk, file: TwoFiles) -> Iterator[Hunk]:
    for start, end in parts(file.before, hunk.start, hunk.end):
        yield Hunk(hunk.file, start, end, hunk.start_after, hunk.start_after)


PIECES: dict[str, Callable[[Hunk, TwoFiles], Iterator[Hunk]]] = {
    "replace": line_by_line,
    "insert": new_parts,
    "delete": gone_parts,
}


def parts(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Stretches that end behind an empty line."""
    for at in range(start, end):
        if not lines[at].strip() or at == end - 1:
            yield start, at + 1
            start = at + 1


# ---- which file is which


def matched(before: Iterable[Source], after: Iterable[Source], is_module: bool) -> Iterator[TwoFiles]:
    """Those of the candidate, then those that it has no more."""
    old, new = {each.name: each for each in before}, {each.name: each for each in after}
    known_as = partners(list(old), list(new))
    for name, source in new.items():
        yield two_files(old.get(known_as.get(name, "")), source, is_module)
    for name in old:
        if name not in known_as.values():
            yield two_files(old[name], None, is_module)


def partners(before: list[str], after: list[str]) -> dict[str, str]:
    """By the name of a file of the candidate, that which the base has: the same, one that ends alike, or the only one left."""
    found: dict[str, str] = {}
    for called in (str, last_part):
        known = {called(name): name for name in before if name not in found.values()}
        for name in after:
            if name not in found and called(name) in known:
                found[name] = known.pop(called(name))
    gone, come = (
        [name for name in before if name not in found.values()],
        [name for name in after if name not in found],
    )
    return found | (dict(zip(come, gone, strict=True)) if len(gone) == len(come) == 1 else {})


def last_part(name: str) -> str:
    return PurePath(name).name


def two_files(before: Source | None, after: Source | None, is_module: bool) -> TwoFiles:
    first, last = before or after, after or before
    assert first is not None and last is not None
    return TwoFiles(first.name, last.name, lines(before), lines(after), is_module)


def lines(source: Source | None) -> list[str]:
    return [] if source is None else lines_of(source.text)
