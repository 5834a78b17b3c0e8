"""The reference interpreter: what a rule means, slow and obvious, written beside `docs/language/semantics.md`.

It shares nothing with the fast path but the typed IR, the facts and the outcomes. Every function here is pure; crowds,
scores and plans are named as in the rule set, and an unknown name is a KeyError.
"""

from __future__ import annotations

from collections.abc import Iterable

from compiler.checked.ir import Expr, RuleSet
from compiler.facts import Facts
from compiler.interpret import (  # noqa: F401 (they enter their meanings into the table)
    aggregates,
    arithmetic,
    conditions,
    functions,
    names,
    sequences,
)
from compiler.interpret.case import Case, case_of
from compiler.interpret.choose import decision
from compiler.interpret.contactable import contact as contact_of
from compiler.interpret.definitions import crowd_answer, score_grade, score_total
from compiler.interpret.gates import judge
from compiler.interpret.meaning import value
from compiler.interpret.scene import scene_of
from compiler.outcome import Contact, Decision, PlanOutcome
from compiler.types import Answer, Value

__all__ = ["contact", "contact_channel", "crowd", "crowds", "decide", "evaluate", "grade", "plan", "score"]


def evaluate(ruleset: RuleSet, expr: Expr, facts: Facts) -> Value:
    """The value of an expression that stands outside of events, triggers and plans; of a condition its Answer."""
    return value(expr, scene_of(ruleset, facts))


def crowd(ruleset: RuleSet, name: str, facts: Facts) -> Answer:
    """Whether the user is in the crowd: True yes, False no, None unknown."""
    return crowd_answer(name, scene_of(ruleset, facts))


def crowds(ruleset: RuleSet, facts: Facts) -> dict[str, Answer]:
    """The answers of all crowds, in the order of the text."""
    scene = scene_of(ruleset, facts)
    return {name: crowd_answer(name, scene) for name in ruleset.crowds}


def score(ruleset: RuleSet, name: str, facts: Facts) -> Value:
    """The total of a score, an int or a float."""
    return score_total(name, scene_of(ruleset, facts))


def grade(ruleset: RuleSet, name: str, facts: Facts) -> Value:
    """The grade of a score; MISSING for a score that declares none."""
    return score_grade(name, scene_of(ruleset, facts))


def decide(ruleset: RuleSet, name: str, facts: Facts) -> Decision:
    """The whole decision among the plans of a decide, reserving nothing."""
    return decision(ruleset.decides[name], scene_of(ruleset, facts))


def plan(ruleset: RuleSet, name: str, facts: Facts) -> PlanOutcome:
    """A plan judged alone: as in a decide that lists it only, without rank, `at most` and holdout."""
    return judge(ruleset.plans[name], scene_of(ruleset, facts), None).outcome


def contact(ruleset: RuleSet, plan_name: str, facts: Facts) -> Contact:
    """Whether the user may be contacted by a plan, whoever it is for and whatever happened."""
    return contact_of(case_of(ruleset.plans[plan_name], scene_of(ruleset, facts)))


def contact_channel(
    ruleset: RuleSet, channel: str, policies: Iterable[str], tags: Iterable[str], kind: str, facts: Facts
) -> Contact:
    """Whether the user may be contacted by a channel under the named policies, as a plan of these tags and kind would.

    `kind` is `marketing`, `transactional` or `legal`.
    """
    obeyed = tuple(ruleset.policies[name] for name in policies)
    return contact_of(Case(scene_of(ruleset, facts), kind, frozenset(tags), obeyed, (channel,)))
