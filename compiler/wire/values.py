"""JSON values into values of a static type: a reader is made once for each declared field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any, TypeAlias

from compiler.calendar import known_zone
from compiler.types import INT_MAX, INT_MIN, Kind, Type, Value, choice
from compiler.versions import parse_version
from compiler.wire.amounts import Rates, converted, is_currency, read_amount
from compiler.wire.errors import FactsError, Findings, element, refusal
from compiler.wire.json_text import Json
from compiler.wire.time_text import read_date, read_duration, read_instant
from dsl.diagnostics import suggest
from dsl.text import quoted, visible

LONGEST_TEXT = 2**16
"""Code points of a text."""
LARGEST_SET = 10_000
"""Texts of a set."""

ReadValue: TypeAlias = Callable[[Json], Value]
"""Raises FactsError, its paths counted from the value. Never sees null."""
ReadNames: TypeAlias = Callable[[Json], frozenset[str]]

_UNFIT = re.compile("[\0\ud800-\udfff]")  # what stores and other languages cannot keep
_NOT_FINITE = frozenset({"NaN", "Infinity", "-Infinity"})
_FIRST_BEYOND = 2.0**63


@dataclass(frozen=True, slots=True)
class Slot:
    """What a value is read for. `rates` convert money; of a `private` value errors tell the kind alone."""

    type: Type
    rates: Rates
    private: bool = False

    def refuse(self, found: Json, remark: str = "") -> FactsError:
        """The error for a value that does not fit; `remark` is what is wrong with it beside its type."""
        words = _KINDS if self.private else _SHOWN
        described = words.get(type(found), lambda _: "something that JSON cannot hold")(found)
        return refusal(f"expected {self.wanted}, found {described}{remark}")

    @property
    def wanted(self) -> str:
        """In plain words."""
        return _WANTED.get(self.type.kind) or _listed(self.type.options)


def value_reader(slot: Slot) -> ReadValue:
    return _READERS[slot.type.kind](slot)


# ---- words


def _listed(options: tuple[str, ...], most: int = 12) -> str:
    shown = [f"`{option}`" for option in options[:most]]
    more = ["…"] if len(options) > most else []
    return f"one of {', '.join(shown + more)}" if options else "no name, as the rules declare none"


_WANTED = {
    Kind.FLAG: "true or false",
    Kind.INT: "a whole number such as 42",
    Kind.NUMBER: "a number such as 0.75",
    Kind.TEXT: "a text",
    Kind.MONEY: 'money such as {"amount": "20.00", "currency": "EUR"}',
    Kind.TIMEZONE: 'a time zone such as "Europe/Berlin"',
    Kind.INSTANT: 'an instant such as "2026-03-01T20:10:00+01:00"',
    Kind.DATE: 'a date such as "2026-03-01"',
    Kind.DURATION: 'a duration in seconds such as "3600s"',
    Kind.VERSION: 'a version such as "1.2.3"',
    Kind.SET: "an array of distinct texts",
}
_SHOWN: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: "null",
    bool: lambda found: "true" if found else "false",
    int: lambda found: f"the number {found}" if abs(found) < 2**64 else "a huge number",
    float: lambda found: f"the number {found}",
    str: lambda found: f"the text {quoted(visible(found))}",
    list: lambda _: "an array",
    dict: lambda _: "an object",
}
_KINDS: dict[type, Callable[[Any], str]] = {
    **_SHOWN,
    bool: lambda _: "true or false",
    int: lambda _: "a number",
    float: lambda _: "a number",
    str: lambda _: "a text",
}


# ---- a reader for each kind


def _flag(slot: Slot) -> ReadValue:
    def read(found: Json) -> Value:
        if found is True or found is False:
            return found
        raise slot.refuse(found)

    return read


def _int(slot: Slot) -> ReadValue:
    def read(found: Json) -> Value:
        if type(found) is int and INT_MIN <= found <= INT_MAX:
            return found
        if type(found) is int or (type(found) is float and abs(found) >= _FIRST_BEYOND):
            raise slot.refuse(found, ", which is beyond 64 bits")
        raise slot.refuse(found, "; a whole number has no point" if type(found) is float else "")

    return read


def _number(slot: Slot) -> ReadValue:
    def read(found: Json) -> Value:
        if type(found) is float:
            return found + 0.0 if isfinite(found) else None  # −0 becomes 0, so that equals look alike
        if type(found) is int:
            return _double(found)
        if type(found) is str and found in _NOT_FINITE:
            return None
        raise slot.refuse(found)

    return read


def _double(whole: int) -> float | None:
    try:
        return float(whole)
    except OverflowError:
        return None


def _text(slot: Slot) -> Callable[[Json], str]:
    def read(found: Json) -> str:
        if type(found) is not str:
            raise slot.refuse(found)
        if len(found) > LONGEST_TEXT:
            raise slot.refuse(found, f" of {len(found):,} characters; {LONGEST_TEXT:,} are the most")
        if ("\0" in found or not found.isascii()) and _UNFIT.search(found):
            raise slot.refuse(found, ", which holds U+0000 or half of a surrogate pair")
        return found

    return read


def _choice(slot: Slot) -> Callable[[Json], str]:
    options = frozenset(slot.type.options)

    def read(found: Json) -> str:
        if type(found) is str and found in options:
            return found
        near = suggest(found, slot.type.options) if type(found) is str and not slot.private else None
        raise slot.refuse(found, f"; did you mean `{near}`?" if near else "")

    return read


def _timezone(slot: Slot) -> ReadValue:
    return _parsed(slot, lambda text: text if known_zone(text) else None)


def _parsed(slot: Slot, parse: Callable[[str], Value]) -> ReadValue:
    def read(found: Json) -> Value:
        value = parse(found) if type(found) is str else None
        if value is None:
            raise slot.refuse(found)
        return value

    return read


def _money(slot: Slot) -> ReadValue:
    declared = slot.type.currency or ""

    def read(found: Json) -> Value:
        if type(found) is not dict or len(found) != 2 or "amount" not in found or "currency" not in found:
            raise slot.refuse(found)
        amount, currency = found["amount"], found["currency"]
        millionths = read_amount(amount) if type(amount) is str else None
        if currency == declared and millionths is not None:
            return millionths
        if millionths is None or type(currency) is not str or not is_currency(currency):
            raise _wrong_money(millionths, currency)
        return converted(millionths, slot.rates.get((currency, declared)))

    return read


def _wrong_money(millionths: int | None, currency: Json) -> FactsError:
    findings = Findings()
    if millionths is None:
        findings.refuse("amount", 'expected a decimal text such as "20.00", with at most 6 decimals')
    if type(currency) is not str or not is_currency(currency):
        findings.refuse("currency", 'expected three capital letters such as "EUR"')
    return FactsError(tuple(findings.errors))


def _set(slot: Slot) -> ReadValue:
    return _distinct(slot, _text(Slot(Type(Kind.TEXT), slot.rates, slot.private)))


def names_reader(names: Iterable[str]) -> ReadNames:
    """Reads an array of distinct ones of these names."""
    options = tuple(names)
    return _distinct(Slot(Type(Kind.SET), {}), _choice(Slot(choice(*options), {})))


def _distinct(slot: Slot, read_text: Callable[[Json], str]) -> ReadNames:
    def read(found: Json) -> frozenset[str]:
        if type(found) is not list:
            raise slot.refuse(found)
        if len(found) > LARGEST_SET:
            raise slot.refuse(found, f" of {len(found):,}; {LARGEST_SET:,} are the most")
        texts = _read_texts(found, read_text)
        if len(texts) < len(found):
            raise slot.refuse(found, " with a text that is given twice")
        return texts

    return read


def _read_texts(found: list[Json], read_text: Callable[[Json], str]) -> frozenset[str]:
    findings = Findings()
    texts = []
    for index, each in enumerate(found):
        try:
            texts.append(read_text(each))
        except FactsError as error:
            findings.adopt(element("", index), error)
    findings.settle()
    return frozenset(texts)


_READERS: dict[Kind, Callable[[Slot], ReadValue]] = {
    Kind.FLAG: _flag,
    Kind.INT: _int,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
    Kind.MONEY: _money,
    Kind.CHOICE: _choice,
    Kind.TIMEZONE: _timezone,
    Kind.INSTANT: lambda slot: _parsed(slot, read_instant),
    Kind.DATE: lambda slot: _parsed(slot, read_date),
    Kind.DURATION: lambda slot: _parsed(slot, read_duration),
    Kind.VERSION: lambda slot: _parsed(slot, parse_version),
    Kind.SET: _set,
}
