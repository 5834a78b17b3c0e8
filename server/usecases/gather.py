"""Fetch the facts that a decision needs, from all stores at once.

A store that does not answer makes its facts UNAVAILABLE, and the decision goes on without them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from compiler.calendar import day_start_of, month_start_of, week_start_of
from compiler.checked.ir import RuleSet, Settings
from compiler.facts import Facts
from compiler.manifest import Manifest
from compiler.types import UNAVAILABLE, Unavailable
from compiler.wire.json_text import Json
from server.ports import ContactHistory, RecordedEvent, Stores, StoreUnavailable
from server.usecases.active_rules import Serving
from server.usecases.subject import Subject, told
from server.usecases.typed_facts import typed_attributes, typed_events

Result = TypeVar("Result")


async def gather(serving: Serving, stores: Stores, subject: Subject, manifest: Manifest, now: int) -> Facts:
    """Facts about one user at `now`, as far as the manifest wants them.

    Raises InvalidRequest, paths from `subject.facts_json` down, when what came with the request cannot be read.
    """
    came = told(serving, subject, now)
    fetched = await fetch(serving.ruleset, stores, subject, manifest, now)
    history, lists = fetched.history, fetched.lists
    return replace(
        came.facts,
        user=typed_attributes(serving, manifest.attributes, subject.user, fetched.profile, came.attributes),
        events=typed_events(serving, manifest.events, fetched.events, came.facts.events),
        lists=dict.fromkeys(manifest.lists, UNAVAILABLE) | ({} if lists is UNAVAILABLE else dict(lists)),
        touches=UNAVAILABLE if history is UNAVAILABLE else history.touches,
        shadow=UNAVAILABLE if history is UNAVAILABLE else history.shadow,
        budgets=fetched.budgets,
        request_id=subject.request_id,
    )


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the stores said. A list that was never loaded is absent."""

    profile: Mapping[str, Json] | Unavailable
    events: Mapping[str, tuple[RecordedEvent, ...]] | Unavailable
    lists: Mapping[str, bool] | Unavailable
    history: ContactHistory | Unavailable
    budgets: Mapping[str, int] | Unavailable


async def fetch(ruleset: RuleSet, stores: Stores, subject: Subject, manifest: Manifest, now: int) -> Fetched:
    """Asks each store at most once, and only for what the manifest names."""
    user, touches = subject.user, manifest.touches
    attributes = manifest.attributes if subject.from_store else frozenset()
    events = manifest.events if subject.from_store else {}
    since = {name: need.reach.since(now) for name, need in events.items()}
    starts = {owner: period_start(ruleset, owner, now) for owner in manifest.budgets}
    asked: dict[str, Awaitable[Any]] = {}
    if attributes:
        asked["profile"] = stores.profiles.fetch(user)
    if since:
        asked["events"] = stores.events.fetch(user, since, now)
    if manifest.lists:
        asked["lists"] = stores.lists.holds(user, manifest.lists)
    if touches:
        asked["history"] = stores.contacts.history(user, touches.since(now), now)
    if starts:
        asked["budgets"] = stores.contacts.used(starts, now)
    answers = await asyncio.gather(*map(answer, asked.values()))
    return replace(NOTHING, **dict(zip(asked, answers, strict=True)))


async def answer(asked: Awaitable[Result]) -> Result | Unavailable:
    """What a store says; UNAVAILABLE if it does not answer."""
    try:
        return await asked
    except StoreUnavailable:
        return UNAVAILABLE


NOTHING = Fetched({}, {}, {}, ContactHistory(), {})


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
