"""Signs of other languages, and signs too many or too few."""

from __future__ import annotations

from dsl.diagnostics import Diagnostic
from dsl.findings import amiss, instead
from dsl.positions import span_of
from dsl.stop import END, Stop
from dsl.text import quoted

MEANT = {
    "==": "is",
    "=": "is",
    "===": "is",
    "!=": "is not",
    "<>": "is not",
    "≠": "is not",
    "=~": "is",
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "!": "not",
    "=>": ">=",
    "=<": "<=",
    ":=": "=",
}
NEEDLESS = {";": "clauses follow one another without a sign", ",": "no comma stands here"}
LEFT_OUT = {":": "a `:`", ",": "a comma", "=": "a `=`", "of": "`of`", "{": "a `{`"}


def foreign_operator(stop: Stop) -> Diagnostic | None:
    """`==` and its like; the longest sign that starts at the stop (or, for `<>`, just before it)."""
    start = (
        stop.previous().start if stop.previous().text == "<" and stop.found.text == ">" else stop.found.start
    )
    sign = next(
        (stop.text[start : start + size] for size in (3, 2, 1) if stop.text[start : start + size] in MEANT),
        "",
    )
    meant = MEANT.get(sign)
    if meant is None or (meant.split()[0] not in stop.could and sign not in ("<>", "=>", "=<")):
        return None
    message = f"{quoted(sign)} is not a word of this language"
    return instead("S012", message, stop.text, start, start + len(sign), f"write `{meant}`", meant)


def split_comparison(stop: Stop) -> Diagnostic | None:
    """`> =`, `>= =`."""
    before = stop.previous()
    if stop.found.text not in ("=", "==") or before.text not in (">", "<", ">=", "<="):
        return None
    sign = before.text[0] + "="
    start, end = before.start, stop.found.end
    message = f"{quoted(stop.text[start:end])} is not a comparison"
    return instead("S012", message, stop.text, start, end, f"write `{sign}`", sign)


def name_with_sign(stop: Stop) -> Diagnostic | None:
    """`hot-cart`: a sign inside a name."""
    before, found, after = stop.previous(), stop.found, stop.following
    is_name = before.kind == "name" and found.text in ("-", "/", "@", "$") and stop.is_joined
    if not is_name or after.start != found.end or after.kind not in ("name", "number"):
        return None
    name = f"{before.text}_{after.text}"
    message = f"{quoted(stop.text[before.start : after.end])} is not a name"
    label = f"names hold letters, digits and `_`: write `{name}`"
    return instead("S013", message, stop.text, before.start, after.end, label, name)


def needless(stop: Stop) -> Diagnostic | None:
    """A comma or semicolon too many."""
    if stop.found.text not in NEEDLESS or stop.found.text in stop.could:
        return None
    span = stop.span(stop.found)
    return amiss(
        "S012", f"`{stop.found.text}` cannot stand here", span, NEEDLESS[stop.found.text], fix=(span, "")
    )


def left_out(stop: Stop) -> Diagnostic | None:
    """The one sign that could have stood between two words is not there."""
    missing = [sign for sign in LEFT_OUT if sign in stop.could]
    starts_more = stop.found.kind in ("name", "text", "number") or stop.found.text in ("{", "(")
    if len(missing) != 1 or not starts_more or stop.found.kind == END:
        return None
    if missing[0] not in (":", "=", ",") and len(stop.could) > 1:
        return None
    message = f"{LEFT_OUT[missing[0]]} is left out before {quoted(stop.found.text)}"
    gap = span_of(stop.text, stop.found.start, stop.found.start)
    label = f"`{missing[0]}` should stand here"
    fix = f"{missing[0]} {stop.found.text}" if missing[0] != ":" else f": {stop.found.text}"
    return amiss("S014", message, gap, label, fix=(stop.span(stop.found), fix))


def foreign_letter(stop: Stop) -> Diagnostic | None:
    """`café`, `würfel`, `用户`: letters outside names' alphabet, and signs that nothing here uses."""
    found = stop.text[stop.start : stop.start + 1]
    if found.isascii() or stop.found.kind == END:
        return None
    label = (
        "names hold the letters a to z and A to Z, digits and `_`; other letters may stand in texts in quotes"
    )
    message = f"{quoted(found)} cannot stand outside a text"
    return amiss("S013", message, span_of(stop.text, stop.start, stop.start + 1), label)
