"""The lines that are to blame, with those whom they concern."""

from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element

from cli.report.markup import details, element
from cli.report.words import Words
from server.replay.report import Blamed, Example, Report

MOST_CARDS = 60
LONGEST = 60
"""Lines of a difference that are shown."""


def blame(report: Report) -> Iterator[Element]:
    words = Words(report)
    for each in report.blamed[:MOST_CARDS]:
        yield card(words, each, each is report.blamed[0])
    if len(report.blamed) > MOST_CARDS:
        yield element("p", f"and {len(report.blamed) - MOST_CARDS:,} more, which `--format json` has")


def card(words: Words, blamed: Blamed, is_first: bool) -> Element:
    title = element("h3", element("code", blamed.location), " ", blamed.rule or "comment")
    moves = chips(words.moves(blamed))
    told = examples(words, blamed.examples, open_first=is_first)
    parts = (title, element("p", words.blamed(blamed), class_="count"), excerpt(blamed), moves, *told)
    return element("article", *parts, class_="card" if blamed.decisions else "card idle")


def chips(texts: Iterable[str]) -> Element:
    return element("ul", *(element("li", each) for each in texts), class_="chips")


def examples(words: Words, found: Sequence[Example], open_first: bool = False) -> Iterator[Element]:
    for number, each in enumerate(found):
        yield example(words, each, open_first and not number)


def excerpt(blamed: Blamed) -> Element:
    """How the lines read before, and read now. Numbered are those of the file that the location names."""
    start = int(blamed.location.rpartition(":")[2])
    numbers = [f"{number:>4}" for number in range(start, start + LONGEST)]
    none = [" " * 4] * LONGEST
    gone = lines("del", "−", blamed.text_before, none if blamed.text_after else numbers)
    return element("pre", *gone, *lines("ins", "+", blamed.text_after, numbers), class_="code", tabindex="0")


def lines(tag: str, sign: str, text: str, numbers: Sequence[str]) -> Iterator[Element]:
    for number, line in zip(numbers, text.split("\n") if text else (), strict=False):
        if line.strip():
            yield element(tag, element("b", f"{number} {sign} "), f"{line}\n")


def example(words: Words, example: Example, is_open: bool) -> Element:
    before, after = words.answer(example.before), words.answer(example.after)
    sides = side("before", before, example.why_before), side("after", after, example.why_after)
    summary = f"{example.user}, {words.when(example)}: {before} → {after}"
    decision = element("p", "decision ", element("code", example.decision_id), class_="count")
    attributes = {"class_": "example", **({"open": "open"} if is_open else {})}
    return details(summary, decision, element("div", *sides, class_="sides"), **attributes)


def side(title: str, answer: str, why: str) -> Element:
    return element(
        "div", element("p", f"{title}: {answer}", class_="said"), element("pre", why, tabindex="0")
    )
