"""`use`: modules of rules, and what all files of a rule set declare."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from compiler.checked.scope import Scope
from compiler.checked.wording import listing, with_article
from dsl import ast
from dsl.diagnostics import Diagnostic, Fix, placed, suggest
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
BROKEN_KINDS: Mapping[str, str] = {
    **NAMESPACE,
    "profile": "attribute",
    "use": "module",
    "settings": "rate",
}
"""First word of a statement that cannot be read -> the kind of what is not known then, where it is not the word itself."""
DEEPEST_USE = 8
MOST_USES = 500
"""Modules in a rule set, each counted as often as it is used."""

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


@dataclass(frozen=True, slots=True)
class Use:
    """One `use` to follow: where it stands, and the modules that led there, outermost first."""

    statement: ast.Use
    scope: Scope
    line: int
    path: tuple[str, ...]

    @property
    def module(self) -> str:
        return self.statement.module.text

    @property
    def alias(self) -> str:
        return self.statement.alias.text if self.statement.alias else self.statement.module.parts[-1]

    @property
    def prefix(self) -> str:
        return f"{self.scope.prefix}{self.alias}."


Standing = Declared | Use
"""What has a scope and a line."""


@dataclass(slots=True)
class Collected:
    """Everything that the files of a rule set and their modules declare, in the order of the text."""

    named: dict[tuple[str, str], Declared] = field(default_factory=dict)
    single: dict[type[ast.Statement], tuple[ast.Statement, Scope, int]] = field(default_factory=dict)
    """settings, profile and input of the rule set itself."""
    required: list[tuple[ast.Profile | ast.EventDecl, Scope, int]] = field(default_factory=list)
    """Profiles that modules want, and events bound from outside."""
    tests: list[tuple[ast.Test, Scope, int]] = field(default_factory=list)
    uses: dict[str, Use] = field(default_factory=dict)
    """By the prefix that each makes."""
    misbound: set[str] = field(default_factory=set)
    """Prefixes of modules that are used in a wrong way: nothing in them is blamed besides."""
    modules: dict[str, ast.File] = field(default_factory=dict)
    broken: set[tuple[str, str]] = field(default_factory=set)
    """(kind, name) of what could not be read; the name of a module's prefix ends in a dot; "" is any of the kind."""
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def blameless(self, prefix: str) -> bool:
        """Whether a module of this prefix, or one that uses it, is used in a wrong way."""
        return any(prefix.startswith(each) for each in self.misbound)

    def is_broken(self, kind: str, name: str) -> bool:
        """Whether a name that is not declared may be one that could not be read."""
        prefixes = [name[: at + 1] for at, sign in enumerate(name) if sign == "."]
        known = ((kind, name), (kind, ""), *(("module", prefix) for prefix in prefixes))
        return any(key in self.broken for key in known) or (bool(prefixes) and ("module", "") in self.broken)

    def note(
        self,
        code: str,
        message: str,
        at: Standing,
        span: Span,
        label: str | None = None,
        notes: tuple[str, ...] = (),
        replacement: str | None = None,
    ) -> None:
        """Write down a finding in a statement."""
        fix = None if replacement is None else Fix(Place("", span), replacement)
        found = Diagnostic(code, "error", message, Place("", span), label, notes, fix)
        self.diagnostics.append(placed(found, at.scope.file, at.line - 1))

    def misspelt(
        self,
        code: str,
        message: str,
        at: Standing,
        span: Span,
        name: str,
        candidates: Collection[str],
        title: str,
    ) -> None:
        near = suggest(name, candidates)
        question = near and f"did you mean `{near}`?"
        self.note(code, message, at, span, question, (listing(title, candidates),), near)


def collect(
    files: list[ast.File],
    library: Library,
    broken: Iterable[tuple[str, str]] = (),
    known: Callable[[], Collection[str]] = tuple,
) -> Collected:
    """All statements of the rule set's files, and of the modules that they use, each in its scope.

    `broken`: (first word, name) of statements that could not be read. `known`: gives the names of all modules.
    """
    found = Collected(broken={(BROKEN_KINDS.get(word, word), name) for word, name in broken})
    pending: list[Use] = []
    for file in files:
        pending += take(found, file, Scope(file.name), ())
    while pending:
        pending += follow(found, pending.pop(0), library, known)
    return found


