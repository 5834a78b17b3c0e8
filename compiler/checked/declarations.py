"""settings, profile, input and event statements → IR."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from compiler.checked import ir
from compiler.checked.comparisons import constant
from compiler.checked.crowds import doc_of
from compiler.checked.expressions import Typing
from compiler.checked.literals import zone_of_text
from compiler.checked.policies import only
from compiler.checked.scope import Lookups, Refused
from compiler.checked.wording import called
from compiler.types import (
    DATE,
    DURATION,
    FLAG,
    INSTANT,
    INT,
    NUMBER,
    SET,
    TEXT,
    TIMEZONE,
    VERSION,
    Kind,
    Present,
    Type,
    money,
)
from dsl import ast

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PLAIN_TYPES: Mapping[str, Type] = {
    str(type_): type_ for type_ in (TEXT, INT, NUMBER, FLAG, TIMEZONE, INSTANT, DATE, DURATION, VERSION)
}
TYPE_NAMES = (*PLAIN_TYPES, "money", "choice", "set")


def check_settings(names: Lookups, node: ast.Settings) -> ir.Settings:
    """What is refused is left as it is without settings."""
    defaults = ir.Settings()
    zone = only(names, node.clauses, ast.TimezoneIs, "timezone")
    currency = only(names, node.clauses, ast.CurrencyIs, "currency")
    week = only(names, node.clauses, ast.WeekStarts, "week starts")
    return ir.Settings(
        (zone and names.attempt(lambda: zone_of_text(names, zone.zone.value, zone.zone.span)))
        or defaults.zone,
        (currency and names.attempt(lambda: currency_of(names, currency.currency))) or defaults.currency,
        (week and names.attempt(lambda: weekday(names, week.weekday))) or defaults.first_weekday,
        rates(names, node),
    )


def currency_of(names: Lookups, written: ast.Name) -> str:
    if not re.fullmatch("[A-Z]{3}", written.text):
        label = "currencies have three capital letters, as in `EUR`"
        raise names.refuse("S215", f"unknown currency `{written.text}`", written.span, label)
    return written.text


def weekday(names: Lookups, written: ast.Name) -> int:
    if written.text not in WEEKDAYS:
        message = f"`{written.text}` is not a day of the week"
        raise names.misspelt("S215", message, written.span, written.text, WEEKDAYS, "days")
    return WEEKDAYS.index(written.text) + 1


def rates(names: Lookups, node: ast.Settings) -> dict[tuple[str, str], Fraction]:
    found: dict[tuple[str, str], Fraction] = {}
    for clause in node.clauses:
        if isinstance(clause, ast.Rate):
            names.attempt(lambda: enter_rate(names, clause, found))  # noqa: B023
    return found


def enter_rate(names: Lookups, clause: ast.Rate, found: dict[tuple[str, str], Fraction]) -> None:
    left, right = clause.left, clause.right
    assert left.currency
    assert right.currency
    if left.currency == right.currency:
        raise names.refuse("S402", f"a rate from {left.currency} to itself", clause.span, "leave it out")
    for amount in (left, right):
        if amount.number == 0:
            raise names.refuse("S402", "a rate of 0", amount.span, "nothing is worth that")
    if (left.currency, right.currency) in found:
        message = f"the rate between {left.currency} and {right.currency} is declared already"
        raise names.refuse("S404", message, clause.span, "it holds in both directions; one of them has to go")
    found[left.currency, right.currency] = Fraction(right.number) / Fraction(left.number)
    found[right.currency, left.currency] = Fraction(left.number) / Fraction(right.number)


def check_fields(names: Lookups, written: tuple[ast.FieldDecl, ...]) -> dict[str, ir.FieldDef]:
    """The fields without those that are refused."""
    found: dict[str, ir.FieldDef] = {}
    seen: set[str] = set()
    for declared in written:
        if declared.name.text in seen:
            label = "one of them has to go"
            names.note("S210", f"`{declared.name.text}` is declared twice", declared.name.span, label)
            continue
        seen.add(declared.name.text)
        checked = names.attempt(lambda declared=declared: check_field(names, declared))  # type: ignore[misc]
        if checked:
            found[checked.name] = checked
    return found


def check_field(names: Lookups, declared: ast.FieldDecl) -> ir.FieldDef:
    type_ = check_type(names, declared.type)
    default = names.attempt(lambda: default_of(names, declared.default, type_))
    if declared.key and type_ != TEXT:
        message = f"the key is a text, this is {called(type_)}"
        names.note("S303", message, declared.type.span, "write `text`", replacement="text")
    return ir.FieldDef(declared.name.text, type_, declared.optional, declared.private, default)


TYPES_ELSEWHERE = {
    "string": "text",
    "str": "text",
    "varchar": "text",
    "integer": "int",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "bool": "flag",
    "boolean": "flag",
    "datetime": "instant",
    "timestamp": "instant",
    "time": "instant",
    "interval": "duration",
    "enum": "choice",
    "list": "set",
    "array": "set",
}
"""What other tools call a type of ours."""


def default_of(names: Lookups, written: ast.Expr | None, type_: Type) -> Present | None:
    return None if written is None else constant(Typing(names), written, type_)


def check_type(names: Lookups, written: ast.TypeName) -> Type:
    if written.name not in TYPE_NAMES:
        raise unknown_type(names, written)
    if written.currency and written.name != "money":
        raise names.refuse("S216", f"`{written.name}` has no currency", written.span, "only `money` has one")
    if written.name == "money":
        return money(written.currency or names.settings().currency)
    if written.name == "choice":
        return choices(names, written)
    if written.name == "set":
        return text_set(names, written)
    if written.options:
        raise names.refuse(
            "S216",
            f"`{written.name}` has nothing in parentheses",
            written.span,
            "for one of several words write `choice(…)`",
        )
    return PLAIN_TYPES[written.name]


def unknown_type(names: Lookups, written: ast.TypeName) -> Refused:
    message, meant = f"unknown type `{written.name}`", TYPES_ELSEWHERE.get(written.name.casefold())
    if meant and not written.options:
        return names.refuse("S216", message, written.span, f"write `{FULL.get(meant, meant)}`")
    return names.misspelt("S216", message, written.span, written.name, TYPE_NAMES, "types")


FULL = {"choice": "choice(…, …)", "set": "set(text)"}


def choices(names: Lookups, written: ast.TypeName) -> Type:
    if not written.options:
        raise names.refuse("S216", "a choice of what?", written.span, "write `choice(small, large)`")
    options: dict[str, None] = {}
    for option in written.options:
        if option.text in options:
            names.note("S404", f"option `{option.text}` stands here twice", option.span, "leave it out")
        options[option.text] = None
    return Type(Kind.CHOICE, options=tuple(options))


def text_set(names: Lookups, written: ast.TypeName) -> Type:
    if [option.text for option in written.options] != ["text"]:
        raise names.refuse(
            "S216", "sets hold texts", written.span, "write `set(text)`", replacement="set(text)"
        )
    return SET


def check_event(names: Lookups, node: ast.EventDecl) -> ir.EventDef:
    return ir.EventDef(
        names.scope.qualify(node.name.text), doc_of(node.doc), check_fields(names, node.fields)
    )


def check_profile(names: Lookups, node: ast.Profile) -> dict[str, ir.FieldDef]:
    keys = [declared.name for declared in node.fields if declared.key]
    for extra in keys[1:]:
        names.note("S404", "a profile has one key", extra.span, f"`{keys[0].text}` is the key")
    return check_fields(names, node.fields)


def key_of(node: ast.Profile) -> str | None:
    return next((declared.name.text for declared in node.fields if declared.key), None)
