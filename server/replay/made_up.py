"""Documents of facts in which private values are made up: of the type that each has, near to what the rules compare with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, TypeAlias

from compiler.checked.ir import FieldDef, RuleSet
from compiler.types import MISSING, UNAVAILABLE, Type, Value
from compiler.wire.marks import MASKED_MARK
from compiler.wire.writing import write_value
from compiler.witness.boundaries import Boundaries

TRIES = 500
"""Made-up people that are tried for one decision."""
ALIKE = 0.3
"""How often all private values of a type are one."""
Document: TypeAlias = Mapping[str, Any]


def made_up(ruleset: RuleSet, document: Document) -> Iterator[Document]:
    """The document with other values in the place of each that is masked, and another user; the same ones in the same order."""
    boundaries = Boundaries.of(ruleset)
    for number in range(TRIES):
        yield MakingUp(ruleset, boundaries, number).document(document)


def private_fields(document: Document) -> list[str]:
    """Those that are masked in a document, by name: `user.phone`, `card_added.number`."""
    found = {f"{scope}.{name}" for scope in ("user", "input") for name in masked(document.get(scope, {}))}
    found |= {
        f"{each['event']}.{name}" for each in document.get("events", ()) for name in masked(each["fields"])
    }
    found |= {shape.replace("/", ".").rpartition(".")[0] for shape in masked(document.get("totals", {}))}
    return sorted(found)


def masked(values: Document) -> list[str]:
    return [name for name, value in values.items() if value == MASKED_MARK]


class MakingUp:
    """One try, by its number."""

    def __init__(self, ruleset: RuleSet, boundaries: Boundaries, number: int) -> None:
        self.ruleset, self.boundaries, self.number = ruleset, boundaries, number
        self.random = Random(number)
        self.are_alike = self.random.random() < ALIKE
        self.known: dict[Type, Value] = {}

    def document(self, document: Document) -> Document:
        changed = {
            **document,
            "user": self.user(document.get("user", {})),
            "input": self.fields(self.ruleset.inputs, document.get("input", {})),
            "events": [
                {**each, "fields": self.fields(self.ruleset.events[each["event"]].fields, each["fields"])}
                for each in document.get("events", ())
            ],
        }
        if totals := document.get("totals"):  # one that is masked is not made up: what it tells is unknown
            changed["totals"] = {shape: total for shape, total in totals.items() if total != MASKED_MARK}
        for part in ("touches", "shadow"):
            if isinstance(touches := document.get(part), list):
                changed[part] = [self.contact(each) for each in touches]
        return changed

    def user(self, values: Document) -> Document:
        key, known = self.ruleset.user_key, self.fields(self.ruleset.attributes, values)
        return {**known, key: f"u{self.number + 1}"} if key is not None and key in known else known

    def fields(self, declared: Mapping[str, FieldDef], values: Document) -> Document:
        return {
            name: self.value(declared[name].type) if value == MASKED_MARK else value
            for name, value in values.items()
        }

    def value(self, type_: Type) -> Any:
        found = self.known.get(type_) if self.are_alike else None
        while found is MISSING or found is UNAVAILABLE:
            found = self.boundaries.value(type_, self.random)
        self.known[type_] = found
        return write_value(type_, found)

    def contact(self, touch: Document) -> Document:
        """What a contact was for is not told if it bears something private; nor what it completed, which has the same key."""
        if touch["occurrence"] != MASKED_MARK:
            return touch
        told = {name: value for name, value in touch.items() if name != "completes"}
        return {**told, "occurrence": f"{touch['activity']}/masked"}
