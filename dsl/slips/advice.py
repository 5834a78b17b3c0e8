"""Situations that a word of advice mends: rows of a table, the first that fits is believed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dsl.diagnostics import Diagnostic
from dsl.expected import CLAUSES
from dsl.findings import amiss
from dsl.stop import Stop, Word
from dsl.text import quoted

ANY = ".*"


@dataclass(frozen=True, slots=True)
class Advice:
    """What to say if these words stand at the stop and all of `could` might: `earlier`, `before`, `found`, `behind` are
    patterns of whole words in a row, `statement` is the statement's first word, `marks` says which word is at fault."""

    label: str
    found: str = ANY
    before: str = ANY
    earlier: str = ANY
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
            and bool(re.fullmatch(self.earlier, stop.previous(2).text, re.DOTALL))
            and bool(re.fullmatch(self.behind, stop.following.text, re.DOTALL))
            and bool(re.fullmatch(self.statement, stop.statement))
            and (not self.starts_line or "\n" in stop.text[stop.previous().end : stop.start])
        )


NAME = r"[A-Za-z_]\w*"
END_OF_WINDOW = r"ever|today|(second|minute|hour|day|week)s?|\d{4}-.*"
NEXT_CLAUSE = "|".join(["else", "with", "}", *sorted(CLAUSES["plan"])])
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
    Advice(
        "it stands before the window: `count of order_paid without refund with same order within 7 days`",
        found="without",
        before=END_OF_WINDOW,
        could=("COMPARE",),
    ),
    Advice("it stands behind `inside 30 minutes`", found="without", could=("inside",)),
    Advice(
        "`did` has none: write `count of order_paid without refund with same order within 7 days >= 1`",
        found="without",
        could=("within", "ever", "at"),
    ),
    Advice(
        "it stands before the window: `count of order_paid where total > 5 EUR within 7 days`",
        found="where",
        before=END_OF_WINDOW,
        could=("COMPARE",),
    ),
    Advice(
        "it stands behind a `wait`: `on cart_add wait 2 hours unless order_paid`",
        found="unless",
        could=("wait",),
    ),
    Advice("write `unless` and the event that cancels it", found="if", could=("unless",)),
    Advice(
        "leave it out: only the name of an event stands here",
        found=NAME,
        before="did",
        earlier="on|unless|after|of|last",
        marks_before=True,
    ),
    Advice(
        'each channel has a content, in quotes: `send push "nudge" else sms "nudge"`',
        found=NEXT_CLAUSE,
        earlier="send|else",
        could=("STRING",),
        statement="plan",
    ),
    Advice(
        'a channel and its content are left out: `else sms "nudge"`',
        found=NEXT_CLAUSE,
        before="else",
        could=("NAME",),
        statement="plan",
    ),
    Advice('the channel comes first: `send push "nudge"`', found='".*', before="send|else", statement="plan"),
    Advice("leave it out", found=NAME, before="by|via|with", earlier="sends?|else", marks_before=True),
    Advice("without `for`, a plan is for everybody", NAME, "all|every", earlier="for", marks_before=True),
    Advice(
        "one event starts a plan: write a plan for each",
        found="and|or|,",
        could=("where", "when", "wait"),
    ),
    Advice(
        "a crowd of its own puts them together: `crowd x = a except b`, and then `for x`",
        found="and|or|except|without|but|,",
        could=("where", "needs"),
    ),
    Advice(
        "write `and not user in …`",
        found="except|without|but|minus",
        earlier="in",
        could=("and", "or"),
    ),
    Advice(
        "all but them are `crowd x = everybody except a`, with `crowd everybody { true }`",
        found=NAME,
        before="not",
        earlier="=",
        statement="crowd",
        could=("except",),
        marks_before=True,
    ),
    Advice("for every channel write `cap all 3 …`", found=r"\d+", before="cap", could=("all",)),
    Advice(
        "write the number in digits: `cap push 1 per day`",
        "once|one|twice|two|three|four|five",
        earlier="cap",
        could=("NUMBER",),
    ),
    Advice(
        "a tag stands behind the channel: `cap push tagged promo 2 …`",
        found=rf"(?!to|at|of){NAME}",
        earlier="cap",
        could=("tagged", "NUMBER"),
    ),
    Advice("a `cap` has one tag: write one for each", found=",", earlier="tagged", statement="policy"),
    Advice("write such as `in any 30 days`", found=r"\d+|rolling", before="per", could=("day",)),
    Advice("write such as `in any 7 days`", found="within", could=("in", "per")),
    Advice("write such as `in any 1 hour`", found="hour|minute|second", before="per", could=("day",)),
    Advice("leave it out: it counts for the whole campaign", "campaign", "per", could=("day",)),
    Advice(
        "the time comes first: `cooldown 24 hours after rejected`", "after", "cooldown", could=("NUMBER",)
    ),
    Advice("leave it out", found=NAME, before="send", earlier="never", marks_before=True),
    Advice(
        "say what becomes of it instead: `expect plan nudge blocked`, `… cancelled`, `… not relevant`",
        found=NAME,
        before="plan",
        earlier="not",
        statement="test",
        marks_before=True,
    ),
    Advice(
        "a plan is asked by `expect plan nudge sends`, a decide by `expect best is nudge`, `… is blocked`",
        found="sends?|blocked|cancelled|scheduled|expired|loses|ranks|eligible|relevant|nothing",
        could=("holds", "waits"),
    ),
    Advice(
        "ask the plan, on a line of its own: `expect plan nudge sends push`",
        found="sends",
        earlier="is",
        statement="test",
    ),
    Advice("ask the plan: `expect plan nudge waits until …`", "until|because", "waits", statement="test"),
    Advice("write such as `given used 499 of budget spring`", r"\d+", "given", could=("used",)),
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
