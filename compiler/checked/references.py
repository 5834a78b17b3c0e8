"""Names in expressions: fields of events, attributes, inputs, lets, terms of a rank, scores."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.checked import ir
from compiler.checked.expressions import TABLE, Typing
from compiler.checked.scope import EventView, listing
from compiler.types import (
    Kind,
    Type,
)
from dsl import ast
from dsl.source import Span


def check_ref(typing: Typing, node: ast.RefExpr) -> ir.Expr:
    parts = node.ref.parts
    return bare(typing, parts[0], node.span) if len(parts) == 1 else dotted(typing, node)


def bare(typing: Typing, name: str, span: Span) -> ir.Expr:
    """A single name: inside `where` a field of the event, elsewhere a let, a term of the rank, an attribute or input."""
    around = typing.around
    if around.event is not None:
        return event_field(typing, around.event, name, span)
    if name in around.lets:
        return ir.LetRef(around.lets[name], name)
    if around.terms is not None and name in ir.PLAN_TERMS:
        return plan_term(typing, name, span)
    attribute, asked = typing.names.find("attribute", name), typing.names.find("input", name)
    if attribute and asked:
        raise typing.names.refuse(
            "S208",
            f"`{name}` is both an attribute of the user and an input of the request",
            span,
            f"write `user.{name}` or `input.{name}`",
        )
    if attribute or asked:
        found = attribute or asked
        return ir.Attribute(found.type, "user" if attribute else "input", name)
    if name in WORDS:
        return WORDS[name]
    raise unknown_name(typing, name, span)


WORDS: Mapping[str, ir.Expr] = {"now": ir.Now(), "today": ir.LocalDate()}


def event_field(typing: Typing, event: EventView, name: str, span: Span) -> ir.Expr:
    if name not in event.fields and name in WORDS:
        return WORDS[name]
    if name not in event.fields and typing.names.find("attribute", name):
        raise typing.names.refuse(
            "S203",
            f"event `{event.event}` has no field `{name}`",
            span,
            f"the user's attribute is `user.{name}` here",
            replacement=f"user.{name}",
        )
    actual, type_ = typing.names.event_field(event, name, span)
    return ir.EventField(type_, actual)


def plan_term(typing: Typing, name: str, span: Span) -> ir.Expr:
    assert typing.around.terms is not None
    term = typing.around.terms[name]
    if term is None:
        raise typing.names.refuse("S411", f"a plan ranked here has no `{name}`", span)
    return term


ASKED_IN_TESTS = {"decide": "expect {} is …", "plan": "expect plan {} …"}


def unknown_name(typing: Typing, name: str, span: Span) -> Exception:
    world = typing.names.world
    known = [*world.names("attribute"), *world.names("input"), *typing.around.lets, *WORDS]
    groups = typing.names.find("group", typing.names.scope.qualify(name))
    if groups:
        return typing.names.refuse(
            "S207",
            f"`{name}` is a {groups}, not a value",
            span,
            f"write `user in {name}`",
            replacement=f"user in {name}",
        )
    if typing.names.find("score", typing.names.scope.qualify(name)):
        return typing.names.refuse(
            "S207",
            f"`{name}` is a score",
            span,
            f"write `{name}.score` or `{name}.grade`",
            replacement=f"{name}.score",
        )
    for kind, example in ASKED_IN_TESTS.items():
        if typing.names.scope.qualify(name) in world.names(kind):
            label = f"a line of its own in a test asks about it: `{example.format(name)}`"
            return typing.names.refuse("S207", f"`{name}` is a {kind}, not a value", span, label)
    return typing.names.refuse(
        "S202",
        f"unknown name `{name}`",
        span,
        typing.names.did_you_mean(name, known),
        (listing("names that may stand here", known),),
    )


def dotted(typing: Typing, node: ast.RefExpr) -> ir.Expr:
    head, *rest = node.ref.parts
    if head in ("user", "input") and len(rest) == 1:
        return attribute(typing, head, rest[0], node.span)
    if head == "event" and len(rest) == 1 and typing.around.event is not None:
        actual, type_ = typing.names.event_field(typing.around.event, rest[0], node.span)
        return ir.EventField(type_, actual)
    if head == "trigger" and len(rest) == 1 and typing.around.trigger is not None:
        actual, type_ = typing.names.event_field(typing.around.trigger, rest[0], node.span)
        return ir.TriggerField(type_, actual)
    if rest[-1] in ("score", "grade"):
        return score_part(typing, node)
    raise unknown_dotted(typing, node)


def attribute(typing: Typing, scope: str, name: str, span: Span) -> ir.Expr:
    kind = "attribute" if scope == "user" else "input"
    found = typing.names.find(kind, name)
    if found is None:
        known = list(typing.names.world.names(kind))
        raise typing.names.refuse(
            "S204",
            f"unknown {'attribute' if scope == 'user' else 'input'} `{scope}.{name}`",
            span,
            typing.names.did_you_mean(name, known),
            (listing("names that may stand here", known),),
        )
    return ir.Attribute(found.type, "user" if scope == "user" else "input", name)


def score_part(typing: Typing, node: ast.RefExpr) -> ir.Expr:
    owner = ast.Ref(node.span, node.ref.parts[:-1])
    name = typing.names.named("S205", "score", "score", owner)
    signature = typing.names.find("score", name)
    if node.ref.parts[-1] == "score":
        return ir.ScoreRef(signature.type, name)
    if not signature.grades:
        raise typing.names.refuse(
            "S205",
            f"score `{owner.text}` has no grades",
            node.span,
            "add a line `grade A from …, B below` to it",
        )
    return ir.GradeRef(Type(Kind.CHOICE, options=signature.grades), name)


def unknown_dotted(typing: Typing, node: ast.RefExpr) -> Exception:
    head, field_name = node.ref.parts[0], node.ref.parts[-1]
    if typing.names.find("event", typing.names.scope.qualify(head)):
        return typing.names.refuse(
            "S207",
            f"`{node.ref.text}` is a field of many events",
            node.span,
            "say which: `last of`, `sum of`, `max of` …",
            (f"for example `last of {node.ref.text} within 7 days`, or `{field_name}` inside a `where`",),
        )
    return typing.names.refuse(
        "S202",
        f"unknown name `{node.ref.text}`",
        node.span,
        "`user.…`, `input.…` and `SCORE.score` may stand here",
    )


TABLE[ast.RefExpr] = check_ref
