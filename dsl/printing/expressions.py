"""Expressions, windows and crowds by algebra, as documents to lay out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dsl import ast
from dsl.ast import Expr, Node
from dsl.layout import Break, Doc, Group, Indent

Printer = Callable[[Any], Doc]


def expr(node: Expr) -> Doc:
    return EXPRESSIONS[type(node)](node)


def before(node: Node, flat: str = " ") -> Break:
    """A break in front of a node."""
    return Break(node.span.line, flat)


def listed(items: Sequence[tuple[Node, Doc]]) -> Doc:
    """Items with commas; a long list is filled line by line."""
    (_, first), *rest = items
    return (first, *((",", Group((before(node), doc))) for node, doc in rest))


def enclosed(opening: str, items: Sequence[tuple[Node, Doc]], node: Node, closing: str) -> Doc:
    """Items in parentheses; a long list starts on a line of its own."""
    inner = Indent(2, (before(items[0][0], ""), listed(items)))
    return Group((opening, inner, Break(node.span.end_line, "", inside=2), closing))


def connected(word: str, terms: Sequence[Expr]) -> Doc:
    """`a and b and c`; broken, each term on a line of its own behind the word."""
    first, *rest = terms
    return Group((part_of_chain(first), *((before(term), f"{word} ", part_of_chain(term)) for term in rest)))


def part_of_chain(term: Expr) -> Doc:
    is_chain = isinstance(term, ast.And | ast.Algebra)
    return Indent(2, expr(term)) if is_chain else expr(term)


def group(node: ast.Group) -> Doc:
    return enclosed("(", [(node.inner, expr(node.inner))], node, ")")


def call(node: ast.Call) -> Doc:
    return (node.function.text, enclosed("(", [(one, expr(one)) for one in node.arguments], node, ")"))


def chain(node: ast.Chain) -> Doc:
    first, *rest = node.terms
    steps = (
        (before(term), f"{operator} ", expr(term))
        for operator, term in zip(node.operators, rest, strict=True)
    )
    return Group(Indent(2, (expr(first), *steps)))


def compare(node: ast.Compare) -> Doc:
    return (expr(node.left), f" {node.operator} ", expr(node.right))


def is_equal(node: ast.Is) -> Doc:
    return (expr(node.left), " is not " if node.negated else " is ", expr(node.right))


def is_missing(node: ast.IsMissing) -> Doc:
    return (expr(node.term), " is not missing" if node.negated else " is missing")


def is_in(node: ast.In) -> Doc:
    word = " not in " if node.negated else " in "
    if isinstance(node.right, ast.Ref):
        return (expr(node.left), word, node.right.text)
    return (expr(node.left), word, enclosed("(", [(one, expr(one)) for one in node.right], node, ")"))


def otherwise(node: ast.Otherwise) -> Doc:
    return (expr(node.value), " otherwise ", expr(node.fallback))


def pick(node: ast.Pick) -> Doc:
    first, *rest = (arm(one) for one in node.arms)
    more = ((",", before(one), doc) for one, doc in zip(node.arms[1:], rest, strict=True))
    return Group(("pick ", Indent(2, (first, *more, ",", before(node.default), "else ", expr(node.default)))))


def arm(node: ast.Arm) -> Doc:
    return (expr(node.value), " when ", expr(node.condition))


# ---- events


def where(condition: Expr | None) -> Doc:
    """` where …`, or nothing."""
    return (before(condition), "where ", Indent(2, expr(condition))) if condition else ()


def same(name: ast.Name | None) -> Doc:
    return f" with same {name.text}" if name else ()


def aggregate(node: ast.Aggregate) -> Doc:
    absent = node.without
    without = (before(absent), f"without {absent.event.text}", same(absent.same)) if absent else ()
    tail = (where(node.where), without, before(node.window), window(node.window))
    return Group((f"{node.function} of {node.of.text}", Indent(2, tail)))


def since_last(node: ast.SinceLast) -> Doc:
    return f"time since last {node.event.text}"


def did(node: ast.Did) -> Doc:
    times = f" at least {node.at_least} times" if node.at_least is not None else ()
    tail = (where(node.where), before(node.window), window(node.window))
    return Group(
        (f"did {'not ' if node.negated else ''}{node.event.text}", times, same(node.same), Indent(2, tail))
    )


def sequence(node: ast.Sequence) -> Doc:
    tail = (
        where(node.first_where),
        (before(node.then), f"then {node.then.text}"),
        where(node.then_where),
        (before(node.inside), f"inside {node.inside.lexeme}"),
        (before(node.without), f"without {node.without.text}") if node.without else (),
        (before(node.window), window(node.window)),
    )
    return Group((f"did {node.first.text}", Indent(2, tail)))


def window(node: ast.Window) -> Doc:
    match node:
        case ast.Within():
            return f"within {node.duration.lexeme}"
        case ast.Between():
            return f"from {node.start.lexeme} to {node.end.lexeme}"
    return "within today" if isinstance(node, ast.Today) else "ever"


def arguments(parts: Sequence[ast.Argument]) -> Doc:
    """` with percent = 10, …`, or nothing."""
    given = [(one, (f"{one.name.text} = ", expr(one.expr))) for one in parts]
    return (" with ", Indent(2, listed(given))) if given else ()


# ---- crowds by algebra


def sample(node: ast.Sample) -> Doc:
    return (f"sample {node.share.lexeme} of ", expr(node.of), f" salt {text(node.salt)}")


def text(node: ast.Text) -> str:
    """A text in its quotes."""
    doubled = node.value.replace('"', '""')
    return f'"{doubled}"'


EXPRESSIONS: dict[type[Node], Printer] = {
    ast.Literal: lambda node: node.lexeme,
    ast.RefExpr: lambda node: node.ref.text,
    ast.Group: group,
    ast.Call: call,
    ast.Or: lambda node: connected("or", node.terms),
    ast.And: lambda node: connected("and", node.terms),
    ast.Not: lambda node: ("not ", expr(node.term)),
    ast.Chain: chain,
    ast.Negative: lambda node: ("-", expr(node.term)),
    ast.Compare: compare,
    ast.Is: is_equal,
    ast.IsMissing: is_missing,
    ast.In: is_in,
    ast.Otherwise: otherwise,
    ast.Pick: pick,
    ast.Aggregate: aggregate,
    ast.SinceLast: since_last,
    ast.Did: did,
    ast.Sequence: sequence,
    ast.Algebra: lambda node: connected(node.operator, node.terms),
    ast.Sample: sample,
}
