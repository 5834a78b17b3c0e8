"""Cases as JSON Lines: facts of one user, and what is expected of them in the words of the language.

    {"name": "a big cart", "now": "2026-03-01T22:40:00Z", "user": {"tier": "plus"}, "events": […],
     "expect": ["user in hot_cart", "plan nudge waits because quiet"]}

`name` is optional, the rest is the form of facts (docs/language/facts.md). Nobody is held out unless the facts say so,
and instants in `expect` are in the user's zone, as in tests. Each line is turned into a `test` on the same line of a
text, so that it is checked, and its places are shown, like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from compiler.cases.from_ast import CheckedCases, check_cases
from compiler.checked import ir
from compiler.checked.scope import Scope
from compiler.driver import Compiled
from compiler.facts import Facts
from compiler.facts_from_json import Reader
from compiler.wire.errors import FactError, FactsError, element
from compiler.wire.json_text import Json, parse_json
from compiler.wire.time_text import write_instant
from dsl import ast
from dsl.parse import parse
from dsl.source import Source

EXPECTATIONS = ("name", "expect")
"""Parts that are not facts."""


@dataclass(frozen=True, slots=True)
class FactsCases:
    """`cases` go with the `facts` of their lines; `faults` are the lines that could not be read, by number."""

    cases: CheckedCases
    facts: Mapping[int, Facts]
    faults: Mapping[int, FactsError]
    source: Source


def read_cases(compiled: Compiled, ruleset: ir.RuleSet, file: str, lines: Iterable[bytes]) -> FactsCases:
    """Every line that can be read, checked; empty lines are passed over."""
    reader = Reader(ruleset)
    facts: dict[int, Facts] = {}
    faults: dict[int, FactsError] = {}
    tests: list[str] = []
    for number, line in enumerate(lines, start=1):
        tests.append("")
        if line.strip():
            try:
                facts[number], tests[-1] = read_line(reader, ruleset, line, number)
            except FactsError as error:
                faults[number] = error
    source = Source(file, "\n".join(tests))
    return FactsCases(checked_tests(compiled, source), facts, faults, source)


def checked_tests(compiled: Compiled, source: Source) -> CheckedCases:
    """The tests of a text beside a rule set."""
    parsed = parse(source)
    tests = tuple(
        (placed.statement, Scope(source.name), placed.line)
        for placed in parsed.file.statements
        if isinstance(placed.statement, ast.Test)
    )
    beside = replace(compiled, checked=replace(compiled.checked, tests=tests))
    found = check_cases(beside)
    return replace(found, diagnostics=(*parsed.diagnostics, *found.diagnostics))


def read_line(reader: Reader, ruleset: ir.RuleSet, line: bytes, number: int) -> tuple[Facts, str]:
    """The facts, and the test that asks for what is expected of them. Raises FactsError."""
    document = parse_json(line)
    if not isinstance(document, Mapping):
        raise FactsError((FactError("", "expected an object in braces"),))
    name, expected = document.get("name", f"line {number}"), document.get("expect")
    told = {key: value for key, value in document.items() if key not in EXPECTATIONS}
    facts = reader.read_facts(told).value
    errors = tuple(wrong_frame(name, expected))
    if errors:
        raise FactsError(errors)
    known = facts if facts.held_out is not None else replace(facts, held_out=frozenset())
    return known, test_text(ruleset, known, str(name), expected)


def wrong_frame(name: Json, expected: Json) -> Iterator[FactError]:
    if not isinstance(name, str):
        yield FactError("name", "expected a text")
    if not isinstance(expected, list) or not expected:
        yield FactError("expect", 'expected an array of expectations such as ["user in hot_cart"]')
        return
    for index, text in enumerate(expected):
        if not isinstance(text, str):
            yield FactError(element("expect", index), "expected a text")


def test_text(ruleset: ir.RuleSet, facts: Facts, name: str, expected: Json) -> str:
    """One line of the language."""
    assert isinstance(expected, list)
    zone = facts.user.get(ruleset.user_zone) if ruleset.user_zone else None
    given = [f"given user {{ {ruleset.user_zone}: {quoted(zone)} }}"] if isinstance(zone, str) else []
    now = f"now {write_instant(facts.now).replace('T', ' ')}"
    parts = [*given, now, *(f"expect {in_one_line(str(text))}" for text in expected)]
    return f"test {quoted(name)} {{ {' '.join(parts)} }}"


def quoted(text: str) -> str:
    return '"' + in_one_line(text).replace('"', '""') + '"'


def in_one_line(text: str) -> str:
    return " ".join(text.split())
