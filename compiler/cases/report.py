"""Results in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from compiler.cases.coverage import Counts, Coverage
from compiler.cases.limits_met import Spot
from compiler.cases.ranks import Ranking, ranking_text
from compiler.cases.run import Failure, Result, Why
from compiler.cases.seen import Seen, SeenValue
from compiler.cases.texts import ANSWERS, Texts, instant_text, value_text
from compiler.outcome import Because, Gate
from compiler.wire.time_text import write_instant
from compiler.wire.writing import write_value
from dsl.source import Place

Line = tuple[str, str]
"""A role (`title`, `expected`, `got`, `note`, `bug`) and a text, for a caller who paints."""


# ---- in words


class Report:
    """The results of one rule set, line by line."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def failed(self, result: Result) -> Iterator[Line]:
        """A test that failed: each expectation as a difference of verdicts, and which rules made it."""
        told = result.case
        yield "title", f"FAILED {told.case.name}  ({told.place_of(told.case.span)})"
        for failure in result.failures:
            yield from self.failure(failure, told.case.zone)
        for found in result.disagreements:
            yield (
                "bug",
                f"  the evaluators disagree on {found.question}; this is a bug of suasion, please report it",
            )
            yield "expected", f"  - interpreter: {found.reference}"
            yield "got", f"  + program:     {found.fast}"

    def failure(self, failure: Failure, zone: str) -> Iterator[Line]:
        yield "note", f"  {failure.place}"
        yield "expected", f"  - {failure.expected}"
        yield "got", f"  + {failure.got}"
        if failure.ranking is not None:
            yield "note", f"      {ranking_text(failure.ranking, zone)}"
        rows = [self.why(why, zone) for why in failure.reasons]
        rows += [self.seen(seen, text, zone) for seen, text in failure.seen]
        width = max((len(left) for left, _ in rows), default=0)
        for left, place in rows:
            yield "note", f"      {left:<{width}}  {place}"

    def why(self, why: Why, zone: str) -> tuple[str, Place]:
        """`cart_nudge, contactable, push: cap push 1 per day, until 2026-03-02 00:00`."""
        gate = why.gate.value if why.gate else "waits"
        where = ", ".join(part for part in (why.plan, gate, why.reason.channel) if part)
        until = f", until {instant_text(why.reason.until, zone)}" if why.reason.until is not None else ""
        unknown = " (unknown)" if why.reason.answer is None and why.gate is Gate.ELIGIBLE else ""
        return f"{where}: {self.rule(why)}{unknown}{until}", why.place

    def rule(self, why: Why) -> str:
        """The rule's own text, with a word before it where the text does not say what it did."""
        word = why.reason.because.value
        said = why.rule or word
        return f"{word}: {said}" if why.reason.because is Because.UNAVAILABLE else said

    def seen(self, seen: Seen, text: str, zone: str) -> tuple[str, Place]:
        """`no: country is missing, user.country = "us"`; a single value without a name is what the condition names."""
        alone = len(seen.values) == 1
        values = [self.value(value, zone, alone) for value in seen.values]
        return ", ".join([f"{ANSWERS[seen.answer]}: {text}", *values]), seen.place

    def value(self, value: SeenValue, zone: str, alone: bool) -> str:
        shown = value_text(value.type, value.value, zone)
        if value.name is None and alone:
            return f"it is {shown}"
        return f"{value.name or self.named(value)} = {shown}"

    def named(self, value: SeenValue) -> str:
        return self.texts.at(value.place) if value.place else "value"


def coverage_lines(coverage: Coverage, texts: Texts) -> Iterator[Line]:
    """The conditions and limits that no test looks at, that were never yes, and that were never no, with their places."""
    both = sum(bool(counts.yes and counts.no) for counts in coverage.counts.values())
    yield "title", f"{both} of {len(coverage.counts)} conditions and limits were seen both yes and no"
    groups = {
        "never looked at": coverage.unseen,
        "never yes": coverage.never_yes,
        "never no": coverage.never_no,
    }
    for title, spots in groups.items():
        if spots:
            yield "note", f"{title}:"
        for spot in spots:
            yield (
                "note",
                f"  {coverage.place(spot)}  {texts.at(coverage.place(spot))}{counted(coverage, spot)}",
            )


