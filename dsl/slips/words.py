"""Words that this language writes otherwise, and words that are misspelt."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from dsl.diagnostics import Diagnostic, suggest
from dsl.findings import amiss, instead
from dsl.slips.vocabulary import (
    AGGREGATES,
    EXPRESSION_WORDS,
    FUNCTIONS,
    MEANT,
    PHRASES,
    REASONS,
    SHOUTED,
    SPARE,
    SPARE_THERE,
)
from dsl.split import STATEMENT_WORDS
from dsl.stop import Stop, Word
from dsl.text import quoted


def capitals(stop: Stop) -> Diagnostic | None:
    """`AND`, `Crowd`."""
    small = stop.found.text.lower()
    is_one = small != stop.found.text and small in stop.could
    return shouted(stop, stop.found) if is_one else None


def capitals_before(stop: Stop) -> Diagnostic | None:
    """`x >= 20 AND y`, where `AND` was taken for a currency or a name."""
    before = stop.previous()
    is_one = before.text.lower() in SHOUTED and before.text not in SHOUTED
    return shouted(stop, before) if is_one else None


def shouted(stop: Stop, word: Word) -> Diagnostic:
    small = word.text.lower()
    message = f"{quoted(word.text)} is not a word of this language"
    return instead(
        "S012", message, stop.text, word.start, word.end, f"keywords are written small: `{small}`", small
    )


def else_if(stop: Stop) -> Diagnostic | None:
    """`else if`, whose `if` may have been taken for a name."""
    words = [stop.previous(2), stop.previous(), stop.found, stop.following]
    for first, second in pairwise(words):
        if first.text == "else" and second.text in ("if", "when"):
            label = "cases are written `pick 1 when a, 2 when b, else 3`"
            return amiss("S012", f"there is no `else {second.text}`", stop.span(first, second), label)
    return None


def phrase(stop: Stop) -> Diagnostic | None:
    """`at least 3`, `is more than 3`, `order by`."""
    first, last = stop.previous(3), stop.following
    for pattern, meant, needed in PHRASES:
        for found in re.finditer(rf"\b{pattern}\b", stop.text[first.start : last.end or None]):
            start, end = (first.start + offset for offset in found.span())
            if (
                end >= stop.previous().end
                and start <= stop.found.start
                and (not needed or needed in stop.could)
            ):
                message = f"{quoted(stop.text[start:end])} is written `{meant}`"
                return instead("S012", message, stop.text, start, end, f"write `{meant}`", meant)
    return None


def word(stop: Stop) -> Diagnostic | None:
    """A word that another language, or plain English, would have here."""
    found = stop.found
    for meant in (one.format(found.text) for one in MEANT.get(found.text, ())):
        if meant.split()[0] in stop.could:
            label = REASONS.get((found.text, meant), f"write `{meant}`")
            message = f"{quoted(found.text)} cannot stand here"
            return instead("S012", message, stop.text, found.start, found.end, label, meant)
    return None


def function(stop: Stop) -> Diagnostic | None:
    """`user.name contains "x"`."""
    meant = FUNCTIONS.get(stop.found.text.lower())
    if meant is None or "COMPARE" not in stop.could:
        return None
    message = f"{quoted(stop.found.text)} does not stand between values"
    return amiss("S012", message, stop.span(stop.found), f"write such as `{meant}`")


def misspelt(stop: Stop) -> Diagnostic | None:
    """A word that is nearly one of those that could stand here."""
    statements = STATEMENT_WORDS if "$END" in stop.could else ()
    keywords = [word for word in (*stop.could, *statements) if word.isalpha() and word.islower()]
    return meant_word(stop, stop.found, keywords)


def misspelt_before(stop: Stop) -> Diagnostic | None:
    """`cuont of cart_add`, `dit cart_add`: a misspelt word that was taken for a name."""
    was_value = "COMPARE" in stop.could and stop.found.kind == "name"
    is_keyword = stop.previous().text in EXPRESSION_WORDS
    return meant_word(stop, stop.previous(), EXPRESSION_WORDS) if was_value and not is_keyword else None


def meant_word(stop: Stop, word: Word, keywords: Collection[str]) -> Diagnostic | None:
    meant = suggest(word.text, keywords) if word.kind == "name" else None
    if meant is None:
        return None
    message = f"{quoted(word.text)} cannot stand here"
    return instead("S001", message, stop.text, word.start, word.end, f"did you mean `{meant}`?", meant)


def spare(stop: Stop) -> Diagnostic | None:
    """`then` before a clause; `if` before a condition, which was taken for a name."""
    for one in (stop.found, stop.previous()):
        if (one.text in SPARE and one.text not in stop.could) or one.text == SPARE_THERE.get(
            stop.previous().text
        ):
            message = f"{quoted(one.text)} cannot stand here"
            span = stop.span(one)
            return amiss("S012", message, span, "leave it out", fix=(span, ""))
    return None


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


def pick_without_else(stop: Stop) -> Diagnostic | None:
    """`pick 15 when a, 10 when b }`."""
    words = [word for word in stop.before if word.text in ("pick", "else")]
    is_open = bool(words) and words[-1].text == "pick" and "," in stop.could
    if not is_open or stop.found.kind == "number" or stop.found.text == "else":
        return None
    label = "it ends in `, else …`, for when no condition holds"
    return amiss("S020", "the `pick` has no `else`", stop.span(words[-1]), label)


def options_without_parentheses(stop: Stop) -> Diagnostic | None:
    """`tier: choice free, plus` and `tier: [free, plus]`."""
    is_choice = stop.previous(2).text in ("choice", "set") and ":" in stop.could
    if not is_choice and (stop.found.text != "[" or "NAME" not in stop.could):
        return None
    where = stop.previous() if is_choice else stop.found
    return amiss(
        "S001", "options stand in parentheses", stop.span(where), "write such as `choice(free, plus)`"
    )
