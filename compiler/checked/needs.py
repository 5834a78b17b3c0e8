"""Which crowds and scores stand on which others; circles and towers are findings."""

from __future__ import annotations

from collections.abc import Iterator

from compiler.checked.modules import Collected, Declared
from compiler.checked.order import DEEPEST, Circle, Key, ordered, towers
from compiler.checked.world import RuleWorld
from dsl import ast
from dsl.diagnostics import Diagnostic, placed
from dsl.source import Place, Span

MOST_OF_CIRCLE = 12
"""Names of a circle that are told."""


def check_scores(collected: Collected, world: RuleWorld) -> None:
    """Check scores before those that stand on them: what is said of a score follows from its definition."""
    needs = {
        ("score", name): list(scores_in(collected, world, declared))
        for (kind, name), declared in collected.named.items()
        if kind == "score"
    }
    order, circles = ordered(needs)
    for circle in circles:
        refuse_circle(collected, world, circle)
        world.made |= dict.fromkeys(circle)
    for key in order:
        world.definition(*key)


def scores_in(collected: Collected, world: RuleWorld, declared: Declared) -> Iterator[Key]:
    """The scores that a statement names: as it was checked before, or by going through it."""
    known = world.cache.get(declared.statement, declared.scope)
    if known is not None:
        yield from (key for key in known.seen if key in collected.named and key[0] == "score")
        return
    for node in ast.walk(declared.statement):
        if isinstance(node, ast.RefExpr) and node.ref.parts[-1] in ("score", "grade"):
            key = ("score", declared.scope.qualify(".".join(node.ref.parts[:-1])))
            if key in collected.named:
                yield key


def in_order(collected: Collected, world: RuleWorld) -> list[Key] | None:
    """Crowds and scores after their needs; None, with findings, for circles and towers."""
    needs = {key: needs_of(world, key) for key in world.made if key[0] in ("crowd", "score")}
    order, circles = ordered(needs)
    for circle in circles:
        refuse_circle(collected, world, circle)
    too_high = towers(order, needs)
    for key in too_high[:1]:
        message = f"more than {DEEPEST} crowds and scores stand on each other here"
        refuse(collected, world, key, "S121", message, "write some of them as one")
    return None if circles or too_high else order


def needs_of(world: RuleWorld, key: Key) -> list[Key]:
    """The crowds and scores that a definition looked up."""
    checked = world.made[key]
    if checked is None:
        return []
    named = [(*key, answer) for key, answer in checked.seen.items() if key[0] in ("group", "score")]
    crowds = [("crowd", name) for kind, name, answer in named if kind == "group" and answer == "crowd"]
    return crowds + [("score", name) for kind, name, answer in named if kind == "score" and answer]


def refuse_circle(collected: Collected, world: RuleWorld, circle: Circle) -> None:
    kind, name = circle[0]
    if len(circle) == 2:
        refuse(
            collected, world, circle[0], "S220", f"{kind} `{name}` needs itself", "define it without itself"
        )
        return
    names = [name for _, name in circle]
    if len(names) > MOST_OF_CIRCLE:
        names[MOST_OF_CIRCLE - 1 : -1] = [f"{len(names) - MOST_OF_CIRCLE:,} more"]
    message = f"these need each other in a circle: {' → '.join(names)}"
    refuse(collected, world, circle[0], "S220", message, "define one of them without the others")


def refuse(collected: Collected, world: RuleWorld, key: Key, code: str, message: str, label: str) -> None:
    kind, name = key
    declared = collected.named["group" if kind == "crowd" else kind, name]
    span: Span = declared.statement.name.span  # type: ignore[attr-defined]
    finding = Diagnostic(code, "error", message, Place("", span), label)
    world.diagnostics.append(placed(finding, declared.scope.file, declared.line - 1))
