"""May this user be contacted: by which channel, or from when on. Semantics, *contactable*."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from compiler.checked.ir import Then
from compiler.interpret.case import Case
from compiler.interpret.limits import broken_limits, objections
from compiler.interpret.whole_plan import whole_plan_limits, whole_plan_reasons
from compiler.outcome import Contact, Reason, Verdict

ROUNDS = 64
"""How often limits are judged anew on the way to the first instant that all would allow."""


@dataclass(frozen=True, slots=True)
class ChannelVerdict:
    """`prohibited`: by a `never`, which no waiting ends."""

    channel: str
    verdict: Verdict
    until: int | None
    reasons: tuple[Reason, ...]
    prohibited: bool = False


def contact(case: Case) -> Contact:
    """The verdict on a plan or channel, with all that speaks against it."""
    whole = whole_plan_reasons(case)
    channels = [channel_verdict(case, channel) for channel in case.channels]
    reasons = (*whole, *(reason for each in channels for reason in each.reasons))
    if whole:
        return Contact(Verdict.BLOCK, None, _until_of_whole_plan(case, whole, channels), reasons)
    sends = [each for each in channels if each.verdict is Verdict.SEND]
    if sends:
        return Contact(Verdict.SEND, sends[0].channel, None, ())
    wait = _earliest_wait(case, channels)
    if wait is not None:
        return Contact(Verdict.WAIT, wait.channel, wait.until, wait.reasons)
    return Contact(Verdict.BLOCK, None, _least(each.until for each in channels), reasons)


def channel_verdict(case: Case, channel: str) -> ChannelVerdict:
    """One channel judged by the policies alone."""
    against = objections(case, channel)
    reasons = tuple(each.reason for each in against)
    if not against:
        return ChannelVerdict(channel, Verdict.SEND, None, ())
    if any(each.then is None for each in against):
        return ChannelVerdict(channel, Verdict.BLOCK, None, reasons, prohibited=True)
    until = _first_allowed(case.scene.now, lambda at: broken_limits(case, channel, at))
    waits = until is not None and all(each.then is Then.WAIT for each in against)
    return ChannelVerdict(channel, Verdict.WAIT if waits else Verdict.BLOCK, until, reasons)


def _earliest_wait(case: Case, channels: list[ChannelVerdict]) -> ChannelVerdict | None:
    waits = [each for each in channels if each.verdict is Verdict.WAIT]
    first = min(waits, key=_until, default=None)
    expiry = None if case.occurrence is None else case.occurrence.expiry
    return None if first is None or (expiry is not None and _until(first) >= expiry) else first


def _until(verdict: ChannelVerdict) -> int:
    assert verdict.until is not None, "a channel that waits has an instant"
    return verdict.until


def _until_of_whole_plan(case: Case, whole: list[Reason], channels: list[ChannelVerdict]) -> int | None:
    """The first instant at which the whole plan and one of its channels would be free together."""
    if any(reason.until is None for reason in whole):
        return None
    return _least(_free_together(case, each) for each in channels if not each.prohibited)


def _free_together(case: Case, verdict: ChannelVerdict) -> int | None:
    return _first_allowed(
        case.scene.now, lambda at: [*whole_plan_limits(case, at), *broken_limits(case, verdict.channel, at)]
    )


def _least(instants: Iterable[int | None]) -> int | None:
    return min((each for each in instants if each is not None), default=None)


def _first_allowed(now: int, broken_at: Callable[[int], list[Reason]]) -> int | None:
    """From what is broken now on to the greatest `until`, again and again, until nothing is broken."""
    broken = broken_at(now)
    for _ in range(ROUNDS):
        untils = [reason.until for reason in broken if reason.until is not None]
        if len(untils) < len(broken):
            return None
        broken = broken_at(max(untils))
        if not broken:
            return max(untils)
    return None
