"""ast files → one checked RuleSet, or diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from compiler.checked import ir
from compiler.checked.declarations import key_of
from compiler.checked.modules import Collected, Library, collect
from compiler.checked.order import DEEPEST, Circle, Key, ordered, towers
from compiler.checked.scope import Lookups, Scope
from compiler.checked.world import CHECKS, CheckCache, RuleWorld, user_zone
from dsl import ast
from dsl.diagnostics import Diagnostic, placed
from dsl.source import Place, Span


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """`ruleset` is None when there is an error. `tests` are the rule set's own, unchecked; `modules` those used.

    `fresh`: the definitions that were checked anew, the others are as they were.
    """

    ruleset: ir.RuleSet | None
    world: RuleWorld
    tests: tuple[tuple[ast.Test, Scope, int], ...]
    modules: Mapping[str, ast.File]
    fresh: tuple[Any, ...]
    diagnostics: tuple[Diagnostic, ...]


def check(
    files: list[ast.File], library: Library, cache: CheckCache, broken: Iterable[tuple[str, str]] = ()
) -> CheckedFiles:
    """Check all files of a rule set together; its hash is left empty.

    `broken`: (first word, name) of statements that could not be read.
    """
    collected = collect(files, library, broken)
    world = RuleWorld(collected, cache)
    definitions = {
        (declared.kind, name): world.definition(declared.kind, name)
        for (_, name), declared in collected.named.items()
        if declared.kind in CHECKS
    }
    order = in_order(collected, world)
    diagnostics = (*collected.diagnostics, *world.diagnostics)
    clean = order is not None and not any(each.severity == "error" for each in diagnostics)
    ruleset = assemble(collected, world, definitions, order or []) if clean else None
    return CheckedFiles(
        ruleset,
        world,
        tuple(collected.tests),
        collected.modules,
        tuple(world.fresh),
        (*collected.diagnostics, *world.diagnostics),
    )


def in_order(collected: Collected, world: RuleWorld) -> list[Key] | None:
    """Crowds and scores after their needs; None, with a finding, for circles and towers."""
    needs = {key: needs_of(world, key) for key in world.made if key[0] in ("crowd", "score")}
    try:
        order = ordered(needs)
    except Circle as circle:
        refuse_at(collected, world, circle.keys[0], "S220", f"these need each other: {circle}")
        return None
    too_high = towers(order, needs)
    for key in too_high[:1]:
        refuse_at(
            collected, world, key, "S121", f"more than {DEEPEST} crowds or scores stand on each other here"
        )
    return None if too_high else order


def needs_of(world: RuleWorld, key: Key) -> list[Key]:
    """The crowds and scores that a definition looked up."""
    checked = world.made[key]
    if checked is None:
        return []
    groups = [
        ("crowd", name)
        for (kind, name), answer in checked.seen.items()
        if kind == "group" and answer == "crowd"
    ]
    return groups + [
        ("score", name) for (kind, name), answer in checked.seen.items() if kind == "score" and answer
    ]


def refuse_at(collected: Collected, world: RuleWorld, key: Key, code: str, message: str) -> None:
    kind, name = key
    declared = collected.named["group" if kind == "crowd" else kind, name]
    span: Span = declared.statement.name.span  # type: ignore[attr-defined]
    finding = Diagnostic(code, "error", message, Place("", span))
    world.diagnostics.append(placed(finding, declared.scope.file, declared.line - 1))


def assemble(
    collected: Collected, world: RuleWorld, definitions: Mapping[Key, Any], order: list[Key]
) -> ir.RuleSet:
    attributes = world.fields["attribute"]
    profile = collected.single.get(ast.Profile)
    key = (
        key_of(Lookups(world, profile[1]), profile[0])
        if profile and isinstance(profile[0], ast.Profile)
        else None
    )
    in_needs_order = {name_key: definitions[name_key] for name_key in order}
    return ir.RuleSet(
        hash="",
        settings=world.settings,
        user_key=key,
        user_zone=user_zone(attributes),
        attributes=attributes,
        inputs=world.fields["input"],
        events=world.events,
        lists=lists_of(collected),
        crowds=of_kind(in_needs_order, "crowd"),
        scores=of_kind(in_needs_order, "score"),
        policies=of_kind(definitions, "policy"),
        campaigns=of_kind(definitions, "campaign"),
        plans=of_kind(definitions, "plan"),
        decides=of_kind(definitions, "decide"),
        origins={
            f"{declared.kind} {declared.name}": (declared.scope.file, declared.line)
            for declared in collected.named.values()
        },
    )


def of_kind(definitions: Mapping[Key, Any], kind: str) -> dict[str, Any]:
    return {name: definition for (each, name), definition in definitions.items() if each == kind}


def lists_of(collected: Collected) -> dict[str, str]:
    return {
        declared.name: declared.statement.doc.value if declared.statement.doc else ""
        for declared in collected.named.values()
        if isinstance(declared.statement, ast.ListDecl)
    }
