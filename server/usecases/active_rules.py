"""The rule-set version that decides, ready to do so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from compiler.cases.texts import Texts
from compiler.checked.ir import FieldDef, RuleSet
from compiler.decision.program import Program
from compiler.driver import program
from compiler.facts_from_json import Reader
from compiler.manifest import EntryPoint, Manifest, OfCrowds, manifest
from dsl.source import Source
from server.ports import Activation
from server.usecases.refusals import NoActiveRules

MANIFESTS = 1024
"""Kept for each version: one for each question asked lately."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A version with all that is made of it. A decision takes one of these at its start and stays with it.

    `texts` shows what stands at a place of its files. `triggers`: types of events that may open occurrences of plans
    which some decide lists.
    """

    ruleset: RuleSet
    texts: Texts
    program: Program
    reader: Reader
    manifest: Callable[[EntryPoint], Manifest]
    triggers: frozenset[str]

    @classmethod
    def of(cls, ruleset: RuleSet, sources: Iterable[Source]) -> Serving:
        """Compiles what is not compiled yet: seconds for the largest rule sets."""
        manifest_of = lru_cache(MANIFESTS)(partial(manifest, ruleset))
        manifest_of(OfCrowds())
        reader = Reader(discreet(ruleset))
        return cls(ruleset, Texts(sources), program(ruleset), reader, manifest_of, triggers(ruleset))


def triggers(ruleset: RuleSet) -> frozenset[str]:
    listed = (ruleset.plans[plan] for decide in ruleset.decides.values() for plan in decide.plans)
    return frozenset(plan.trigger.event for plan in listed if plan.trigger is not None)


def discreet(ruleset: RuleSet) -> RuleSet:
    """The rule set with every field private, so that errors about facts never show a value."""
    events = {
        name: replace(event, fields=all_private(event.fields)) for name, event in ruleset.events.items()
    }
    return replace(
        ruleset,
        attributes=all_private(ruleset.attributes),
        inputs=all_private(ruleset.inputs),
        events=events,
    )


def all_private(fields: Mapping[str, FieldDef]) -> dict[str, FieldDef]:
    return {name: replace(field, private=True) for name, field in fields.items()}


class ActiveRules:
    """Holds what is serving. It is exchanged as a whole, so that nobody sees half of a version."""

    def __init__(self) -> None:
        self._held: tuple[Activation, Serving] | None = None

    @property
    def version(self) -> str | None:
        """The hash of what is serving."""
        return self._held[1].ruleset.hash if self._held else None

    @property
    def activation(self) -> Activation | None:
        """Since when it does."""
        return self._held[0] if self._held else None

    def require(self) -> Serving:
        """What is serving. Raises NoActiveRules."""
        if self._held is None:
            raise NoActiveRules
        return self._held[1]

    def adopt(self, activation: Activation, serving: Serving) -> None:
        """Serve this version, unless a later activation is served already."""
        if self._held is None or activation.epoch > self._held[0].epoch:
            self._held = activation, serving
