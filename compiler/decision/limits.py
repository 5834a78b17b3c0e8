"""Limits of policies, each made into a judge for one channel and one sort of plan."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from compiler.calendar import quiet_end
from compiler.checked.ir import Cap, Cooldown, Limit, Quiet
from compiler.decision.case import Moment
from compiler.decision.periods import over, within
from compiler.decision.windows import TIME
from compiler.facts import Touch
from compiler.outcome import Because, Reason
from compiler.types import UNAVAILABLE
from dsl.frozen import dataclass

Judge = Callable[[Moment], Reason | None]
"""Why a limit is broken at a moment, None if it is not."""

ROUNDS = 64
"""How often limits are judged again before waiting is given up."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What is to be sent: the channel, and what its plan says of itself."""

    channel: str | None
    tags: frozenset[str]
    is_marketing: bool
    completes: tuple[str, str] | None = None
    """The plan's activity, and that of the plan whose messages it completes."""

    def message(self, occurrence: str | None) -> str | None:
        """The occurrence that one of its own completes; None if there is none."""
        if self.completes is None or occurrence is None:
            return None
        activity, completed = self.completes
        return completed + occurrence.removeprefix(activity)


def unavailable(reason: Reason, is_marketing: bool) -> Reason | None:
    """What stands for a limit that cannot be judged: only marketing is stopped by it."""
    return replace(reason, because=Because.UNAVAILABLE, answer=None, until=None) if is_marketing else None


def limit_judge(limit: Limit, owner: str, sending: Sending, first_weekday: int) -> Judge | None:
    """None for a limit that does not concern what is sent."""
    return _JUDGES[type(limit)](limit, owner, sending, first_weekday)


def _quiet(limit: Quiet, owner: str, sending: Sending, first_weekday: int) -> Judge:
    reason = Reason(Because.QUIET, owner, limit.span, sending.channel)

    def judge(moment: Moment) -> Reason | None:
        end = quiet_end(moment.zone, moment.at, limit.start, limit.end)
        return replace(reason, until=end) if end > moment.at else None

    return judge


def _cap(limit: Cap, owner: str, sending: Sending, first_weekday: int) -> Judge | None:
    if limit.channel not in (None, sending.channel) or not (limit.tag is None or limit.tag in sending.tags):
        return None
    reason = Reason(Because.CAP, owner, limit.span, sending.channel)
    inside, free = within(limit.period, first_weekday), over(limit.period, first_weekday)

    def judge(moment: Moment) -> Reason | None:
        touches = moment.touches
        if touches is UNAVAILABLE:
            return unavailable(reason, sending.is_marketing)
        if not touches and limit.limit:
            return None
        counted = [
            touch
            for touch in touches
            if touch.counted
            and (limit.channel is None or touch.channel == limit.channel)
            and (limit.tag is None or limit.tag in touch.tags)
        ]
        if limit.channel is None:
            counted = messages(counted, sending.message(moment.occurrence))
        used = inside(moment, [touch.time for touch in counted])
        if len(used) < limit.limit:
            return None
        return replace(reason, until=free(moment, used[-limit.limit])) if limit.limit else reason

    return judge


def _cooldown(limit: Cooldown, owner: str, sending: Sending, first_weekday: int) -> Judge:
    reason = Reason(Because.COOLDOWN, owner, limit.span, sending.channel)
    newest = _newest_send(sending) if limit.event is None else _newest_event(limit.event)

    def judge(moment: Moment) -> Reason | None:
        start = moment.at - limit.microseconds
        last = newest(moment, start)
        if last is UNAVAILABLE:
            return unavailable(reason, sending.is_marketing)
        return None if last is None or last <= start else replace(reason, until=last + limit.microseconds)

    return judge


def _newest_send(sending: Sending) -> Callable[[Moment, int], Any]:
    def newest(moment: Moment, start: int) -> Any:
        if moment.touches is UNAVAILABLE:
            return UNAVAILABLE
        own = sending.message(moment.occurrence)
        return next(
            (
                touch.time
                for touch in reversed(moment.touches)
                if touch.counted and not (own and is_of(touch, own))
            ),
            None,
        )

    return newest


def messages(touches: list[Touch], own: str | None) -> list[Touch]:
    """Of touches by time, one for each message, its last; none of the message `own`."""
    completing = {touch.completes: touch for touch in touches if touch.completes}
    if own is not None:
        touches = [touch for touch in touches if not is_of(touch, own)]
    if not completing:
        return touches
    return [touch for touch in touches if completing.get(touch.completes or touch.occurrence, touch) is touch]


def is_of(touch: Touch, message: str) -> bool:
    return message in (touch.occurrence, touch.completes)


def _newest_event(name: str) -> Callable[[Moment, int], Any]:
    def newest(moment: Moment, start: int) -> Any:
        context = moment.context
        events = context.events.get(name, ())
        if events is UNAVAILABLE or context.known_since.get(name, start) > start + 1:
            return UNAVAILABLE
        passed = bisect_right(events, context.now, key=TIME)
        return events[passed - 1].time if passed else None

    return newest


_JUDGES: Mapping[type, Callable[[Any, str, Sending, int], Judge | None]] = {
    Quiet: _quiet,
    Cap: _cap,
    Cooldown: _cooldown,
}


def broken(judges: Iterable[Judge], moment: Moment) -> list[Reason]:
    return [reason for judge in judges if (reason := judge(moment)) is not None]


def latest(reasons: Iterable[Reason]) -> int | None:
    """When all would allow, each alone; None if one never does."""
    greatest: int | None = None
    for reason in reasons:
        if reason.until is None:
            return None
        greatest = reason.until if greatest is None else max(greatest, reason.until)
    return greatest


def first_free(judges: Iterable[Judge], moment: Moment, reasons: Iterable[Reason]) -> int | None:
    """The first instant at which no judge finds a reason, from `reasons`, those of now, on; None if there is none."""
    for _ in range(ROUNDS):
        at = latest(reasons)
        if at is None:
            return None
        reasons = broken(judges, moment.later(at))
        if not reasons:
            return at
    return None
