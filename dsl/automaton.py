"""Runs the LALR(1) tables that Lark makes from a grammar.

Lark's own loop spends much of its time in rules that only hand on the one node that they hold (a number is an atom is a
value is a product is a sum …); here the states at the end of such chains are remembered, and one pattern reads all
tokens, which makes reading two to three times as fast. And a word is taken for a keyword only if the keyword can stand
there: a state of Lark's tables knows what may follow in any context, so in `default 0.5  value: text` it would see the
`value` that opens a clause of a plan. See docs/adr/0006-tables-by-lark-loop-by-us.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lark import Lark
from lark.grammar import Rule

from dsl.build.spans import Malformed, at
from dsl.lexer import Lexer
from dsl.limits import STATEMENT_TOKENS

END = "$END"


@dataclass(frozen=True, slots=True)
class Reduction:
    """A rule that ends in a state; `is_handed_on` if it stands for the one node that it holds."""

    size: int
    origin: str
    build: Callable[[list[Any]], Any]
    is_handed_on: bool


Action = int | Reduction
"""The state after a shift, or the rule to reduce by."""


class Stuck(Exception):
    """The text cannot go on as it does at `start`; `could` are the kinds of token that could stand there."""

    def __init__(self, start: int, could: frozenset[str]) -> None:
        super().__init__(start)
        self.start, self.could = start, could


class Automaton:
    """A parser with the tables of `lark`, safe to share between threads."""

    def __init__(self, lark: Lark) -> None:
        machine: Any = lark.parser.parser.parser
        (self._start,) = machine.parse_table.start_states.values()
        (self._end,) = machine.parse_table.end_states.values()
        rules: dict[Rule, Reduction] = {}
        self._states: dict[int, dict[str, Action]] = {
            state: {str(kind): action_of(arg, machine.callbacks, rules) for kind, (_, arg) in actions.items()}
            for state, actions in machine.parse_table.states.items()
        }
        self.lexer = Lexer(lark.terminals, lark.lexer_conf.ignore)
        self._kinds = {one.name for one in lark.terminals} | {END}
        self._words = {*self.lexer.keywords.values(), "CODE"}
        self._builds = {kind: build for kind, build in machine.callbacks.items() if kind in self._kinds}
        self._handed_on: dict[tuple[int, int, str], int] = {}

    def read(self, text: str) -> Any:
        """What the rules build of the text. Raises Stuck if it cannot be read, Malformed if it is too long."""
        stack: list[int] = [self._start]
        values: list[Any] = []
        for number, (kind, start, token) in enumerate(self.lexer.tokens(text)):
            if number == STATEMENT_TOKENS:
                raise Malformed(
                    "S102", "the statement is too long", at(token), f"over {number} words and signs"
                )
            if kind in self._words:
                kind = self._chosen(stack, kind)
            build = self._builds.get(kind)
            if not self._take(stack, values, kind, build(token) if build else token):
                raise Stuck(start, self._could(text, start))
        if not self._take(stack, values, END, None):
            raise Stuck(len(text), self._could(text, len(text)))
        return values[-1]

    def _chosen(self, stack: list[int], kind: str) -> str:
        """The kind of a word in this place: a keyword that cannot stand here is a name."""
        actions = self._states[stack[-1]]
        if kind not in actions:
            return "NAME"
        sure = "NAME" not in actions or isinstance(actions[kind], int)
        return kind if sure or self._goes_on(stack, kind) else "NAME"

    def _take(self, stack: list[int], values: list[Any], kind: str, value: Any) -> bool:
        """Finish the rules that end before a token and go on behind it; False if it cannot stand here."""
        states = self._states
        while True:
            action = states[stack[-1]].get(kind)
            if isinstance(action, int):
                stack.append(action)
                values.append(value)
                return True
            if action is None:
                return False
            if action.is_handed_on:
                stack[-1] = self._hand_on(stack[-2], stack[-1], kind)
            else:
                first = len(stack) - action.size
                del stack[first:]
                values[first - 1 :] = [action.build(values[first - 1 :])]
                stack.append(states[stack[-1]][action.origin])  # type: ignore[arg-type]  # a rule leads to a state
            if kind == END and stack[-1] == self._end:
                return True

    def _hand_on(self, before: int, state: int, kind: str) -> int:
        """The state at the end of a chain of rules that hand their one node on."""
        known = self._handed_on.get((before, state, kind))
        if known is not None:
            return known
        last: Action | None = state
        while isinstance(last, int):
            reached = last
            action = self._states[reached].get(kind)
            last = (
                self._states[before][action.origin]
                if isinstance(action, Reduction) and action.is_handed_on
                else None
            )
        return self._handed_on.setdefault((before, state, kind), reached)

    def _goes_on(self, stack: list[int], kind: str) -> bool:
        """Whether a token of this kind can stand behind what is read."""
        return self._follow(stack.copy(), kind)

    def _follow(self, stack: list[int], kind: str) -> bool:
        """Take a token, as `_take` does, without building anything."""
        while (action := self._states[stack[-1]].get(kind)) is not None:
            if isinstance(action, int):
                stack.append(action)
                return True
            if action.is_handed_on:
                stack[-1] = self._hand_on(stack[-2], stack[-1], kind)
            else:
                del stack[len(stack) - action.size :]
                stack.append(self._states[stack[-1]][action.origin])  # type: ignore[arg-type]  # a rule leads to a state
            if kind == END and stack[-1] == self._end:
                return True
        return False

    def _could(self, text: str, start: int) -> frozenset[str]:
        """The kinds of token that could stand at an offset up to which the text can be read.

        It is read anew: before an LALR parser notices that a token is wrong, it may have finished rules on the strength
        of that token.
        """
        stack = [self._start]
        for kind, offset, _ in self.lexer.tokens(text):
            if offset >= start:
                break
            self._follow(stack, self._chosen(stack, kind) if kind in self._words else kind)
        return frozenset(
            kind for kind in self._states[stack[-1]] if kind in self._kinds and self._goes_on(stack, kind)
        )


def action_of(arg: Any, builds: dict[Rule, Any], rules: dict[Rule, Reduction]) -> Action:
    if not isinstance(arg, Rule):
        return int(arg)
    if arg not in rules:
        is_handed_on = bool(arg.options.expand1) and len(arg.expansion) == 1 and not arg.alias
        rules[arg] = Reduction(len(arg.expansion), str(arg.origin.name), builds[arg], is_handed_on)
    return rules[arg]
