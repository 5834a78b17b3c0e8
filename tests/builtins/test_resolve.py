"""Which overload a call means."""

from __future__ import annotations

import pytest

from compiler.builtins import CONVERSIONS, FUNCTIONS, Mismatch, Resolved, resolve
from compiler.types import (
    CONDITION,
    DATE,
    FLAG,
    INSTANT,
    INT,
    NUMBER,
    SET,
    TEXT,
    TIMEZONE,
    Type,
    choice,
    money,
)

EUR, USD = money("EUR"), money("USD")
TIER = choice("free", "plus")


@pytest.mark.parametrize(
    ("name", "arguments", "parameters", "result"),
    [
        ("max", (INT, INT), (INT, INT), INT),
        ("max", (INT, NUMBER, INT), (NUMBER, NUMBER, NUMBER), NUMBER),
        ("min", (EUR, EUR), (EUR, EUR), EUR),
        ("min", (TIER, TEXT), (TEXT, TEXT), TEXT),
        ("round", (EUR, INT), (EUR, INT), EUR),
        ("round", (INT,), (NUMBER,), NUMBER),
        ("abs", (INT,), (INT,), INT),
        ("lower", (TIER,), (TEXT,), TEXT),
        ("concat", (TEXT, TIMEZONE, TIER), (TEXT, TEXT, TEXT), TEXT),
        ("year", (DATE,), (DATE,), INT),
        ("year", (INSTANT,), (INSTANT,), INT),
        ("has_any", (SET, TIER, TEXT), (SET, TEXT, TEXT), CONDITION),
    ],
)
def test_resolves(name: str, arguments: tuple[Type, ...], parameters: tuple[Type, ...], result: Type) -> None:
    resolved = resolve(name, arguments)
    assert isinstance(resolved, Resolved)
    assert (resolved.parameters, resolved.result) == (parameters, result)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("max", (INT,)),
        ("max", (EUR, USD)),
        ("max", (EUR, NUMBER)),
        ("max", (FLAG, FLAG)),
        ("lower", (INT,)),
        ("lower", (TEXT, TEXT)),
        ("round", (EUR, NUMBER)),
        ("remainder", (NUMBER, INT)),
        ("year", (INT,)),
        ("size", (TEXT,)),
    ],
)
def test_does_not_fit(name: str, arguments: tuple[Type, ...]) -> None:
    assert resolve(name, arguments) == Mismatch(FUNCTIONS[name].signatures)


def test_only_announced_conversions_are_made() -> None:
    for name in FUNCTIONS:
        for arguments in ((INT,), (TIER,), (TIMEZONE, TEXT), (INT, INT), (INT, NUMBER)):
            resolved = resolve(name, arguments)
            if isinstance(resolved, Resolved):
                pairs = zip(arguments, resolved.parameters, strict=True)
                assert {(a.kind, b.kind) for a, b in pairs if a != b} <= CONVERSIONS


def test_literals_are_wanted_where_they_are_compiled() -> None:
    matches, networks = FUNCTIONS["matches"].overloads[0], FUNCTIONS["in_network"].overloads[0]
    assert [matches.wants_literal(position) for position in range(2)] == [False, True]
    assert [networks.wants_literal(position) for position in range(5)] == [False, True, True, True, True]


def test_signatures_are_in_plain_words() -> None:
    assert FUNCTIONS["concat"].signatures == ("concat(text, text, …)",)
    assert FUNCTIONS["round"].signatures[:2] == ("round(number)", "round(number, int)")
