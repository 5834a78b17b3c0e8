"""Fetch the facts that a decision needs, from all stores at once.

A store that does not answer makes its facts UNAVAILABLE, and the decision goes on without them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import Any, NamedTuple

from compiler.calendar import day_start_of, month_start_of, week_start_of
from compiler.checked.ir import RuleSet, Settings
from compiler.facts import Facts
from compiler.facts_at_one_go import Told
from compiler.manifest import Manifest
from compiler.shapes import place_of
from compiler.types import UNAVAILABLE, Unavailable
from compiler.wire.json_text import Json
from server.ports import ContactHistory, EventHistory, Occurrence, RecordedEvent, Stores, StoreUnavailable
from server.usecases.active_rules import Serving
from server.usecases.at_once import Result, Work, all_of
from server.usecases.occurrences import known_to_rules, told_openings
from server.usecases.subject import Subject, told
from server.usecases.typed_facts import Stored, typed_attributes, typed_events, typed_totals


class Gathered(NamedTuple):
    """Facts about one user; the revision as of which they were read, None where it could not be had; the occurrences that
    are open; whether the triggers of the subject's event are still to be looked at; the time of the newest touch, which
    may be later than that of the facts; whether a store did not answer; and what the stores said."""

    facts: Facts
    fetched: Fetched
    revision: int | None = None
    open: tuple[Occurrence, ...] = ()
    unjudged: bool = False
    newest: int = 0
    failed: bool = False


class Beside(NamedTuple):
    """A version that decides beside another one, on the same facts; its manifest has what either looks at, as far as it is declared."""

    serving: Serving
    manifest: Manifest


async def gather(
    serving: Serving,
    stores: Stores,
    subject: Subject,
    manifest: Manifest,
    now: int,
    decides: bool,
    beside: Beside | None = None,
) -> Gathered:
    """Facts about one user at `now`, as far as the manifest wants them; what the version `beside` wants is fetched, too.

    `decides`: it is about plans, and about now: their open occurrences are in the store. Raises InvalidRequest, paths from
    `subject` down, when what came with the request cannot be read.
    """
    came, starts = told(serving, subject), period_starts(serving, manifest, now)
    wanted = manifest if beside is None else manifest.joined(beside.manifest)
    if beside is not None:
        starts = {**period_starts(beside.serving, beside.manifest, now), **starts}
    fetched = await fetch(stores, subject, wanted, starts, now, decides)
    own = fetched if beside is None else wanted_of(fetched, manifest)
    return as_read(serving, subject, manifest, came, own, now, decides)._replace(fetched=fetched)


def read_beside(
    beside: Beside, by: Serving, subject: Subject, fetched: Fetched, now: int, decides: bool
) -> Facts:
    """What was fetched for another version `by`, as the one beside it reads it. Budgets of which they do not have the same periods
    are unavailable. Raises InvalidRequest."""
    serving, manifest = beside
    owners = manifest.budgets & budget_owners(by.ruleset)
    if any(
        period_start(serving.ruleset, each, now) != period_start(by.ruleset, each, now) for each in owners
    ):
        fetched = fetched._replace(budgets=UNAVAILABLE)
    return as_read(serving, subject, manifest, told(serving, subject), fetched, now, decides).facts


def as_read(
    serving: Serving,
    subject: Subject,
    manifest: Manifest,
    came: Told,
    fetched: Fetched,
    now: int,
    decides: bool,
) -> Gathered:
    """What was fetched, as a version reads it."""
    history, past = fetched.history, fetched.events
    lists = {} if fetched.lists is UNAVAILABLE else fetched.lists
    event = None if was_folded(subject, past) else subject.event
    events = with_event(event, UNAVAILABLE if past is UNAVAILABLE else past.events, now)
    open = () if fetched.open is UNAVAILABLE else fetched.open
    is_open_known = decides and subject.from_store and fetched.open is not UNAVAILABLE
    facts = Facts(
        now=now,
        user=typed_attributes(serving, manifest.attributes, subject.user, fetched.profile, came),
        input=came.input,
        events=typed_events(serving, manifest.events, events, came.events),
        known_since={} if past is UNAVAILABLE else past.known_since,
        totals={} if past is UNAVAILABLE else typed_totals(serving, manifest.totals, past.totals),
        lists={name: lists.get(name, UNAVAILABLE) for name in manifest.lists},
        touches=UNAVAILABLE if history is UNAVAILABLE else history.touches(now),
        shadow=UNAVAILABLE if history is UNAVAILABLE else history.shadow(now),
        budgets=fetched.budgets,
        opened=() if is_open_known else None,
        request_id=subject.request_id,
    )
    if is_open_known and (open or came.events):
        opened = known_to_rules(serving, open, facts)
        facts = replace(facts, opened=(*opened, *told_openings(serving, facts, came.events)))
    return Gathered(
        facts,
        fetched,
        revision=None if history is UNAVAILABLE else history.revision,
        open=open,
        unjudged=is_unjudged(subject, fetched, now),
        newest=0 if history is UNAVAILABLE else history.newest,
        failed=UNAVAILABLE in fetched,
    )


def wanted_of(fetched: Fetched, manifest: Manifest) -> Fetched:
    """Without what another manifest alone made us ask for: it is nothing to this one if that cannot be had."""
    wanted = {
        "profile": manifest.attributes,
        "events": manifest.events,
        "lists": manifest.lists,
        "budgets": manifest.budgets,
    }
    return fetched._replace(**{name: getattr(NOTHING, name) for name, names in wanted.items() if not names})


def is_unjudged(subject: Subject, fetched: Fetched, now: int) -> bool:
    """Whether nobody has looked at the triggers of the subject's event, whose time has come."""
    if subject.event is None or subject.event.time > now:
        return False
    unjudged = fetched.unjudged
    return subject.event_is_new or (unjudged is not UNAVAILABLE and subject.event.id in unjudged)


