"""Explained decisions as JSON values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from compiler.checked.ir import RuleSet
from compiler.explain.as_json import explained_json
from compiler.explain.change.words import Told, search_json
from compiler.explain.decisions import PlanStory, Story, Why
from compiler.facts import Facts
from compiler.wire.time_text import write_instant
from compiler.wire.writing import write_value


def story_json(story: Story, ruleset: RuleSet, facts: Facts) -> dict[str, Any]:
    """The decision and its plans in the listed order; gates and verdicts by their names."""
    decision = story.decision
    return {
        "decide": decision.decide,
        "verdict": decision.verdict.value,
        "plan": decision.plan,
        "channel": decision.channel,
        "until": _instant(decision.until),
        "plans": [plan_json(plan, story, ruleset, facts) for plan in story.plans],
    }


def plan_json(plan: PlanStory, story: Story, ruleset: RuleSet, facts: Facts) -> dict[str, Any]:
    out = plan.outcome
    rank = None if plan.rank_type is None else write_value(plan.rank_type, plan.rank)
    told = Told(ruleset, facts, plan.plan, story.words)
    return {
        "plan": plan.plan,
        "place": str(plan.place),
        "wins": plan.wins,
        "fell": None if out.fell is None else out.fell.value,
        "verdict": out.verdict.value,
        "channel": out.channel,
        "until": _instant(out.until),
        "occurrence": out.occurrence,
        "rank": rank,
        "behind": None if plan.behind is None else asdict(plan.behind),
        "reasons": [why_json(why) for why in plan.why],
        "rank_tree": None if plan.rank_tree is None else explained_json(plan.rank_tree),
        "smallest_change": None if plan.search is None else search_json(told, plan.search),
    }


def why_json(why: Why) -> dict[str, Any]:
    return {
        "because": why.because.value,
        "sentence": why.sentence,
        "rule": why.rule,
        "owner": why.owner,
        "place": None if why.place is None else str(why.place),
        "channel": why.channel,
        "until": _instant(why.until),
        "condition": None if why.condition is None else explained_json(why.condition),
    }


def _instant(instant: int | None) -> str | None:
    return None if instant is None else write_instant(instant)
