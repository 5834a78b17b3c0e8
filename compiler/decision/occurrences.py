"""The gate *relevant*: which events opened an occurrence of a plan, and how each stands now."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum

from compiler.checked.ir import Plan, Trigger, Unless
from compiler.decision.context import Context
from compiler.decision.texts import canonical_text
from compiler.decision.trees import Tree, Trees
from compiler.decision.windows import TIME, until
from compiler.facts import Event, Facts, Touch
from compiler.outcome import Because, Reason, Scheduled
from compiler.types import UNAVAILABLE, Unavailable
from dsl.frozen import dataclass


class State(Enum):
    RIPE = "ripe"
    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`has_ended`: something was sent for it, or it was held out. `expiry` is an instant; None is never."""

    id: str
    event: Event
    due: int
    expiry: int | None
    has_ended: bool
    state: State


@dataclass(frozen=True, slots=True)
class Relevance:
    """`occurrence`: the one that the plan is judged for, or that it waits for. `reason`: why the plan falls here."""

    occurrence: str | None
    expiry: int | None = None
    reason: Reason | None = None
    scheduled: tuple[Scheduled, ...] = ()


Relevant = Callable[[Context], Relevance]

_FALLS = (
    (State.SCHEDULED, Because.SCHEDULED),
    (State.CANCELLED, Because.CANCELLED),
    (State.EXPIRED, Because.EXPIRED),
)
"""What is said of a plan without a ripe occurrence, in the order of preference."""


def untriggered(plan: Plan) -> Relevant:
    if plan.once is not None and plan.once.field is None:
        once = Relevance(f"{plan.activity}/user")
        return lambda context: once
    return lambda context: Relevance(f"{plan.activity}/{context.facts.request_id}")


class Occurrences:
    """Finds the occurrences of one plan."""

    def __init__(self, plan: Plan, trigger: Trigger, trees: Trees) -> None:
        self._plan, self._trigger = plan, trigger
        self._again_later = plan.once is not None and plan.once.period is not None
        self._where = None if trigger.where is None else trees.entry(trigger.where)
        self._when = None if trigger.when is None else trees.entry(trigger.when)
        self._cancelled = _never_cancelled if trigger.unless is None else _cancelled(trigger.unless, trees)
        self.nothing = Relevance(None, reason=self._reason(Because.NO_OCCURRENCE))
        """Of a plan that nothing has triggered."""

    def relevance(self, context: Context) -> Relevance:
        events = context.events.get(self._trigger.event, ())
        if events is UNAVAILABLE:
            return Relevance(None, reason=self._reason(Because.UNAVAILABLE, answer=None))
        if not events:
            return self.nothing
        found = self._found(context, until(events, context.now))
        scheduled = tuple(
            Scheduled(self._plan.name, each.due, each.id) for each in found if each.state is State.SCHEDULED
        )
        ripe = [each for each in found if each.state is State.RIPE]
        if not ripe:
            return self._fallen(found, scheduled)
        first = min(ripe, key=lambda each: (each.has_ended, each.due, each.event.id))
        return Relevance(first.id, first.expiry, None, scheduled)

    def found(self, context: Context) -> Sequence[Occurrence]:
        """Those that have not ended in silence, in order of time; none where events cannot be had."""
        events = context.events.get(self._trigger.event, ())
        return () if events is UNAVAILABLE or not events else self._found(context, until(events, context.now))

    def opened_by(self, facts: Facts, event: Event) -> Occurrence | None:
        """The occurrence that an event opens, judged as of its own time by all that is known; None if it opens none."""
        return self._occurrence(Context(facts), event, has_ended=False) if self._opens(facts, event) else None

    def _fallen(self, found: list[Occurrence], scheduled: tuple[Scheduled, ...]) -> Relevance:
        for state, because in _FALLS:
            those = [each for each in found if each.state is state]
            if not those:
                continue
            if state is not State.SCHEDULED:
                return Relevance(None, reason=self._reason(because))
            first = min(those, key=lambda each: (each.due, each.event.id))
            return Relevance(first.id, None, self._reason(because, until=first.due), scheduled)
        return self.nothing

    def _reason(self, because: Because, *, answer: bool | None = False, until: int | None = None) -> Reason:
        rule = self._trigger.unless if because is Because.CANCELLED else self._trigger
        span = self._trigger.span if rule is None else rule.span
        return Reason(because, self._plan.key, span, answer=answer, until=until)

    def _found(self, context: Context, events: tuple[Event, ...]) -> list[Occurrence]:
        facts = context.facts
        opened = _opened(facts, self._plan.name)
        if opened is not None:
            events = tuple([event for event in events if event.id in opened])
        ended = _ended(facts, self._plan.activity) if events else {}
        found = []
        for event in events:
            id, is_by_event = self._key(event)
            due = event.time + self._trigger.wait
            if id in ended and (is_by_event or (self._again_later and ended[id] >= due)):
                continue
            if opened is not None or self._opens(facts, event):
                found.append(self._occurrence(context, event, id in ended))
        return found

    def _occurrence(self, context: Context, event: Event, has_ended: bool) -> Occurrence:
        id, _ = self._key(event)
        due, expiry = event.time + self._trigger.wait, self._expiry(event)
        return Occurrence(id, event, due, expiry, has_ended, self._state(context, event))

    def _key(self, event: Event) -> tuple[str, bool]:
        """The id of the occurrence, and whether it goes by the event's id."""
        activity, once = self._plan.activity, self._plan.once
        if once is None:
            return f"{activity}/{event.id}", True
        if once.field is None:
            return f"{activity}/user", False
        value = event.fields.get(once.field)
        if value is None or value is UNAVAILABLE:
            return f"{activity}/{event.id}", True
        return f"{activity}/{once.field}={canonical_text(value)}", False

    def _opens(self, facts: Facts, event: Event) -> bool:
        """Whether it did when it happened, by what was known then."""
        if self._where is None and self._when is None:
            return True
        context = Context(as_of(facts, event), event)
        context.event = event
        return all(tree is None or tree(context) is True for tree in (self._where, self._when))

    def _state(self, context: Context, event: Event) -> State:
        now, expiry = context.now, self._expiry(event)
        if self._cancelled(context.facts, event):
            return State.CANCELLED
        if expiry is not None and now >= expiry:
            return State.EXPIRED
        return State.SCHEDULED if now < event.time + self._trigger.wait else State.RIPE

    def _expiry(self, event: Event) -> int | None:
        return None if self._plan.expires is None else event.time + self._plan.expires


