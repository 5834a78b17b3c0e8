"""Conditions and values explained: the tree of what they are made of, each part with what came of it.

The answers are those of the trees that serve; what this adds is where each part stands, what it saw, and why something is
missing. Definitions are looked into where they are named, once each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from compiler.cases.texts import Texts
from compiler.checked import ir
from compiler.explain.asked import HERE, Asked, View
from compiler.explain.gaps import gap_of
from compiler.explain.margins import Measured, margin
from compiler.explain.node import Node, Taken
from compiler.explain.takings import takings
from compiler.explain.words import Words
from compiler.facts import Facts
from compiler.types import CONDITION, Answer, Value
from dsl.source import Place, Span

MOST_PARTS = 200
"""Of one chain; further ones are counted. The decisive ones come first."""
MOST_NODES = 5_000
"""Of one explanation; what lies deeper is left out."""


@dataclass(frozen=True, slots=True)
class At:
    """Where a part stands and from where it sees: its definition's key, the view, and the answer that is wanted of it,
    None where it does not matter."""

    owner: str
    view: View
    wanted: bool | None = True

    def inside(self, owner: str) -> At:
        """In a crowd or score that is named here."""
        return At(owner, self.view.of_definitions(), self.wanted)

    def below(self, answer: Answer) -> At:
        """For the parts of what answers so: nothing is wanted of them where the whole is as it should be."""
        return replace(self, wanted=None) if answer is self.wanted else self


@dataclass(slots=True)
class Explainer:
    """Explains parts of one rule set for one user. Used for one explanation."""

    asked: Asked
    texts: Texts
    facts: Facts
    words: Words
    told: dict[tuple[str, View], Place] = field(default_factory=dict)
    nodes: int = 0

    def node(self, expr: ir.Expr, at: At) -> Node:
        """The expression as it is seen from there."""
        self.nodes += 1
        return _EXPLAIN.get(type(expr), _value)(self, expr, at)

    def value(self, expr: ir.Expr, at: At) -> Value:
        return self.asked.value(expr, self.facts, at.view)

    def answer(self, expr: ir.Expr, at: At) -> Answer:
        return self.asked.answer(expr, self.facts, at.view)

    def place(self, owner: str, span: Span | None) -> Place | None:
        known = span is not None and owner in self.asked.ruleset.origins
        return self.asked.ruleset.place(owner, span) if known and span is not None else None

    def leaf(self, kind: str, expr: ir.Expr, at: At, text: str | None = None) -> Node:
        """A node without parts, with its gap if it is one."""
        place = self.place(at.owner, getattr(expr, "span", None))
        said = text if text is not None else self.texts.at(place) if place else ""
        return Node(kind, said, place, expr.type, self.value(expr, at))

    def parts(self, exprs: Iterator[ir.Expr], at: At) -> tuple[Node, ...]:
        """What a value or a comparison is made of; constants say themselves."""
        if self.nodes >= MOST_NODES:
            return ()
        return tuple(self.node(each, at) for each in exprs if not isinstance(each, ir.Const))

    def named(
        self, key: str, at: At, make: Callable[[At], tuple[Node, ...]]
    ) -> tuple[tuple[Node, ...], Place | None]:
        """The parts of a definition, or the place where they were told already."""
        inside = at.inside(key)
        seen = self.told.get((key, inside.view))
        if seen is not None or self.nodes >= MOST_NODES:
            return (), seen
        place = self.place(key, _span_of(self.asked.ruleset, key))
        if place is not None:
            self.told[key, inside.view] = place
        return make(inside), None


def _span_of(ruleset: ir.RuleSet, key: str) -> Span:
    kind, _, name = key.partition(" ")
    definition: ir.Definition = ruleset.crowds[name] if kind == "crowd" else ruleset.scores[name]
    return definition.span


# ---- conditions made of others


def _chain(explainer: Explainer, expr: ir.And | ir.Or, at: At) -> Node:
    kind = "and" if isinstance(expr, ir.And) else "or"
    node = explainer.leaf(kind, expr, at)
    below = at.below(node.answer)
    terms = _decisive_first(explainer, expr.terms, node.answer, at)
    parts = []
    for term in terms[:MOST_PARTS]:
        if explainer.nodes >= MOST_NODES:
            break
        parts.append(explainer.node(term, below))
    return replace(node, parts=tuple(parts), left_out=len(terms) - len(parts))


def _decisive_first(explainer: Explainer, terms: tuple[ir.Expr, ...], whole: Answer, at: At) -> list[ir.Expr]:
    """As written; of a chain that is too long, the terms that answer as the whole does come first."""
    if len(terms) <= MOST_PARTS:
        return list(terms)
    return sorted(terms, key=lambda term: explainer.answer(term, at) is not whole)


def _not(explainer: Explainer, expr: ir.Not, at: At) -> Node:
    inner = replace(at, wanted=None if at.wanted is None else not at.wanted)
    term = explainer.node(expr.term, inner)
    if (
        getattr(expr.term, "span", None) == expr.span
    ):  # `did not`, `is not`, `not in`: one part, as it is written
        return replace(term, kind=f"not {term.kind}", value=_opposite(term.answer))
    return replace(explainer.leaf("not", expr, at), parts=(term,))


def _opposite(answer: Answer) -> Answer:
    return None if answer is None else not answer


def _in_crowd(explainer: Explainer, expr: ir.InCrowd, at: At) -> Node:
    crowd = explainer.asked.ruleset.crowds[expr.crowd]
    node, below = explainer.leaf("crowd", expr, at), at.below(explainer.answer(expr, at))
    parts, same_as = explainer.named(
        crowd.key, below, lambda inside: (explainer.node(crowd.condition, inside),)
    )
    return replace(node, text=membership(node.text, crowd.name), parts=parts, same_as=same_as)


def membership(text: str, name: str) -> str:
    """What the rules write, or what it means where they write the name alone."""
    return text if text.startswith("user") else f"user in {name}"


def _in_list(explainer: Explainer, expr: ir.InList, at: At) -> Node:
    node = _plain_condition("list")(explainer, expr, at)
    return replace(node, text=membership(node.text, expr.list))


# ---- conditions on values


def _comparison(kind: str) -> Callable[[Explainer, Any, At], Node]:
    def explained(explainer: Explainer, expr: ir.Expr, at: At) -> Node:
        node = explainer.leaf(kind, expr, at)
        parts = explainer.parts(iter(ir.direct_subexpressions(expr)), at)
        found = None
        if at.wanted is not None and node.answer is not at.wanted:
            found = margin(_measured(explainer, expr, at, at.wanted))
        return replace(
            node, parts=parts, margin=found, gap=gap_of(explainer.asked, explainer.facts, expr, at.view)
        )

    return explained


def _measured(explainer: Explainer, expr: Any, at: At, wanted: bool) -> Measured:
    left = explainer.value(expr.left if hasattr(expr, "left") else expr.term, at)
    right = explainer.value(expr.right, at) if hasattr(expr, "right") else True
    return Measured(expr, left, right, wanted, explainer.words)


def _plain_condition(kind: str) -> Callable[[Explainer, Any, At], Node]:
    def explained(explainer: Explainer, expr: ir.Expr, at: At) -> Node:
        node = explainer.leaf(kind, expr, at)
        parts = explainer.parts(iter(ir.direct_subexpressions(expr)), at)
        return replace(node, parts=parts, gap=gap_of(explainer.asked, explainer.facts, expr, at.view))

    return explained


# ---- events


def _did(explainer: Explainer, expr: ir.Did, at: At) -> Node:
    node = _of_events(explainer, "did", expr, at)
    if node.answer is None or at.wanted is None or node.answer is at.wanted:
        return node
    taken = sum(each.taken for each in node.taken)
    return replace(node, margin=margin(Measured(expr, taken, True, at.wanted, explainer.words)))


def _of_events(explainer: Explainer, kind: str, expr: Any, at: At) -> Node:
    """With how many events were looked at, and the ones of which it is unknown whether they count."""
    node = explainer.leaf(kind, expr, at)
    found = takings(explainer.asked, explainer.facts, expr, at.view)
    unknown = [(each, event) for each in found for event in each.unknown]
    parts = tuple(
        _unknown_event(explainer, each.event, event.id, each.where, at) for each, event in unknown[:3]
    )
    return replace(
        node,
        taken=tuple(Taken(each.event, each.in_window, each.taken, each.open) for each in found),
        parts=parts if node.is_open else (),
        gap=gap_of(explainer.asked, explainer.facts, expr, at.view),
    )


def _unknown_event(explainer: Explainer, event: str, id: str, where: ir.Expr | None, at: At) -> Node:
    """An event, and its `where`."""
    seen = replace(at, view=at.view.looking_at((event, id)), wanted=True)
    parts = () if where is None or explainer.nodes >= MOST_NODES else (explainer.node(where, seen),)
    return Node("event", f"{event} {id}", None, CONDITION, None, parts)


# ---- values


def _value(explainer: Explainer, expr: ir.Expr, at: At) -> Node:
    """A value that is computed from others."""
    node = explainer.leaf("value", expr, at)
    parts = explainer.parts(iter(ir.direct_subexpressions(expr)), at)
    return replace(node, parts=parts, gap=gap_of(explainer.asked, explainer.facts, expr, at.view))


def _plain(kind: str, text: Callable[[Any], str]) -> Callable[[Explainer, Any, At], Node]:
    """A value that has a name."""

    def explained(explainer: Explainer, expr: ir.Expr, at: At) -> Node:
        node = explainer.leaf(kind, expr, at, text(expr))
        return replace(node, gap=gap_of(explainer.asked, explainer.facts, expr, at.view))

    return explained


def _pick(explainer: Explainer, expr: ir.Pick, at: At) -> Node:
    """The arms up to the one that is picked."""
    parts = []
    for value, condition in expr.arms:
        parts.append(explainer.node(condition, at))
        answer = explainer.answer(condition, at)
        if answer is not False:
            parts += explainer.parts(iter([value] if answer else []), at)
            break
    else:
        parts += explainer.parts(iter([expr.default]), at)
    node = replace(explainer.leaf("pick", expr, at), parts=tuple(parts))
    return replace(node, gap=gap_of(explainer.asked, explainer.facts, expr, at.view))


def _let(explainer: Explainer, expr: ir.LetRef, at: At) -> Node:
    value = dict(explainer.asked.ruleset.plans[at.view.plan or ""].lets)[expr.name]
    return replace(explainer.leaf("let", expr, at, expr.name), parts=explainer.parts(iter([value]), at))


def _term(explainer: Explainer, expr: ir.PlanTerm, at: At) -> Node:
    """A plan's term, which stands in the plan."""
    plan = explainer.asked.ruleset.plans[at.view.plan or ""]
    inside = replace(at, owner=plan.key)
    parts = explainer.parts(iter([plan.terms[expr.term]] if expr.term in plan.terms else []), inside)
    return replace(explainer.leaf("term", expr, at, expr.term), parts=parts)


