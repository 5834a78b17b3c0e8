"""Numbers, money and shares written as elsewhere."""

from __future__ import annotations

import re
from decimal import Decimal

from dsl.diagnostics import Diagnostic
from dsl.findings import amiss, instead
from dsl.slips.examples import for_example
from dsl.stop import Stop, words
from dsl.text import quoted

CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY", "₹": "INR"}
NOT_CURRENCIES = ("and", "day", "per", "key")
FACTORS = ("lever", "context")
RAISED = "it multiplies: `lever 110%` is a tenth more"
SPELT = {"once": 1, "one": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}


def share(stop: Stop) -> Diagnostic | None:
    """`10 percent`, `10 %`, or a bare number where a share stands."""
    found = stop.found
    for number, sign in ((stop.previous(), found), (found, stop.following)):
        is_bare = number.kind == "number" and not number.text.endswith("%")
        if is_bare and sign.text.lower() in ("%", "percent", "pct"):
            return money_or_share(stop, number.start, sign.end, f"{number.text}%")
    if "SHARE" in stop.could and "NUMBER" not in stop.could and found.kind == "number":
        label = "a share is written with `%`, such as `5%`"
        return amiss("S015", f"{quoted(found.text)} is not a share", stop.span(found), label)
    return None


def misplaced_share(stop: Stop) -> Diagnostic | None:
    """`cap push 10% per day`, `for 10% of rescue`."""
    found = stop.found
    if found.kind != "number" or not found.text.endswith("%") or "SHARE" in stop.could:
        return None
    label = "a number should stand here, not a share" if "NUMBER" in stop.could else "no share stands here"
    if stop.following.text == "of":
        label = 'a part of a crowd is `crowd pilot = sample 10% of rescue salt "spring-26"`'
    return amiss(
        "S001", f"{quoted(found.text)} cannot stand here", stop.span(found), label, *for_example(stop)
    )


def surplus(stop: Stop) -> Diagnostic | None:
    """`lever +10%`, `cost +1 EUR`."""
    plus, number, percent = stop.found, stop.following, "%"
    if plus.text != "+" or number.kind != "number" or not stop.could >= {"NUMBER", "-"}:
        return None
    if stop.previous().text not in FACTORS:
        span = stop.span(plus)
        return amiss("S001", "`+` cannot stand here", span, "numbers have no `+`", fix=(span, ""))
    after = next(words(stop.text, number.end, len(stop.text)), number)
    end = after.end if after.text == percent else number.end
    digits = number.text.removesuffix(percent)
    if percent not in (after.text, number.text[-1]) or not re.fullmatch(r"\d{1,6}(\.\d{1,4})?", digits):
        return amiss("S001", "`+` cannot stand here", stop.span(plus, number), RAISED)
    meant = f"{100 + Decimal(digits)}%"
    message = f"{quoted(stop.text[plus.start : end])} is written `{meant}`"
    label = f"it multiplies: write `{stop.previous().text} {meant}`"
    return instead("S015", message, stop.text, plus.start, end, label, meant)


def currency_first(stop: Stop) -> Diagnostic | None:
    """`EUR 20`."""
    code, number = stop.previous(), stop.found
    if number.kind != "number" or not re.fullmatch("[A-Z]{3}", code.text):
        return None
    return money_or_share(stop, code.start, number.end, f"{number.text} {code.text}")


def currency_sign(stop: Stop) -> Diagnostic | None:
    """`$20` and `20 €`."""
    code = CURRENCIES.get(stop.found.text)
    if code and "CODE" in stop.could and stop.previous().kind != "number":
        return money_or_share(stop, stop.found.start, stop.found.end, code)
    if code and stop.following.kind == "number":
        return money_or_share(stop, stop.found.start, stop.following.end, f"{stop.following.text} {code}")
    if code and stop.previous().kind == "number":
        return money_or_share(stop, stop.previous().start, stop.found.end, f"{stop.previous().text} {code}")
    return None


def small_currency(stop: Stop) -> Diagnostic | None:
    """`20 eur`, and `total: money eur`, whose `eur` was taken for the next field."""
    is_type = stop.previous(2).text == "money" and ":" in stop.could
    code = stop.previous() if is_type else stop.found
    is_code = is_type or ("CODE" in stop.could and code.text not in NOT_CURRENCIES)
    if not is_code or not re.fullmatch("[a-z]{3}", code.text):
        return None
    return money_or_share(stop, code.start, code.end, code.text.upper())


def money_or_share(stop: Stop, start: int, end: int, meant: str) -> Diagnostic:
    message = f"{quoted(stop.text[start:end])} is written {quoted(meant)}"
    return instead("S015", message, stop.text, start, end, f"write {quoted(meant)}", meant)


def unreadable_number(stop: Stop) -> Diagnostic | None:
    """`10k`, `1_000`, `1,000`, `.5`."""
    before, found, after = stop.previous(), stop.found, stop.following
    joins_next = after.kind == "number" and after.start == found.end
    if before.kind == "number" and stop.is_joined and found.kind == "name":
        message = f"{quoted(before.text + found.text)} is not a number"
        label = "numbers hold digits and one point: `1000`, `2.5`"
        return amiss("S005", message, stop.span(before, found), label)
    if before.kind == "number" and stop.is_joined and found.text == "," and joins_next:
        if "." in before.text or len(after.text) != 3:
            label = "numbers hold digits and one point: `1000.50`"
            return amiss(
                "S005",
                f"{quoted(before.text + ',' + after.text)} is not a number",
                stop.span(before, after),
                label,
            )
        return number(stop, before.start, after.end, before.text + after.text)
    if found.text == "." and joins_next and before.kind != "name":
        return number(stop, found.start, after.end, f"0.{after.text}")
    return None


def number(stop: Stop, start: int, end: int, meant: str) -> Diagnostic:
    message = f"{quoted(stop.text[start:end])} is not a number"
    return instead("S005", message, stop.text, start, end, f"write `{meant}`", meant)


def spelt_number(stop: Stop) -> Diagnostic | None:
    """`at most once per user`."""
    meant = SPELT.get(stop.found.text)
    if meant is None or "NUMBER" not in stop.could or "NAME" in stop.could:
        return None
    return number(stop, stop.found.start, stop.found.end, str(meant))
