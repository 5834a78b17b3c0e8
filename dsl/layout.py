"""Lays out text that may be broken at given places, with comments put back where they were.

The algorithm is that of Philip Wadler, *A prettier printer* (2003), made iterative: a group is printed on one line if
it fits, else all its own breaks become new lines. Every break knows the line of the source on which what follows it
stood; a comment from above that line comes out at that break, and the groups round it are broken.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dsl.ast import Comment

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a line may end; `flat` is what stands there if it does not.

    `line` is the source line of what follows. With `keeps_blank`, an empty line in the source stays. Comments above the
    new line stand `inside` columns further to the right than it.
    """

    line: int
    flat: str = " "
    keeps_blank: bool = False
    inside: int = 0


@dataclass(frozen=True, slots=True)
class Indent:
    """Lines that begin within `doc` begin `by` columns further to the right."""

    by: int
    doc: Doc
    last_line: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "last_line", last_line(self.doc))


@dataclass(frozen=True, slots=True)
class Group:
    """What is printed on one line if it fits, no comment comes out in it, and it is not `always_broken`."""

    doc: Doc
    always_broken: bool = False
    last_line: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "last_line", last_line(self.doc))


@dataclass(frozen=True, slots=True)
class IfBroken:
    """Text that is there only if the group round it is broken."""

    text: str


Doc = str | Break | Indent | Group | IfBroken | tuple["Doc", ...]


def last_line(doc: Doc) -> int:
    """The last source line that a break in `doc` knows; 0 without one."""
    match doc:
        case Break(line):
            return line
        case Indent() | Group():
            return doc.last_line
        case tuple():
            return max(map(last_line, doc), default=0)
    return 0


Part = tuple[int, bool, Doc]
"""The indent of new lines, whether breaks stay flat, and what is to be printed so."""


class Page:
    """Lines as they are written, and the comments and empty lines of the source that are still to come."""

    def __init__(self, comments: Iterable[Comment], blanks: Iterable[int]) -> None:
        self.lines: list[str] = []
        self.current = ""
        self.comments = deque(comments)
        self.blanks = deque(blanks)

    def has_comment_above(self, line: int) -> bool:
        return bool(self.comments) and self.comments[0].line < line

    def end_line(self, at: Break, indent: int) -> None:
        """Start a new line at a break, behind the comments that stood above it."""
        if self.has_comment_above(at.line) and not self.comments[0].own_line:
            self.current += f"  {self.comments.popleft().text}"
        self.lines.append(self.current)
        while self.has_comment_above(at.line):
            comment = self.comments.popleft()
            self.leave_blank(comment.line, at.keeps_blank)
            self.lines.append(" " * (indent + at.inside) + comment.text)
        self.leave_blank(at.line, at.keeps_blank)
        self.current = " " * indent

    def leave_blank(self, line: int, keeps_blank: bool) -> None:
        """An empty line if there was one above the source line."""
        there_was_one = False
        while self.blanks and self.blanks[0] < line:
            there_was_one = True
            self.blanks.popleft()
        if there_was_one and keeps_blank:
            self.lines.append("")

    def finish(self) -> list[str]:
        """The lines; comments that no break was found for stand at the end."""
        if self.comments and not self.comments[0].own_line:
            self.current += f"  {self.comments.popleft().text}"
        return [*self.lines, self.current, *(comment.text for comment in self.comments)]


def lay_out(
    doc: Doc, comments: Iterable[Comment] = (), blanks: Iterable[int] = (), width: int = WIDTH
) -> list[str]:
    """The lines of a document; `comments` and `blanks` (numbers of empty lines) in source order."""
    page = Page(comments, blanks)
    parts: list[Part] = [(0, False, doc)]
    while parts:
        indent, is_flat, doc = parts.pop()
        match doc:
            case str():
                page.current += doc
            case tuple():
                parts += [(indent, is_flat, inner) for inner in reversed(doc)]
            case Break():
                if is_flat:
                    page.current += doc.flat
                else:
                    page.end_line(doc, indent)
            case Group():
                parts.append((indent, is_flat or stays_flat(doc, parts, page, width), doc.doc))
            case Indent():
                parts.append((indent + doc.by, is_flat, doc.doc))
            case IfBroken():
                page.current += "" if is_flat else doc.text
    return page.finish()


def stays_flat(group: Group, behind: Sequence[Part], page: Page, width: int) -> bool:
    if group.always_broken or page.has_comment_above(group.last_line):
        return False
    return fits(group.doc, behind, width - len(page.current))


def fits(doc: Doc, behind: Sequence[Part], room: int) -> bool:
    """Whether `doc` on one line, with what follows it up to the next line, takes no more than `room` columns."""
    following = len(behind)
    parts = [(True, doc)]
    while room >= 0:
        if not parts:
            if not following:
                return True
            following -= 1
            parts.append(behind[following][1:])
        is_flat, doc = parts.pop()
        match doc:
            case str():
                room -= len(doc)
            case tuple():
                parts += [(is_flat, inner) for inner in reversed(doc)]
            case Break():
                if not is_flat:
                    return True
                room -= len(doc.flat)
            case Group() | Indent():
                parts.append((is_flat, doc.doc))
    return False
