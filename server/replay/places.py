"""Where a difference stands, and in which rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dsl import ast
from dsl.parse import parse
from dsl.source import Source
from server.replay.hunks import Difference, Hunk, TwoFiles

AT = re.compile(r" at (?P<file>.+):(?P<line>\d+): ")
WORDS: Mapping[type[ast.Statement], str] = {ast.EventDecl: "event", ast.ListDecl: "list"}


class HunkPlace(NamedTuple):
    """Where it stands in the candidate, or in the base where the candidate has nothing there, and how it read and reads."""

    rule: str
    location: str
    text_before: str
    text_after: str


def places(difference: Difference, hunks: Iterable[Hunk]) -> Iterator[HunkPlace]:
    """In the order of the text."""
    for hunk in sorted(hunks):
        file = difference.files[hunk.file]
        before, after = file.before[hunk.start : hunk.end], file.after[hunk.start_after : hunk.end_after]
        yield HunkPlace(*_standing(file, hunk), "\n".join(before), "\n".join(after))


def _standing(file: TwoFiles, hunk: Hunk) -> tuple[str, str]:
    if hunk.start_after < hunk.end_after:
        name, lines, start, end = file.name, file.after, hunk.start_after, hunk.end_after
    else:
        name, lines, start, end = file.name_before, file.before, hunk.start, hunk.end
    line = next((at for at in range(start, end) if lines[at].strip()), start) + 1
    return rule_at(Source(name, "\n".join(lines)), line), f"{name}:{line}"


def rule_at(source: Source, line: int) -> str:
    """The statement that a line belongs to, by its key (`plan nudge`, `settings`); empty above the first."""
    above = [each.statement for each in parse(source).file.statements if each.line <= line]
    return key_of(above[-1]) if above else ""


def key_of(statement: ast.Statement) -> str:
    word = WORDS.get(type(statement), type(statement).__name__.lower())
    match statement:
        case ast.Test(name=ast.Text(value=name)):
            return f'{word} "{name}"'
        case ast.Settings() | ast.Profile() | ast.Input() | ast.Use():
            return word
    return f"{word} {statement.name.text}"  # type: ignore[attr-defined]


def moved_limit(difference: Difference, limit: str) -> str:
    """A limit of the base, `policy gentle at rules.sua:14: cap`, by the line that it has in the candidate."""

    def moved(found: re.Match[str]) -> str:
        name, line = difference.moved(found["file"], int(found["line"]))
        return f" at {name}:{line}: "

    return AT.sub(moved, limit, count=1)
