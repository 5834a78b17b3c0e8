"""Why a version answers so, in the words of `suasion explain`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from compiler.cases.texts import ANSWERS
from compiler.explain.asked import Asked
from compiler.explain.conditions import explained_crowd
from compiler.explain.decisions import explained_decision
from compiler.explain.human import Tree
from compiler.explain.human_story import head_line, plan_lines
from compiler.explain.sentences import Said, sentence
from compiler.explain.words import Words
from compiler.facts import Facts
from compiler.outcome import Contact
from dsl.text import visible
from server.replay.answering import Answering
from server.replay.pairs import Pair, Question
from server.replay.questions import QUESTIONS, CannotAnswer

MOST_CROWDS = 3
"""Of those that differ, told in one explanation."""
Lines = Iterator[str]


def explanation(answering: Answering, pair: Pair, question: Question) -> str:
    """Of a decision, the plans that one of the versions names are told, of crowds those that differ."""
    try:
        facts = question.facts(answering)
    except CannotAnswer as error:
        return str(error)
    return "\n".join(map(visible, _lines(answering, pair, facts)))


def _lines(answering: Answering, pair: Pair, facts: Facts) -> Lines:
    before, after = pair.before, pair.after
    if "decide" in pair.asked:
        return _decision(answering, str(pair.asked["decide"]), facts, {before.plan, after.plan})
    if pair.kind.endswith("crowds"):
        return _crowds(answering, facts, sorted(before.crowds ^ after.crowds))
    _, judge = QUESTIONS[pair.kind](answering.serving, pair.asked)
    return contact_lines(answering, judge(facts), facts)


def _decision(answering: Answering, decide: str, facts: Facts, plans: Collection[str | None]) -> Lines:
    story = explained_decision(Asked(answering.serving.program), answering.texts, facts, decide)
    yield head_line(story)
    for each in story.plans:
        if each.plan in plans:
            yield from plan_lines(each, story, answering.ruleset, facts)


def _crowds(answering: Answering, facts: Facts, names: list[str]) -> Lines:
    asked, tree = Asked(answering.serving.program), Tree(Words.of(answering.ruleset, facts))
    for name in names[:MOST_CROWDS]:
        if name in answering.ruleset.crowds:
            yield from tree.lines(explained_crowd(asked, answering.texts, facts, name))
        else:
            yield f"{ANSWERS[answering.serving.membership(name, facts)]:<8}user in {name}"


def contact_lines(answering: Answering, contact: Any, facts: Facts) -> Lines:
    """Of a contact that was asked about by itself."""
    assert isinstance(contact, Contact)
    words = Words.of(answering.ruleset, facts)
    until = "" if contact.until is None else f" until {words.instant(contact.until)}"
    yield f"{contact.verdict.value}{f' by {contact.channel}' if contact.channel else ''}{until}"
    for reason in contact.reasons:
        channel = f"{reason.channel}: " if reason.channel else ""
        yield f"   {channel}{sentence(Said(answering.ruleset, answering.texts, words, facts.now, reason))}"
