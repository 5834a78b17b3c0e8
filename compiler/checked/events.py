"""Aggregates, `did`, sequences and windows."""

from __future__ import annotations

from datetime import date, timedelta

from compiler.checked import ir
from compiler.checked.expressions import TABLE, Typing
from compiler.checked.literals import instant_of
from compiler.checked.scope import EventView, part_of
from compiler.checked.wording import called, some
from compiler.types import DURATION, INT, NUMBER, ORDERED, SUMMABLE, Kind, Type
from dsl import ast
from dsl.source import Span

MINUTE = 60_000_000
DAY = 86_400_000_000
LONGEST_WINDOW = 100 * 366 * DAY


def elapsed(typing: Typing, duration: ast.Duration) -> int:
    """Microseconds of a duration that has to be positive and within a century."""
    if duration.microseconds == 0:
        raise typing.names.refuse(
            "S402", f"`{duration.lexeme}` is no time at all", duration.span, "write more than 0"
        )
    if duration.microseconds > LONGEST_WINDOW:
        raise typing.names.refuse(
            "S402",
            f"`{duration.lexeme}` is more than 100 years",
            duration.span,
            "a window over all of history is `ever`",
        )
    return duration.microseconds


def check_window(typing: Typing, window: ast.Window) -> ir.Window:
    if isinstance(window, ast.Within):
        return ir.Rolling(elapsed(typing, window.duration))
    if isinstance(window, ast.Between):
        return fixed(typing, window)
    return ir.LocalDay() if isinstance(window, ast.Today) else ir.Ever()


def fixed(typing: Typing, window: ast.Between) -> ir.Fixed:
    zone = typing.names.settings().zone
    start = instant_of(window.start.lexeme, zone)
    end = end_of(window.end, zone)
    if end <= start:
        raise typing.names.refuse(
            "S402",
            "this range ends before it begins",
            window.start.span.to(window.end.span),
            "write the earlier one first",
        )
    return ir.Fixed(start, end)


def end_of(end: ast.DateTime, zone: str) -> int:
    """The first instant behind a range: behind the whole day of a date, just behind an instant."""
    if not end.is_date:
        return instant_of(end.lexeme, zone) + 1
    return instant_of((date.fromisoformat(end.lexeme) + timedelta(days=1)).isoformat(), zone)


def check_where(typing: Typing, view: EventView, where: ast.Expr | None) -> ir.Expr | None:
    """A condition on one event."""
    return None if where is None else typing.inside(event=view).condition(where)


def forbid_nesting(typing: Typing, span: Span) -> None:
    if typing.around.event is not None:
        raise typing.names.refuse(
            "S314",
            "a `where` looks at one event, this looks at many",
            span,
            "move it out of the `where`, behind the window",
        )


def with_same(
    typing: Typing, view: EventView, same: ast.Name, where: ir.Expr | None, node: ast.Did | ast.Unless
) -> ir.Expr:
    """`with same F`: the event's F equals the trigger's, and `where` if there is one."""
    trigger = typing.around.trigger
    if trigger is None:
        raise typing.names.refuse(
            "S315",
            f"the same `{same.text}` as what? there is no trigger here",
            same.span,
            "`with same` stands in a plan's `on … when …` and `unless …`",
        )
    mine, my_type = typing.names.event_field(view, same.text, same.span)
    theirs, their_type = typing.names.event_field(trigger, same.text, same.span)
    written = ast.RefExpr(same.span, ast.Ref(same.span, (same.text,)))
    left, right = typing.common(
        (written, ir.EventField(my_type, mine)),
        (written, ir.TriggerField(their_type, theirs)),
        f"`{same.text}` is {{}} here, and {{}} in the trigger",
    )
    equal = ir.Equal(left, right, node.event.span.to(same.span))
    return equal if where is None else ir.And((equal, where), node.span)


# ---- aggregates


def check_aggregate(typing: Typing, node: ast.Aggregate) -> ir.Expr:
    forbid_nesting(typing, node.span)
    view, field = aggregated(typing, node)
    if field is None and node.function != "count":
        raise typing.names.refuse(
            "S316",
            f"`{node.function} of` needs a field of the event",
            node.of.span,
            f"for example `{node.function} of {node.of.text}.{field_for(node.function, view)}`",
        )
    type_ = aggregate_type(typing, node, field)
    where, without, window = typing.names.together(
        lambda: check_where(typing, view, node.where),
        lambda: check_without(typing, view, node.without) if node.without else None,
        lambda: check_window(typing, node.window),
    )
    return ir.Aggregate(type_, node.function, view.event, field, where, without, window, node.span)  # type: ignore[arg-type]


