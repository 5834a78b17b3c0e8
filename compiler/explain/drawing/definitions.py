"""Crowds, scores, plans and decides as graphs."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.cases.texts import Texts
from compiler.checked import ir
from compiler.explain.drawing.conditions import Questions
from compiler.explain.drawing.graph import Draft, Graph, Shape, Tone
from dsl.source import Place, Span

MOST = 30
"""Nodes that are drawn; beyond, conditions are drawn together."""
LINES = 6
"""Rules that are told in one node."""


def crowd_graph(ruleset: ir.RuleSet, texts: Texts, name: str, most: int = MOST) -> Graph:
    """The questions that tell whether a user is in the crowd. KeyError: no such crowd."""
    crowd = ruleset.crowds[name]
    draft = Draft(titled("crowd", crowd), most)
    good = draft.node(Shape.GOOD, ["in the crowd"])
    bad = draft.node(Shape.BAD, ["not in it, or not known to be"])
    entry = Questions(draft, ruleset, texts, crowd.key).flow(crowd.condition, good, bad)
    return draft.graph(started(draft, [f"user in {name}?"], entry, ruleset.place(crowd.key, crowd.span)))


def titled(word: str, definition: ir.Definition) -> str:
    return f"{word} {definition.name}" + (f": {definition.doc}" if definition.doc else "")


def started(draft: Draft, lines: list[str], entry: str, place: Place | None) -> str:
    start = draft.node(Shape.START, lines, place)
    draft.edge(start, entry, "", Tone.PLAIN)
    return start


# ---- scores


def score_graph(ruleset: ir.RuleSet, texts: Texts, name: str, most: int = MOST) -> Graph:
    """The lines that a score is the sum of. KeyError: no such score."""
    score = ruleset.scores[name]
    draft = Draft(titled("score", score), most)
    lines = score.lines[: most - 4]
    entry = draft.node(Shape.GOOD, list(banded(score)))
    missing = draft.node(Shape.BAD, ["no score: it is missing"])
    if len(lines) < len(score.lines):
        entry = more_lines(draft, len(score.lines) - len(lines), entry)
    for line in reversed(lines):
        entry = score_line(draft, ruleset, texts, score, line, entry, missing)
    return draft.graph(
        started(draft, [f"{name}.score", "0 points"], entry, ruleset.place(score.key, score.span))
    )


def banded(score: ir.Score) -> Iterator[str]:
    yield "the sum is the score"
    for band in score.bands:
        yield f"grade {band.grade}" + (f" from {band.threshold}" if band.threshold is not None else " below")


def more_lines(draft: Draft, count: int, entry: str) -> str:
    draft.left_out += count
    node = draft.node(Shape.NOTE, [f"… {count} more lines"])
    draft.edge(node, entry, "", Tone.PLAIN)
    return node


def score_line(
    draft: Draft,
    ruleset: ir.RuleSet,
    texts: Texts,
    score: ir.Score,
    line: ir.ScoreLine,
    after: str,
    missing: str,
) -> str:
    place = ruleset.place(score.key, line.span)
    node = draft.node(Shape.CONDITION, [texts.at(place)], place)
    label = "it counts" if line.condition is None else "yes: it counts · no: it does not"
    draft.edge(node, after, label, Tone.GOOD)
    draft.edge(node, missing, "unknown or missing", Tone.UNKNOWN)
    return node


# ---- plans


def plan_graph(ruleset: ir.RuleSet, texts: Texts, name: str, most: int = MOST) -> Graph:
    """The gates that a plan has to pass. KeyError: no such plan."""
    plan = ruleset.plans[name]
    draft = Draft(titled("plan", plan), most)
    gates = _Gates(draft, ruleset, texts, plan)
    return draft.graph(started(draft, [f"plan {name}"], gates.entry(), ruleset.place(plan.key, plan.span)))


class _Gates:
    """The gates of one plan, drawn from the last to the first."""

    def __init__(self, draft: Draft, ruleset: ir.RuleSet, texts: Texts, plan: ir.Plan) -> None:
        self.draft, self.ruleset, self.texts, self.plan = draft, ruleset, texts, plan

    def entry(self) -> str:
        channels = [step.channel for step in self.plan.steps]
        good = self.draft.node(Shape.GOOD, [f"may be sent by {' or '.join(channels)}"])
        return self.eligible(self.relevant(self.contactable(self.held_out(good))))

    def text(self, owner: str, span: Span) -> str:
        return self.texts.at(self.ruleset.place(owner, span))

    def held_out(self, good: str) -> str:
        campaign = None if self.plan.campaign is None else self.ruleset.campaigns[self.plan.campaign]
        if campaign is None or campaign.holdout is None or self.plan.kind != "marketing":
            return good
        bad = self.draft.node(Shape.BAD, ["held out"])
        line = f"{campaign.name}: {self.text(campaign.key, campaign.holdout.span)}"
        return self.rules([line], good, bad, "holdout", ("not held out", "held out"))

    def rules(self, lines: list[str], good: str, bad: str, gate: str, labels: tuple[str, str]) -> str:
        shown = (
            lines if len(lines) <= LINES else [*lines[: LINES - 1], f"… {len(lines) - LINES + 1} more rules"]
        )
        node = self.draft.node(Shape.RULES, shown, gate=gate)
        self.draft.edge(node, good, labels[0], Tone.GOOD)
        self.draft.edge(node, bad, labels[1], Tone.BAD)
        return node

    def contactable(self, good: str) -> str:
        """The plan's own limits, then channel by channel."""
        bad = self.draft.node(Shape.BAD, ["waits, or is blocked"])
        entry = bad
        for step in reversed(self.plan.steps):
            lines = list(self.of_channel(step.channel))
            if not lines:
                lines = ["no rule forbids it"]
            labels = ("nothing forbids it", "forbidden, or not now")
            entry = self.rules([f"{step.channel}:", *lines], good, entry, "contactable", labels)
        whole = list(self.of_plan())
        return self.rules(whole, entry, bad, "contactable", ("none holds", "one holds")) if whole else entry

    def of_channel(self, channel: str) -> Iterator[str]:
        for name in self.plan.policies:
            policy = self.ruleset.policies[name]
            for never in policy.nevers:
                if never.channel in (None, channel):
                    yield self.text(policy.key, never.span)
            for limit in policy.limits:
                if self.concerns(limit, channel):
                    yield self.text(policy.key, limit.span)

    def concerns(self, limit: ir.Limit, channel: str) -> bool:
        if not isinstance(limit, ir.Cap):
            return True
        return limit.channel in (None, channel) and (limit.tag is None or limit.tag in self.plan.tags)

    def of_plan(self) -> Iterator[str]:
        for policy in self.ruleset.policies.values():
            yield from (self.text(policy.key, group.span) for group in policy.blocks)
        campaign = None if self.plan.campaign is None else self.ruleset.campaigns[self.plan.campaign]
        for holder in (self.plan, campaign):
            if holder is not None and holder.once is not None:
                yield self.text(holder.key, holder.once.span)
            if holder is not None and holder.budget is not None:
                yield self.text(holder.key, holder.budget.span)

    def relevant(self, good: str) -> str:
        trigger = self.plan.trigger
        if trigger is None:
            return good
        bad = self.draft.node(Shape.BAD, ["not relevant now"])
        lines = [self.text(self.plan.key, trigger.span)]
        if self.plan.expires is not None:
            lines.append("not expired")
        return self.rules(lines, good, bad, "relevant", ("open and due", "nothing open, or not due"))

    def eligible(self, good: str) -> str:
        needs = [need for need in (self.plan.audience, *self.plan.needs) if need is not None]
        if not needs:
            return good
        bad = self.draft.node(Shape.BAD, ["not eligible"])
        questions = Questions(self.draft, self.ruleset, self.texts, self.plan.key, "eligible")
        for need in reversed(needs):
            good = questions.flow(need.condition, good, bad)
        return good


