"""Aggregates, `did`, sequences and windows."""

from __future__ import annotations

from datetime import date, timedelta

from compiler.checked import ir
from compiler.checked.expressions import TABLE, Typing, article
from compiler.checked.literals import instant_of
from compiler.checked.scope import EventView
from compiler.types import DURATION, INT, NUMBER, ORDERED, SUMMABLE, Kind, Type
from dsl import ast
from dsl.source import Span

MINUTE = 60_000_000
DAY = 86_400_000_000
LONGEST_WINDOW = 100 * 366 * DAY


def elapsed(typing: Typing, duration: ast.Duration) -> int:
    """Microseconds of a duration that has to be positive and within a century."""
    if duration.microseconds == 0:
        raise typing.names.refuse("S402", "an empty span of time", duration.span, "it holds no instant")
    if duration.microseconds > LONGEST_WINDOW:
        raise typing.names.refuse(
            "S402", "a span of more than 100 years", duration.span, "write `ever` for all of history"
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
        raise typing.names.refuse("S402", "this range ends before it begins", window.span)
    return ir.Fixed(start, end)


def end_of(end: ast.DateTime, zone: str) -> int:
    """The first instant behind a range: behind the whole day of a date, just behind an instant."""
    if not end.is_date:
        return instant_of(end.lexeme, zone) + 1
    return instant_of((date.fromisoformat(end.lexeme) + timedelta(days=1)).isoformat(), zone)


def check_where(typing: Typing, view: EventView, where: ast.Expr | None) -> ir.Expr | None:
    """A condition on one event."""
    if where is None:
        return None
    if typing.around.event is not None:
        raise typing.names.refuse("S314", "a `where` cannot look at other events", where.span)
    return typing.inside(event=view).condition(where)


def forbid_nesting(typing: Typing, span: Span) -> None:
    if typing.around.event is not None:
        raise typing.names.refuse(
            "S314", "a `where` cannot look at other events", span, "move this out of the `where`"
        )


def with_same(typing: Typing, view: EventView, same: ast.Name, where: ir.Expr | None, span: Span) -> ir.Expr:
    """`with same F`: the event's F equals the trigger's, and `where` if there is one."""
    trigger = typing.around.trigger
    if trigger is None:
        raise typing.names.refuse(
            "S315",
            "`with same` needs a trigger to compare with",
            same.span,
            "it stands in a plan's `on … when …` and `unless …`",
        )
    mine, my_type = typing.names.event_field(view, same.text, same.span)
    theirs, their_type = typing.names.event_field(trigger, same.text, same.span)
    left, right = typing.common(ir.EventField(my_type, mine), ir.TriggerField(their_type, theirs), same.span)
    equal = ir.Equal(left, right, same.span)
    return equal if where is None else ir.And((equal, where), span)


# ---- aggregates


def check_aggregate(typing: Typing, node: ast.Aggregate) -> ir.Expr:
    forbid_nesting(typing, node.span)
    view, field = aggregated(typing, node)
    if field is None and node.function != "count":
        raise typing.names.refuse(
            "S316",
            f"`{node.function} of` needs a field of the event",
            node.of.span,
            f"for example `{node.function} of {node.of.text}.{next(iter(view.fields), 'FIELD')}`",
        )
    type_ = aggregate_type(typing, node, field)
    where = check_where(typing, view, node.where)
    without = check_without(typing, view, node.without) if node.without else None
    window = check_window(typing, node.window)
    return ir.Aggregate(type_, node.function, view.event, field, where, without, window, node.span)  # type: ignore[arg-type]


def aggregated(typing: Typing, node: ast.Aggregate) -> tuple[EventView, ir.EventField | None]:
    """The event and the field after `of`."""
    event, *rest = node.of.parts
    view = typing.names.event(ast.Ref(node.of.span, (event,)))
    if not rest:
        return view, None
    actual, type_ = typing.names.event_field(view, ".".join(rest), node.of.span)
    return view, ir.EventField(type_, actual)


def aggregate_type(typing: Typing, node: ast.Aggregate, field: ir.EventField | None) -> Type:
    if field is None or node.function in ("count", "distinct"):
        return INT
    kind = field.type.kind
    fits = {"sum": SUMMABLE, "average": SUMMABLE, "min": ORDERED, "max": ORDERED}.get(node.function)
    if fits is not None and kind not in fits:
        raise typing.names.refuse(
            "S316",
            f"{article(field.type)} has no {node.function}",
            node.of.span,
            f"`{node.of.text}` is declared so",
        )
    return NUMBER if node.function == "average" and kind is Kind.INT else field.type


def check_without(typing: Typing, view: EventView, without: ast.Without) -> ir.Without:
    other = typing.names.event(without.event)
    mine, my_type = typing.names.event_field(view, without.same.text, without.same.span)
    theirs, their_type = typing.names.event_field(other, without.same.text, without.same.span)
    if my_type != their_type or mine != theirs:
        raise typing.names.refuse(
            "S305",
            f"`{without.same.text}` of `{view.event}` is {article(my_type)}, of `{other.event}` {article(their_type)}",
            without.same.span,
        )
    return ir.Without(other.event, mine)


def check_since_last(typing: Typing, node: ast.SinceLast) -> ir.Expr:
    forbid_nesting(typing, node.span)
    return ir.SinceLast(DURATION, typing.names.event(node.event).event, node.span)


# ---- did


def check_did(typing: Typing, node: ast.Did) -> ir.Expr:
    forbid_nesting(typing, node.span)
    view = typing.names.event(node.event)
    where = check_where(typing, view, node.where)
    if node.same is not None:
        where = with_same(typing, view, node.same, where, node.span)
    at_least = 1 if node.at_least is None else node.at_least
    if at_least == 0:
        raise typing.names.refuse("S402", "at least 0 times is always so", node.span)
    did = ir.Did(view.event, at_least, where, check_window(typing, node.window), node.span)
    return ir.Not(did, node.span) if node.negated else did


def check_sequence(typing: Typing, node: ast.Sequence) -> ir.Expr:
    forbid_nesting(typing, node.span)
    first, then = typing.names.event(node.first), typing.names.event(node.then)
    return ir.Sequence(
        first.event,
        check_where(typing, first, node.first_where),
        then.event,
        check_where(typing, then, node.then_where),
        elapsed(typing, node.inside),
        typing.names.event(node.without).event if node.without else None,
        check_window(typing, node.window),
        node.span,
    )


TABLE[ast.Aggregate] = check_aggregate
TABLE[ast.SinceLast] = check_since_last
TABLE[ast.Did] = check_did
TABLE[ast.Sequence] = check_sequence
