"""Edits that belong together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from compiler.checked.ir import RuleSet
from compiler.explain.change.edits import (
    AddEvent,
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
    World,
)
from compiler.facts import Facts

ALIKE = 2
"""Patches of one shape that are followed."""

Patch = tuple[Edit, ...]
"""Applied in order, each edit to what the ones before it left."""


def apply(patch: Iterable[Edit], facts: Facts, ruleset: RuleSet) -> World:
    for edit in patch:
        facts, ruleset = edit.apply(facts, ruleset)
    return facts, ruleset


def cost(patch: Patch) -> tuple[int, int, int]:
    """Fewest edits first, then the least effort, then as few values cleared as possible."""
    cleared = sum(isinstance(edit, SetAttribute | SetField) and edit.value is None for edit in patch)
    return len(patch), sum(edit.weight for edit in patch), cleared


def few(patches: Iterable[Patch], width: int) -> list[Patch]:
    """The smallest, each once; of those that are of one shape, two, so that not all are of the same idea."""
    shapes: Counter[Any] = Counter()
    kept = []
    for patch in sorted(dict.fromkeys(patches), key=cost):
        shape = tuple(sorted(str(subject(edit)[0].__name__) + str(_about(edit)) for edit in patch))
        shapes[shape] += 1
        if shapes[shape] <= ALIKE:
            kept.append(patch)
    return kept[:width]


def _about(edit: Edit) -> str:
    return getattr(edit, "name", "") or getattr(edit, "event", "")


def joined(*patches: Patch) -> Patch:
    """One patch that does what these do one after another, each thing said once."""
    edits: dict[Any, Edit] = {}
    for edit in (edit for patch in patches for edit in patch):
        _JOIN.get(type(edit), _latest)(edits, edit)
    return tuple(edits.values())


Edits = dict[Any, Edit]

_SUBJECTS: Mapping[type[Edit], Callable[[Any], Any]] = {
    Wait: lambda edit: None,
    RaiseTerm: lambda edit: (edit.plan, edit.term),
    SetAttribute: lambda edit: (edit.scope, edit.name),
    SetMember: lambda edit: edit.list,
    AddEvent: lambda edit: (edit.event, edit.id),
    MoveEvent: lambda edit: (edit.event, edit.id),
    SetField: lambda edit: (edit.event, edit.id, edit.field),
    RemoveEvent: lambda edit: (edit.event, edit.id),
    UseBudget: lambda edit: edit.owner,
    HoldOut: lambda edit: None,
    Fetch: lambda edit: (edit.what, edit.event),
}
"""What an edit is about; a later edit about the same takes the place of the earlier one."""


def subject(edit: Edit) -> tuple[type[Edit], Any]:
    about = _SUBJECTS.get(type(edit))
    return type(edit), edit if about is None else about(edit)


def _latest(edits: Edits, edit: Edit) -> None:
    edits[subject(edit)] = edit


def _raise(edits: Edits, edit: RaiseTerm) -> None:
    before = edits.get(subject(edit))
    by = edit.by + before.by if isinstance(before, RaiseTerm) else edit.by
    edits[subject(edit)] = replace(edit, by=by)


def _move(edits: Edits, edit: MoveEvent) -> None:
    added = edits.get((AddEvent, (edit.event, edit.id)))
    if isinstance(added, AddEvent):
        edits[subject(added)] = replace(added, time=edit.time)
    else:
        _latest(edits, edit)


def _set_field(edits: Edits, edit: SetField) -> None:
    added = edits.get((AddEvent, (edit.event, edit.id)))
    if isinstance(added, AddEvent):
        fields = {**dict(added.fields), edit.field: edit.value}
        edits[subject(added)] = replace(added, fields=tuple(sorted(fields.items())))
    else:
        _latest(edits, edit)


def _remove(edits: Edits, edit: RemoveEvent) -> None:
    """Nothing needs to be said of an event that never was, nor of one that is gone."""
    if edits.pop((AddEvent, (edit.event, edit.id)), None) is not None:
        return
    for key, other in list(edits.items()):
        if isinstance(other, MoveEvent | SetField) and (other.event, other.id) == (edit.event, edit.id):
            del edits[key]
    _latest(edits, edit)


_JOIN: Mapping[type[Edit], Callable[[Edits, Any], None]] = {
    RaiseTerm: _raise,
    MoveEvent: _move,
    SetField: _set_field,
    RemoveEvent: _remove,
}


def least(patch: Patch, holds: Callable[[Patch], bool]) -> Patch:
    """The patch without edits that are not needed for it to hold, the heaviest tried first."""
    for edit in sorted(patch, key=lambda each: -each.weight):
        fewer = tuple(each for each in patch if each is not edit)
        if holds(fewer):
            patch = fewer
    return patch