# ---- decides


def decide_graph(ruleset: ir.RuleSet, texts: Texts, name: str, most: int = MOST) -> Graph:
    """The plans of a decide and how one of them is chosen. KeyError: no such decide."""
    decide = ruleset.decides[name]
    draft = Draft(titled("decide", decide), most)
    chosen = draft.node(Shape.GOOD, ["the first of them is sent"])
    nothing = draft.node(Shape.BAD, ["waits, is blocked, or nothing"])
    rank = ranking(draft, ruleset, texts, decide, chosen)
    plans = decide.plans[: most - 6]
    entry = nothing
    if len(plans) < len(decide.plans):
        draft.left_out += len(decide.plans) - len(plans)
        entry = draft.node(Shape.NOTE, [f"… {len(decide.plans) - len(plans)} more plans"])
        draft.edge(entry, rank, "may be sent", Tone.GOOD)
        draft.edge(entry, nothing, "none may be sent", Tone.BAD)
    for plan in reversed(plans):
        entry = plan_node(draft, ruleset, texts, ruleset.plans[plan], rank, entry)
    place = ruleset.place(decide.key, decide.span)
    return draft.graph(started(draft, [f"decide {name}"], entry, place))


def plan_node(draft: Draft, ruleset: ir.RuleSet, texts: Texts, plan: ir.Plan, rank: str, after: str) -> str:
    """What a plan is for, what triggers it and what it is worth."""
    spans = [plan.audience.span] if plan.audience else []
    spans += [plan.trigger.span] if plan.trigger else []
    lines = [f"plan {plan.name}", *(texts.at(ruleset.place(plan.key, span)) for span in spans)]
    node = draft.node(Shape.RULES, lines, ruleset.place(plan.key, plan.span), "every plan, gate by gate")
    draft.edge(node, rank, "may be sent", Tone.GOOD)
    is_last = draft.nodes[after].shape is Shape.BAD
    draft.edge(node, after, *(("none may be sent", Tone.BAD) if is_last else ("and the next", Tone.PLAIN)))
    return node


def ranking(draft: Draft, ruleset: ir.RuleSet, texts: Texts, decide: ir.Decide, chosen: str) -> str:
    """How those that may be sent are put in order, and who is held out."""
    entry = chosen
    if decide.holdout is not None:
        held = draft.node(Shape.BAD, ["held out: nothing goes out"])
        text = texts.at(ruleset.place(decide.key, decide.holdout.span))
        entry = draft.node(Shape.RULES, [text], gate="holdout")
        draft.edge(entry, chosen, "not held out", Tone.GOOD)
        draft.edge(entry, held, "held out", Tone.BAD)
    listed = "ties and plans without a rank as listed"
    how = texts.at(ruleset.place(decide.key, decide.rank_span)) if decide.rank_span else "as listed"
    node = draft.node(Shape.RULES, [how, *([listed] if decide.rank_span else [])], gate="ranked")
    draft.edge(node, entry, "the highest first", Tone.GOOD)
    return node
