"""`use`: modules of rules, and what all files of a rule set declare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from compiler.checked.scope import Scope
from dsl import ast
from dsl.diagnostics import Diagnostic, placed, suggest
from dsl.source import Place, Span

KINDS: Mapping[type[ast.Statement], str] = {
    ast.EventDecl: "event",
    ast.ListDecl: "list",
    ast.Crowd: "crowd",
    ast.Score: "score",
    ast.Policy: "policy",
    ast.Campaign: "campaign",
    ast.Plan: "plan",
    ast.Decide: "decide",
}
NAMESPACE: Mapping[str, str] = {"list": "group", "crowd": "group"}
"""Crowds and lists share one; every other kind has its own."""
BROKEN_KINDS: Mapping[str, str] = {**NAMESPACE, "profile": "attribute", "use": "module"}
DEEPEST_USE = 8

Library = Callable[[str], ast.File | None]
"""Gives the module of a dotted name, or None."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A named statement where it stands. `name` is qualified."""

    kind: str
    name: str
    statement: ast.Statement
    scope: Scope
    line: int


@dataclass(slots=True)
class Collected:
    """Everything that the files of a rule set and their modules declare, in the order of the text."""

    named: dict[tuple[str, str], Declared] = field(default_factory=dict)
    single: dict[type[ast.Statement], tuple[ast.Statement, Scope, int]] = field(default_factory=dict)
    """settings, profile and input of the rule set itself."""
    required: list[tuple[ast.Profile | ast.EventDecl, Scope, int]] = field(default_factory=list)
    """Profiles that modules want, and events bound from outside."""
    tests: list[tuple[ast.Test, Scope, int]] = field(default_factory=list)
    modules: dict[str, ast.File] = field(default_factory=dict)
    broken: set[tuple[str, str]] = field(default_factory=set)
    """(kind, name) of what could not be read; the name of a module's prefix ends in a dot; "" is any of the kind."""
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def is_broken(self, kind: str, name: str) -> bool:
        """Whether a name that is not declared may be one that could not be read."""
        prefixes = [name[: at + 1] for at, sign in enumerate(name) if sign == "."]
        known = ((kind, name), (kind, ""), *(("module", prefix) for prefix in prefixes))
        return any(key in self.broken for key in known) or (bool(prefixes) and ("module", "") in self.broken)

    def note(
        self, code: str, message: str, scope: Scope, line: int, span: Span, label: str | None = None
    ) -> None:
        found = Diagnostic(code, "error", message, Place("", span), label)
        self.diagnostics.append(placed(found, scope.file, line - 1))


@dataclass(frozen=True, slots=True)
class Use:
    """One `use` to follow: where it stands, and the scope that it makes."""

    statement: ast.Use
    scope: Scope
    line: int
    depth: int


def collect(files: list[ast.File], library: Library, broken: Iterable[tuple[str, str]] = ()) -> Collected:
    """All statements of the rule set's files, and of the modules that they use, each in its scope.

    `broken`: (first word, name) of statements that could not be read.
    """
    found = Collected(broken={(BROKEN_KINDS.get(word, word), name) for word, name in broken})
    pending: list[Use] = []
    for file in files:
        pending += take(found, file, Scope(file.name), depth=0)
    while pending:
        pending += follow(found, pending.pop(0), library)
    return found


def take(found: Collected, file: ast.File, scope: Scope, depth: int) -> list[Use]:
    """Enter a file's statements; gives its `use` statements."""
    uses: list[Use] = []
    for placed_statement in file.statements:
        statement, line = placed_statement.statement, placed_statement.line
        kind = KINDS.get(type(statement))
        if isinstance(statement, ast.Use):
            uses.append(Use(statement, scope, line, depth))
        elif kind is not None:
            enter(found, kind, statement, scope, line)
        elif isinstance(statement, ast.Test):
            found.tests.append((statement, scope, line)) if not scope.prefix else None
        else:
            enter_single(found, statement, scope, line)
    return uses


def enter(found: Collected, kind: str, statement: ast.Statement, scope: Scope, line: int) -> None:
    name: ast.Name = statement.name  # type: ignore[attr-defined]
    if kind == "event" and isinstance(statement, ast.EventDecl) and scope.prefix:
        found.required.append((statement, scope, line))
        return
    key = (NAMESPACE.get(kind, kind), scope.qualify(name.text))
    earlier = found.named.get(key)
    if earlier is not None:
        message = f"{kind} `{name.text}` is already defined as a {earlier.kind}"
        found.note("S210", message, scope, line, name.span, f"first in {earlier.scope.file}:{earlier.line}")
        return
    found.named[key] = Declared(kind, scope.qualify(name.text), statement, scope, line)


def enter_single(found: Collected, statement: ast.Statement, scope: Scope, line: int) -> None:
    if scope.prefix:
        if isinstance(statement, ast.Profile):
            found.required.append((statement, scope, line))
        return
    if isinstance(statement, ast.Profile) and statement.name.text != "user":
        found.note(
            "S217",
            "the profile is called `user`",
            scope,
            line,
            statement.name.span,
            "there is one, of the user",
        )
    earlier = found.single.setdefault(type(statement), (statement, scope, line))
    if earlier[0] is not statement:
        word = type(statement).__name__.lower()
        first = f"first in {earlier[1].file}:{earlier[2]}"
        found.note("S404", f"a rule set has one `{word}`", scope, line, statement.span, first)


def follow(found: Collected, use: Use, library: Library) -> list[Use]:
    """Enter the module that a `use` names."""
    module = use.statement.module.text
    alias = use.statement.alias.text if use.statement.alias else use.statement.module.parts[-1]
    prefix = f"{use.scope.prefix}{alias}."
    if use.depth >= DEEPEST_USE:
        found.note(
            "S120",
            "modules use each other too deeply, or in a circle",
            use.scope,
            use.line,
            use.statement.span,
        )
        return []
    file = found.modules.get(module) or library(module)
    if file is None:
        found.note("S218", f"unknown module `{module}`", use.scope, use.line, use.statement.module.span)
        found.broken.add(("module", prefix))
        return []
    if any(declared.scope.prefix == prefix for declared in found.named.values()):
        found.note("S210", f"`{alias}` is already used for a module", use.scope, use.line, use.statement.span)
        return []
    found.modules[module] = file
    bindings = bound_targets(found, use, file)
    return take(found, file, Scope(file.name, prefix, targets=bindings, user=use.scope), use.depth + 1)


def bound_targets(found: Collected, use: Use, file: ast.File) -> dict[str, tuple[str, ...]]:
    """Formal name (event, or field of a formal event) -> parts of what it stands for; unknown names are findings."""
    events = [placed.statement for placed in file.statements if isinstance(placed.statement, ast.EventDecl)]
    formal = {event.name.text for event in events} | {
        each.name.text for event in events for each in event.fields
    }
    for binding in use.statement.bindings:
        if binding.name.text not in formal:
            near = suggest(binding.name.text, formal)
            hint = f"did you mean `{near}`?" if near else f"it has: {', '.join(sorted(formal))}"
            message = f"module `{use.statement.module.text}` has no event or field `{binding.name.text}`"
            found.note("S219", message, use.scope, use.line, binding.span, hint)
    return {binding.name.text: binding.target.parts for binding in use.statement.bindings}
