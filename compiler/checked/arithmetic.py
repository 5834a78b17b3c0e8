"""`+ - * /`: flat chains, typed step by step."""

from __future__ import annotations

from compiler.checked import ir
from compiler.checked.expressions import TABLE, Operand, Typing, as_number
from compiler.checked.mending import mend
from compiler.checked.wording import called
from compiler.types import DURATION, INT, INT_MIN, NUMBER, SUMMABLE, Kind, Type
from dsl import ast
from dsl.source import Span


def check_chain(typing: Typing, node: ast.Chain) -> ir.Expr:
    operands = list(zip(node.terms, typing.names.each(typing.value, node.terms), strict=True))
    return (
        check_sum(typing, node, operands)
        if node.operators[0] in "+-"
        else check_product(typing, node, operands)
    )


TEMPORAL = frozenset({Kind.INSTANT, Kind.DATE})


def check_sum(typing: Typing, node: ast.Chain, operands: list[Operand]) -> ir.Expr:
    if any(checked.type.kind in TEMPORAL for _, checked in operands):
        return temporal_sum(typing, node, operands)
    for written, checked in operands:
        if checked.type.kind not in SUMMABLE:
            hint = "join texts with `concat(…)`" if checked.type.kind is Kind.TEXT else None
            message = f"{called(checked.type)} cannot be added or subtracted"
            raise typing.names.refuse("S310", message, written.span, hint)
    wanted = sum_type(typing, operands)
    converted = tuple(typing.convert(operand, wanted) for operand in operands)
    return ir.Sum(wanted, converted, node.operators, node.span)  # type: ignore[arg-type]


def sum_type(typing: Typing, operands: list[Operand]) -> Type:
    """Of the first term, but number as soon as one of several numbers is."""
    wanted = operands[0][1].type
    for operand in operands[1:]:
        if typing.converted(operand, wanted) is None:
            typing.common(operands[0], operand, "{} and {} cannot be added or subtracted")
            wanted = operand[1].type
    return wanted


def temporal_sum(typing: Typing, node: ast.Chain, operands: list[Operand]) -> ir.Expr:
    """Instants and dates: cut into sums of two, each with a type of its own."""
    whole = operands[0][1]
    for operator, (written, term) in zip(node.operators, operands[1:], strict=True):
        type_ = temporal_step(whole.type, operator, term.type)
        if type_ is None:
            word = "added to" if operator == "+" else "taken from"
            message = f"{called(term.type)} cannot be {word} {called(whole.type)}"
            raise typing.refuse_with("S310", message, written.span, mend(written, term.type, DURATION))
        whole = ir.Sum(type_, (whole, term), (operator,), node.span)  # type: ignore[arg-type]
    return whole


def temporal_step(left: Type, operator: str, right: Type) -> Type | None:
    if left.kind in TEMPORAL and right.kind is Kind.DURATION:
        return left
    if left.kind in TEMPORAL and left == right and operator == "-":
        return DURATION
    if left.kind is Kind.DURATION and right.kind is Kind.DURATION:
        return left
    return None


def check_product(typing: Typing, node: ast.Chain, operands: list[Operand]) -> ir.Expr:
    if all(term.type.kind is Kind.INT for _, term in operands) and "/" not in node.operators:
        steps = (INT,) * len(node.operators)
        terms = tuple(term for _, term in operands)
        return ir.Product(INT, terms, node.operators, steps, node.span)  # type: ignore[arg-type]
    factors = [(written, as_factor(term, written.span)) for written, term in operands]
    current = require_factor(typing, factors[0])
    steps_taken: list[Type] = []
    numbers = [factors[0][1]]
    for operator, factor in zip(node.operators, factors[1:], strict=True):
        number, current = product_step(typing, current, operator, factor)
        numbers.append(number)
        steps_taken.append(current)
    return ir.Product(current, tuple(numbers), node.operators, tuple(steps_taken), node.span)  # type: ignore[arg-type]


def as_factor(term: ir.Expr, span: Span) -> ir.Expr:
    return as_number(term, span) if term.type.kind is Kind.INT else term


FACTORS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DURATION})


def require_factor(typing: Typing, operand: Operand) -> Type:
    written, checked = operand
    if checked.type.kind not in FACTORS:
        message = f"{called(checked.type)} cannot be multiplied or divided"
        raise typing.refuse_with("S310", message, written.span, mend(written, checked.type, NUMBER))
    return checked.type


def product_step(typing: Typing, left: Type, operator: str, operand: Operand) -> tuple[ir.Expr, Type]:
    """The right operand, converted where needed, and the type after the step."""
    written, right = operand
    require_factor(typing, operand)
    if right.type.kind is Kind.NUMBER:
        return right, left
    if left.kind is Kind.NUMBER and operator == "*":
        return right, right.type
    if left.kind is right.type.kind and operator == "/":
        return typing.convert(operand, left), NUMBER
    verb = "multiplied with" if operator == "*" else "divided by"
    message = f"{called(left)} cannot be {verb} {called(right.type)}"
    raise typing.refuse_with("S310", message, written.span, mend(written, right.type, NUMBER))


NEGATABLE = frozenset({Kind.INT, Kind.NUMBER, Kind.MONEY, Kind.DURATION})


def check_negative(typing: Typing, node: ast.Negative) -> ir.Expr:
    term = typing.value(node.term)
    if term.type.kind not in NEGATABLE:
        raise typing.names.refuse("S310", f"{called(term.type)} has no negative", node.span)
    if isinstance(term, ir.Const) and isinstance(term.value, (int, float)) and term.value != INT_MIN:
        return ir.Const(term.type, -term.value)
    return ir.Negate(term.type, term, node.span)


TABLE[ast.Chain] = check_chain
TABLE[ast.Negative] = check_negative
