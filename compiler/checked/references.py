"""Names in expressions: fields, attributes, inputs, variables, scores. What cannot be one of them is explained in `meant`."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.checked import ir
from compiler.checked.expressions import TABLE, UNDERSTOOD, Typing
from compiler.checked.meant import not_a_field, unknown_dotted, unknown_name
from compiler.checked.scope import EventView, Refused, part_of
from compiler.checked.wording import declared
from compiler.types import TEXT, Kind, Type
from dsl import ast
from dsl.source import Span

WORDS: Mapping[str, ir.Expr] = {"now": ir.Now(), "today": ir.LocalDate()}
KINDS: Mapping[str, str] = {"user": "attribute", "input": "input"}
"""What a name behind `user.` or `input.` is."""


def check_ref(typing: Typing, node: ast.RefExpr) -> ir.Expr:
    parts = node.ref.parts
    return bare(typing, parts[0], node.span) if len(parts) == 1 else dotted(typing, node.ref)


def bare(typing: Typing, name: str, span: Span) -> ir.Expr:
    """A single name: inside `where` a field of the event, elsewhere a let, a term of the rank, an attribute or input."""
    around = typing.around
    if around.event is not None:
        return event_field(typing, around.event, name, span)
    if name in around.lets:
        return let(around.lets[name], name)
    if around.terms is not None and name in ir.PLAN_TERMS:
        return plan_term(typing, name, span)
    found = attribute_or_input(typing, name, span)
    if found is not None:
        return found
    if name in WORDS:
        return WORDS[name]
    raise unknown_name(typing, name, span)


def let(type_: Type | None, name: str) -> ir.Expr:
    if type_ is None:
        raise Refused
    return ir.LetRef(type_, name)


def attribute_or_input(typing: Typing, name: str, span: Span) -> ir.Expr | None:
    attribute, asked = typing.names.find("attribute", name), typing.names.find("input", name)
    if attribute and asked:
        raise typing.names.refuse(
            "S208",
            f"`{name}` is both an attribute of the user and an input of the request",
            span,
            f"write `user.{name}` or `input.{name}`",
        )
    if attribute:
        return ir.Attribute(attribute.type, "user", name)
    return ir.Attribute(asked.type, "input", name) if asked else None


def event_field(typing: Typing, event: EventView, name: str, span: Span) -> ir.Expr:
    if name in event.fields or name in event.broken:
        actual, type_ = typing.names.event_field(event, name, span)
        return ir.EventField(type_, actual)
    if name in WORDS:
        return WORDS[name]
    raise not_a_field(typing, event, name, span)


def plan_term(typing: Typing, name: str, span: Span) -> ir.Expr:
    assert typing.around.terms is not None
    term = typing.around.terms[name]
    if term is None:
        label = (
            f"add a line `{'value' if name == 'priority' else name} …` to the plan, or rank by something else"
        )
        raise typing.names.refuse("S411", f"not every plan ranked here has a `{name}`", span, label)
    return term


def dotted(typing: Typing, ref: ast.Ref) -> ir.Expr:
    head, *rest = ref.parts
    event, trigger = typing.around.event, typing.around.trigger
    if head in KINDS and len(rest) == 1:
        return known(typing, head, rest[0]) or attribute(typing, head, rest[0], part_of(ref, 1))
    if event is not None and looked_at(typing, event, ref.parts[:-1]):
        actual, type_ = typing.names.field_of(event, ref, len(rest))
        return ir.EventField(type_, actual)
    if head == "trigger" and len(rest) == 1 and trigger is not None:
        actual, type_ = typing.names.field_of(trigger, ref, 1)
        return ir.TriggerField(type_, actual)
    if rest[-1] in ("score", "grade"):
        return score_part(typing, ref)
    raise unknown_dotted(typing, ref)


def looked_at(typing: Typing, event: EventView, owner: tuple[str, ...]) -> bool:
    """Whether a name is that of the event that this `where` is about; `event` always is."""
    return (
        owner == ("event",)
        or typing.names.find("event", typing.names.scope.qualify(".".join(owner))) == event
    )


def attribute(typing: Typing, scope: str, name: str, span: Span) -> ir.Expr:
    found = known(typing, scope, name)
    if found is None:
        kind = KINDS[scope]
        names = typing.names.world.names(kind)
        raise typing.names.misspelt(
            "S204", f"unknown {kind} `{scope}.{name}`", span, name, names, declared(kind)
        )
    return found


def known(typing: Typing, scope: str, name: str) -> ir.Attribute | None:
    found = typing.names.find(KINDS[scope], name)
    return None if found is None else ir.Attribute(found.type, "user" if scope == "user" else "input", name)


def score_part(typing: Typing, ref: ast.Ref) -> ir.Expr:
    owner = ast.Ref(part_of(ref, 0, -1), ref.parts[:-1])
    name = typing.names.named("S205", "score", "score", owner)
    signature = typing.names.find("score", name)
    if ref.parts[-1] == "score":
        return ir.ScoreRef(signature.type, name)
    if not signature.grades:
        raise typing.names.refuse(
            "S205",
            f"score `{owner.text}` has no grades",
            ref.span,
            "add a line `grade A from …, B below` to the score",
        )
    return ir.GradeRef(Type(Kind.CHOICE, options=signature.grades), name)


def text(typing: Typing, node: ast.Expr, wanted: Type) -> ir.Const | None:
    """`"de"`. Where a text is wanted, a name that means nothing is one whose quotes were left out."""
    if isinstance(node, ast.Literal) and node.kind is ast.LiteralKind.TEXT:
        return ir.Const(TEXT, str(node.value))
    if not isinstance(node, ast.RefExpr) or len(node.ref.parts) > 1:
        return None
    name = node.ref.text
    if typing.means_something(name) or name in WORDS:
        return None
    if typing.around.event is not None:
        raise not_a_field(typing, typing.around.event, name, node.span, as_text=True)
    raise unknown_name(typing, name, node.span, as_text=True)


TABLE[ast.RefExpr] = check_ref
UNDERSTOOD[Kind.TEXT] = text
