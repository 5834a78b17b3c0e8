"""The tree of a statement as one line of text that layout and comments do not touch: what a content hash is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any

from dsl.ast import Node

Write = Callable[[Any, list[str]], None]
"""Appends an item to the words of the text."""


def canonical(node: Node) -> str:
    """Class names and all fields that take part in equality, in brackets. Trees are equal if, and only if, these are.

    As deep as the tree, whose depth the parser bounds (`dsl.limits.DEPTH`).
    """
    words: list[str] = []
    writer(type(node))(node, words)
    return " ".join(words)


@cache
def writer(kind: type[Any]) -> Write:
    """How the items of a class are written; text is quoted, so that nothing in it reads as a bracket."""
    if issubclass(kind, Node):
        return node_writer(kind)
    if issubclass(kind, tuple):
        return write_tuple
    if issubclass(kind, str):
        return lambda item, words: words.append(repr(item))
    if issubclass(kind, Enum):
        return lambda item, words: words.append(str(item.value))
    return lambda item, words: words.append(str(item))


def node_writer(kind: type[Any]) -> Write:
    opening = f"({kind.__name__}"
    parts = [attrgetter(part.name) for part in fields(kind) if part.compare]

    def write(node: Node, words: list[str]) -> None:
        words.append(opening)
        for part in parts:
            item = part(node)
            writer(type(item))(item, words)
        words.append(")")

    return write


def write_tuple(items: tuple[Any, ...], words: list[str]) -> None:
    words.append("[")
    for item in items:
        writer(type(item))(item, words)
    words.append("]")
