"""The parser that Lark makes from `grammar.lark`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

from lark import Lark, Token
from lark.lexer import ContextualLexer, LexerState
from lark.parsers.lalr_analysis import Shift

from dsl.ast import Statement
from dsl.build import BUILDERS

HERE = Path(__file__).parent


class WholeWords:
    """Lets the lexer read a whole word everywhere, so that `order` is never taken for `or` and `der`."""

    always_accept = ("NAME",)

    def process(self, tokens: Iterator[Token]) -> Iterator[Token]:
        return tokens


class KeywordsWhereTheyCanStand(ContextualLexer):
    """Takes a word for a keyword only if the parser can go on with the keyword.

    Lark looks at the parser's state alone, and an LALR state knows what may follow in any context: in
    `default 0.5  value: text` it would see the `value` that opens a clause of a plan.
    """

    def lex(self, lexer_state: LexerState, parser_state: Any) -> Iterator[Token]:
        for token in super().lex(lexer_state, parser_state):
            yield renamed(token, parser_state)


def renamed(token: Token, parser_state: Any) -> Token:
    """The token, or a NAME in place of a keyword that cannot stand there."""
    actions = parser_state.parse_conf.states[parser_state.position]
    kind = token.type
    if kind == "NAME" or "NAME" not in actions or actions.get(kind, (Shift,))[0] is Shift:
        return token
    if token[0].isalpha() and not goes_on(parser_state, kind) and goes_on(parser_state, "NAME"):
        return token.update(type="NAME")
    return token


def goes_on(parser_state: Any, kind: str) -> bool:
    """Whether the parser, having finished the rules that end here, can take a token of this kind."""
    states = parser_state.parse_conf.states
    stack = list(parser_state.state_stack)
    while kind in states[stack[-1]]:
        action, rule = states[stack[-1]][kind]
        if action is Shift:
            return True
        del stack[len(stack) - len(rule.expansion) :]
        stack.append(states[stack[-1]][rule.origin.name][1])
    return False


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
        _plugins={"ContextualLexer": KeywordsWhereTheyCanStand},
        cache=str(HERE / "__pycache__" / "grammar.lark.cache"),
    )


def parse_statement(text: str) -> Statement:
    """The tree of one statement.

    Raises lark.UnexpectedInput where it cannot be read, and `Malformed` for what reads but cannot be.
    """
    return cast(Statement, parser().parse(text))
