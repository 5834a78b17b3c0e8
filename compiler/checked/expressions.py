"""ast expression → typed IR expression: the dispatch table, names, literals and the parts that stand on their own.

Arithmetic is in `arithmetic`, comparisons in `comparisons`, aggregates and windows in `events`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from compiler.checked import ir
from compiler.checked.literals import date_of, instant_of, millionths
from compiler.checked.scope import EventView, Lookups
from compiler.types import (
    DATE,
    DURATION,
    FLAG,
    INSTANT,
    INT,
    INT_MAX,
    NUMBER,
    TEXT,
    Kind,
    Type,
    money,
)
from compiler.versions import parse_version
from dsl import ast
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where an expression stands: which bare names mean what there.

    `event`: the event whose fields are bare names (inside `where`). `trigger`: the event that opened the occurrence.
    `lets`: the plan's variables. `terms`: in a `rank by`, what the plan's terms mean: a PlanTerm, or
    what stands for an unstated one; None where there is nothing.
    """

    event: EventView | None = None
    trigger: EventView | None = None
    lets: Mapping[str, Type] = field(default_factory=dict)
    terms: Mapping[str, ir.Expr | None] | None = None


@dataclass(frozen=True, slots=True)
class Typing:
    """Checks expressions of one statement in their surroundings."""

    names: Lookups
    around: Surroundings = Surroundings()

    def inside(self, **changes: Any) -> Typing:
        """The same statement, other surroundings."""
        return replace(self, around=replace(self.around, **changes))

    def expr(self, node: ast.Expr) -> ir.Expr:
        """Any expression; `Refused` after a finding."""
        return TABLE[type(node)](self, node)

    def condition(self, node: ast.Expr) -> ir.Expr:
        """An expression that answers yes, no or unknown; a flag becomes one."""
        return self.as_condition(self.expr(node), node.span)

    def as_condition(self, checked: ir.Expr, span: Span) -> ir.Expr:
        if checked.type.kind is Kind.CONDITION:
            return checked
        if checked.type.kind is Kind.FLAG:
            return ir.FlagIs(checked, span)
        raise self.names.refuse(
            "S301",
            f"a condition is needed here, this is {article(checked.type)}",
            span,
            "compare it with something, as in `… >= 2` or `… is missing`",
        )

    def value(self, node: ast.Expr) -> ir.Expr:
        """An expression that is a value; a condition is refused."""
        checked = self.expr(node)
        if checked.type.kind is Kind.CONDITION:
            raise self.names.refuse("S302", "a value is needed here, this is a condition", node.span)
        return checked

    def of_type(self, node: ast.Expr, wanted: Type) -> ir.Expr:
        """A value of the wanted type, converted where the language converts; names of choices are understood."""
        option = self.option(node, wanted)
        if option is not None:
            return option
        return self.convert(self.value(node), wanted, node.span)

    def option(self, node: ast.Expr, wanted: Type) -> ir.Const | None:
        """The constant that a bare name means where a choice is wanted."""
        if wanted.kind is not Kind.CHOICE or not isinstance(node, ast.RefExpr) or len(node.ref.parts) != 1:
            return None
        name = node.ref.text
        if name in wanted.options:
            return ir.Const(wanted, name)
        if self.means_something(name):
            return None
        raise self.names.refuse(
            "S206",
            f"`{name}` is not one of {wanted}",
            node.span,
            self.names.did_you_mean(name, wanted.options),
        )

    def means_something(self, name: str) -> bool:
        find = self.names.find
        return name in self.around.lets or bool(find("attribute", name) or find("input", name))

    def convert(self, checked: ir.Expr, wanted: Type, span: Span) -> ir.Expr:
        """The expression as the wanted type, or a finding."""
        found = self.converted(checked, wanted, span)
        if found is None:
            hint = version_spelling(checked) if wanted.kind is Kind.VERSION else None
            raise self.names.refuse(
                "S303", f"{article(wanted)} is needed here, this is {article(checked.type)}", span, hint
            )
        return found

    def converted(self, checked: ir.Expr, wanted: Type, span: Span) -> ir.Expr | None:
        """The expression as the wanted type where the language converts, else None."""
        have = checked.type
        if have == wanted:
            return checked
        if have.kind is Kind.INT and wanted.kind is Kind.NUMBER:
            return as_number(checked, span)
        if have.kind in (Kind.CHOICE, Kind.TIMEZONE) and wanted.kind is Kind.TEXT:
            return ir.Convert(TEXT, checked, None, span)
        if have.kind is Kind.TEXT and wanted.kind is Kind.TIMEZONE and isinstance(checked, ir.Const):
            return ir.Const(wanted, checked.value)
        if have.kind is Kind.TEXT and wanted.kind is Kind.VERSION and isinstance(checked, ir.Const):
            version = parse_version(str(checked.value))
            return None if version is None else ir.Const(wanted, version)
        if have.kind is Kind.MONEY and wanted.kind is Kind.MONEY:
            return self.exchanged(checked, wanted, span)
        return None

    def exchanged(self, checked: ir.Expr, wanted: Type, span: Span) -> ir.Expr:
        assert checked.type.currency and wanted.currency
        rate = self.names.settings().rates.get((checked.type.currency, wanted.currency))
        if rate is None:
            raise self.names.refuse(
                "S304",
                f"`{checked.type.currency}` and `{wanted.currency}` are different currencies",
                span,
                notes=(
                    f"declare a rate: `settings {{ rate 1 {checked.type.currency} = … {wanted.currency} }}`",
                ),
            )
        return ir.Convert(wanted, checked, rate, span)

    def common(self, left: ir.Expr, right: ir.Expr, span: Span) -> tuple[ir.Expr, ir.Expr]:
        """Both sides in one type, or a finding."""
        other = self.converted(right, left.type, span)
        if other is not None:
            return left, other
        mine = self.converted(left, right.type, span)
        if mine is not None:
            return mine, right
        raise self.names.refuse(
            "S305",
            f"{article(left.type)} cannot be compared or combined with {article(right.type)}",
            span,
            mending(left, right) or mending(right, left),
        )


