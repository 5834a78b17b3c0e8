"""Situations that a word of advice mends: rows of a table, the first that fits is believed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dsl.diagnostics import Diagnostic
from dsl.findings import amiss
from dsl.stop import Stop, Word
from dsl.text import quoted

ANY = ".*"


@dataclass(frozen=True, slots=True)
class Advice:
    """What to say if these words stand at the stop and all of `could` might: `before`, `found`, `behind` are patterns
    of whole words, `statement` is the statement's first word, `marks` says which word is at fault."""

    label: str
    found: str = ANY
    before: str = ANY
    behind: str = ANY
    could: tuple[str, ...] = ()
    statement: str = ANY
    starts_line: bool = False
    marks_before: bool = False

    def fits(self, stop: Stop) -> bool:
        return (
            stop.could.issuperset(self.could)
            and bool(re.fullmatch(self.found, stop.found.text, re.DOTALL))
            and bool(re.fullmatch(self.before, stop.previous().text, re.DOTALL))
            and bool(re.fullmatch(self.behind, stop.following.text, re.DOTALL))
            and bool(re.fullmatch(self.statement, stop.statement))
            and (not self.starts_line or "\n" in stop.text[stop.previous().end : stop.start])
        )


NAME = r"[A-Za-z_]\w*"
SITUATIONS = (
    Advice(
        "comparisons stand one by one: `x >= 18 and x <= 30`",
        found="[<>]=?",
        before=r"[\w.]+",
        could=("and",),
    ),
    Advice("what belongs to it stands between `{` and `}`", found=r"[:(\[=]|=>", could=("{",)),
    Advice("a condition stands without `=`: `crowd hot { … }`", found="{", before="=", statement="crowd"),
    Advice(
        "crowds are put together by their names: `crowd x = a except b`",
        found="except|and|or",
        before="}",
        could=("$END",),
    ),
    Advice("membership is written `user in hot`", found="contains|includes|has", behind="user"),
    Advice(
        'options stand in parentheses: `in ("de", "fr")`',
        found=r'[\[{].*|".*|\d.*',
        before="in",
        could=("NAME", "("),
    ),
    Advice(
        "no parentheses: `count of cart_add within 7 days`, `sum of cart_add.price within 7 days`",
        found=r"\(",
        before="count|sum|average|distinct|first|last",
        could=("of",),
    ),
    Advice("write such as `at least 3 times`", found=r"\d+", behind="times?", could=("at", "ever")),
    Advice("cases are written `pick 1 when a, else 2`", found=r"\?", could=("COMPARE",)),
    Advice("who? write `user in …` or `user not in …`", NAME, "in", could=("COMPARE",), marks_before=True),
    Advice("write `from`", found=">=?", could=("from", "below")),
    Advice("`points` is left out: `add 10 points when …`", found="when|}|add|take|grade", could=("points",)),
    Advice("write `or`", found=",", could=("except",)),
    Advice("write `and` or `or`", found=",", could=("and", "or", "COMPARE")),
    Advice("leave it out: events are the user's own", found="did", before="user", marks_before=True),
    Advice("write `did …`", found=NAME, before="has|have|had|does", could=("COMPARE",), marks_before=True),
    Advice(
        "write `did not …`", found=NAME, before="no|never|hasnt|didnt", could=("COMPARE",), marks_before=True
    ),
    Advice(
        "waiting belongs to the trigger: `on cart_add wait 2 hours`",
        found="wait|after|delay",
        behind=r"\d.*",
        could=("on", "for"),
    ),
    Advice("write such as `in any 30 days`", found=r"\d+", before="per", could=("day",)),
    Advice("nothing stands between the word and its value", found="[=:]", before=NAME, could=("STRING",)),
    Advice(
        "`and` or `or` should join this to what stands above it",
        found=rf"{NAME}|\(",
        could=("and", "or", "COMPARE"),
        starts_line=True,
    ),
)


def advised(stop: Stop) -> Diagnostic | None:
    advice = next((one for one in SITUATIONS if one.fits(stop)), None)
    if advice is None or not stop.before:
        return None
    word: Word = stop.previous() if advice.marks_before else stop.found
    return amiss("S001", f"{quoted(word.text)} cannot stand here", stop.span(word), advice.label)
