"""Signs of other languages, and signs too many or too few."""

from __future__ import annotations

from dsl.diagnostics import Diagnostic
from dsl.findings import amiss, instead
from dsl.positions import span_of
from dsl.slips.examples import for_example
from dsl.source import Span
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
BETWEEN = (":", "=", ",")
BETWEEN_KINDS = ("name", "text", "number")


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
    joint = "." if stop.statement == "use" and found.text == "/" else "_"
    name = f"{before.text}{joint}{after.text}"
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
    """The one word or sign that could have stood between two others is not there."""
    signs = [sign for sign in BETWEEN if sign in stop.could]
    words = stop.could - {"."}
    only = words if len(words) == 1 else signs if stop.found.kind in BETWEEN_KINDS else []
    (wanted,) = only if len(only) == 1 else ("",)
    if not wanted or wanted.isupper() or stop.found.kind == END:
        return None
    message = f"`{wanted}` is left out before {quoted(stop.found.text)}"
    gap = span_of(stop.text, stop.found.start, stop.found.start)
    before = Span(gap.line, gap.column, gap.line, gap.column)
    label = f"`{wanted}` should stand here"
    return amiss(
        "S014",
        message,
        gap,
        label,
        *(for_example(stop) if wanted.isalpha() else ()),
        fix=(before, f"{wanted} "),
    )


def foreign_letter(stop: Stop) -> Diagnostic | None:
    """`würfel`, `热门`: letters outside the alphabet of names, and signs that nothing here uses."""
    found, before = stop.found, stop.previous()
    if found.kind == END or stop.text[stop.start].isascii():
        return None
    if found.kind != "name":
        label = "it may stand in texts in quotes, and in comments"
        return amiss("S013", f"{quoted(found.text)} cannot stand here", stop.span(found), label)
    start = before if stop.is_joined and before.kind == "name" else found
    message = f"{quoted(stop.text[start.start : found.end])} is not a name"
    label = "names hold the letters a to z and A to Z, digits and `_`"
    return amiss("S013", message, stop.span(start, found), label)


def digit_first(stop: Stop) -> Diagnostic | None:
    """`crowd 7days {`."""
    number, rest = stop.found, stop.following
    if number.kind != "number" or "NAME" not in stop.could or "NUMBER" in stop.could:
        return None
    last = rest if rest.start == number.end and rest.kind == "name" else number
    message = f"{quoted(stop.text[number.start : last.end])} is not a name"
    return amiss("S013", message, stop.span(number, last), "names start with a letter")
