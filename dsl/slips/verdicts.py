"""What becomes of a plan, and who is held out, in words that are not those of tests."""

from __future__ import annotations

from dsl.diagnostics import Diagnostic
from dsl.findings import amiss, instead
from dsl.stop import Stop, Word, words
from dsl.text import quoted

LINKS = ("is", "was", "are", "be", "gets", "should", "will", "does")
VERDICTS = {
    **dict.fromkeys(("send", "sent", "sending", "wins", "chosen"), "sends"),
    **dict.fromkeys(("wait", "waiting", "delayed"), "waits"),
    **dict.fromkeys(("block", "stopped", "suppressed", "capped"), "blocked"),
    **dict.fromkeys(("pending", "planned", "schedule"), "scheduled"),
    **dict.fromkeys(("lost", "lose", "beaten"), "loses"),
    **dict.fromkeys(("canceled", "cancels"), "cancelled"),
    **dict.fromkeys(("ranked", "rank"), "ranks"),
    "expires": "expired",
    "ineligible": "not eligible",
    "irrelevant": "not relevant",
    "unranked": "not ranked",
}
SAID = ("sends", "waits", "blocked", "scheduled", "loses", "ranks", "cancelled", "expired", "held")
DENIED = ("eligible", "relevant", "ranked")
"""What `not` may stand before."""
BEFORE_HELD = ("except", "not", "and")
IN_A_TEST = (
    "write `given user held out of spring`, `expect plan nudge held out` or `expect best holds out nudge`"
)
IN_RULES = "a campaign's `holdout` keeps them out by itself; in tests: `given user held out of spring`"


def verdict(stop: Stop) -> Diagnostic | None:
    """`expect plan x is blocked`, `expect plan x was sent`, `expect plan x waiting`."""
    if "ranked" in stop.could and stop.previous().text == "not":
        return denied(stop, stop.found) if stop.found.text in (*VERDICTS, *SAID) else None
    if "sends" not in stop.could:
        return None
    has_link = stop.found.text in LINKS
    said = stop.following if has_link else stop.found
    if said.text == "not":
        return denied(stop, behind(stop, said))
    meant = VERDICTS.get(said.text, said.text if has_link else "")
    if not meant or meant.split()[0] not in stop.could:
        return None
    return written(stop, said, meant)


def denied(stop: Stop, said: Word) -> Diagnostic | None:
    """`expect plan x is not eligible`, `expect plan x is not blocked`, `expect plan x not sends`."""
    if said.text in DENIED:
        return written(stop, said, f"not {said.text}")
    label = "say what becomes of it instead, such as `sends`, `waits`, `blocked` or `cancelled`"
    message = f"there is no {quoted('not ' + said.text)} of a plan"
    return amiss("S001", message, stop.span(stop.found, said), label)


def written(stop: Stop, last: Word, meant: str) -> Diagnostic:
    start, end = stop.found.start, last.end
    message = f"{quoted(stop.text[start:end])} is written `{meant}`"
    return instead("S012", message, stop.text, start, end, f"write `{meant}`", meant)


def behind(stop: Stop, word: Word) -> Word:
    return next(words(stop.text, word.end, len(stop.text)), word)


def held_out(stop: Stop) -> Diagnostic | None:
    """`crowd a { user held out of spring }`, `for hot except held out of spring`, `expect user held out`."""
    near = [stop.found, stop.previous()] + [stop.following] * (stop.found.text in BEFORE_HELD)
    held = next((one for one in near if one.text == "held" and behind(stop, one).text == "out"), None)
    if held is None:
        return None
    last = behind(stop, held)
    label = IN_A_TEST if stop.statement == "test" else IN_RULES
    return amiss("S001", "`held out` cannot stand here", stop.span(held, last), label)
