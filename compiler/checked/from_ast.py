"""ast files → one checked RuleSet, or diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from compiler.checked import ir
from compiler.checked.declarations import key_of
from compiler.checked.modules import Collected, Library, collect
from compiler.checked.needs import check_scores, in_order
from compiler.checked.order import Key
from compiler.checked.scope import Scope
from compiler.checked.together import look_over
from compiler.checked.world import CHECKS, CheckCache, RuleWorld, user_zone
from dsl import ast
from dsl.diagnostics import Diagnostic
from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """`ruleset` is None when there is an error. `tests` are the rule set's own, unchecked; `modules` those used.

    `fresh`: the definitions that were checked anew, with all expressions in them; the others are as they were.
    """

    ruleset: ir.RuleSet | None
    world: RuleWorld
    tests: tuple[tuple[ast.Test, Scope, int], ...]
    modules: Mapping[str, ast.File]
    fresh: tuple[tuple[Any, list[ir.Expr]], ...]
    diagnostics: tuple[Diagnostic, ...]


def check(
    files: list[ast.File],
    library: Library,
    cache: CheckCache,
    broken: Iterable[tuple[str, str]] = (),
    known: Callable[[], Collection[str]] = tuple,
) -> CheckedFiles:
    """Check all files of a rule set together; its hash is left empty.

    `broken`: (first word, name) of statements that could not be read, "" for what is not known of them.
    `known`: gives the names of all modules.
    """
    collected = collect(files, library, broken, known)
    world = RuleWorld(collected, cache)
    check_scores(collected, world)
    definitions = {
        (declared.kind, name): world.definition(declared.kind, name)
        for (_, name), declared in collected.named.items()
        if declared.kind in CHECKS
    }
    order = in_order(collected, world)
    diagnostics = [*collected.diagnostics, *world.diagnostics]
    if no_error(diagnostics) and not collected.broken and all(definitions.values()):
        diagnostics += look_over(collected, world.settings, definitions, cache.audiences)
    ruleset = assemble(collected, world, definitions, order or []) if no_error(diagnostics) else None
    return CheckedFiles(
        ruleset, world, tuple(collected.tests), collected.modules, tuple(world.fresh), tuple(diagnostics)
    )


def no_error(diagnostics: Iterable[Diagnostic]) -> bool:
    return not any(each.severity == "error" for each in diagnostics)


def assemble(
    collected: Collected, world: RuleWorld, definitions: Mapping[Key, Any], order: list[Key]
) -> ir.RuleSet:
    attributes = world.fields["attribute"]
    profile = collected.single.get(ast.Profile)
    key = key_of(profile[0]) if profile and isinstance(profile[0], ast.Profile) else None
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
