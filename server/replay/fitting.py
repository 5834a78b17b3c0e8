"""Facts that were put on record by one version, as another can read them, and what of them it lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from compiler.checked.ir import RuleSet
from compiler.facts import Event, Facts
from compiler.manifest import EntryPoint, Manifest, Reach
from compiler.outcome_to_json import Outcome
from compiler.shapes import is_declared, place_of
from compiler.types import UNAVAILABLE, Unavailable
from compiler.wire.parts import budget_types, with_unavailable
from server.replay.answering import Answering
from server.replay.questions import CannotAnswer, parsed
from server.usecases.refusals import UnknownName

KEPT, QUESTIONS_KEPT = 256, 1024
"""Ways, each of which holds two versions; and questions of each, that were asked lately."""


class Put(NamedTuple):
    """A question that a version is asked. `lacking`: what is not on record for it; None where all is."""

    asked: Mapping[str, Any]
    judge: Callable[[Facts], Outcome]
    lacking: Lacking | None


class Ways:
    """Between versions; found once each."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int, int], Way] = {}

    def __call__(self, then: Answering, by: Answering, beside: Answering | None = None) -> Way:
        """From the one that put facts on record, its own and those of the one `beside` which it decided, to one that reads them."""
        key = id(then), id(by), id(beside)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= KEPT:
                self._found.clear()
            found = self._found[key] = Way(then, by, beside)
        return found


class Way:
    """`fit`: what makes of a document one that the other can read; None where both read the same."""

    def __init__(self, then: Answering, by: Answering, beside: Answering | None) -> None:
        self._then, self._by, self._beside = then, by, beside  # held, so that nobody else gets their ids
        alike = is_read_alike(then.ruleset, by.ruleset)
        self.fit = None if alike else Fit(then.ruleset, by.ruleset)
        self.put = lru_cache(QUESTIONS_KEPT)(self._put)

    def _put(self, kind: str, asked: str) -> Put:
        """How a question is put to the other. Raises CannotAnswer."""
        question = parsed(asked, "question")
        try:
            then, _ = self._then.question(kind, question)
        except (AttributeError, KeyError, TypeError, UnknownName) as error:
            raise CannotAnswer("its question cannot be read") from error
        try:
            entry, judge = self._by.question(kind, question)
        except UnknownName as error:
            raise CannotAnswer(error.message) from error
        lacking = Lacking.of(self._wanted(kind, question, then), self._by.manifest(entry))
        return Put(question, judge, lacking if lacking.told else None)

    def _wanted(self, kind: str, question: Mapping[str, Any], then: EntryPoint) -> Manifest:
        """What was put on record. Raises UnknownName."""
        own = self._then.manifest(then)
        if self._beside is None:
            return own
        live, _ = self._beside.question(kind, question)
        return own.joined(self._beside.manifest(live)).within(self._then.ruleset)


def is_read_alike(one: RuleSet, other: RuleSet) -> bool:
    """Whether facts come out the same from a record, whichever of the two reads them."""
    return read_by(one) == read_by(other)


def read_by(ruleset: RuleSet) -> tuple[Any, ...]:
    """All that the reading of facts depends on."""
    return (
        *(ruleset.user_key, ruleset.settings.rates, ruleset.attributes, ruleset.inputs),
        {name: event.fields for name, event in ruleset.events.items()},
        *(ruleset.lists.keys(), ruleset.campaigns.keys(), ruleset.decides.keys(), budget_types(ruleset)),
        {name: plan.activity for name, plan in ruleset.plans.items()},
    )


# ---- what the other version declares


