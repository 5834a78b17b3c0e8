"""Changes in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.checked import ir
from compiler.explain.asked import event_of
from compiler.explain.change.edits import (
    AddEvent,
    AddTouch,
    DropTouch,
    Edit,
    Fetch,
    HoldOut,
    MoveEvent,
    RaiseTerm,
    RemoveEvent,
    SetAttribute,
    SetField,
    SetMember,
    UseBudget,
    Wait,
    budget_of,
)
from compiler.explain.change.holdouts import held_out_by
from compiler.explain.change.search import Search
from compiler.explain.words import Words, span
from compiler.facts import Facts, Touch
from compiler.types import INT, UNAVAILABLE, Type, money
from compiler.wire.time_text import write_instant
from compiler.wire.writing import write_value


@dataclass(frozen=True, slots=True)
class Told:
    """What edits are told of: the rules and facts as they are, and the plan that should win."""

    ruleset: ir.RuleSet
    facts: Facts
    plan: str
    words: Words

    def event(self, name: str, id: str) -> str:
        """`cart_add of 2026-03-01 20:10 Europe/Berlin`."""
        found = event_of(self.facts, (name, id))
        return name if found is None else f"{name} of {self.words.instant(found.time)}"


def outcome(told: Told, search: Search) -> str:
    """What a search came to, in a sentence."""
    if search.change is None:
        bound = "" if search.exhausted else ", the most that are looked at"
        return (
            f"no change of at most {search.most_edits} edits found, {search.tried:,} hypotheses tried{bound}"
        )
    if not search.change.edits:
        return "it wins as it is"
    return "it would win if " + ", and ".join(sentences(told, search.change.edits))


def sentences(told: Told, edits: tuple[Edit, ...]) -> list[str]:
    """One for each edit; the same one several times is told once."""
    counts = Counter(SENTENCES[type(edit)](told, edit) for edit in edits)
    return [text if count == 1 else f"{text} ({count} times)" for text, count in counts.items()]


def _wait(told: Told, edit: Wait) -> str:
    later = span(edit.until - told.facts.now)
    return f"it were {told.words.instant(edit.until)}, {later} from now"


def _raise(told: Told, edit: RaiseTerm) -> str:
    type_ = told.ruleset.plans[edit.plan].terms[edit.term].type
    by = told.words.difference(type_, abs(edit.by))
    whose = "its" if edit.plan == told.plan else f"{edit.plan}'s"
    return f"{whose} {edit.term} were {by} {'more' if edit.by > 0 else 'less'}"


def _attribute(told: Told, edit: SetAttribute) -> str:
    known = told.facts.user if edit.scope == "user" else told.facts.input
    now = told.words.value(edit.type, known.get(edit.name))
    return f"{edit.scope}.{edit.name} were {told.words.value(edit.type, edit.value)} (it is {now})"


def _member(told: Told, edit: SetMember) -> str:
    return f"the user were {'' if edit.holds else 'not '}in {edit.list}"


def _added(told: Told, edit: AddEvent) -> str:
    types = told.ruleset.events[edit.event].fields
    fields = [
        f"{name}: {told.words.value(types[name].type, value)}"
        for name, value in edit.fields
        if edit.matters is None or name in edit.matters
    ]
    body = f" {{ {', '.join(fields)} }}" if fields else ""
    return f"there were one more {edit.event}{body} at {told.words.instant(edit.time)}"


def _moved(told: Told, edit: MoveEvent) -> str:
    return f"the {told.event(edit.event, edit.id)} had happened at {told.words.instant(edit.time)}"


def _field(told: Told, edit: SetField) -> str:
    event = event_of(told.facts, (edit.event, edit.id))
    was = told.words.value(edit.type, None if event is None else event.fields.get(edit.field))
    value = told.words.value(edit.type, edit.value)
    return f"{edit.field} of the {told.event(edit.event, edit.id)} were {value} (it is {was})"


def _removed(told: Told, edit: RemoveEvent) -> str:
    return f"the {told.event(edit.event, edit.id)} had not happened"


def _dropped(told: Told, edit: DropTouch) -> str:
    of = " (held out)" if edit.shadow else ""
    return f"{_touch(told, edit.touch)}{of} had not been sent"


def _touched(told: Told, edit: AddTouch) -> str:
    return f"{_touch(told, edit.touch)} had been sent"


def _touch(told: Told, touch: Touch) -> str:
    return f"the {touch.channel} of {touch.activity} at {told.words.instant(touch.time)}"


def _used(told: Told, edit: UseBudget) -> str:
    budget = budget_of(edit.owner, told.ruleset)
    type_ = INT if budget is None or budget.currency is None else money(budget.currency)
    now = None if told.facts.budgets is UNAVAILABLE else told.facts.budgets.get(edit.owner, 0)
    used = told.words.value(type_, edit.used)
    return f"{used} of the budget of {edit.owner} were used up ({told.words.value(type_, now)} are)"


def _held_out(told: Told, edit: HoldOut) -> str:
    before = held_out_by(told.ruleset, told.facts)
    lifted = [f"{name} did not hold the user out" for name in sorted(before - edit.names)]
    added = [f"{name} held the user out" for name in sorted(edit.names - before)]
    return " and ".join([*lifted, *added]) or "nobody held the user out"


def _fetched(told: Told, edit: Fetch) -> str:
    if edit.what == "event":
        return f"all of the history of {edit.event} were known, with no other events in it"
    what = "contacts" if edit.what == "touches" else "budgets"
    return f"the {what} were known, with nothing in them"


SENTENCES: Mapping[type[Edit], Callable[[Told, Any], str]] = {
    Wait: _wait,
    RaiseTerm: _raise,
    SetAttribute: _attribute,
    SetMember: _member,
    AddEvent: _added,
    MoveEvent: _moved,
    SetField: _field,
    RemoveEvent: _removed,
    DropTouch: _dropped,
    AddTouch: _touched,
    UseBudget: _used,
    HoldOut: _held_out,
    Fetch: _fetched,
}


# ---- as JSON


def search_json(told: Told, search: Search) -> dict[str, Any]:
    """`edits` is null when no change was found."""
    edits = None if search.change is None else [edit_json(told, edit) for edit in search.change.edits]
    return {
        "words": outcome(told, search),
        "edits": edits,
        "tried": search.tried,
        "exhausted": search.exhausted,
        "most_edits": search.most_edits,
    }


def edit_json(told: Told, edit: Edit) -> dict[str, Any]:
    kind, make = EDITS[type(edit)]
    return {"edit": kind, **make(told, edit), "words": SENTENCES[type(edit)](told, edit)}


def _raise_json(told: Told, edit: RaiseTerm) -> dict[str, Any]:
    type_ = told.ruleset.plans[edit.plan].terms[edit.term].type
    return {"plan": edit.plan, "term": edit.term, "by": _by_json(type_, edit.by)}


def _by_json(type_: Type, by: int | float) -> Any:
    return write_value(type_, by)


def _added_json(told: Told, edit: AddEvent) -> dict[str, Any]:
    types = told.ruleset.events[edit.event].fields
    fields = {name: write_value(types[name].type, value) for name, value in edit.fields}
    matters = None if edit.matters is None else sorted(edit.matters)
    return {
        "event": edit.event,
        "event_id": edit.id,
        "time": write_instant(edit.time),
        "fields": fields,
        "fields_that_matter": matters,
    }


def _touch_json(touch: Touch) -> dict[str, Any]:
    return {
        "time": write_instant(touch.time),
        "activity": touch.activity,
        "channel": touch.channel,
        "tags": sorted(touch.tags),
        "occurrence": touch.occurrence,
    }


EDITS: Mapping[type[Edit], tuple[str, Callable[[Told, Any], dict[str, Any]]]] = {
    Wait: ("wait", lambda told, edit: {"until": write_instant(edit.until)}),
    RaiseTerm: ("raise_term", _raise_json),
    SetAttribute: (
        "set_attribute",
        lambda told, edit: {"name": f"{edit.scope}.{edit.name}", "value": write_value(edit.type, edit.value)},
    ),
    SetMember: ("set_member", lambda told, edit: {"list": edit.list, "holds": edit.holds}),
    AddEvent: ("add_event", _added_json),
    MoveEvent: (
        "move_event",
        lambda told, edit: {"event": edit.event, "event_id": edit.id, "time": write_instant(edit.time)},
    ),
    SetField: (
        "set_field",
        lambda told, edit: {
            "event": edit.event,
            "event_id": edit.id,
            "field": edit.field,
            "value": write_value(edit.type, edit.value),
        },
    ),
    RemoveEvent: ("remove_event", lambda told, edit: {"event": edit.event, "event_id": edit.id}),
    DropTouch: ("drop_touch", lambda told, edit: {"touch": _touch_json(edit.touch), "shadow": edit.shadow}),
    AddTouch: ("add_touch", lambda told, edit: {"touch": _touch_json(edit.touch)}),
    UseBudget: ("use_budget", lambda told, edit: {"owner": edit.owner, "used": edit.used}),
    HoldOut: ("hold_out", lambda told, edit: {"held_out": sorted(edit.names)}),
    Fetch: ("fetch", lambda told, edit: {"what": edit.what, "event": edit.event or None}),
}