def _ended(facts: Facts, activity: str) -> Mapping[str, int]:
    """Ids of occurrences for which something was sent or held out, with the time of the newest."""
    return {
        touch.occurrence: touch.time
        for touch in sorted(_touches(facts), key=TIME)
        if touch.activity == activity and touch.time <= facts.now
    }


def _touches(facts: Facts) -> Iterator[Touch]:
    for touches in (facts.touches, facts.shadow):
        if touches is not UNAVAILABLE:
            yield from touches


def _opened(facts: Facts, plan: str) -> frozenset[str] | None:
    """Ids of the events that a store says opened occurrences; None if that is to be derived."""
    if facts.opened is None:
        return None
    return frozenset(opened.event_id for opened in facts.opened if opened.plan == plan)


def _never_cancelled(facts: Facts, event: Event) -> bool:
    return False


def _cancelled(unless: Unless, trees: Trees) -> Callable[[Facts, Event], bool]:
    where = None if unless.where is None else trees.entry(unless.where)

    def cancelled(facts: Facts, event: Event) -> bool:
        events = facts.events.get(unless.event, ())
        if events is UNAVAILABLE or facts.known_since.get(unless.event, event.time) > event.time:
            return True
        after = until(events, facts.now)[bisect_right(events, event.time, key=TIME) :]
        return bool(after) if where is None else _any_not_no(where, Context(facts, event), after)

    return cancelled


def _any_not_no(where: Tree, context: Context, events: tuple[Event, ...]) -> bool:
    for event in events:
        context.event = event
        if where(context) is not False:
            return True
    return False


def as_of(facts: Facts, event: Event) -> Facts:
    """The facts at an event: it is now, and nothing came after it; all else as it is.

    Written out: a decision asks for many, and `replace` takes three times as long.
    """
    return Facts(
        event.time,
        facts.user,
        facts.input,
        _EventsUntil(facts.events, event),
        facts.known_since,
        facts.totals,
        facts.lists,
        facts.touches,
        facts.shadow,
        facts.budgets,
        facts.opened,
        facts.held_out,
        facts.request_id,
    )


class _EventsUntil(Mapping[str, "tuple[Event, ...] | Unavailable"]):
    """Events in order up to and including one, cut where they are asked for."""

    def __init__(self, events: Mapping[str, tuple[Event, ...] | Unavailable], last: Event) -> None:
        self._events = events
        self._last = (last.time, last.id)

    def __getitem__(self, name: str) -> tuple[Event, ...] | Unavailable:
        events = self._events[name]
        if events is UNAVAILABLE:
            return UNAVAILABLE
        return events[: bisect_right(events, self._last, key=lambda event: (event.time, event.id))]

    def __iter__(self) -> Iterator[str]:
        return iter(self._events)

    def __len__(self) -> int:
        return len(self._events)
