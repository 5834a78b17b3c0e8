"""The parser of one statement, made by Lark from `grammar.lark`."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import cast

from lark import Lark

from dsl.ast import Statement
from dsl.automaton import Automaton
from dsl.build import BUILDERS

HERE = Path(__file__).parent


@cache
def parser() -> Automaton:
    """The LALR(1) parser of one statement; Lark refuses the grammar if it has a conflict."""
    return Automaton(
        Lark(
            (HERE / "grammar.lark").read_text(encoding="utf-8"),
            parser="lalr",
            lexer="contextual",
            strict=True,
            start="statement",
            keep_all_tokens=True,
            maybe_placeholders=True,
            transformer=BUILDERS,
            cache=tables(),
        )
    )


def tables() -> str | bool:
    """Where Lark keeps its tables, which take most of a second to make: in the virtual environment, if there is one."""
    return sys.prefix != sys.base_prefix and str(Path(sys.prefix, "suasion-grammar.cache"))


def parse_statement(text: str) -> Statement:
    """The tree of one statement.

    Raises `Stuck` where it cannot be read, and `Malformed` for what reads but cannot be.
    """
    return cast(Statement, parser().read(text))