def take(found: Collected, file: ast.File, scope: Scope, path: tuple[str, ...]) -> list[Use]:
    """Enter a file's statements; gives its `use` statements."""
    uses: list[Use] = []
    for placed_statement in file.statements:
        statement, line = placed_statement.statement, placed_statement.line
        kind = KINDS.get(type(statement))
        if isinstance(statement, ast.Use):
            uses.append(Use(statement, scope, line, path))
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
    declared = Declared(kind, scope.qualify(name.text), statement, scope, line)
    earlier = found.named.setdefault((NAMESPACE.get(kind, kind), declared.name), declared)
    if earlier is declared:
        return
    message = f"{kind} `{name.text}` is defined twice"
    if earlier.kind != kind:
        message = f"`{name.text}` is already the name of {with_article(earlier.kind)}"
    label = f"the first is in {earlier.scope.file}:{earlier.line}; give one of them another name"
    found.note("S210", message, declared, name.span, label)


def enter_single(found: Collected, statement: ast.Statement, scope: Scope, line: int) -> None:
    """`settings`, `profile` and `input`, of which a rule set has one each. What a module wants of profiles is looked at later."""
    if scope.prefix:
        if isinstance(statement, ast.Profile):
            found.required.append((statement, scope, line))
        return
    word = type(statement).__name__.lower()
    here = Declared(word, word, statement, scope, line)
    if isinstance(statement, ast.Profile) and statement.name.text != "user":
        label, span = "there is one, and it is the user's: write `user`", statement.name.span
        found.note("S217", "the profile is called `user`", here, span, label, replacement="user")
    entry = (statement, scope, line)
    earlier = found.single.setdefault(type(statement), entry)
    if earlier is not entry:
        first = f"the first is in {earlier[1].file}:{earlier[2]}; put them together"
        start = statement.span
        keyword = Span(start.line, start.column, start.line, start.column + len(word))
        found.note("S404", f"a rule set has one `{word}`", here, keyword, first)


def follow(found: Collected, use: Use, library: Library, known: Callable[[], Collection[str]]) -> list[Use]:
    """Enter the module that a `use` names."""
    if not may_follow(found, use):
        return []
    file = found.modules.get(use.module) or library(use.module)
    if file is None:
        message = f"unknown module `{use.module}`"
        span = use.statement.module.span
        found.misspelt("S218", message, use, span, use.module, known(), "modules")
        found.broken.add(("module", use.prefix))
        return []
    found.modules[use.module] = file
    found.uses[use.prefix] = use
    bindings = bound_targets(found, use, file)
    return take(found, file, Scope(file.name, use.prefix, bindings, use.scope), (*use.path, use.module))


def may_follow(found: Collected, use: Use) -> bool:
    """Whether the name is free and the module leads to an end."""
    span = use.statement.module.span
    if use.prefix in found.uses:
        label = "give one of them another: `use … as OTHER`"
        found.note("S210", f"`{use.alias}` is already the name of a module", use, span, label)
        return False
    if use.module in use.path:
        circle = " → ".join((*use.path[use.path.index(use.module) :], use.module))
        found.note("S120", f"modules use each other in a circle: {circle}", use, span)
    elif len(use.path) >= DEEPEST_USE:
        found.note("S120", f"modules use each other more than {DEEPEST_USE} deep", use, span)
    elif len(found.uses) >= MOST_USES:
        found.note("S120", f"more than {MOST_USES} modules are used", use, span)
    else:
        return True
    found.broken.add(("module", use.prefix))
    return False


def bound_targets(found: Collected, use: Use, file: ast.File) -> dict[str, tuple[str, ...]]:
    """Formal name (event, or field of a formal event) -> parts of what it stands for; unknown names are findings."""
    events = [placed.statement for placed in file.statements if isinstance(placed.statement, ast.EventDecl)]
    formal = {event.name.text for event in events} | {
        each.name.text for event in events for each in event.fields
    }
    targets: dict[str, tuple[str, ...]] = {}
    for binding in use.statement.bindings:
        name = binding.name
        if name.text not in formal:
            message = f"module `{use.module}` has no event or field `{name.text}`"
            found.misspelt("S219", message, use, name.span, name.text, formal, "it has")
            found.misbound.add(use.prefix)
        elif name.text in targets:
            found.note("S404", f"`{name.text}` is bound twice", use, name.span, "one of them has to go")
        else:
            targets[name.text] = binding.target.parts
    return targets
