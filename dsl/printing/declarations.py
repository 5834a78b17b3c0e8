"""Declarations as documents to lay out: settings, profiles, events, lists, crowds, scores."""

from __future__ import annotations

from collections.abc import Sequence

from dsl import ast
from dsl.ast import Clause, FieldDecl, Node
from dsl.layout import Break, Doc, Group, IfBroken, Indent
from dsl.printing.expressions import Printer, before, expr, listed, text


def words(*parts: str | ast.Name | ast.Ref | ast.Text | None) -> str:
    """Words and names with a blank between; None is left out."""
    return " ".join(
        text(part) if isinstance(part, ast.Text) else str(getattr(part, "text", part))
        for part in parts
        if part
    )


def block(head: str, items: Sequence[tuple[Node, Doc]], node: Node, always_broken: bool = False) -> Doc:
    """`head { item  item }`, or each item on a line of its own."""
    end = Break(node.span.end_line, inside=2)
    if not items:
        return Group((f"{head} {{", end, "}"))
    (first, first_doc), *rest = items
    more = ((Break(one.span.line, "  ", keeps_blank=True), doc) for one, doc in rest)
    return Group((f"{head} {{", Indent(2, (before(first), first_doc, *more)), end, "}"), always_broken)


def clauses(head: str, parts: Sequence[Clause], node: Node, printers: dict[type[Node], Printer]) -> Doc:
    return block(head, [(one, printers[type(one)](one)) for one in parts], node)


def settings(node: ast.Settings) -> Doc:
    return clauses("settings", node.clauses, node, SETTINGS)


SETTINGS: dict[type[Node], Printer] = {
    ast.TimezoneIs: lambda node: words("timezone", node.zone),
    ast.CurrencyIs: lambda node: words("currency", node.currency),
    ast.WeekStarts: lambda node: words("week starts", node.weekday),
    ast.Rate: lambda node: f"rate {node.left.lexeme} = {node.right.lexeme}",
}


def use(node: ast.Use) -> Doc:
    alias = f" as {node.alias.text}" if node.alias else ""
    bindings = [(one, f"{one.name.text} = {one.target.text}") for one in node.bindings]
    targets = (before(node.bindings[0]), "with ", listed(bindings)) if bindings else ()
    return Group((f"use {node.module.text}{alias}", Indent(4, targets)))


def profile(node: ast.Profile) -> Doc:
    return fields(words("profile", node.name), node.fields, node)


def input(node: ast.Input) -> Doc:
    return fields("input", node.fields, node)


def event(node: ast.EventDecl) -> Doc:
    return fields(words("event", node.name, node.doc), node.fields, node)


def fields(head: str, parts: Sequence[FieldDecl], node: Node) -> Doc:
    """A block of fields; one on each line, their types stand in a column, and so do the marks behind the types."""
    names = max((len(one.name.text) for one in parts), default=0)
    types = max((len(type_name(one.type)) for one in parts if marks(one)), default=0)
    return block(head, [(one, field(one, names, types)) for one in parts], node)


def field(node: FieldDecl, names: int, types: int) -> Doc:
    name, type = node.name.text, type_name(node.type)
    behind = (IfBroken(" " * (types - len(type) + 1)), " ", marks(node)) if marks(node) else ()
    return (f"{name}: ", IfBroken(" " * (names - len(name))), type, behind)


def type_name(node: ast.TypeName) -> str:
    options = f"({', '.join(one.text for one in node.options)})" if node.options else ""
    return f"{node.name}{options}{f' {node.currency}' if node.currency else ''}"


def marks(node: FieldDecl) -> str:
    """`key optional private default 3`, as far as they hold."""
    said = [word for word in ("key", "optional", "private") if getattr(node, word)]
    return " ".join(said + ([f"default {constant(node.default)}"] if node.default else []))


def constant(node: ast.Expr) -> str:
    """A literal, a negative one or a choice's name: what never breaks."""
    match node:
        case ast.Literal():
            return node.lexeme
        case ast.Negative(term=inner):
            return f"-{constant(inner)}"
        case ast.RefExpr(ref=ref):
            return ref.text
    raise TypeError(f"{type(node).__name__} is not a constant")


def crowd(node: ast.Crowd) -> Doc:
    head = words("crowd", node.name, node.doc)
    if node.by_algebra:
        return Group((f"{head} = ", Indent(4, expr(node.body))))
    return block(head, [(node.body, expr(node.body))], node)


def score(node: ast.Score) -> Doc:
    return clauses(words("score", node.name, node.doc), node.clauses, node, SCORE)


def points(node: ast.Points) -> Doc:
    condition = (before(node.condition), "when ", expr(node.condition)) if node.condition else ()
    return Group(
        Indent(4, (f"{'add' if node.sign > 0 else 'take'} ", expr(node.points), " points", condition))
    )


def grades(node: ast.Grades) -> Doc:
    return Group(("grade ", Indent(4, listed([(one, band(one)) for one in node.bands]))))


def band(node: ast.Band) -> str:
    return (
        f"{node.grade.text} below"
        if node.threshold is None
        else f"{node.grade.text} from {constant(node.threshold)}"
    )


SCORE: dict[type[Node], Printer] = {ast.Points: points, ast.Grades: grades}

DECLARATIONS: dict[type[Node], Printer] = {
    ast.Settings: settings,
    ast.Use: use,
    ast.Profile: profile,
    ast.Input: input,
    ast.EventDecl: event,
    ast.ListDecl: lambda node: words("list", node.name, node.doc),
    ast.Crowd: crowd,
    ast.Score: score,
}
