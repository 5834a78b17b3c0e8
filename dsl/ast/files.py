"""Files, and walking a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from dsl.ast.declarations import Statement
from dsl.ast.parts import Node
from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Comment:
    """`# text`, with its line and column in the file; `own_line` when nothing stands before it."""

    line: int
    column: int
    text: str
    own_line: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement, the line of the file on which it starts, and its canonical text (`dsl.canonical`)."""

    statement: Statement
    line: int
    canonical: str


@dataclass(frozen=True, slots=True)
class File:
    name: str
    statements: tuple[Placed, ...]
    comments: tuple[Comment, ...]


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below a node, in the order written."""
    for part in fields(node):
        value = getattr(node, part.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order written, without recursion."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(reversed(list(children(current))))
