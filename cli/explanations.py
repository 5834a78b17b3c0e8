"""Why users get what they get: what `suasion explain` says, as JSON and as lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cli.output import Output
from compiler.cases.case import alone
from compiler.cases.evaluators import judging_alone
from compiler.cases.texts import Texts
from compiler.checked.ir import RuleSet
from compiler.decision.program import compile_program
from compiler.driver import program
from compiler.explain.as_json import explained_json
from compiler.explain.as_json_story import story_json
from compiler.explain.asked import Asked
from compiler.explain.conditions import explained_crowd, explained_score
from compiler.explain.decisions import explained_decision, with_changes
from compiler.explain.human import Tree
from compiler.explain.human_story import story_lines
from compiler.explain.node import Node
from compiler.explain.words import Words
from compiler.facts import Facts
from dsl.text import visible

MOST_CHANGES = 24
"""Plans of a decide for which a change is searched: each can take a second or two."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question about one user. `change`: search for the smallest change."""

    out: Output
    texts: Texts
    ruleset: RuleSet
    facts: Facts
    change: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """For programs, and for people: lines are made once, when they are shown."""

    data: Any
    lines: Iterable[str]


def write(file: Any, lines: Iterable[str]) -> None:
    for line in lines:
        file.write(visible(line) + "\n")


def crowd(question: Question, name: str) -> Explained:
    return tree(
        question, explained_crowd(Asked(program(question.ruleset)), question.texts, question.facts, name)
    )


def score(question: Question, name: str) -> Explained:
    return tree(
        question, explained_score(Asked(program(question.ruleset)), question.texts, question.facts, name)
    )


def tree(question: Question, node: Node) -> Explained:
    return Explained(explained_json(node), Tree(Words.of(question.ruleset, question.facts)).lines(node))


def plan(question: Question, name: str) -> Explained:
    """Judged alone: by a decide of its own, without rank, `at most` and holdout."""
    ruleset = question.ruleset
    decides = {**ruleset.decides, alone(name): judging_alone(ruleset.plans[name])}
    return story(question, replace(ruleset, decides=decides), alone(name))


def decide(question: Question, name: str) -> Explained:
    return story(question, question.ruleset, name)


def story(question: Question, ruleset: RuleSet, decide: str) -> Explained:
    served = program(ruleset) if ruleset is question.ruleset else compile_program(ruleset)
    found = explained_decision(Asked(served), question.texts, question.facts, decide)
    if question.change:
        lost = [each.plan for each in found.plans if not each.wins]
        found = with_changes(found, ruleset, question.facts, lost[:MOST_CHANGES])
        if len(lost) > MOST_CHANGES:
            question.out.notes.print(
                f"changes are searched for the first {MOST_CHANGES} plans; name another by --plan"
            )
    return Explained(story_json(found, ruleset, question.facts), story_lines(found, ruleset, question.facts))


EXPLAIN: Mapping[str, Callable[[Question, str], Explained]] = {
    "crowd": crowd,
    "score": score,
    "plan": plan,
    "decide": decide,
}
