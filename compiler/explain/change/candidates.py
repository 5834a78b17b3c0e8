"""Values that an attribute or a field could have instead, from the boundaries that the rules themselves draw."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from math import inf, isfinite, nextafter
from typing import Any

from compiler.checked.ir import RuleSet
from compiler.explain.change.readings import Reading, kind_constants
from compiler.types import INT_MAX, INT_MIN, MISSING, UNAVAILABLE, Kind, Present, Type, Value
from compiler.versions import parse_version
from compiler.wire.writing import write_value

DAY = 86_400_000_000
HOUR = DAY // 24
MOST = 60
"""Values that are tried for one attribute or field."""

Seeds = list[Any]


def candidates(type_: Type, current: Value, reading: Reading, seen: Iterable[Value]) -> list[Value]:
    """Other values than the current one, those near to it first, at last none at all.

    `seen`: values of any type that stand beside it where it is compared.
    """
    seeds = [*kind_constants(reading, type_.kind), *(each for each in seen if _is_of(type_, each))]
    made = _MAKERS[type_.kind](type_, list(dict.fromkeys(seeds)), reading)
    order = sorted(dict.fromkeys(made), key=lambda value: distance(type_, current, value))
    return [
        *(value for value in order[:MOST] if value != current),
        *([MISSING] if current is not None else []),
    ]


def typical(type_: Type, reading: Reading) -> Present:
    """A value to begin with where there is none."""
    seeds = kind_constants(reading, type_.kind)
    value: Present = next(iter(_MAKERS[type_.kind](type_, seeds, reading)))
    return value


def distance(type_: Type, current: Value, value: Value) -> float:
    """How far a value is from the current one: by number where there is one, else as listed."""
    if type_.kind not in NUMERIC or not isinstance(value, int | float):
        return 0.0
    origin = current if isinstance(current, int | float) else 0
    return abs(float(value) - float(origin))


NUMERIC = frozenset({Kind.INT, Kind.NUMBER, Kind.MONEY, Kind.INSTANT, Kind.DATE, Kind.DURATION})
"""Kinds whose values lie on a line."""


def _is_of(type_: Type, value: Value) -> bool:
    if value is MISSING or value is UNAVAILABLE:
        return False
    form = _FORMS.get(type_.kind, int)
    return isinstance(value, form) and isinstance(value, bool) is (type_.kind is Kind.FLAG)


_FORMS: Mapping[Kind, type] = {
    Kind.FLAG: bool,
    Kind.NUMBER: float,
    Kind.TEXT: str,
    Kind.CHOICE: str,
    Kind.TIMEZONE: str,
    Kind.VERSION: tuple,
    Kind.SET: frozenset,
}


# ---- by kind


def _flag(type_: Type, seeds: Seeds, reading: Reading) -> Iterable[bool]:
    return True, False


def _choice(type_: Type, seeds: Seeds, reading: Reading) -> Iterable[str]:
    return type_.options


def _around(step: int, *always: int) -> Callable[[Type, Seeds, Reading], Iterable[int]]:
    """Each seed, and what lies a step below and above."""

    def made(type_: Type, seeds: Seeds, reading: Reading) -> Iterator[int]:
        for seed in seeds:
            yield from (seed, seed + 1, seed - 1, seed + step, seed - step)
        yield from always

    return made


def _within_range(maker: Callable[..., Iterable[int]]) -> Callable[[Type, Seeds, Reading], Iterable[int]]:
    return lambda type_, seeds, reading: (
        value for value in maker(type_, seeds, reading) if INT_MIN <= value <= INT_MAX
    )


def _number(type_: Type, seeds: Seeds, reading: Reading) -> Iterator[float]:
    whole = [float(each) for each in kind_constants(reading, Kind.INT) if isinstance(each, int)]
    for seed in (*seeds, *whole):
        around = (
            seed,
            seed + 0.01,
            seed - 0.01,
            seed + 1,
            seed - 1,
            nextafter(seed, inf),
            nextafter(seed, -inf),
        )
        yield from filter(isfinite, around)
    yield from (1.0, 0.0, -1.0, 2.0, 0.5, 100.0)


def _instants(type_: Type, seeds: Seeds, reading: Reading) -> Iterator[int]:
    for seed in seeds:
        yield from (seed, seed + 1, seed - 1)
        yield from (seed + days * DAY for days in (1, -1, 7, -7, 31, -31, 366, -366))
        yield from (seed + hours * HOUR for hours in range(1, 24))
    if not seeds:
        yield 0


def _dates(type_: Type, seeds: Seeds, reading: Reading) -> Iterator[int]:
    days = [each // DAY for each in kind_constants(reading, Kind.INSTANT) if isinstance(each, int)]
    for seed in (*seeds, *days):
        yield from (seed, seed + 1, seed - 1)
    for seed in seeds or days or [0]:
        yield from (seed + days for days in (*range(2, 32), *range(45, 366, 30), 366, -2, -7, -31, -366))
    yield 0


def _text(type_: Type, seeds: Seeds, reading: Reading) -> Iterator[str]:
    sets = (each for each in kind_constants(reading, Kind.SET) if isinstance(each, frozenset))
    texts = [*seeds, *(text for each in sets for text in sorted(each))]
    yield from texts
    versions = [
        (of, each) for of, values in reading.constants.items() if of.kind is Kind.VERSION for each in values
    ]
    yield from (str(write_value(of, each)) for of, each in versions)
    yield from chain.from_iterable(_spellings(text) for text in texts)
    yield from ("x", "", "1.0.0", "10.0.0.1", "a", "A", "zzz", "\U0010ffff")
    yield from ("x" * length for length in _lengths(reading))


def _spellings(text: str) -> Iterator[str]:
    """Texts near to one that stands in a rule: of a network its address, of a pattern a text that it finds."""
    yield from (text + "x", "x" + text, text.upper(), text.lower(), f" {text} ")
    yield text.partition("/")[0]
    yield _found_by(text)
    if text:
        yield text[:-1]


_CLASS = re.compile(r"\[\^?(.)[^\]]*\]")
_NOISE = re.compile(r"\(\?[a-zA-Z]+\)|[\^$+*?()]|\\b|\{\d+(?:,\d*)?\}")


def _found_by(pattern: str) -> str:
    """A text that a simple pattern finds: of each class its first character, each repeated part once."""
    plain = _NOISE.sub(
        "", _CLASS.sub(r"\1", pattern.replace(r"\d", "0").replace(r"\w", "a").replace(r"\s", " "))
    )
    return plain.partition("|")[0].replace(r"\.", "\0").replace(".", "a").replace("\0", ".").replace("\\", "")


def _lengths(reading: Reading) -> list[int]:
    if "length" not in reading.calls:
        return []
    whole = [each for each in kind_constants(reading, Kind.INT) if isinstance(each, int)]
    return sorted(
        {size for each in (*whole, 1, 2, 3, 5) for size in (each - 1, each, each + 1) if 0 < size <= 200}
    )


def _zones(type_: Type, seeds: Seeds, reading: Reading) -> Iterable[str]:
    return (
        *seeds,
        "UTC",
        "America/New_York",
        "Asia/Tokyo",
        "Pacific/Auckland",
        "America/Los_Angeles",
        "Asia/Kolkata",
    )


def _versions(type_: Type, seeds: Seeds, reading: Reading) -> Iterator[Any]:
    yield from seeds
    for seed in seeds:
        major, minor, patch, *_ = seed
        yield from (parse_version(f"{major}.{minor}.{patch + 1}"), parse_version(f"{major + 1}.0.0"))
        yield parse_version(f"{major}.{minor}.{patch}-0")
    yield from (parse_version("1.0.0"), parse_version("0.0.0-0"), parse_version("999.0.0"))


def _sets(type_: Type, seeds: Seeds, reading: Reading) -> Iterator[frozenset[str]]:
    texts = [each for each in kind_constants(reading, Kind.TEXT) if isinstance(each, str)]
    yield from (frozenset({text}) for text in texts)
    yield frozenset(texts)
    yield frozenset()
    yield from (seed | {text} for seed in seeds for text in texts)
    yield from (seed - {text} for seed in seeds for text in texts)
    yield from (frozenset(f"x{number}" for number in range(size)) for size in range(1, 6))


_MAKERS: Mapping[Kind, Callable[[Type, Seeds, Reading], Iterable[Any]]] = {
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
    Kind.INT: _within_range(_around(10, 1, 0, 2, -1, 3)),
    Kind.NUMBER: _number,
    Kind.MONEY: _around(1_000_000, 1_000_000, 0, 10_000, -10_000, 100_000_000),
    Kind.DURATION: _within_range(_around(DAY, DAY, 0, HOUR, -HOUR, 30 * DAY)),
    Kind.INSTANT: _instants,
    Kind.DATE: _dates,
    Kind.TEXT: _text,
    Kind.TIMEZONE: _zones,
    Kind.VERSION: _versions,
    Kind.SET: _sets,
}


def ids(ruleset: RuleSet, current: Value) -> Iterator[str]:
    """Other users, by name."""
    stem = current if isinstance(current, str) else "user"
    return (f"{stem}-{number}" for number in range(2, 202))