def was_folded(subject: Subject, past: EventHistory | Unavailable) -> bool:
    """Whether the subject's event came again after it was dropped, so that totals tell of it."""
    event = subject.event
    if event is None or subject.event_is_new or past is UNAVAILABLE or event.type not in past.events:
        return False
    is_kept = any(each.id == event.id for each in past.events[event.type])
    return not is_kept and any(place_of(shape)[0] == event.type for shape in past.totals)


def with_event(event: RecordedEvent | None, events: Stored, now: int) -> Stored:
    """The events, that one among them once its time has come."""
    if event is None or events is UNAVAILABLE or event.time > now:
        return events
    others = tuple(each for each in events.get(event.type, ()) if each.id != event.id)
    return {**events, event.type: tuple(sorted((*others, event), key=attrgetter("time", "id")))}


class Fetched(NamedTuple):
    """What the stores said. A list that was never loaded is absent."""

    profile: Mapping[str, Json] | Unavailable
    events: EventHistory | Unavailable
    lists: Mapping[str, bool] | Unavailable
    history: ContactHistory | Unavailable
    budgets: Mapping[str, int] | Unavailable
    open: tuple[Occurrence, ...] | Unavailable
    unjudged: frozenset[str] | Unavailable


async def fetch(
    stores: Stores,
    subject: Subject,
    manifest: Manifest,
    starts: Mapping[str, int | None],
    now: int,
    decides: bool,
) -> Fetched:
    """Asks each store at most once, and only for what the manifest names. `starts`: when periods of budgets began.

    The history comes first: what changes after its revision was read is noticed when a decision is taken.
    """
    user, touches = subject.user, manifest.touches
    attributes = manifest.attributes if subject.from_store else frozenset()
    events = manifest.events if subject.from_store else {}
    since = {name: need.reach.since(now) for name, need in events.items()}
    asked: dict[str, Work[Any]] = {}
    if touches or decides:
        asked["history"] = stores.contacts.history(user, touches.since(now) if touches else now)
    if decides and subject.from_store:
        asked["open"] = stores.timers.open(user)
    if subject.event and not subject.event_is_new:
        asked["unjudged"] = stores.events.unjudged_of(user)
    if attributes:
        asked["profile"] = stores.profiles.fetch(user)
    if since:
        asked["events"] = stores.events.fetch(user, since, now)
    if manifest.lists:
        asked["lists"] = stores.lists.holds(user, manifest.lists)
    if starts:
        asked["budgets"] = stores.contacts.used(starts, None if decides else now)
    if not asked:
        return NOTHING
    answers = await all_of(map(answer, asked.values()))
    return NOTHING._replace(**dict(zip(asked, answers, strict=True)))


async def answer(asked: Work[Result]) -> Result | Unavailable:
    """What a store says; UNAVAILABLE if it does not answer."""
    try:
        return await asked
    except StoreUnavailable:
        return UNAVAILABLE


NOTHING = Fetched({}, EventHistory({}), {}, ContactHistory(), {}, (), frozenset())


def period_starts(serving: Serving, manifest: Manifest, now: int) -> dict[str, int | None]:
    return {owner: period_start(serving.ruleset, owner, now) for owner in manifest.budgets}


def budget_owners(ruleset: RuleSet) -> set[str]:
    return {each.key for each in (*ruleset.plans.values(), *ruleset.campaigns.values())}


def period_start(ruleset: RuleSet, owner: str, now: int) -> int | None:
    """From when on what was spent counts against the budget of `plan x` or `campaign y`; None is ever."""
    kind, _, name = owner.partition(" ")
    holder = ruleset.plans[name] if kind == "plan" else ruleset.campaigns[name]
    unit = holder.budget and holder.budget.unit
    return START[unit](ruleset.settings, now) if unit else None


START: Mapping[str, Callable[[Settings, int], int]] = {
    "day": lambda settings, now: day_start_of(settings.zone, now),
    "week": lambda settings, now: week_start_of(settings.zone, now, settings.first_weekday),
    "month": lambda settings, now: month_start_of(settings.zone, now),
}
