"""Words that this language writes otherwise."""

from __future__ import annotations

from dsl.diagnostics import Diagnostic, suggest
from dsl.findings import amiss, instead
from dsl.split import STATEMENT_WORDS
from dsl.stop import Stop
from dsl.text import quoted

KEYWORDS_MOST_SHOUTED = ("and", "or", "not", "is", "in", "where", "when", "within", "except")
MEANT = {
    "if": ("when", "on"),
    "when": ("where", "on"),
    "where": ("when", "unless"),
    "equals": ("is",),
    "equal": ("is",),
    "exceeds": (">",),
    "a": ("per",),
    "an": ("per",),
    "every": ("per",),
    "each": ("per",),
    "but": ("except", "and"),
    "minus": ("except", "-"),
    "plus": ("+", "add"),
    "subtract": ("take",),
    "remove": ("take",),
    "limit": ("cap",),
    "maximum": ("cap", "max"),
    "audience": ("for",),
    "target": ("for",),
    "to": ("for", "in"),
    "trigger": ("on",),
    "upon": ("on",),
    "delay": ("wait",),
    "after": ("wait", "then"),
    "deliver": ("send",),
    "message": ("send",),
    "worth": ("value",),
    "policy": ("obey",),
    "follow": ("obey",),
    "respect": ("obey",),
    "expire": ("expires",),
    "tag": ("tagged",),
    "tags": ("tagged",),
    "plans": ("among",),
    "from": ("among",),
    "choose": ("among",),
    "sort": ("rank",),
    "order": ("rank",),
    "set": ("let",),
    "var": ("let",),
    "assert": ("expect",),
    "should": ("expect",),
    "check": ("expect",),
    "default": ("else", "otherwise"),
    "or": ("else", "otherwise"),
    "null": ("missing",),
    "unset": ("missing",),
    "avg": ("average",),
    "mean": ("average",),
    "followed": ("then",),
    "mandatory": ("key",),
    "nullable": ("optional",),
    "required": ("key",),
}
PHRASES = {
    ("at", "least"): ">=",
    ("at", "most"): "<=",
    ("more", "than"): ">",
    ("greater", "than"): ">",
    ("less", "than"): "<",
    ("fewer", "than"): "<",
}
SPARE = ("if", "then", "that", "who", "users", "the", "please", "do", "return", "end")
REASONS = {
    ("where", "when"): "`where` picks events, `when` asks about the user: write `when`",
    ("when", "where"): "`when` asks about the user, `where` picks events: write `where`",
}
AGGREGATES = ("count", "sum", "average", "min", "max", "distinct", "first", "last", "time")


def capitals(stop: Stop) -> Diagnostic | None:
    """`AND`, `Crowd`."""
    small = stop.found.text.lower()
    return (
        shouted(stop, stop.found.start, stop.found.end)
        if small != stop.found.text and small in stop.could
        else None
    )


def capitals_before(stop: Stop) -> Diagnostic | None:
    """`x >= 20 AND y`, where `AND` was taken for a currency or a name."""
    before = stop.previous()
    is_one = before.text.lower() in KEYWORDS_MOST_SHOUTED and before.text != before.text.lower()
    return shouted(stop, before.start, before.end) if is_one else None


def shouted(stop: Stop, start: int, end: int) -> Diagnostic:
    small = stop.text[start:end].lower()
    message = f"{quoted(stop.text[start:end])} is not a word of this language"
    return instead("S012", message, stop.text, start, end, f"keywords are written small: `{small}`", small)


def else_if(stop: Stop) -> Diagnostic | None:
    if stop.found.text not in ("if", "when") or stop.previous().text != "else":
        return None
    label = "cases are written `pick 1 when a, 2 when b, else 3`"
    return amiss("S012", "there is no `else if`", stop.span(stop.previous(), stop.found), label)


def phrase(stop: Stop) -> Diagnostic | None:
    """`at least 3`, `more than 3`."""
    first, second = stop.found, stop.following
    meant = PHRASES.get((first.text, second.text))
    if meant is None or "COMPARE" not in stop.could:
        return None
    return comparison_in_words(stop, first.start, second.end, meant)


def is_more_than(stop: Stop) -> Diagnostic | None:
    """`is more than 3`, whose `more` was taken for a name."""
    if stop.previous(2).text != "is" or stop.found.text not in ("than", "least", "most"):
        return None
    meant = PHRASES.get((stop.previous().text, stop.found.text))
    return comparison_in_words(stop, stop.previous(2).start, stop.found.end, meant) if meant else None


def comparison_in_words(stop: Stop, start: int, end: int, meant: str) -> Diagnostic:
    message = f"{quoted(stop.text[start:end])} is written `{meant}`"
    return instead("S012", message, stop.text, start, end, f"write `{meant}`", meant)


def word(stop: Stop) -> Diagnostic | None:
    """A word that another language, or plain English, would have here."""
    found = stop.found
    meant = next((one for one in MEANT.get(found.text, ()) if one in stop.could), None)
    if meant is None:
        return None
    label = REASONS.get((found.text, meant), f"write `{meant}`")
    return instead(
        "S012", f"{quoted(found.text)} cannot stand here", stop.text, found.start, found.end, label, meant
    )


def spare(stop: Stop) -> Diagnostic | None:
    """`if` before a condition, `then` before a clause: words that say nothing here."""
    if stop.found.text not in SPARE or stop.found.text in stop.could:
        return None
    span = stop.span(stop.found)
    message = f"{quoted(stop.found.text)} cannot stand here"
    return amiss("S012", message, span, "leave it out", fix=(span, ""))


def field_called_like_a_keyword(stop: Stop) -> Diagnostic | None:
    """`count > 3`, where `count` is meant as a field."""
    before = stop.previous()
    begins = stop.could in ({"of"}, {"of", "("}, {"since"})
    if before.text not in AGGREGATES or not begins or stop.found.kind == "name":
        return None
    goes_on = "since last" if "since" in stop.could else "of"
    message = f"`{before.text}` begins `{before.text} {goes_on} …` here"
    label = f"a field of that name is written with its event: `cart_add.{before.text}`"
    return amiss("S018", message, stop.span(before), label)


def misspelt(stop: Stop) -> Diagnostic | None:
    """A word that is nearly one of those that could stand here."""
    statements = STATEMENT_WORDS if "$END" in stop.could else ()
    keywords = [word for word in (*stop.could, *statements) if word.isalpha() and word.islower()]
    meant = suggest(stop.found.text, keywords) if stop.found.kind == "name" else None
    if meant is None:
        return None
    message = f"{quoted(stop.found.text)} cannot stand here"
    return instead(
        "S001", message, stop.text, stop.found.start, stop.found.end, f"did you mean `{meant}`?", meant
    )
