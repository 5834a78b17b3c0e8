"""The parser that Lark makes from `grammar.lark`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

from lark import Lark, Token

from dsl.ast import Statement
from dsl.build import BUILDERS

HERE = Path(__file__).parent


class WholeWords:
    """Lets the lexer read a whole word everywhere, so that `order` is never taken for `or` and `der`."""

    always_accept = ("NAME",)

    def process(self, tokens: Iterator[Token]) -> Iterator[Token]:
        return tokens


@cache
def parser() -> Lark:
    """The LALR(1) parser of one statement; Lark refuses the grammar if it has a conflict.

    Its tables lie beside Python's compiled files: making them takes most of a second.
    """
    return Lark(
        (HERE / "grammar.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer="contextual",
        strict=True,
        start="statement",
        keep_all_tokens=True,
        maybe_placeholders=True,
        transformer=BUILDERS,
        postlex=WholeWords(),
        cache=str(HERE / "__pycache__" / "grammar.lark.cache"),
    )


def parse_statement(text: str) -> Statement:
    """The tree of one statement.

    Raises lark.UnexpectedInput where it cannot be read, and `Malformed` for what reads but cannot be.
    """
    return cast(Statement, parser().parse(text))