def coverage_hint(coverage: Coverage) -> str | None:
    """`5 conditions or limits never yes, 2 never no`; None where all were seen both ways."""
    counts = {
        "never looked at": len(coverage.unseen),
        "never yes": len(coverage.never_yes),
        "never no": len(coverage.never_no),
    }
    found = [(number, words) for words, number in counts.items() if number]
    if not found:
        return None
    (number, first), *rest = found
    said = [f"{number} {'condition or limit' if number == 1 else 'conditions or limits'} {first}"]
    return ", ".join([*said, *(f"{number} {words}" for number, words in rest)])


def counted(coverage: Coverage, spot: Spot) -> str:
    """`  (3 no, 9 unknown)`; nothing for nothing."""
    words = as_words(coverage.counts[spot])
    parts = [f"{number} {word}" for word, number in words.items() if number]
    return f"  ({', '.join(parts)})" if parts else ""


def as_words(counts: Counts) -> dict[str, int]:
    return {"yes": counts.yes, "no": counts.no, "unknown": counts.unknown}


# ---- as JSON


def result_json(result: Result, texts: Texts) -> dict[str, Any]:
    told = result.case
    return {
        "test": told.case.name,
        "place": str(told.place_of(told.case.span)),
        "passed": result.passed,
        "expectations": result.expectations,
        "failures": [failure_json(failure, texts) for failure in result.failures],
        "disagreements": [
            {"question": each.question, "program": each.fast, "interpreter": each.reference}
            for each in result.disagreements
        ],
    }


def failure_json(failure: Failure, texts: Texts) -> dict[str, Any]:
    return {
        "place": str(failure.place),
        "expected": failure.expected,
        "got": failure.got,
        "reasons": [why_json(why) for why in failure.reasons],
        "seen": [seen_json(seen, texts) for seen, _ in failure.seen],
        "ranking": ranking_json(failure.ranking) if failure.ranking else None,
    }


def ranking_json(ranking: Ranking) -> dict[str, Any]:
    plans = [{"plan": each.plan, "rank": write_value(each.type, each.rank)} for each in ranking.plans]
    return {"decide": ranking.decide, "plans": plans}


def seen_json(seen: Seen, texts: Texts) -> dict[str, Any]:
    return {
        "place": str(seen.place),
        "condition": texts.at(seen.place),
        "answer": ANSWERS[seen.answer],
        "values": [value_json(value, texts) for value in seen.values],
    }


def why_json(why: Why) -> dict[str, Any]:
    reason = why.reason
    return {
        "plan": why.plan,
        "gate": why.gate.value if why.gate else None,
        "because": reason.because.value,
        "owner": reason.owner,
        "rule": why.rule,
        "place": str(why.place),
        "channel": reason.channel,
        "answer": ANSWERS[reason.answer],
        "until": None if reason.until is None else write_instant(reason.until),
    }


def value_json(value: SeenValue, texts: Texts) -> dict[str, Any]:
    name = value.name or (texts.at(value.place) if value.place else "")
    return {"name": name, "value": write_value(value.type, value.value)}


def coverage_json(coverage: Coverage, texts: Texts) -> list[dict[str, Any]]:
    return [spot_json(coverage, spot, texts) for spot in coverage.counts]


def spot_json(coverage: Coverage, spot: Spot, texts: Texts) -> dict[str, Any]:
    place = coverage.place(spot)
    return {
        "owner": spot[0],
        "place": str(place),
        "condition": texts.at(place),
        **as_words(coverage.counts[spot]),
    }
