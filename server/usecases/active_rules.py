"""The rule-set version that decides, ready to do so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from compiler.checked.ir import FieldDef, RuleSet
from compiler.decision.program import Program
from compiler.facts_from_json import Reader
from server.ports import Activation
from server.usecases.refusals import NoActiveRules


@dataclass(frozen=True, slots=True)
class Serving:
    """A version with all that is made of it. A decision takes one of these at its start and stays with it."""

    ruleset: RuleSet
    program: Program
    reader: Reader
    activation: Activation

    @classmethod
    def of(cls, ruleset: RuleSet, program: Program, activation: Activation) -> Serving:
        return cls(ruleset, program, Reader(discreet(ruleset)), activation)


def discreet(ruleset: RuleSet) -> RuleSet:
    """The rule set with every field private, so that errors about facts tell the kind of a value and never the value."""
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
        self._serving: Serving | None = None

    @property
    def serving(self) -> Serving | None:
        return self._serving

    def require(self) -> Serving:
        """What is serving. Raises NoActiveRules."""
        if self._serving is None:
            raise NoActiveRules
        return self._serving

    def adopt(self, serving: Serving) -> None:
        """Serve this version, unless a later activation is served already."""
        if self._serving is None or serving.activation.epoch > self._serving.activation.epoch:
            self._serving = serving
