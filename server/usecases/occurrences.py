"""What becomes of occurrences: which an event opens, which a decision ended, and when the others are looked at again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field

from compiler.decision.occurrences import State
from compiler.decision.program import Opening
from compiler.facts import Facts, Opened
from compiler.outcome import Because, Decision, Gate, PlanOutcome, Verdict
from compiler.types import UNAVAILABLE
from dsl.frozen import dataclass
from server.ports import Occurrence, OccurrenceKey, RecordedEvent
from server.usecases.active_rules import Serving
from server.usecases.typed_facts import Known

RETRY = 30 * 10**6
"""Microseconds until what could not be judged, as something was unavailable, is tried again."""


def opened_by(
    serving: Serving, facts: Facts, event: RecordedEvent, decide: str | None = None
) -> tuple[Occurrence, ...]:
    """Occurrences that a recorded event opens. They are decided by `decide` if it lists their plan, else by the first
    that does."""
    known = facts.events.get(event.type, ())
    typed = next((each for each in known if each.id == event.id), None) if isinstance(known, tuple) else None
    if typed is None:
        return ()
    openings = serving.program.openings(event.type, typed, facts)
    asked = {each.plan: decide_for(serving, each.plan, decide) for each in openings}
    return tuple(
        occurrence(serving, event.user, each, name) for each in openings if (name := asked[each.plan])
    )


def decide_for(serving: Serving, plan: str, preferred: str | None) -> str | None:
    decides = serving.ruleset.decides
    if preferred is not None and plan in decides[preferred].plans:
        return preferred
    return next((name for name, decide in decides.items() if plan in decide.plans), None)


def decide_of(serving: Serving, occurrence: Occurrence) -> str | None:
    """What decides an open occurrence: its `decide`, if that still lists its plan, else the first that does."""
    plans = serving.ruleset.plans.values()
    plan = next((each.name for each in plans if each.activity == occurrence.activity), None)
    known = occurrence.decide in serving.ruleset.decides
    return plan and decide_for(serving, plan, occurrence.decide if known else None)


def occurrence(serving: Serving, user: str, opening: Opening, decide: str) -> Occurrence:
    found = opening.occurrence
    return Occurrence(
        user=user,
        plan=opening.plan,
        activity=opening.activity,
        event_id=found.event.id,
        id=found.id,
        version=serving.version,
        decide=decide,
        due=found.due,
        expires=found.expiry,
        wake=found.due,
    )


def judges(open: Iterable[Occurrence], facts: Facts) -> Mapping[str, str]:
    """By activity, the version that judges its plan: the one that opened the occurrence that is due first, of those that
    no contact answers. Those that other versions opened wait for their turn."""
    known = [each for each in (facts.touches, facts.shadow) if each is not UNAVAILABLE]
    answered = {touch.occurrence for touches in known for touch in touches}
    last_first = sorted(open, key=lambda each: (each.id in answered, each.due, each.event_id), reverse=True)
    return {each.activity: each.version for each in last_first}


def known_to_rules(serving: Serving, open: Iterable[Occurrence], facts: Facts) -> tuple[Opened, ...]:
    """Open occurrences as facts, under the present names of their plans."""
    names = {plan.activity: plan.name for plan in serving.ruleset.plans.values()}
    judging = judges(open, facts)
    return tuple(
        Opened(names[each.activity], each.event_id)
        for each in open
        if each.activity in names and each.version == judging[each.activity]
    )


def unpinned(serving: Serving, opened: Iterable[Occurrence]) -> list[Occurrence]:
    """Those just opened whose plans are not judged by another version now."""
    pinned = {serving.ruleset.plans[name].activity for name in serving.plan_versions}
    return [each for each in opened if each.activity not in pinned]


def told_openings(serving: Serving, facts: Facts, told: Mapping[str, Known]) -> Iterator[Opened]:
    """Occurrences that events open which came with the request alone."""
    for type, events in told.items():
        for event in () if events is UNAVAILABLE else events:
            for opening in serving.program.openings(type, event, facts):
                if opening.plan not in serving.plan_versions:
                    yield Opened(opening.plan, event.id)


@dataclass(frozen=True, slots=True)
class Fates:
    """What a decision means for open occurrences: those that are over, and when the others are looked at next."""

    ended: Mapping[OccurrenceKey, str] = field(default_factory=dict)
    waking: Mapping[OccurrenceKey, int | None] = field(default_factory=dict)


def fates(serving: Serving, decision: Decision, facts: Facts, retry: int | None = RETRY) -> Fates:
    """Of the occurrences of the plans that were judged. `retry`: microseconds until what was unavailable is looked at again; None
    is never."""
    ended: dict[OccurrenceKey, str] = {}
    waking: dict[OccurrenceKey, int | None] = {}
    openings = serving.program.occurrences(facts)
    outcomes = {each.plan: each for each in decision.outcomes} if openings else {}
    for opening in openings:
        if (outcome := outcomes.get(opening.plan)) is None:
            continue
        key = opening.activity, opening.occurrence.event.id
        keyed = has_key(serving, opening.plan)
        reason, wake = fate(opening, outcome, decision, facts.now, keyed, retry)
        if reason is None:
            waking[key] = wake
        else:
            ended[key] = reason
    for key in silent(serving, facts, {(each.activity, each.occurrence.event.id) for each in openings}):
        ended[key] = "answered"
    return Fates(ended, waking)


def silent(serving: Serving, facts: Facts, found: Collection[OccurrenceKey]) -> Iterator[OccurrenceKey]:
    """Open ones that the rules do not know any more, though they know the event: what was sent for another of their id since they were
    due has answered them, while that one was judged by its own version."""
    for each in facts.opened or ():
        plan = serving.ruleset.plans[each.plan]
        key = plan.activity, each.event_id
        if key in found or plan.trigger is None:
            continue
        events = facts.events.get(plan.trigger.event, ())
        if events is not UNAVAILABLE and any(event.id == each.event_id for event in events):
            yield key


def has_key(serving: Serving, plan: str) -> bool:
    """Whether its occurrences go by a field: one that was served stays, to say so (ONCE), until it is judged again."""
    once = serving.ruleset.plans[plan].once
    return once is not None and once.field is not None


def fate(
    opening: Opening, outcome: PlanOutcome, decision: Decision, now: int, keyed: bool, retry: int | None
) -> tuple[str | None, int | None]:
    """Why it is over, or when it is looked at again: at the latest when it expires."""
    found = opening.occurrence
    if found.state in (State.CANCELLED, State.EXPIRED):
        return str(found.state.value), None
    if found.state is State.SCHEDULED:
        return None, found.due
    over = end_of(outcome, decision)
    if outcome.occurrence == found.id and over is not None:
        return (None, found.expiry) if keyed and over in SERVED else (over, None)
    if found.has_ended:
        return None, found.expiry
    return None, now if over is not None else next_look(outcome, found.expiry, now, retry)


def turns(
    serving: Serving,
    decide: str,
    open: Iterable[Occurrence],
    became: Fates,
    granted: str | None,
    now: int,
    retry: int | None = RETRY,
) -> Mapping[OccurrenceKey, int | None]:
    """When those are looked at again whose plan was judged by another version than theirs: now if one of that plan is over or
    answered, else after `retry` if they are due. `granted`: the activity of what was granted."""
    plans = serving.ruleset.plans
    judged = {plans[name].activity for name in serving.ruleset.decides[decide].plans}
    over = {granted, *(activity for activity, _ in became.ended)}
    later = None if retry is None else now + retry
    known = became.ended.keys() | became.waking.keys()
    waiting = [each for each in open if each.activity in judged and each.key not in known]
    return {
        each.key: now if each.activity in over else later
        for each in waiting
        if each.activity in over or each.due <= now
    }


SERVED = frozenset({Verdict.SEND.value, Verdict.HOLDOUT.value})


def end_of(outcome: PlanOutcome, decision: Decision) -> str | None:
    """How the plan's ripe occurrence ended, if it did: it was sent, held out, blocked for good, or lost."""
    if outcome.plan == decision.plan and decision.verdict in (Verdict.SEND, Verdict.HOLDOUT):
        return str(decision.verdict.value)
    if outcome.fell is Gate.CONTACTABLE:
        return None if is_unavailable(outcome) else "blocked"
    return "lost" if outcome.fell in (Gate.RANKED, Gate.CHOSEN) else None


def next_look(outcome: PlanOutcome, expiry: int | None, now: int, retry: int | None) -> int | None:
    if outcome.verdict is Verdict.WAIT:
        return outcome.until
    return now + retry if retry is not None and is_unavailable(outcome) else expiry


def is_unavailable(outcome: PlanOutcome) -> bool:
    return any(reason.because is Because.UNAVAILABLE for reason in outcome.reasons)
