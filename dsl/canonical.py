"""The tree of a statement as one line of text that layout and comments do not touch: what a content hash is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from enum import Enum
from operator import attrgetter
from typing import Any

from dsl.ast import Node

Write = Callable[[Any, list[str]], None]
"""Appends an item to the words of the text."""


def canonical(node: Node) -> str:
    """Class names and all fields that take part in equality, in brackets. Trees are equal if, and only if, these are.

    A field that has a default is named, and left out where it has that value: so a field that is added to a class gives no other
    hash to what was written before there was one. As deep as the tree, whose depth the parser bounds (`dsl.limits.DEPTH`).
    """
    words: list[str] = []
    WRITERS[type(node)](node, words)
    return " ".join(words)


class Writers(dict[type, Write]):
    """How the items of each class are written; found out when the first one is met."""

    def __missing__(self, kind: type) -> Write:
        write = self[kind] = writer(kind)
        return write


WRITERS = Writers()


def writer(kind: type) -> Write:
    """Text is quoted, so that nothing in it reads as a bracket."""
    if issubclass(kind, Node):
        return node_writer(kind)
    if issubclass(kind, tuple):
        return write_tuple
    if issubclass(kind, str):
        return lambda item, words: words.append(repr(item))
    if issubclass(kind, Enum):
        return lambda item, words: words.append(str(item.value))
    return lambda item, words: words.append(str(item))


def node_writer(kind: type[Node]) -> Write:
    opening = f"({kind.__name__}"
    compared = [part for part in fields(kind) if part.compare]
    parts = [attrgetter(part.name) for part in compared if part.default is MISSING]
    added = [(part.name, part.default) for part in compared if part.default is not MISSING]

    def write(node: Node, words: list[str]) -> None:
        words.append(opening)
        for part in parts:
            item = part(node)
            WRITERS[type(item)](item, words)
        for name, default in added:
            if (item := getattr(node, name)) != default:
                words.append(f"{name}=")
                WRITERS[type(item)](item, words)
        words.append(")")

    return write


def write_tuple(items: tuple[Any, ...], words: list[str]) -> None:
    words.append("[")
    for item in items:
        WRITERS[type(item)](item, words)
    words.append("]")
