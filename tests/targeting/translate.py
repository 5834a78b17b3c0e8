"""Targeting conditions of another product as `.sua` texts, checked, evaluated and compared with what they expect.

`python -m tests.targeting.translate` prints what came out, and writes it to docs/targeting.md; exit 1 if a condition
is answered otherwise than expected. README.md beside this file has the form of the records.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeAlias

import re2

from compiler import interpret
from compiler.driver import compile_ruleset, program
from compiler.facts_from_json import FactsError, Reader
from dsl.source import Source

RECORDS = Path(__file__).with_name("unleash.jsonl")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "targeting.md"

Condition: TypeAlias = Mapping[str, Any]
Json: TypeAlias = Any


class CannotSay(Exception):
    """The language has no way to say this; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Record:
    id: str
    condition: Condition
    attributes: Mapping[str, Json]
    expected: bool

    @property
    def group(self) -> str:
        """`13-constraint-operators`"""
        return self.id.split("/")[1]


def records() -> list[Record]:
    lines = RECORDS.read_text(encoding="utf-8").splitlines()
    fields = ("id", "condition", "attributes", "expected")
    return [Record(**{name: json.loads(line)[name] for name in fields}) for line in lines]


# ---- a condition as text


@dataclass(slots=True)
class Translation:
    """Collects the types of attributes while their conditions are written."""

    types: dict[str, str] = field(default_factory=dict)

    def condition(self, node: Condition, negated: bool = False) -> str:
        """Negation is carried inwards, to where a missing attribute makes it true."""
        op = node["op"]
        if op == "const":
            return "true" if node["value"] is not negated else "false"
        if op == "not":
            return self.condition(node["arg"], not negated)
        if op in ("and", "or"):
            word = op if not negated else {"and": "or", "or": "and"}[op]
            return f"({f' {word} '.join(self.condition(each, negated) for each in node['args'])})"
        if op not in LEAVES:
            raise CannotSay(f"there is no `{op}`")
        term, test = LEAVES[op](self, node)
        if test is None:
            return "true" if negated else "false"
        return f"({term} is missing or not {test})" if negated else test

    def attribute(self, node: Condition, type: str) -> str:
        name = name_of(node["attr"])
        known = self.types.setdefault(name, type)
        if known != type:
            raise CannotSay(f"`{name}` is used as {known} and as {type}")
        return f"user.{name}"


def name_of(path: list[str]) -> str:
    """Nested paths become one name: `properties_country`."""
    return re.sub(r"\W", "_", "_".join(path))


Leaf: TypeAlias = tuple[str, str | None]
"""The term that may be missing, and the test of it; None for one that is never true."""


def one_of(translation: Translation, node: Condition) -> Leaf:
    values = node["values"]
    kinds = {type_of(value) for value in values} or {"text"}
    if len(kinds) > 1:
        raise CannotSay("values of several types in one list")
    term = translation.attribute(node, kinds.pop())
    return term, f"{term} in ({', '.join(map(literal, values))})" if values else None


def compared(translation: Translation, node: Condition) -> Leaf:
    term = translation.attribute(node, type_of(node["value"]))
    return term, f"{term} {COMPARISONS[node['op']]} {literal(node['value'])}"


def of_text(translation: Translation, node: Condition) -> Leaf:
    term = translation.attribute(node, "text")
    if node.get("ci"):
        return term, f"{node['op']}(lower({term}), {literal(node['value'].lower())})"
    return term, f"{node['op']}({term}, {literal(node['value'])})"


def matches(translation: Translation, node: Condition) -> Leaf:
    term = translation.attribute(node, "text")
    pattern = f"(?i){node['pattern']}" if node.get("ci") else node["pattern"]
    return term, f"matches({term}, {literal(pattern)})" if is_pattern(pattern) else None


def of_version(translation: Translation, node: Condition) -> Leaf:
    term = f"version({translation.attribute(node, 'text')})"
    return term, f"{term} {COMPARISONS[node['cmp']]} version({literal(node['value'])})"


def of_time(translation: Translation, node: Condition) -> Leaf:
    term = translation.attribute(node, "instant")
    utc = datetime.fromisoformat(node["value"]).astimezone(UTC)
    return term, f"{term} {COMPARISONS[node['cmp']]} {utc:%Y-%m-%d %H:%M:%S.%f}Z"


def in_network(translation: Translation, node: Condition) -> Leaf:
    term = translation.attribute(node, "text")
    networks = [literal(text) for text in node["values"] if is_network(text)]
    return term, f"in_network({term}, {', '.join(networks)})" if networks else None