def _score(explainer: Explainer, expr: ir.ScoreRef | ir.GradeRef, at: At) -> Node:
    score = explainer.asked.ruleset.scores[expr.score]
    word = "score" if isinstance(expr, ir.ScoreRef) else "grade"
    node = explainer.leaf(word, expr, at, f"{score.name}.{word}")
    parts, same_as = explainer.named(
        score.key, at, lambda inside: tuple(_line(explainer, line, inside) for line in score.lines)
    )
    return replace(node, parts=parts, same_as=same_as)


def _line(explainer: Explainer, line: ir.ScoreLine, at: At) -> Node:
    """A line of a score: yes where it counts, with what it counts."""
    explainer.nodes += 1
    answer = True if line.condition is None else explainer.answer(line.condition, at)
    place = explainer.place(at.owner, line.span)
    exprs = [line.points] if answer is not False else []
    parts = explainer.parts(iter([*([] if line.condition is None else [line.condition]), *exprs]), at)
    return Node("line", explainer.texts.at(place) if place else "", place, CONDITION, answer, parts)


_COMPARE, _EVENTS = _comparison("comparison"), _of_events
_EXPLAIN: Mapping[type[ir.Expr], Callable[[Explainer, Any, At], Node]] = {
    ir.And: _chain,
    ir.Or: _chain,
    ir.Not: _not,
    ir.InCrowd: _in_crowd,
    ir.Compare: _COMPARE,
    ir.Equal: _COMPARE,
    ir.OneOf: _COMPARE,
    ir.IsMissing: _plain_condition("missing"),
    ir.FlagIs: _plain_condition("flag"),
    ir.InList: _in_list,
    ir.InShare: _plain_condition("share"),
    ir.Did: _did,
    ir.Sequence: lambda explainer, expr, at: _EVENTS(explainer, "sequence", expr, at),
    ir.Aggregate: lambda explainer, expr, at: _EVENTS(explainer, "aggregate", expr, at),
    ir.SinceLast: lambda explainer, expr, at: _EVENTS(explainer, "time since", expr, at),
    ir.Attribute: _plain("attribute", lambda expr: f"{expr.scope}.{expr.name}"),
    ir.EventField: _plain("field", lambda expr: expr.name),
    ir.TriggerField: _plain("field", lambda expr: f"{expr.name} of the trigger"),
    ir.Now: _plain("now", lambda expr: "now"),
    ir.LocalDate: _plain("today", lambda expr: "today"),
    ir.Pick: _pick,
    ir.LetRef: _let,
    ir.PlanTerm: _term,
    ir.ScoreRef: _score,
    ir.GradeRef: _score,
}


