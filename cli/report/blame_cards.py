"""The lines that are to blame, with those whom they concern."""

from collections.abc import Iterator
from itertools import count
from xml.etree.ElementTree import Element

from cli.report.markup import details, element
from cli.report.words import Words
from server.replay.report import Blamed, Example, Report

MOST_CARDS = 60


def blame(report: Report) -> Iterator[Element]:
    words = Words(report)
    for each in report.blamed[:MOST_CARDS]:
        yield card(words, each)
    if len(report.blamed) > MOST_CARDS:
        yield element("p", f"and {len(report.blamed) - MOST_CARDS:,} more, which `--format json` has")


def card(words: Words, blamed: Blamed) -> Element:
    title = element("h3", element("code", blamed.location), " ", blamed.rule or "comment")
    moves = element("ul", *(element("li", move) for move in words.moves(blamed)), class_="chips")
    examples = (example(words, each) for each in blamed.examples)
    state = "card" if blamed.decisions else "card idle"
    return element(
        "article",
        title,
        element("p", words.blamed(blamed), class_="count"),
        excerpt(blamed),
        moves,
        *examples,
        class_=state,
    )


def excerpt(blamed: Blamed) -> Element:
    """How the lines read before, and read now, with their numbers."""
    start = int(blamed.location.rpartition(":")[2])
    gone = lines("del", "−", blamed.text_before, count(start))
    new = lines("ins", "+", blamed.text_after, count(start))
    return element("pre", *gone, *new, class_="code")


def lines(tag: str, sign: str, text: str, numbers: Iterator[int]) -> Iterator[Element]:
    for number, line in zip(numbers, text.split("\n") if text else (), strict=False):
        if line.strip():
            yield element(tag, element("b", f"{number:>4} {sign} "), f"{line}\n")


def example(words: Words, example: Example) -> Element:
    sides = (
        side("before", words.answer(example.before), example.why_before),
        side("after", words.answer(example.after), example.why_after),
    )
    summary = f"{example.user}, {words.instant(example.time)}: {words.answer(example.before)} → {words.answer(example.after)}"
    decision = element("p", "decision ", element("code", example.decision_id), class_="count")
    return details(summary, decision, element("div", *sides, class_="sides"), class_="example")


def side(title: str, answer: str, why: str) -> Element:
    return element("div", element("h4", f"{title}: {answer}"), element("pre", why, tabindex="0"))
