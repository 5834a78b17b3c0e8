"""ast expression → typed IR expression: the dispatch table, conversions between types, `otherwise` and `pick`.

Constants are in `literals`, names in `references`, arithmetic in `arithmetic`, comparisons in `comparisons`, calls in
`calls`, aggregates and windows in `events`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import field, replace
from typing import Any

from compiler.calendar import known_zone
from compiler.checked import ir
from compiler.checked.literals import LITERALS, zone_of_text
from compiler.checked.mending import Mend, as_condition, lexeme_of, mend
from compiler.checked.scope import EventView, Lookups, Refused
from compiler.checked.wording import called, some
from compiler.types import NUMBER, Kind, Type
from compiler.versions import parse_version
from dsl import ast
from dsl.frozen import dataclass
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where an expression stands: which bare names mean what there.

    `event`: the event whose fields are bare names (inside `where`). `trigger`: the event that opened the occurrence.
    `lets`: the plan's variables, None for one that was refused; `later`: those that are defined further down. `terms`: in a `rank by`, what the plan's terms mean: a
    PlanTerm, or what stands for an unstated one; None where there is nothing.
    """

    event: EventView | None = None
    trigger: EventView | None = None
    lets: Mapping[str, Type | None] = field(default_factory=dict)
    later: Set[str] = frozenset()
    terms: Mapping[str, ir.Expr | None] | None = None


Operand = tuple[ast.Expr, ir.Expr]
"""What is written, and what it means."""


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
        checked = self.expr(node)
        if checked.type.kind is Kind.CONDITION:
            return checked
        if checked.type.kind is Kind.FLAG:
            return ir.FlagIs(checked, node.span)
        message = f"a condition is needed here, this is {called(checked.type)}"
        raise self.names.refuse("S301", message, node.span, as_condition(node, checked.type))

    def value(self, node: ast.Expr) -> ir.Expr:
        """An expression that is a value; a condition is refused."""
        return self.as_value(self.expr(node), node.span)

    def as_value(self, checked: ir.Expr, span: Span) -> ir.Expr:
        if checked.type.kind is not Kind.CONDITION:
            return checked
        message = "a value is needed here, this is a condition"
        raise self.names.refuse("S302", message, span, "choose one by it: `pick 1 when …, else 0`")

    def of_type(self, node: ast.Expr, wanted: Type) -> ir.Expr:
        """A value of the wanted type, converted where the language converts; names of choices are understood."""
        return self.constant_of(node, wanted) or self.convert((node, self.value(node)), wanted)

    def constant_of(self, node: ast.Expr, wanted: Type) -> ir.Const | None:
        """The constant that a bare name or a text means where a choice, a time zone or a text is wanted."""
        understand = UNDERSTOOD.get(wanted.kind)
        return understand(self, without_groups(node), wanted) if understand else None

    def means_something(self, name: str) -> bool:
        """Whether a bare name is a value here."""
        if self.around.event is not None:
            return name in self.around.event.fields or name in self.around.event.broken
        find = self.names.find
        return name in self.around.lets or bool(find("attribute", name) or find("input", name))

    def convert(self, operand: Operand, wanted: Type) -> ir.Expr:
        """The operand as the wanted type, or a finding."""
        node, checked = operand
        found = self.converted(operand, wanted)
        if found is None:
            how = mend(node, checked.type, wanted)
            raise self.refuse_with(
                "S303", f"{called(wanted)} is needed here, this is {called(checked.type)}", node.span, how
            )
        return found

    def converted(self, operand: Operand, wanted: Type) -> ir.Expr | None:
        """The operand as the wanted type where the language converts, else None."""
        node, checked = operand
        have = checked.type
        if have == wanted:
            return checked
        if have.kind is Kind.INT and wanted.kind is Kind.NUMBER:
            return as_number(checked, node.span)
        if have.kind in (Kind.CHOICE, Kind.TIMEZONE) and wanted.kind is Kind.TEXT:
            return ir.Convert(wanted, checked, None, node.span)
        if have.kind is Kind.MONEY and wanted.kind is Kind.MONEY:
            return self.exchanged(checked, wanted, node.span)
        return of_text(checked, wanted) if isinstance(checked, ir.Const) and have.kind is Kind.TEXT else None

    def exchanged(self, checked: ir.Expr, wanted: Type, span: Span) -> ir.Expr:
        have, need = checked.type.currency, wanted.currency
        assert have and need
        rate = self.names.find("rate", f"{have} {need}")
        if rate is None:
            raise self.names.refuse(
                "S304",
                f"money in {need} is needed here, this is money in {have}",
                span,
                f"write the amount in {need}, or declare a rate",
                (f"a rate is declared so: `settings {{ rate 1 {have} = … {need} }}`",),
            )
        return ir.Convert(wanted, checked, rate, span)

    def common(self, left: Operand, right: Operand, complaint: str) -> tuple[ir.Expr, ir.Expr]:
        """Both sides in one type, or a finding: the complaint with what the sides are in its two `{}`."""
        other = self.converted(right, left[1].type)
        if other is not None:
            return left[1], other
        mine = self.converted(left, right[1].type)
        if mine is not None:
            return mine, right[1]
        raise self.apart(left, right, complaint)

    def apart(self, left: Operand, right: Operand, complaint: str) -> Refused:
        """A finding at the side that is easier to mend: a constant, or else the one that there is a word for."""
        message = complaint.format(called(left[1].type), called(right[1].type))
        sides = [(right, left), (left, right)]
        sides.sort(key=lambda side: lexeme_of(side[0][0]) is None)
        for (node, checked), (_, other) in sides:
            found = mend(node, checked.type, other.type)
            if found:
                return self.refuse_with("S305", message, node.span, found)
        constant = lexeme_of(sides[0][0][0]) is not None
        span = sides[0][0][0].span if constant else left[0].span.to(right[0].span)
        return self.refuse_with("S305", message, span, None)

    def refuse_with(self, code: str, message: str, span: Span, how: Mend | None) -> Refused:
        if how is None:
            return self.names.refuse(code, message, span)
        return self.names.refuse(code, message, span, how.label, replacement=how.replacement)


