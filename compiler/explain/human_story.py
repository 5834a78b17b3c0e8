"""Explained decisions as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.checked.ir import RuleSet
from compiler.explain.change.words import Told, outcome
from compiler.explain.decisions import PlanStory, Story, Why
from compiler.explain.human import Tree
from compiler.facts import Facts
from compiler.outcome import Gate, PlanOutcome, Verdict

WORDS = {
    Gate.ELIGIBLE: "not eligible",
    Gate.RELEVANT: "not relevant",
    Gate.CONTACTABLE: "blocked",
    Gate.RANKED: "not ranked",
    Gate.HOLDOUT: "held out",
    Gate.CHOSEN: "not chosen",
}
HEADS = {
    Verdict.SEND: "send {plan} by {channel}",
    Verdict.WAIT: "wait with {plan} by {channel} until {until}",
    Verdict.BLOCK: "blocked; {plan} comes first",
    Verdict.HOLDOUT: "held out; {plan} would have been sent by {channel}",
    Verdict.NONE: "nothing",
}
INDENT = "   "
Lines = Iterator[str]


def story_lines(story: Story, ruleset: RuleSet, facts: Facts) -> Lines:
    """The decision, then each plan with how far it came and why."""
    yield head_line(story)
    for each in story.plans:
        yield ""
        yield from plan_lines(each, story, ruleset, facts)


def head_line(story: Story) -> str:
    """`best: send nudge by push`."""
    decision = story.decision
    until = "" if decision.until is None else story.words.instant(decision.until)
    head = HEADS[decision.verdict].format(plan=decision.plan, channel=decision.channel, until=until)
    return f"{decision.decide}: {head}"


def plan_lines(plan: PlanStory, story: Story, ruleset: RuleSet, facts: Facts) -> Lines:
    yield f"{plan.plan}: {fate(plan, story)}  [{plan.place}]"
    if plan.behind is not None:
        yield f"{INDENT}{behind(plan, story)}"
    for why in plan.why:
        yield from why_lines(why, story)
    if plan.rank_tree is not None:
        yield from (INDENT * 2 + line for line in Tree(story.words).lines(plan.rank_tree))
    if plan.search is not None:
        told = Told(ruleset, facts, plan.plan, story.words)
        yield f"{INDENT}smallest change: {outcome(told, plan.search)}"


def fate(plan: PlanStory, story: Story) -> str:
    """`not relevant`, `waits until …, and is chosen`."""
    out = plan.outcome
    if plan.wins:
        return f"chosen, sent by {out.channel}{ranked(plan, story)}"
    waits = waiting(out, story)
    if out.fell is None:
        return f"chosen, {waits}{ranked(plan, story)}"
    free = ""
    if out.fell is Gate.CONTACTABLE and out.until is not None:
        free = f" until {story.words.instant(out.until)}"
    return f"{WORDS[out.fell]}{free}{f', {waits}' if waits else ''}{ranked(plan, story)}"


def waiting(out: PlanOutcome, story: Story) -> str:
    if out.verdict is not Verdict.WAIT or out.until is None:
        return ""
    return f"waits until {story.words.instant(out.until)} for {out.channel}"


def ranked(plan: PlanStory, story: Story) -> str:
    if plan.rank_type is None or plan.rank is None:
        return ""
    return f", ranked {story.words.value(plan.rank_type, plan.rank)}"


def behind(plan: PlanStory, story: Story) -> str:
    """`0.50 EUR behind cart_nudge`."""
    assert plan.behind is not None
    winner = story.decision.plan
    if plan.behind.by is None:
        return f"level with {winner}, which is listed first or sends sooner"
    return f"{plan.behind.by} behind {winner}: needs {plan.behind.needs}"


def why_lines(why: Why, story: Story) -> Lines:
    channel = f"{why.channel}: " if why.channel else ""
    yield f"{INDENT}{channel}{why.sentence}"
    if why.condition is not None:
        yield from (INDENT * 2 + line for line in Tree(story.words).lines(why.condition))