LEAVES: Mapping[str, Callable[[Translation, Condition], Leaf]] = {
    "in": one_of,
    **dict.fromkeys(("eq", "lt", "le", "gt", "ge"), compared),
    **dict.fromkeys(("contains", "starts_with", "ends_with"), of_text),
    "matches": matches,
    "semver": of_version,
    "time": of_time,
    "cidr": in_network,
}
COMPARISONS = {"eq": "is", "ne": "is not", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def type_of(value: Json) -> str:
    types = {str: "text", bool: "flag", int: "number", float: "number"}
    if type(value) not in types:
        raise CannotSay(f"no type holds `{json.dumps(value)}`")
    return types[type(value)]


def literal(value: Json) -> str:
    if isinstance(value, str):
        if "\n" in value:
            raise CannotSay("a line break cannot be written in a text")
        return '"' + value.replace('"', '""') + '"'
    return str(value).lower() if isinstance(value, bool) else f"{Decimal(repr(value)):f}"


def is_pattern(text: str) -> bool:
    try:
        re2.compile(text)
    except re2.error:
        return False
    return True


def is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


# ---- a record as rules and facts


def rules_of(record: Record) -> str:
    """A profile of the attributes that are used or given, and the condition as a crowd."""
    translation = Translation()
    condition = translation.condition(record.condition)
    for name, value in flattened(record.attributes):
        if value is not None and not isinstance(value, list):
            translation.types.setdefault(name, type_of(value))
    fields = "".join(f"  {name}: {type} optional\n" for name, type in translation.types.items())
    return f"profile user {{\n{fields}}}\ncrowd target {{\n  {condition}\n}}\n"


def facts_of(record: Record) -> bytes:
    return json.dumps({"user": dict(flattened(record.attributes))}).encode()


def flattened(attributes: Mapping[str, Json], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Json]]:
    for key, value in attributes.items():
        if isinstance(value, Mapping):
            yield from flattened(value, (*path, key))
        else:
            yield name_of([*path, key]), value


def answer(record: Record) -> bool:
    """Whether the user is in the crowd, by both evaluators."""
    compiled = compile_ruleset([Source("target.sua", rules_of(record))])
    if compiled.ruleset is None:
        raise CannotSay("; ".join(each.message for each in compiled.diagnostics))
    try:
        facts = Reader(compiled.ruleset).read_facts(facts_of(record), now=0).value
    except FactsError as error:
        raise CannotSay(str(error)) from None
    meant = interpret.crowd(compiled.ruleset, "target", facts)
    served = program(compiled.ruleset).crowd("target", facts)
    assert meant is served, f"{record.id}: the evaluators differ"
    return meant is True


# ---- the page


@dataclass(frozen=True, slots=True)
class Result:
    """`fault` is empty where the answer is the one expected."""

    record: Record
    fault: str


def result(record: Record) -> Result:
    try:
        answered = answer(record)
    except CannotSay as reason:
        return Result(record, str(reason))
    return Result(record, "" if answered is record.expected else f"answered {'yes' if answered else 'no'}")


PAGE_TEXT = """\
# Targeting conditions of another product

Written by `python -m tests.targeting.translate` from `tests/targeting/unleash.jsonl` (derived from the Unleash client
specification, Apache-2.0): {total} conditions with the answer that they expect. Each becomes a profile, a crowd and
facts, is checked, and is answered by the interpreter and the decision program alike.

**{good} of {total} are expressed and answered as expected.**

There a missing attribute makes a condition false and its negation true. Here it makes both unknown, and nobody is in a
crowd by not being known. Where a record means otherwise, the translation says so: `user.country is missing or not …`.

| group | expressed and answered as expected | of |
|---|---|---|
{groups}

## What is not

{rest}

## How each operator is written

| there | here |
|---|---|
{examples}
"""


def page(results: list[Result]) -> str:
    good = [each for each in results if not each.fault]
    totals, goods = (Counter(each.record.group for each in some) for some in (results, good))
    faults = [f"| `{each.record.id}` | {each.fault} |" for each in results if each.fault]
    return PAGE_TEXT.format(
        total=len(results),
        good=len(good),
        groups="\n".join(f"| {group} | {goods[group]} | {total} |" for group, total in totals.items()),
        rest="\n".join(["| record | why |", "|---|---|", *faults]) if faults else "Nothing.",
        examples="\n".join(examples([each.record for each in good])),
    )


def examples(good: list[Record]) -> Iterator[str]:
    """The first record of one operator alone, and the first of its negation."""
    shown: set[tuple[str, ...]] = set()
    for record in good:
        parts = tuple(operators(record.condition))
        if len(parts) == len(set(parts)) <= 2 and parts not in shown and "const" not in parts:
            shown.add(parts)
            there = json.dumps(record.condition, ensure_ascii=False)
            yield f"| `{cell(there)}` | `{cell(Translation().condition(record.condition))}` |"


def operators(node: Condition) -> Iterator[str]:
    yield node["op"]
    for each in [*node.get("args", []), *([node["arg"]] if "arg" in node else [])]:
        yield from operators(each)


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    results = [result(record) for record in records()]
    PAGE.write_text(page(results), encoding="utf-8")
    faults = [each for each in results if each.fault]
    print(f"{len(results) - len(faults)} of {len(results)} expressed and answered as expected")
    print(*(f"{each.record.id}: {each.fault}" for each in faults), sep="\n")
    return 1 if any(each.fault.startswith("answered") for each in faults) else 0


if __name__ == "__main__":
    sys.exit(main())
