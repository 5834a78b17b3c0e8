"""`{ tier: plus, price: 30 EUR }`: constants, each of the type that its name was declared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from compiler.calendar import known_zone
from compiler.checked.comparisons import constant
from compiler.checked.expressions import Typing
from compiler.checked.references import attribute as attribute_of
from compiler.checked.scope import EventView
from compiler.types import MISSING, TEXT, UNAVAILABLE, Kind, Present, Type, Value
from dsl import ast

ABSENT: Mapping[str, Value] = {"missing": MISSING, "unavailable": UNAVAILABLE}
EVENT_ID = "event_id"

TypeOf = Callable[[ast.Name], Type]


def attributes(typing: Typing, scope: str, entries: tuple[ast.Entry, ...]) -> dict[str, Value]:
    """Of `given user` or `given input`."""
    return typed(typing, entries, lambda name: attribute_of(typing, scope, name.text, name.span).type)


def event_fields(typing: Typing, view: EventView, entries: tuple[ast.Entry, ...]) -> dict[str, Value]:
    """By the names of the real event's fields. What an event holds cannot be unavailable by itself."""
    written = [each for each in entries if each.name.text != EVENT_ID or EVENT_ID in view.fields]
    values = typed(
        typing, tuple(written), lambda name: typing.names.event_field(view, name.text, name.span)[1]
    )
    for each in written:
        if values.get(each.name.text) is UNAVAILABLE:
            raise typing.names.refuse(
                "S510",
                "a field of an event is there or missing",
                each.value.span,
                f"write `given unavailable {view.event}` for all events of this kind",
            )
    return {view.fields[name][0]: value for name, value in values.items()}


def event_id(typing: Typing, entries: tuple[ast.Entry, ...]) -> str | None:
    """The id that an entry `event_id: "x"` gives."""
    for each in entries:
        if each.name.text == EVENT_ID:
            found = constant(typing, each.value, TEXT)
            assert isinstance(found, str)
            return found
    return None


def typed(typing: Typing, entries: tuple[ast.Entry, ...], type_of: TypeOf) -> dict[str, Value]:
    """Name → value; every entry that is wrong is a finding."""
    values: dict[str, Value] = {}
    for each in entries:
        typing.names.attempt(lambda each=each: enter(typing, each, type_of, values))  # type: ignore[misc]
    return values


def enter(typing: Typing, entry: ast.Entry, type_of: TypeOf, values: dict[str, Value]) -> None:
    name = entry.name
    type_ = type_of(name)
    if name.text in values:
        typing.names.note("S404", f"`{name.text}` stands here twice", name.span, "one of them has to go")
    values[name.text] = value_of(typing, entry.value, type_)


def value_of(typing: Typing, node: ast.Expr, type_: Type) -> Value:
    """A constant of the type, `missing` or `unavailable`."""
    word = node.ref.text if isinstance(node, ast.RefExpr) else ""
    if word in ABSENT and word not in type_.options:
        return ABSENT[word]
    return constant_of(typing, node, type_)


def constant_of(typing: Typing, node: ast.Expr, type_: Type) -> Present:
    return READERS.get(type_.kind, constant)(typing, node, type_)


def timezone(typing: Typing, node: ast.Expr, type_: Type) -> Present:
    zone = constant(typing, node, type_)
    assert isinstance(zone, str)
    if not known_zone(zone):
        raise typing.names.refuse(
            "S215", f"unknown time zone `{zone}`", node.span, 'zones are written as in "Europe/Berlin"'
        )
    return zone


def text_set(typing: Typing, node: ast.Expr, type_: Type) -> Present:
    """`set("a", "b")`."""
    if not isinstance(node, ast.Call) or node.function.text != "set":
        example = f"set({node.lexeme})" if isinstance(node, ast.Literal) else 'set("a", "b")'
        raise typing.names.refuse("S511", "a set of texts is needed here", node.span, f"write `{example}`")
    texts = (constant(typing, argument, TEXT) for argument in node.arguments)
    return frozenset(text for text in texts if isinstance(text, str))


def money(typing: Typing, node: ast.Expr, type_: Type) -> Present:
    """With its currency: `20 EUR`."""
    if isinstance(node, ast.Literal) and node.kind in (ast.LiteralKind.INT, ast.LiteralKind.NUMBER):
        mended = f"{node.lexeme} {type_.currency}"
        raise typing.names.refuse(
            "S511", f"{type_} is needed here", node.span, f"write `{mended}`", replacement=mended
        )
    return constant(typing, node, type_)


READERS: Mapping[Kind, Callable[[Typing, ast.Expr, Type], Present]] = {
    Kind.MONEY: money,
    Kind.TIMEZONE: timezone,
    Kind.SET: text_set,
}
