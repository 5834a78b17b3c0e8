"""`+ - * /`: flat chains, typed step by step."""

from __future__ import annotations

from compiler.checked import ir
from compiler.checked.expressions import TABLE, Typing, article
from compiler.types import DURATION, INT, INT_MIN, NUMBER, SUMMABLE, Kind, Type
from dsl import ast
from dsl.source import Span


def check_chain(typing: Typing, node: ast.Chain) -> ir.Expr:
    terms = [typing.value(term) for term in node.terms]
    if node.operators[0] in "+-":
        return check_sum(typing, node, terms)
    return check_product(typing, node, terms)


TEMPORAL = frozenset({Kind.INSTANT, Kind.DATE})


def check_sum(typing: Typing, node: ast.Chain, terms: list[ir.Expr]) -> ir.Expr:
    if any(term.type.kind in TEMPORAL for term in terms):
        return temporal_sum(typing, node, terms)
    for term, written in zip(terms, node.terms, strict=True):
        if term.type.kind not in SUMMABLE:
            hint = "join texts with `concat(…)`" if term.type.kind is Kind.TEXT else None
            raise typing.names.refuse("S310", f"{article(term.type)} cannot be added", written.span, hint)
    wanted = sum_type(typing, terms, node.span)
    converted = tuple(
        typing.convert(term, wanted, written.span) for term, written in zip(terms, node.terms, strict=True)
    )
    return ir.Sum(wanted, converted, node.operators, node.span)  # type: ignore[arg-type]


def sum_type(typing: Typing, terms: list[ir.Expr], span: Span) -> Type:
    """Of the first term, but number as soon as one of several numbers is."""
    wanted = terms[0].type
    for term in terms[1:]:
        if typing.converted(term, wanted, span) is None:
            typing.common(terms[0], term, span)
            wanted = term.type
    return wanted


def temporal_sum(typing: Typing, node: ast.Chain, terms: list[ir.Expr]) -> ir.Expr:
    """Instants and dates: cut into sums of two, each with a type of its own."""
    whole = terms[0]
    for operator, term, written in zip(node.operators, terms[1:], node.terms[1:], strict=True):
        type_ = temporal_step(whole.type, operator, term.type)
        if type_ is None:
            word = "added to" if operator == "+" else "taken from"
            raise typing.names.refuse(
                "S310", f"{article(term.type)} cannot be {word} {article(whole.type)}", written.span
            )
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


def check_product(typing: Typing, node: ast.Chain, terms: list[ir.Expr]) -> ir.Expr:
    if all(term.type.kind is Kind.INT for term in terms) and "/" not in node.operators:
        steps = (INT,) * len(node.operators)
        return ir.Product(INT, tuple(terms), node.operators, steps, node.span)  # type: ignore[arg-type]
    numbers = [
        typing.convert(term, NUMBER, written.span) if term.type.kind is Kind.INT else term
        for term, written in zip(terms, node.terms, strict=True)
    ]
    steps_taken: list[Type] = []
    current = numbers[0].type
    require_factor(typing, current, node.terms[0].span)
    for index, operator in enumerate(node.operators, start=1):
        numbers[index], current = product_step(
            typing, current, operator, numbers[index], node.terms[index].span
        )
        steps_taken.append(current)
    return ir.Product(current, tuple(numbers), node.operators, tuple(steps_taken), node.span)  # type: ignore[arg-type]


FACTORS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DURATION})


def require_factor(typing: Typing, type_: Type, span: Span) -> None:
    if type_.kind not in FACTORS:
        raise typing.names.refuse("S310", f"{article(type_)} cannot be multiplied or divided", span)


def product_step(
    typing: Typing, left: Type, operator: str, right: ir.Expr, span: Span
) -> tuple[ir.Expr, Type]:
    """The right operand, converted where needed, and the type after the step."""
    require_factor(typing, right.type, span)
    if right.type.kind is Kind.NUMBER:
        return right, left
    if left.kind is Kind.NUMBER and operator == "*":
        return right, right.type
    if left.kind is right.type.kind and operator == "/":
        return typing.convert(right, left, span), NUMBER
    verb = "multiplied with" if operator == "*" else "divided by"
    raise typing.names.refuse("S310", f"{article(left)} cannot be {verb} {article(right.type)}", span)


NEGATABLE = frozenset({Kind.INT, Kind.NUMBER, Kind.MONEY, Kind.DURATION})


def check_negative(typing: Typing, node: ast.Negative) -> ir.Expr:
    term = typing.value(node.term)
    if term.type.kind not in NEGATABLE:
        raise typing.names.refuse("S310", f"{article(term.type)} has no negative", node.span)
    if isinstance(term, ir.Const) and isinstance(term.value, (int, float)) and term.value != INT_MIN:
        return ir.Const(term.type, -term.value)
    return ir.Negate(term.type, term, node.span)


TABLE[ast.Chain] = check_chain
TABLE[ast.Negative] = check_negative
