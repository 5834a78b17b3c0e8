"""Cuts a text into tokens, by the terminals of `grammar.lark`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Self

from lark.lexer import TerminalDef

FOREIGN = "FOREIGN"
"""The kind of a character that no terminal begins with."""


class Token(str):
    """A stretch of the text, on one line, and where it begins; the column is in code points, both count from 1."""

    __slots__ = ("column", "line")
    line: int
    column: int

    @classmethod
    def at(cls, text: str, line: int, column: int) -> Self:
        token = cls(text)
        token.line = line
        token.column = column
        return token


class Lexer:
    """Tokens for the terminals of a grammar, each as (kind, offset, token).

    The kind is the name of a terminal. A word is a keyword if there is one of that spelling: whether it can stand
    there is for the parser to know. `spelling` has the text of keywords and signs by kind.
    """

    def __init__(self, terminals: Iterable[TerminalDef], ignored: Iterable[str]) -> None:
        by_rank = sorted(terminals, key=lambda one: (-one.priority, -one.pattern.max_width, one.name))
        skipped = "|".join(one.pattern.to_regexp() for one in by_rank if one.name in ignored)
        shapes = [one for one in by_rank if one.pattern.type == "re" and one.name not in ignored]
        self.spelling = {one.name: one.pattern.value for one in by_rank if one.pattern.type == "str"}
        self.keywords = {text: name for name, text in self.spelling.items() if text[0].isalpha()}
        self._signs = {text: name for name, text in self.spelling.items() if not text[0].isalpha()}
        groups = [f"(?P<{one.name}>{one.pattern.to_regexp()})" for one in shapes]
        groups += [f"(?P<SIGN>{'|'.join(map(re.escape, self._signs))})", r"(?P<END>\Z)", f"(?P<{FOREIGN}>.)"]
        self._pattern = re.compile(f"(?>(?:{skipped})*)(?:{'|'.join(groups)})")

    def tokens(self, text: str) -> Iterator[tuple[str, int, Token]]:
        line, line_start, line_end = 1, 0, text.find("\n")
        for found in self._pattern.finditer(text):
            group = found.lastgroup or ""
            start = found.start(group)
            while 0 <= line_end < start:
                line, line_start, line_end = line + 1, line_end + 1, text.find("\n", line_end + 1)
            if group == "END":
                return
            token = Token.at(found[group], line, start - line_start + 1)
            yield self._kind(group, token), start, token

    def _kind(self, group: str, token: Token) -> str:
        if group == "NAME":
            return self.keywords.get(token, group)
        return self._signs[token] if group == "SIGN" else group