def aggregated(typing: Typing, node: ast.Aggregate) -> tuple[EventView, ir.EventField | None]:
    """The event and the field after `of`."""
    view = typing.names.event_of(node.of)
    if len(node.of.parts) == 1:
        return view, None
    actual, type_ = typing.names.field_of(view, node.of, 1)
    return view, ir.EventField(type_, actual)


FITTING = {"sum": SUMMABLE, "average": SUMMABLE, "min": ORDERED, "max": ORDERED}
"""Aggregate -> the kinds of fields that it takes, where it does not take all."""


def fitting(function: str, view: EventView) -> list[str]:
    """Fields of an event that an aggregate takes."""
    kinds = FITTING.get(function, frozenset(Kind))
    return [name for name, (_, type_) in view.fields.items() if type_.kind in kinds]


def field_for(function: str, view: EventView) -> str:
    return next(iter(fitting(function, view)), "FIELD")


def aggregate_type(typing: Typing, node: ast.Aggregate, field: ir.EventField | None) -> Type:
    if field is None or node.function in ("count", "distinct"):
        return INT
    if field.type.kind not in FITTING.get(node.function, frozenset(Kind)):
        others = fitting(node.function, typing.names.event(ast.Ref(node.of.span, node.of.parts[:1])))
        raise typing.names.refuse(
            "S316",
            f"there is no {node.function} of {called(field.type)}",
            part_of(node.of, 1),
            f"fields that have one: {some(others)}",
        )
    return NUMBER if node.function == "average" and field.type.kind is Kind.INT else field.type


def check_without(typing: Typing, view: EventView, without: ast.Without) -> ir.Without:
    other = typing.names.event(without.event)
    mine, my_type = typing.names.event_field(view, without.same.text, without.same.span)
    theirs, their_type = typing.names.event_field(other, without.same.text, without.same.span)
    if my_type != their_type or mine != theirs:
        raise typing.names.refuse(
            "S305",
            f"`{without.same.text}` is {called(my_type)} in `{view.event}`, and {called(their_type)} in `{other.event}`",
            without.same.span,
            "only what is of one type can be the same",
        )
    return ir.Without(other.event, mine)


def check_since_last(typing: Typing, node: ast.SinceLast) -> ir.Expr:
    forbid_nesting(typing, node.span)
    return ir.SinceLast(DURATION, typing.names.event(node.event).event, node.span)


# ---- did


def check_did(typing: Typing, node: ast.Did) -> ir.Expr:
    forbid_nesting(typing, node.span)
    view = typing.names.event(node.event)
    where, at_least, window = typing.names.together(
        lambda: check_where_and_same(typing, view, node),
        lambda: times(typing, node),
        lambda: check_window(typing, node.window),
    )
    did = ir.Did(view.event, at_least, where, window, node.span)
    return ir.Not(did, node.span) if node.negated else did


def check_where_and_same(typing: Typing, view: EventView, node: ast.Did | ast.Unless) -> ir.Expr | None:
    """`where …` and `with same …` as one condition."""
    where = check_where(typing, view, node.where)
    return where if node.same is None else with_same(typing, view, node.same, where, node)


def times(typing: Typing, node: ast.Did) -> int:
    if node.at_least == 0:
        raise typing.names.refuse(
            "S402",
            "`at least 0 times` is always so",
            node.span,
            "for somebody who never did, write `did not`",
        )
    return node.at_least or 1


def check_sequence(typing: Typing, node: ast.Sequence) -> ir.Expr:
    forbid_nesting(typing, node.span)
    first, then = typing.names.each(typing.names.event, (node.first, node.then))
    first_where, then_where, inside, without, window = typing.names.together(
        lambda: check_where(typing, first, node.first_where),
        lambda: check_where(typing, then, node.then_where),
        lambda: elapsed(typing, node.inside),
        lambda: typing.names.event(node.without).event if node.without else None,
        lambda: check_window(typing, node.window),
    )
    return ir.Sequence(first.event, first_where, then.event, then_where, inside, without, window, node.span)


TABLE[ast.Aggregate] = check_aggregate
TABLE[ast.SinceLast] = check_since_last
TABLE[ast.Did] = check_did
TABLE[ast.Sequence] = check_sequence
