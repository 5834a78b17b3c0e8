"""What to write where a value of one type stands and another type is needed: a table of the slips that people make."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from compiler.types import Kind, Type
from dsl import ast
from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Mend:
    """`label` says what to do; `replacement` is what to write in place of the node, if that is known."""

    label: str
    replacement: str | None = None


How = Callable[[ast.Expr, Type], Mend | None]
OfConstant = Callable[[str, Type], Mend | None]


def mend(node: ast.Expr, have: Type, wanted: Type) -> Mend | None:
    """How a node of type `have` becomes one of the wanted type, if the writer's intention is plain."""
    how = TABLE.get((have.kind, wanted.kind))
    return how(node, wanted) if how else None


def lexeme_of(node: ast.Expr) -> str | None:
    """The text of a constant, as it is written; a text without its quotes. None for anything else."""
    if isinstance(node, ast.Group):
        return lexeme_of(node.inner)
    if isinstance(node, ast.Negative):
        inside = lexeme_of(node.term)
        return None if inside is None else f"-{inside}"
    if not isinstance(node, ast.Literal):
        return None
    return str(node.value) if node.kind is ast.LiteralKind.TEXT else node.lexeme


def write(what: str, how: str = "write") -> Mend:
    return Mend(f"{how} `{what}`", what)


def slip(of_constant: OfConstant, of_other: Callable[[Type], str] | None = None) -> How:
    """A mend of a constant by its text, and what is said of any other value of the type."""

    def how(node: ast.Expr, wanted: Type) -> Mend | None:
        lexeme = lexeme_of(node)
        if lexeme is not None:
            return of_constant(lexeme, wanted)
        return Mend(of_other(wanted)) if of_other else None

    return how


def unquoted(pattern: str) -> How:
    """For a text that holds what should stand there without quotes."""
    return slip(
        lambda lexeme, wanted: (
            write(lexeme, "leave the quotes out:") if re.fullmatch(pattern, lexeme) else None
        )
    )


FLAGS = {"true": "true", "yes": "true", "on": "true", "1": "true"}
FLAGS |= {"false": "false", "no": "false", "off": "false", "0": "false"}
"""How people write `true` and `false` elsewhere."""


def flag(lexeme: str, wanted: Type) -> Mend | None:
    meant = FLAGS.get(lexeme.casefold())
    return write(meant) if meant else None


def version_of_number(lexeme: str, wanted: Type) -> Mend:
    """`1.2` as `"1.2.0"`."""
    numbers = [*lexeme.split("."), "0", "0"][:3]
    return write(f'"{".".join(numbers)}"')


WITH_CURRENCY = slip(
    lambda lexeme, wanted: write(f"{lexeme} {wanted.currency}", "write the currency:"),
    lambda wanted: f"multiply it with `1 {wanted.currency}`",
)
WITH_UNIT = slip(
    lambda lexeme, wanted: write(f"{lexeme} days", "write the unit:"),
    lambda wanted: "multiply it with `1 day`",
)
QUOTED = slip(lambda lexeme, wanted: write(f'"{lexeme}"', "write it in quotes:"))
WITHOUT_CURRENCY = slip(
    lambda lexeme, wanted: write(lexeme.split()[0], "leave the currency out:"),
    lambda wanted: "`amount(…)` turns money into a plain number",
)
WITHOUT_UNIT = slip(
    lambda lexeme, wanted: write(lexeme.split()[0], "leave the unit out:"),
    lambda wanted: "`days(…)` or `hours(…)` turns a length of time into a whole number",
)
DATE_OF_INSTANT = slip(
    lambda lexeme, wanted: write(lexeme[:10], "leave the time of day out:"),
    lambda wanted: "`date(…)` gives its date in the user's time zone",
)
INSTANT_OF_DATE = slip(
    lambda lexeme, wanted: Mend(
        f"write the time of day: `{lexeme} 00:00`; or put `date(…)` round the instant", f"{lexeme} 00:00"
    ),
    lambda wanted: "put `date(…)` round the instant",
)
VERSION_OF_TEXT = slip(
    lambda lexeme, wanted: Mend('a version has three numbers, as in "1.10.0"'),
    lambda wanted: "`version(…)` turns a text into a version",
)
NUMBER_IN_QUOTES = unquoted(r"-?\d+(\.\d+)?")

TABLE: Mapping[tuple[Kind, Kind], How] = {
    (Kind.INT, Kind.MONEY): WITH_CURRENCY,
    (Kind.NUMBER, Kind.MONEY): WITH_CURRENCY,
    (Kind.TEXT, Kind.MONEY): unquoted(r"-?\d+(\.\d+)? [A-Z]{3}"),
    (Kind.INT, Kind.DURATION): WITH_UNIT,
    (Kind.NUMBER, Kind.DURATION): WITH_UNIT,
    (Kind.MONEY, Kind.INT): WITHOUT_CURRENCY,
    (Kind.MONEY, Kind.NUMBER): WITHOUT_CURRENCY,
    (Kind.DURATION, Kind.INT): WITHOUT_UNIT,
    (Kind.DURATION, Kind.NUMBER): WITHOUT_UNIT,
    (Kind.TEXT, Kind.INT): NUMBER_IN_QUOTES,
    (Kind.TEXT, Kind.NUMBER): NUMBER_IN_QUOTES,
    (Kind.INT, Kind.TEXT): QUOTED,
    (Kind.NUMBER, Kind.TEXT): QUOTED,
    (Kind.TEXT, Kind.FLAG): slip(flag),
    (Kind.INT, Kind.FLAG): slip(flag),
    (Kind.INSTANT, Kind.DATE): DATE_OF_INSTANT,
    (Kind.DATE, Kind.INSTANT): INSTANT_OF_DATE,
    (Kind.TEXT, Kind.DATE): unquoted(r"\d{4}-\d\d-\d\d"),
    (Kind.TEXT, Kind.INSTANT): unquoted(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z?"),
    (Kind.DURATION, Kind.INSTANT): slip(lambda lexeme, wanted: write(f"now - {lexeme}", "count from now:")),
    (Kind.DURATION, Kind.DATE): slip(lambda lexeme, wanted: write(f"today - {lexeme}", "count from today:")),
    (Kind.TEXT, Kind.VERSION): VERSION_OF_TEXT,
    (Kind.INT, Kind.VERSION): slip(version_of_number),
    (Kind.NUMBER, Kind.VERSION): slip(version_of_number),
}
"""(what stands there, what is needed) -> how to mend it."""


def as_condition(node: ast.Expr, have: Type) -> str:
    """How a value becomes a condition: by a comparison, or by asking what is in it."""
    subject = node.ref.text if isinstance(node, ast.RefExpr) else "…"
    if have.kind is Kind.SET:
        return f'ask what is in it: `"…" in {subject}`'
    return f"compare it with something: `{subject} {COMPARED.get(have.kind) or compared(have)}`"


COMPARED: Mapping[Kind, str] = {
    Kind.INT: ">= 2",
    Kind.NUMBER: ">= 0.5",
    Kind.TEXT: 'is "…"',
    Kind.TIMEZONE: 'is "Europe/Berlin"',
    Kind.INSTANT: ">= now - 7 days",
    Kind.DATE: ">= today - 7 days",
    Kind.DURATION: "> 7 days",
    Kind.VERSION: '>= "1.10.0"',
}


def compared(have: Type) -> str:
    """The rest of a comparison with a value of a type that has parameters."""
    return f">= 20 {have.currency}" if have.kind is Kind.MONEY else f"is {next(iter(have.options), '…')}"