def as_number(checked: ir.Expr, span: Span) -> ir.Expr:
    if isinstance(checked, ir.Const):
        assert isinstance(checked.value, int)
        return ir.Const(NUMBER, float(checked.value))
    return ir.Convert(NUMBER, checked, None, span)


def of_text(text: ir.Const, wanted: Type) -> ir.Const | None:
    """The time zone or version that a constant text names."""
    written = str(text.value)
    if wanted.kind is Kind.TIMEZONE:
        return ir.Const(wanted, written) if known_zone(written) else None
    found = parse_version(written) if wanted.kind is Kind.VERSION else None
    return None if found is None else ir.Const(wanted, found)


# ---- constants that are understood by what is wanted


def option(typing: Typing, node: ast.Expr, wanted: Type) -> ir.Const | None:
    """`plus` or `"plus"` where a choice is wanted."""
    if isinstance(node, ast.Literal) and node.kind is ast.LiteralKind.TEXT:
        name = str(node.value)
    elif isinstance(node, ast.RefExpr) and len(node.ref.parts) == 1:
        name = node.ref.text
    else:
        return None
    if name in wanted.options:
        return ir.Const(wanted, name)
    if isinstance(node, ast.RefExpr) and typing.means_something(name):
        return None
    message = f"`{name}` is not one of {some(wanted.options)}"
    raise typing.names.misspelt("S206", message, node.span, name, wanted.options)


def zone(typing: Typing, node: ast.Expr, wanted: Type) -> ir.Const | None:
    """`"Europe/Berlin"` where a time zone is wanted."""
    if not isinstance(node, ast.Literal) or node.kind is not ast.LiteralKind.TEXT:
        return None
    return ir.Const(wanted, zone_of_text(typing.names, str(node.value), node.span))


def version(typing: Typing, node: ast.Expr, wanted: Type) -> ir.Const | None:
    """`"1.10.0"` where a version is wanted."""
    if not isinstance(node, ast.Literal) or node.kind is not ast.LiteralKind.TEXT:
        return None
    found = parse_version(str(node.value))
    if found is None:
        label = 'a version has three numbers, as in "1.10.0"'
        raise typing.names.refuse("S303", f"`{node.value}` is not a version", node.span, label)
    return ir.Const(wanted, found)


def without_groups(node: ast.Expr) -> ast.Expr:
    while isinstance(node, ast.Group):
        node = node.inner
    return node


UNDERSTOOD: dict[Kind, Callable[[Typing, ast.Expr, Type], ir.Const | None]] = {
    Kind.CHOICE: option,
    Kind.TIMEZONE: zone,
    Kind.VERSION: version,
}
"""What is wanted -> the constant that a node means; `references` adds texts, with and without quotes."""


# ---- otherwise and pick


def check_literal(typing: Typing, node: ast.Literal) -> ir.Expr:
    return LITERALS[node.kind](typing.names, node.value)


def check_group(typing: Typing, node: ast.Group) -> ir.Expr:
    return typing.expr(node.inner)


def check_otherwise(typing: Typing, node: ast.Otherwise) -> ir.Expr:
    value = typing.value(node.value)
    fallback = typing.constant_of(node.fallback, value.type) or typing.value(node.fallback)
    value, fallback = typing.common(
        (node.value, value), (node.fallback, fallback), "{} cannot be replaced by {}"
    )
    return ir.Otherwise(value.type, value, fallback, node.span)


def check_pick(typing: Typing, node: ast.Pick) -> ir.Expr:
    conditions = typing.names.each(lambda arm: typing.condition(arm.condition), node.arms)
    values = same_type(typing, [*(arm.value for arm in node.arms), node.default])
    arms = tuple(zip(values[:-1], conditions, strict=True))
    return ir.Pick(values[0].type, arms, values[-1], node.span)


def same_type(typing: Typing, nodes: list[ast.Expr]) -> list[ir.Expr]:
    """Values of all nodes in one type: the first one's, or number where whole numbers and others mix."""
    values = typing.names.each(typing.value, nodes)
    for node, value in zip(nodes[1:], values[1:], strict=True):
        values[0], _ = typing.common(
            (nodes[0], values[0]), (node, value), "this gives {} in one case, {} in another"
        )
    wanted = values[0].type
    return [typing.convert(operand, wanted) for operand in zip(nodes, values, strict=True)]


TABLE: dict[type[ast.Expr], Callable[[Typing, Any], ir.Expr]] = {
    ast.Literal: check_literal,
    ast.Group: check_group,
    ast.Otherwise: check_otherwise,
    ast.Pick: check_pick,
}
"""Node class -> its check; `references`, `arithmetic`, `comparisons`, `calls` and `events` add theirs."""
