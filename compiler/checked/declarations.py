"""settings, profile, input and event statements → IR."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from compiler.calendar import known_zone
from compiler.checked import ir
from compiler.checked.comparisons import constant
from compiler.checked.crowds import doc_of
from compiler.checked.expressions import Typing
from compiler.checked.policies import only
from compiler.checked.scope import Lookups
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
    Type,
    money,
)
from dsl import ast
from dsl.source import Span

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PLAIN_TYPES: Mapping[str, Type] = {
    str(type_): type_ for type_ in (TEXT, INT, NUMBER, FLAG, TIMEZONE, INSTANT, DATE, DURATION, VERSION)
}
TYPE_NAMES = (*PLAIN_TYPES, "money", "choice", "set")


def check_settings(names: Lookups, node: ast.Settings) -> ir.Settings:
    defaults = ir.Settings()
    zone = only(names, node.clauses, ast.TimezoneIs, "timezone")
    currency = only(names, node.clauses, ast.CurrencyIs, "currency")
    week = only(names, node.clauses, ast.WeekStarts, "week starts")
    if zone:
        require_zone(names, zone.zone.value, zone.span)
    if week and week.weekday.text not in WEEKDAYS:
        hint = names.did_you_mean(week.weekday.text, WEEKDAYS)
        raise names.refuse("S215", f"`{week.weekday.text}` is not a day of the week", week.span, hint)
    return ir.Settings(
        zone.zone.value if zone else defaults.zone,
        currency.currency.text if currency else defaults.currency,
        WEEKDAYS.index(week.weekday.text) + 1 if week else defaults.first_weekday,
        rates(names, node),
    )


def require_zone(names: Lookups, zone: str, span: Span) -> None:
    if not known_zone(zone):
        raise names.refuse(
            "S215", f"unknown time zone `{zone}`", span, 'zones are written as in "Europe/Berlin"'
        )


def rates(names: Lookups, node: ast.Settings) -> dict[tuple[str, str], Fraction]:
    found: dict[tuple[str, str], Fraction] = {}
    for clause in node.clauses:
        if not isinstance(clause, ast.Rate):
            continue
        left, right = clause.left, clause.right
        assert left.currency
        assert right.currency
        if left.number == 0 or right.number == 0 or left.currency == right.currency:
            raise names.refuse("S402", "a rate is between two currencies, and not zero", clause.span)
        if (left.currency, right.currency) in found:
            raise names.refuse("S404", "this rate is already declared", clause.span)
        found[left.currency, right.currency] = Fraction(right.number) / Fraction(left.number)
        found[right.currency, left.currency] = Fraction(left.number) / Fraction(right.number)
    return found


def check_fields(names: Lookups, written: tuple[ast.FieldDecl, ...]) -> dict[str, ir.FieldDef]:
    found: dict[str, ir.FieldDef] = {}
    for declared in written:
        if declared.name.text in found:
            names.note("S210", f"`{declared.name.text}` is declared twice", declared.name.span)
            continue
        checked = names.attempt(lambda declared=declared: check_field(names, declared))  # type: ignore[misc]
        if checked:
            found[checked.name] = checked
    return found


def check_field(names: Lookups, declared: ast.FieldDecl) -> ir.FieldDef:
    type_ = check_type(names, declared.type)
    default = None if declared.default is None else constant(Typing(names), declared.default, type_)
    if type_.kind is Kind.TIMEZONE and isinstance(default, str):
        require_zone(names, default, declared.span)
    if declared.key and type_ != TEXT:
        raise names.refuse("S303", f"the key is a text, this is {type_}", declared.type.span)
    return ir.FieldDef(declared.name.text, type_, declared.optional, declared.private, default)


def check_type(names: Lookups, written: ast.TypeName) -> Type:
    if written.currency and written.name != "money":
        raise names.refuse("S216", f"`{written.name}` has no currency", written.span)
    if written.name == "money":
        return money(written.currency or names.settings().currency)
    if written.name == "choice":
        return choices(names, written)
    if written.name == "set":
        return text_set(names, written)
    if written.name in PLAIN_TYPES:
        return PLAIN_TYPES[written.name]
    raise names.refuse(
        "S216",
        f"unknown type `{written.name}`",
        written.span,
        names.did_you_mean(written.name, TYPE_NAMES),
        (f"types: {', '.join(TYPE_NAMES)}",),
    )


def choices(names: Lookups, written: ast.TypeName) -> Type:
    options = tuple(option.text for option in written.options)
    if len(set(options)) < len(options):
        raise names.refuse("S404", "an option stands here twice", written.span)
    return Type(Kind.CHOICE, options=options)


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


def key_of(names: Lookups, node: ast.Profile) -> str | None:
    keys = [declared for declared in node.fields if declared.key]
    for extra in keys[1:]:
        names.note("S404", "a profile has one key", extra.span)
    return keys[0].name.text if keys else None
