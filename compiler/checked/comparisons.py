"""`and or not`, comparisons, `is`, `in`, `is missing`, and crowds by algebra."""

from __future__ import annotations

from compiler.checked import ir
from compiler.checked.expressions import TABLE, Typing, article
from compiler.checked.literals import share_of
from compiler.checked.scope import Refused
from compiler.types import CONDITION, ORDERED, SET, TEXT, Kind, Present, Type
from dsl import ast
from dsl.source import Span


def terms_of(typing: Typing, terms: tuple[ast.Expr, ...]) -> tuple[ir.Expr, ...]:
    """All terms of a chain as conditions; every bad one is reported before the chain is refused."""
    checked = []
    for term in terms:
        one = typing.names.attempt(lambda term=term: typing.condition(term))  # type: ignore[misc]
        if one is not None:
            checked.append(one)
    if len(checked) < len(terms):
        raise Refused
    return tuple(checked)


def check_and(typing: Typing, node: ast.And) -> ir.Expr:
    return ir.And(terms_of(typing, node.terms), node.span)


def check_or(typing: Typing, node: ast.Or) -> ir.Expr:
    return ir.Or(terms_of(typing, node.terms), node.span)


def check_not(typing: Typing, node: ast.Not) -> ir.Expr:
    return ir.Not(typing.condition(node.term), node.span)


def negated_if(negated: bool, condition: ir.Expr, span: Span) -> ir.Expr:
    return ir.Not(condition, span) if negated else condition


def check_compare(typing: Typing, node: ast.Compare) -> ir.Expr:
    left, right = typing.value(node.left), typing.value(node.right)
    left, right = typing.common(left, right, node.span)
    if left.type.kind not in ORDERED:
        raise typing.names.refuse(
            "S311", f"{article(left.type)} has no order", node.span, "compare it with `is` or `in (…)`"
        )
    return ir.Compare(node.operator, left, right, node.span)  # type: ignore[arg-type]


def check_is(typing: Typing, node: ast.Is) -> ir.Expr:
    left = typing.value(node.left)
    right = typing.option(node.right, left.type) or typing.value(node.right)
    left, right = typing.common(left, right, node.span)
    if left.type.kind is Kind.SET:
        raise typing.names.refuse(
            "S311", "sets are not compared as a whole", node.span, "use `has_any` or `has_all`"
        )
    return negated_if(node.negated, ir.Equal(left, right, node.span), node.span)


def check_is_missing(typing: Typing, node: ast.IsMissing) -> ir.Expr:
    term = typing.value(node.term)
    return negated_if(node.negated, ir.IsMissing(term, node.span), node.span)


def check_in(typing: Typing, node: ast.In) -> ir.Expr:
    if isinstance(node.right, tuple):
        found = one_of(typing, node, node.right)
    elif isinstance(node.left, ast.RefExpr) and node.left.ref.parts == ("user",):
        found = membership(typing, node.right)
    else:
        found = in_set(typing, node, node.right)
    return negated_if(node.negated, found, node.span)


def one_of(typing: Typing, node: ast.In, written: tuple[ast.Expr, ...]) -> ir.Expr:
    term = typing.value(node.left)
    if term.type.kind is Kind.SET:
        raise typing.names.refuse("S311", "a set is not one of several values", node.span, "use `has_any(…)`")
    options: dict[Present, None] = {}
    for item in written:
        value = constant(typing, item, term.type)
        if value in options:
            typing.names.note("S401", "this value stands here twice", item.span)
        options[value] = None
    return ir.OneOf(term, frozenset(options), node.span)


def constant(typing: Typing, node: ast.Expr, wanted: Type) -> Present:
    """The run-time value of a constant of the wanted type."""
    checked = typing.of_type(node, wanted)
    if not isinstance(checked, ir.Const):
        raise typing.names.refuse("S312", "a constant is needed here", node.span)
    return checked.value


def membership(typing: Typing, group: ast.Ref) -> ir.Expr:
    """`user in NAME`: a crowd or a list."""
    name = typing.names.scope.qualify(group.text)
    found = typing.names.find("group", name)
    if found is None:
        raise typing.names.unknown("S209", "crowd or list", group, "group")
    return ir.InCrowd(name, group.span) if found == "crowd" else ir.InList(name, group.span)


def in_set(typing: Typing, node: ast.In, right: ast.Ref) -> ir.Expr:
    group = typing.names.find("group", typing.names.scope.qualify(right.text))
    if group:
        raise typing.names.refuse(
            "S313",
            f"only the user can be in the {group} `{right.text}`",
            node.left.span,
            f"write `user in {right.text}`",
        )
    holder = typing.value(ast.RefExpr(right.span, right))
    if holder.type.kind is not Kind.SET:
        raise typing.names.refuse(
            "S313", f"`{right.text}` is {article(holder.type)}, not a set, crowd or list", right.span
        )
    item = typing.of_type(node.left, TEXT)
    return ir.Call(CONDITION, "has", (holder, item), node.span)


# ---- crowds by algebra


def algebra(typing: Typing, node: ast.Expr) -> ir.Expr:
    """`= (a or b) except c`, with `sample`."""
    if isinstance(node, ast.Group):
        return algebra(typing, node.inner)
    if isinstance(node, ast.RefExpr):
        return membership(typing, node.ref)
    if isinstance(node, ast.Sample):
        in_share = ir.InShare(share_of(typing.names, node.share), node.salt.value, node.span)
        return ir.And((in_share, algebra(typing, node.of)), node.span)
    assert isinstance(node, ast.Algebra)
    terms = tuple(algebra(typing, term) for term in node.terms)
    return ALGEBRA[node.operator](terms, node.span)


def _except(terms: tuple[ir.Expr, ...], span: Span) -> ir.Expr:
    return ir.And((terms[0], *(ir.Not(term, span) for term in terms[1:])), span)


ALGEBRA = {"or": ir.Or, "and": ir.And, "except": _except}

TABLE[ast.And] = check_and
TABLE[ast.Or] = check_or
TABLE[ast.Not] = check_not
TABLE[ast.Compare] = check_compare
TABLE[ast.Is] = check_is
TABLE[ast.IsMissing] = check_is_missing
TABLE[ast.In] = check_in

__all__ = ["SET", "algebra", "constant", "membership"]