def explained(
    asked: Asked,
    texts: Texts,
    facts: Facts,
    expr: ir.Expr,
    owner: str,
    view: View = HERE,
    wanted: bool = True,
) -> Node:
    """An expression of the definition `owner` (its key), explained for one user."""
    explainer = Explainer(asked, texts, facts, Words.of(asked.ruleset, facts))
    return explainer.node(expr, At(owner, view, wanted))


def explained_crowd(asked: Asked, texts: Texts, facts: Facts, name: str) -> Node:
    """A crowd's answer. KeyError: no such crowd."""
    crowd = asked.ruleset.crowds[name]
    explainer = Explainer(asked, texts, facts, Words.of(asked.ruleset, facts))
    inner = explainer.node(crowd.condition, At(crowd.key, HERE))
    place = explainer.place(crowd.key, crowd.span)
    return Node("crowd", f"user in {name}", place, CONDITION, inner.value, (inner,))


def explained_score(asked: Asked, texts: Texts, facts: Facts, name: str) -> Node:
    """A score's total, and the lines that it is made of. KeyError: no such score."""
    score = asked.ruleset.scores[name]
    explainer = Explainer(asked, texts, facts, Words.of(asked.ruleset, facts))
    return replace(
        explainer.node(ir.ScoreRef(score.type, name), At(score.key, HERE)),
        place=explainer.place(score.key, score.span),
    )