class Fit:
    """Leaves out of documents what only the version that recorded them declares, and renames plans that were renamed."""

    def __init__(self, recorded: RuleSet, reading: RuleSet) -> None:
        named = {plan.activity: name for name, plan in reading.plans.items()}
        self._plans = {name: named.get(plan.activity) for name, plan in recorded.plans.items()}
        self._gone = frozenset(declared(recorded)) - frozenset(declared(reading))
        self._budgets = budget_types(reading)
        self._recorded, self._reading = recorded, reading
        self._parts: Mapping[str, Callable[[Any], Any]] = {
            "events": lambda found: [each for each in found if each.get("event") not in self._gone],
            "lists": self._names,
            "unavailable": self._names,
            "held_out": self._names,
            "known_since": lambda found: {name: found[name] for name in self._names(found)},
            "totals": lambda found: {shape: found[shape] for shape in found if self._is_typed_alike(shape)},
            "opened": lambda found: list(self._opened(found)),
            "budgets": self._spent,
        }

    def __call__(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: self._part(name, found) for name, found in document.items()}

    def _part(self, name: str, found: Any) -> Any:
        fit = self._parts.get(name)
        try:
            return fit(found) if fit else found
        except (AttributeError, TypeError, KeyError):  # what is damaged is for the reader to refuse
            return found

    def _names(self, found: Any) -> list[str]:
        return [name for name in found if name not in self._gone]

    def _is_typed_alike(self, shape: str) -> bool:
        """Whether the other has the event and the field of a total, of the same type."""
        both = self._recorded, self._reading
        if not all(is_declared(each, shape) for each in both):
            return False
        event, field = place_of(shape)
        then, now = (each.events[event].fields for each in both)
        return field is None or then[field].type == now[field].type

    def _opened(self, found: Any) -> Iterator[Any]:
        for each in found:
            plan = self._plans.get(each["plan"], each["plan"])
            if plan is not None:
                yield {**each, "plan": plan}

    def _spent(self, found: Any) -> dict[str, Any]:
        """By owners; a mark stays as it is."""
        owners = {owner: self._owner(owner) for owner in found}
        gone = {owner for owner in owners.values() if owner not in self._budgets and owner != "unavailable"}
        return {owners[owner]: spent for owner, spent in found.items() if owners[owner] not in gone}

    def _owner(self, owner: str) -> str:
        kind, _, name = owner.partition(" ")
        return f"plan {self._plans.get(name) or name}" if kind == "plan" else owner


def declared(ruleset: RuleSet) -> Iterator[str]:
    """Names that a document may hold, as its parts have them."""
    yield from (f"user.{name}" for name in ruleset.attributes)
    yield from (f"input.{name}" for name in ruleset.inputs)
    yield from (*ruleset.events, *ruleset.lists, *ruleset.campaigns, *ruleset.decides)


# ---- what was not asked for


@dataclass(frozen=True, slots=True)
class Lacking:
    """Facts that a version wants and that are not on record, as the version that decided did not want them. `names`: not at all;
    `since`: events that are known so far back only; `fields`: those of events."""

    names: frozenset[str]
    since: Mapping[str, Reach]
    fields: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, recorded: Manifest, wanted: Manifest) -> Lacking:
        common = {
            name: (recorded.events[name], need)
            for name, need in wanted.events.items()
            if name in recorded.events
        }
        fields = {name: need.fields - had.fields for name, (had, need) in common.items()}
        return cls(
            frozenset(never_wanted(recorded, wanted)),
            {name: had.reach for name, (had, need) in common.items() if not reaches(had.reach, need.reach)},
            {name: missed for name, missed in fields.items() if missed},
        )

    @property
    def told(self) -> tuple[str, ...]:
        """What is lacking, for people."""
        fields = (f"{name}.{field}" for name, missed in self.fields.items() for field in missed)
        return tuple(sorted({*self.names, *fields, *(f"earlier {name}" for name in self.since)}))

    def __call__(self, ruleset: RuleSet, facts: Facts) -> Facts:
        """The facts, where what is lacking cannot be had."""
        events = dict(facts.events)
        for name, fields in self.fields.items():
            events[name] = without(facts.events.get(name, ()), fields)
        since = {name: reach.since(facts.now) for name, reach in self.since.items()}
        known = {name: instant + 1 for name, instant in since.items() if instant is not None}
        horizons = {
            name: max(instant, facts.known_since.get(name, instant)) for name, instant in known.items()
        }
        fitted = replace(facts, events=events, known_since={**facts.known_since, **horizons})
        return with_unavailable(ruleset, fitted, self.names)


def never_wanted(recorded: Manifest, wanted: Manifest) -> Iterator[str]:
    """As `with_unavailable` takes them."""
    yield from (f"user.{name}" for name in wanted.attributes - recorded.attributes)
    yield from (f"input.{name}" for name in wanted.inputs - recorded.inputs)
    yield from wanted.events.keys() - recorded.events.keys()
    yield from wanted.lists - recorded.lists
    if wanted.touches is not None and not (recorded.touches and reaches(recorded.touches, wanted.touches)):
        yield "touches"
    if wanted.budgets - recorded.budgets:
        yield "budgets"


def reaches(had: Reach, wanted: Reach) -> bool:
    """Whether all that is wanted lies within what was had."""
    return had.joined(wanted) == had


def without(
    events: tuple[Event, ...] | Unavailable, fields: frozenset[str]
) -> tuple[Event, ...] | Unavailable:
    if events is UNAVAILABLE:
        return UNAVAILABLE
    hidden = dict.fromkeys(fields, UNAVAILABLE)
    return tuple(Event(each.time, each.id, {**each.fields, **hidden}) for each in events)