def mending(left: ir.Expr, right: ir.Expr) -> str | None:
    """What the writer may have meant where the types of two sides do not fit."""
    if left.type.kind is Kind.INSTANT and right.type.kind is Kind.DATE:
        return "`date(…)` gives the date of an instant in the user's zone"
    if isinstance(right, ir.Const) and right.type.kind in (Kind.INT, Kind.NUMBER):
        if left.type.kind is Kind.MONEY:
            return f"write the currency: `{right.value} {left.type.currency}`"
        if left.type.kind is Kind.DURATION:
            return f"write the unit: `{right.value} days`"
    return version_spelling(right) if left.type.kind is Kind.VERSION else None


def version_spelling(written: ir.Expr) -> str | None:
    """How a text is made a version."""
    if written.type.kind is not Kind.TEXT:
        return None
    if isinstance(written, ir.Const):
        return 'a version has three numbers, as in "1.10.0"'
    return "write `version(…)` round the text"


def as_number(checked: ir.Expr, span: Span) -> ir.Expr:
    if isinstance(checked, ir.Const):
        assert isinstance(checked.value, int)
        return ir.Const(NUMBER, float(checked.value))
    return ir.Convert(NUMBER, checked, None, span)


def article(type_: Type) -> str:
    """`a text`, `an int`."""
    word = str(type_)
    if type_.kind is Kind.MONEY:
        return word
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


# ---- literals and names


def check_literal(typing: Typing, node: ast.Literal) -> ir.Expr:
    return LITERALS[node.kind](typing, node)


def _int(typing: Typing, node: ast.Literal) -> ir.Expr:
    assert isinstance(node.value, int)
    if node.value > INT_MAX:
        raise typing.names.refuse("S306", f"`{node.lexeme}` is larger than an int can be", node.span)
    return ir.Const(INT, node.value)


def _number(typing: Typing, node: ast.Literal) -> ir.Expr:
    assert isinstance(node.value, Decimal)
    value = float(node.value)
    if value in (float("inf"), float("-inf")):
        raise typing.names.refuse("S306", f"`{node.lexeme}` is larger than a number can be", node.span)
    return ir.Const(NUMBER, value)


def _money(typing: Typing, node: ast.Literal) -> ir.Expr:
    assert isinstance(node.value, ast.Amount)
    assert node.value.currency
    return ir.Const(money(node.value.currency), millionths(typing.names, node.value))


def _duration(typing: Typing, node: ast.Literal) -> ir.Expr:
    assert isinstance(node.value, ast.Duration)
    return ir.Const(DURATION, node.value.microseconds)


def _instant(typing: Typing, node: ast.Literal) -> ir.Expr:
    assert isinstance(node.value, str)
    return ir.Const(INSTANT, instant_of(node.value, typing.names.settings().zone))


def _date(typing: Typing, node: ast.Literal) -> ir.Expr:
    assert isinstance(node.value, str)
    return ir.Const(DATE, date_of(node.value))


LITERALS: Mapping[ast.LiteralKind, Callable[[Typing, ast.Literal], ir.Expr]] = {
    ast.LiteralKind.FLAG: lambda typing, node: ir.Const(FLAG, bool(node.value)),
    ast.LiteralKind.TEXT: lambda typing, node: ir.Const(TEXT, str(node.value)),
    ast.LiteralKind.INT: _int,
    ast.LiteralKind.NUMBER: _number,
    ast.LiteralKind.MONEY: _money,
    ast.LiteralKind.DURATION: _duration,
    ast.LiteralKind.INSTANT: _instant,
    ast.LiteralKind.DATE: _date,
}


def check_group(typing: Typing, node: ast.Group) -> ir.Expr:
    return typing.expr(node.inner)


def check_otherwise(typing: Typing, node: ast.Otherwise) -> ir.Expr:
    value = typing.value(node.value)
    option = typing.option(node.fallback, value.type)
    fallback = option or typing.value(node.fallback)
    value, fallback = typing.common(value, fallback, node.span)
    return ir.Otherwise(value.type, value, fallback, node.span)


def check_pick(typing: Typing, node: ast.Pick) -> ir.Expr:
    conditions = [typing.condition(arm.condition) for arm in node.arms]
    nodes = [arm.value for arm in node.arms] + [node.default]
    values = same_type(typing, nodes, node.span)
    arms = tuple(zip(values[:-1], conditions, strict=True))
    return ir.Pick(values[0].type, arms, values[-1], node.span)


def same_type(typing: Typing, nodes: list[ast.Expr], span: Span) -> list[ir.Expr]:
    """Values of all nodes in one type: the first one's, or number where ints and numbers mix."""
    values = [typing.value(node) for node in nodes]
    for value in values[1:]:
        first, _ = typing.common(values[0], value, span)
        values[0] = first
    return [
        typing.convert(value, values[0].type, node.span) for value, node in zip(values, nodes, strict=True)
    ]


TABLE: dict[type[ast.Expr], Callable[[Typing, Any], ir.Expr]] = {
    ast.Literal: check_literal,
    ast.Group: check_group,
    ast.Otherwise: check_otherwise,
    ast.Pick: check_pick,
}
"""Node class -> its check; `arithmetic`, `comparisons`, `calls`, `events` and `references` add theirs."""
