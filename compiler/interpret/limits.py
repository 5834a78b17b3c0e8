"""The prohibitions and limits of one channel. Semantics, *contactable*, *Per channel*."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from compiler.checked.ir import Cap, Cooldown, Limit, Policy, Quiet, Then
from compiler.facts import Event, Touch
from compiler.interpret.case import Case
from compiler.interpret.history import history
from compiler.interpret.kleene import any_of
from compiler.interpret.localtime import quiet_end, user_zone
from compiler.interpret.meaning import answer
from compiler.interpret.periods import free_again, in_period
from compiler.outcome import Because, Reason
from compiler.types import UNAVAILABLE, Unavailable


@dataclass(frozen=True, slots=True)
class Objection:
    """A rule that speaks against the channel; `then` None is a prohibition."""

    reason: Reason
    then: Then | None


Broken: TypeAlias = tuple[Because, int | None]
"""How a limit is broken, and the first instant at which it would allow; None is never or not known."""
UNKNOWN: Broken = (Because.UNAVAILABLE, None)


def objections(case: Case, channel: str) -> list[Objection]:
    """All that speaks against the channel now, in the order of the policies obeyed."""
    found: list[Objection] = []
    for policy in case.policies:
        found += _nevers(case, policy, channel)
        found += _limits(case, policy, channel, case.scene.now)
    return found


def broken_limits(case: Case, channel: str, at: int) -> list[Reason]:
    """The limits alone, as they stand at an instant if nothing else happens until then."""
    return [each.reason for policy in case.policies for each in _limits(case, policy, channel, at)]


def _nevers(case: Case, policy: Policy, channel: str) -> list[Objection]:
    answers = [
        (never.span, answer(never.condition, case.scene))
        for never in policy.nevers
        if never.channel in (None, channel)
    ]
    return [
        Objection(Reason(Because.NEVER, policy.key, span, channel, said), None)
        for span, said in answers
        if said is not False
    ]


def _limits(case: Case, policy: Policy, channel: str, at: int) -> list[Objection]:
    if allowed(case):
        return []
    judged = [(limit, _LIMITS[type(limit)](limit, case, channel, at)) for limit in policy.limits]
    return [
        Objection(_reason(policy, limit, channel, broken), limit.then)
        for limit, broken in judged
        if broken is not None and (case.marketing or broken is not UNKNOWN)
    ]


def _reason(policy: Policy, limit: Limit, channel: str, broken: Broken) -> Reason:
    because, until = broken
    said = None if broken is UNKNOWN else False
    return Reason(because, policy.key, limit.span, channel, said, until)


def allowed(case: Case) -> bool:
    """Whether a policy that the plan obeys frees the user from limits."""
    groups = [group for policy in case.policies for group in policy.allows]
    return any_of(answer(group.condition, case.scene) for group in groups) is True


def is_about(limit: Limit, case: Case, channel: str) -> bool:
    """Whether it holds for messages of this channel and these tags."""
    if not isinstance(limit, Cap):
        return True
    return limit.channel in (None, channel) and (limit.tag is None or limit.tag in case.tags)


# ---- each limit at an instant: None where it allows


def _quiet(limit: Quiet, case: Case, channel: str, at: int) -> Broken | None:
    until = quiet_end(at, limit.start, limit.end, user_zone(case.scene))
    return None if until is None else (Because.QUIET, until)


def _cap(limit: Cap, case: Case, channel: str, at: int) -> Broken | None:
    if not is_about(limit, case, channel):
        return None
    touches = case.touches
    if touches is UNAVAILABLE:
        return UNKNOWN
    capped = [touch for touch in touches if _capped(limit, touch)]
    times = [touch.time for touch in (capped if limit.channel else _messages(_of_others(capped, case)))]
    inside = [time for time in times if in_period(time, limit.period, at, case.scene)]
    if len(inside) < limit.limit:
        return None
    return Because.CAP, free_again(
        inside[-limit.limit], limit.period, at, case.scene
    ) if limit.limit else None


def _capped(limit: Cap, touch: Touch) -> bool:
    return (
        touch.counted
        and limit.channel in (None, touch.channel)
        and (limit.tag is None or limit.tag in touch.tags)
    )


def _cooldown(limit: Cooldown, case: Case, channel: str, at: int) -> Broken | None:
    before = _counted(case) if limit.event is None else _events(limit, limit.event, case, at)
    if before is UNAVAILABLE:
        return UNKNOWN
    warm = [each.time for each in before if at - limit.microseconds < each.time <= at]
    return (Because.COOLDOWN, max(warm) + limit.microseconds) if warm else None


def _counted(case: Case) -> list[Touch] | Unavailable:
    touches = case.touches
    if touches is UNAVAILABLE:
        return UNAVAILABLE
    return _of_others([touch for touch in touches if touch.counted], case)


def _of_others(touches: list[Touch], case: Case) -> list[Touch]:
    """Without those of the message that the plan completes."""
    plan, occurrence = case.plan, case.occurrence
    if plan is None or plan.completes is None or occurrence is None:
        return touches
    own = plan.completes + occurrence.id[len(plan.activity) :]
    return [touch for touch in touches if own not in (touch.occurrence, touch.completes)]


def _messages(touches: list[Touch]) -> list[Touch]:
    """Those that stand for a message: the last of those that complete one, and none that is completed."""
    last = {touch.completes: place for place, touch in enumerate(touches) if touch.completes is not None}
    return [
        touch
        for place, touch in enumerate(touches)
        if (touch.occurrence not in last if touch.completes is None else last[touch.completes] == place)
    ]


def _events(limit: Cooldown, event: str, case: Case, at: int) -> list[Event] | Unavailable:
    since = case.scene.facts.known_since.get(event)
    reaches = since is None or since <= at - limit.microseconds + 1
    return history(event, case.scene) if reaches else UNAVAILABLE


_LIMITS: dict[type[Limit], Callable[[Any, Case, str, int], Broken | None]] = {
    Quiet: _quiet,
    Cap: _cap,
    Cooldown: _cooldown,
}
