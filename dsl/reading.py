"""Reads one piece of a file: its statements, its comments, what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dsl.ast import Comment, Expr, Node, Placed, Statement, children
from dsl.automaton import Stuck
from dsl.build import Malformed
from dsl.canonical import canonical
from dsl.characters import scan
from dsl.diagnostics import Diagnostic, placed
from dsl.findings import amiss
from dsl.grammar import parse_statement
from dsl.limits import DEPTH, STATEMENT_LENGTH, STATEMENTS_A_PIECE
from dsl.positions import span_of
from dsl.slips.times import odd_dates
from dsl.source import Span
from dsl.split import STATEMENT_WORDS, code_end
from dsl.stop import Stop, stop_at
from dsl.syntax_errors import malformed, unreadable
from dsl.text import OPEN_TEXT

HEAD = re.compile(r"\s*([A-Za-z_]\w*)?(?:\s+([A-Za-z_]\w*))?")
STRING_OR_COMMENT = re.compile(rf'{OPEN_TEXT}"?|#[^\n]*')
BRACE_OR_LINE = re.compile(rf'{OPEN_TEXT}"?|#[^\n]*|[{{}}]|\n(?P<word>[A-Za-z_])')
BRACES = {"{": 1, "}": -1}
NEST = re.compile(r"[(-]|not|pick|sample")
LEVELS_A_NEST = 8  # of what can stand inside each other without one of NEST, from `or` down to `otherwise`


@dataclass(frozen=True, slots=True)
class Broken:
    """A statement that could not be read: its first word, its name (as far as they are there), its first line.

    What refers to that name elsewhere is not to blame.
    """

    keyword: str | None
    name: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a piece of text reads as; lines count from its first one, places name no file."""

    length: int
    statements: tuple[Placed, ...] = ()
    comments: tuple[Comment, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    broken: tuple[Broken, ...] = ()


def read(text: str) -> Reading:
    """Never raises for what the text holds."""
    if len(text) > STATEMENT_LENGTH:
        finding = amiss(
            "S102", "the statement is too long", Span(1, 1, 1, 2), f"over {STATEMENT_LENGTH} characters"
        )
        return Reading(len(text), diagnostics=(finding,), broken=(trouble(finding, text, 0).broken,))
    mended, findings = scan(text)
    found = tuple(statements_in(mended[: code_end(mended)]))
    troubles = [one.diagnostic for one in found if isinstance(one, Trouble)]
    return Reading(
        len(text),
        tuple(one for one in found if isinstance(one, Placed)),
        tuple(comments_in(text)),
        tuple(dict.fromkeys([*findings, *odd_dates(mended), *troubles])),
        tuple(one.broken for one in found if isinstance(one, Trouble)),
    )


def passed_over(text: str) -> Reading:
    """A piece that is not looked at: only what it means to declare is told."""
    keyword, name = head_of(text, 0)
    return Reading(len(text), broken=(Broken(keyword, name, 1),))


@dataclass(frozen=True, slots=True)
class Trouble:
    diagnostic: Diagnostic
    broken: Broken


def statements_in(text: str) -> Iterator[Placed | Trouble]:
    """The statements of a piece, mostly one, and those that cannot be read."""
    start = 0
    for _ in range(STATEMENTS_A_PIECE):
        if start == len(text):
            return
        found, start = step(text, start)
        yield from found
    if start < len(text):
        crowded = "too many statements follow each other without a new line"
        finding = amiss("S107", crowded, span_of(text, start, start), "start each on a line of its own")
        yield trouble(finding, text, 0, start)


def step(text: str, start: int) -> tuple[list[Placed | Trouble], int]:
    """What stands from `start` on: a statement, a broken one, or one with something foreign behind; where to go on."""
    line = text.count("\n", 0, start)
    indent = start - (text.rfind("\n", 0, start) + 1)
    stretch = " " * indent + text[start:]  # blanks keep the columns right
    try:
        one = statement(stretch, line)
        return [one], len(text) if isinstance(one, Placed) else next_start(text, start)
    except Stuck as stuck:
        stop = stop_at(stuck, stretch)
    if "$END" not in stop.could or goes_on(stop):
        return [trouble(unreadable(stop), stretch, line)], next_start(text, start)
    before, start = statement(stretch[: stop.start], line), start + stop.start - indent
    if stop.found.text in STATEMENT_WORDS:
        return [before], start
    return [before, trouble(unreadable(stop), stretch, line, stop.start)], next_start(text, start)


def goes_on(stop: Stop) -> bool:
    """`crowd a = not b`: what stands behind a crowd made of others, on its line, was meant as part of it."""
    above = stop.text[stop.previous().end : stop.start]
    ended = stop.previous().text == "}" or "\n" in above or stop.found.text in STATEMENT_WORDS
    return stop.statement == "crowd" and not ended


def statement(text: str, line: int) -> Placed | Trouble:
    """The one statement of a text that starts below `line` lines; raises Stuck if it cannot be read."""
    try:
        tree = shallow(parse_statement(text), text)
        return Placed(tree, line + 1, canonical(tree))
    except Malformed as error:
        return trouble(malformed(error, text), text, line)


def trouble(finding: Diagnostic, text: str, line: int, start: int = 0) -> Trouble:
    """A finding in a text that starts below `line` lines; what is broken begins at an offset in it."""
    keyword, name = head_of(text, start)
    return Trouble(placed(finding, "", line), Broken(keyword, name, line + text.count("\n", 0, start) + 1))


def head_of(text: str, start: int) -> tuple[str | None, str | None]:
    """The first word of a statement, and its name, as far as they are there."""
    head = HEAD.match(text, start)
    return (head[1], head[2]) if head else (None, None)


def next_start(text: str, start: int) -> int:
    """Where to go on after what cannot be read: at the left edge of a line below, all braces being closed."""
    depth = 0
    for found in BRACE_OR_LINE.finditer(text, start):
        depth += BRACES.get(found[0], 0)
        if depth <= 0 and found["word"]:
            return found.start("word")
    return len(text)


def shallow(tree: Statement, text: str) -> Statement:
    """The tree, unless its expressions stand deeper inside each other than the limit."""
    if (len(NEST.findall(text)) + 1) * LEVELS_A_NEST > DEPTH and (deep := too_deep(tree)):
        raise Malformed(
            "S103",
            "too much stands inside each other here",
            deep.span,
            f"over {DEPTH} levels",
            "name the inner parts: crowds, scores or a `let` of their own",
        )
    return tree


def too_deep(tree: Statement) -> Node | None:
    """The first expression below the limit of depth."""
    pending: list[tuple[Node, int]] = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        if depth > DEPTH:
            return node
        pending += [(child, depth + isinstance(child, Expr)) for child in children(node)]
    return None


def comments_in(text: str) -> Iterator[Comment]:
    if "#" not in text:
        return
    line, counted = 1, 0
    for found in STRING_OR_COMMENT.finditer(text):
        if found[0][0] == "#":
            start = found.start()
            line_start = text.rfind("\n", 0, start) + 1
            own_line = not text[line_start:start].strip()
            line, counted = line + text.count("\n", counted, start), start
            yield Comment(line, start - line_start + 1, found[0].rstrip(), own_line)
