"""`and or not`, comparisons, `is`, `in`, `is missing`, and crowds by algebra."""

from __future__ import annotations

from compiler.checked import ir
from compiler.checked.expressions import TABLE, Typing
from compiler.checked.literals import share_of
from compiler.checked.mending import lexeme_of
from compiler.checked.scope import Refused
from compiler.checked.wording import EVERYBODY, called, some, with_article
from compiler.types import CONDITION, ORDERED, TEXT, Kind, Present, Type
from dsl import ast
from dsl.diagnostics import suggest
from dsl.source import Span


def check_and(typing: Typing, node: ast.And) -> ir.Expr:
    return ir.And(tuple(typing.names.each(typing.condition, node.terms)), node.span)


def check_or(typing: Typing, node: ast.Or) -> ir.Expr:
    return ir.Or(tuple(typing.names.each(typing.condition, node.terms)), node.span)


def check_not(typing: Typing, node: ast.Not) -> ir.Expr:
    return ir.Not(typing.condition(node.term), node.span)


def negated_if(negated: bool, condition: ir.Expr, span: Span) -> ir.Expr:
    return ir.Not(condition, span) if negated else condition


def sides(typing: Typing, node: ast.Compare | ast.Is, left: ir.Expr) -> tuple[ir.Expr, ir.Expr]:
    """Both sides in one type. What the right one is called may follow from the left one: `tier is plus`."""
    right = typing.constant_of(node.right, left.type) or typing.value(node.right)
    if Kind.SET in (left.type.kind, right.type.kind):
        raise compared_set(typing, node, left)
    return typing.common((node.left, left), (node.right, right), "{} cannot be compared with {}")


def compared_set(typing: Typing, node: ast.Compare | ast.Is, left: ir.Expr) -> Refused:
    holder, item = (node.left, node.right) if left.type.kind is Kind.SET else (node.right, node.left)
    inside = lexeme_of(item)
    written = holder.ref.text if isinstance(holder, ast.RefExpr) else "…"
    meant = None if inside is None else f'"{inside}" in {written}'
    label = f"write `{meant}`" if meant else "ask with `has_any(…)` or `has_all(…)`"
    return typing.names.refuse(
        "S311", "a set of texts is not compared as a whole", node.span, label, replacement=meant
    )


def check_compare(typing: Typing, node: ast.Compare) -> ir.Expr:
    left, right = sides(typing, node, typing.value(node.left))
    if left.type.kind not in ORDERED:
        message = f"{called(left.type)} has no order"
        if left.type.kind is Kind.CHOICE:
            message = f"these have no order: {some(left.type.options)}"
        raise typing.names.refuse("S311", message, node.span, "compare with `is` or `in (…)`")
    return ir.Compare(node.operator, left, right, node.span)  # type: ignore[arg-type]


def check_is(typing: Typing, node: ast.Is) -> ir.Expr:
    left = typing.expr(node.left)
    if left.type.kind is Kind.CONDITION and isinstance(node.right, ast.Literal):
        raise compared_condition(typing, node, node.right)
    left, right = sides(typing, node, typing.as_value(left, node.left.span))
    return negated_if(node.negated, ir.Equal(left, right, node.span), node.span)


def compared_condition(typing: Typing, node: ast.Is, right: ast.Literal) -> Refused:
    """`(age > 18) is true` says no more than `age > 18`."""
    how = "write `not` before it instead" if right.value is node.negated else "write it alone"
    span = node.left.span.to(right.span)
    return typing.names.refuse("S302", "a condition is yes or no by itself", span, how)


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
        raise typing.names.refuse(
            "S311", "a set of texts is not one of several values", node.left.span, "use `has_any(…)`"
        )
    values = typing.names.each(lambda item: constant(typing, item, term.type), written)
    options: dict[Present, None] = {}
    for item, value in zip(written, values, strict=True):
        if value in options:
            typing.names.note("S401", "this value stands here twice", item.span, "leave it out")
        options[value] = None
    return ir.OneOf(term, frozenset(options), node.span)


def constant(typing: Typing, node: ast.Expr, wanted: Type) -> Present:
    """The run-time value of a constant of the wanted type."""
    checked = typing.of_type(node, wanted)
    if not isinstance(checked, ir.Const):
        raise typing.names.refuse("S312", "a constant is needed here", node.span, "write the value itself")
    return checked.value


def membership(typing: Typing, group: ast.Ref) -> ir.Expr:
    """`user in NAME`: a crowd or a list."""
    name = typing.names.scope.qualify(group.text)
    found = typing.names.find("group", name)
    if found is None:
        raise not_a_group(typing, group)
    return ir.InCrowd(name, group.span) if found == "crowd" else ir.InList(name, group.span)


def not_a_group(typing: Typing, group: ast.Ref) -> Refused:
    """Users are in crowds and lists alone; a name that is nearly one was meant for it."""
    names = typing.names
    known = names.visible("group")
    nearly = names.world.patient(len(known)) and suggest(group.text, known) is not None
    for kind, hint in () if nearly else NOT_GROUPS.items():
        if names.find(kind, names.scope.qualify(group.text)) is not None:
            message = f"`{group.text}` is {with_article(kind)}, not a crowd or list"
            return names.refuse("S209", message, group.span, hint.format(group.text))
    if group.text in EVERYBODY:
        message, label = (
            f"unknown crowd or list `{group.text}`",
            "for everybody declare `crowd everybody { true }`",
        )
        return names.refuse("S209", message, group.span, label, (FOR_EVERYBODY,))
    return names.unknown("S209", "crowd or list", group, "group")


NOT_GROUPS = {
    "score": "make a crowd of it: `crowd … {{ {}.score >= 30 }}`",
    "event": "make a crowd of it: `crowd … {{ did {} within 30 days }}`",
    "campaign": "plans are part of campaigns, users are not; its `holdout` keeps them out by itself",
    "decide": "it chooses among plans; its `holdout` keeps users out by itself",
}
FOR_EVERYBODY = "a plan without `for` is for everybody"


def in_set(typing: Typing, node: ast.In, right: ast.Ref) -> ir.Expr:
    group = typing.names.find("group", typing.names.scope.qualify(right.text))
    if group:
        raise typing.names.refuse(
            "S313",
            f"only the user can be in the {group} `{right.text}`",
            node.left.span,
            f"write `user in {right.text}`",
            replacement="user",
        )
    holder = typing.value(ast.RefExpr(right.span, right))
    if holder.type.kind is not Kind.SET:
        raise typing.names.refuse(
            "S313",
            f"`{right.text}` is {called(holder.type)}, not a set of texts",
            right.span,
            "to compare two values, write `is`",
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
        of = typing.names.attempt(lambda: algebra(typing, node.of))
        in_share = ir.InShare(share_of(typing.names, node.share), node.salt.value, node.span)
        if of is None:
            raise Refused
        return ir.And((in_share, of), node.span)
    assert isinstance(node, ast.Algebra)
    terms = tuple(typing.names.each(lambda term: algebra(typing, term), node.terms))
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
