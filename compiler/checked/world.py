"""Answers to look-ups while a rule set is checked, and the checked definitions, each made once.

A definition that was checked before, in the same scope and with the same answers to all its look-ups, is taken from the
`CheckCache`: an edit costs the edited statement and those whose answers it changed.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from functools import cached_property
from threading import Lock
from typing import Any

from compiler.checked import arithmetic, calls, events, ir, references  # noqa: F401  (they fill the table of expressions)
from compiler.checked.audiences import Memory
from compiler.checked.bindings import Views, bind
from compiler.checked.crowds import check_crowd, check_score
from compiler.checked.decides import check_decide
from compiler.checked.declarations import check_event, check_fields, check_profile, check_settings
from compiler.checked.invariants import parts_of
from compiler.checked.modules import Collected, Declared
from compiler.checked.plans import check_plan, term_types
from compiler.checked.policies import check_campaign, check_policy
from compiler.checked.scope import Broken, EventView, Lookups, Refused, Scope, ScoreSignature
from compiler.checked.sense import look_again
from compiler.types import Kind
from dsl import ast
from dsl.diagnostics import Diagnostic, placed
from dsl.frozen import dataclass

PATIENCE = 100_000
"""Names that are gone through in a rule set to say which one was meant: a thousand findings among a hundred names."""

CHECKS: Mapping[str, Callable[[Lookups, Any], Any]] = {
    "crowd": check_crowd,
    "score": check_score,
    "policy": check_policy,
    "campaign": check_campaign,
    "plan": check_plan,
    "decide": check_decide,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of one statement: the definition (None if refused), its findings, and every look-up with its answer."""

    statement: ast.Statement
    definition: Any
    findings: tuple[Diagnostic, ...]
    seen: Mapping[tuple[str, str], Any]


class CheckCache:
    """Results of statements without error by identity of statement and scope, least recently used dropped. Thread-safe."""

    def __init__(self, size: int = 100_000) -> None:
        self.size = size
        self.entries: OrderedDict[tuple[int, str, str], Checked] = OrderedDict()
        self.lock = Lock()
        self.audiences = Memory(size)

    def get(self, statement: ast.Statement, scope: Scope) -> Checked | None:
        key = (id(statement), scope.file, scope.prefix)
        with self.lock:
            found = self.entries.get(key)
            if found is not None:
                self.entries.move_to_end(key)
        return found

    def put(self, scope: Scope, checked: Checked) -> None:
        with self.lock:
            self.entries[id(checked.statement), scope.file, scope.prefix] = checked
            if len(self.entries) > self.size:
                self.entries.popitem(last=False)


class RuleWorld:
    """See `scope.World` for kinds and answers."""

    def __init__(self, collected: Collected, cache: CheckCache) -> None:
        self.collected = collected
        self.cache = cache
        self.made: dict[tuple[str, str], Checked | None] = {}
        self.fresh: list[tuple[Any, list[ir.Expr]]] = []
        """Definitions that were checked anew, not taken from the cache, with all expressions in them."""
        self.diagnostics: list[Diagnostic] = []
        self.settings = ir.Settings()
        self.fields: dict[str, Mapping[str, ir.FieldDef]] = {"attribute": {}, "input": {}}
        self.events: dict[str, ir.EventDef] = {}
        self.views: Views = {}
        self.patience = PATIENCE
        self.settings = self.single(ast.Settings, check_settings) or self.settings
        self.fields["attribute"] = self.single(ast.Profile, check_profile) or {}
        self.fields["input"] = (
            self.single(ast.Input, lambda names, node: check_fields(names, node.fields)) or {}
        )
        self.views = self.event_views()
        self.views |= bind(collected, self)

    def single(self, kind: type[ast.Statement], check: Callable[[Lookups, Any], Any]) -> Any:
        """The checked settings, profile or input, if there is one."""
        if kind not in self.collected.single:
            return None
        statement, scope, line = self.collected.single[kind]
        checked = self.check(statement, scope, check)
        self.report(checked, scope, line)
        if isinstance(statement, ast.Settings) and checked.findings:
            self.collected.broken.add(("rate", ""))
        if isinstance(statement, ast.Profile | ast.Input):
            kind_of = "attribute" if isinstance(statement, ast.Profile) else "input"
            self.collected.broken |= {(kind_of, name) for name in refused(statement, checked.definition)}
        return checked.definition

    def event_views(self) -> Views:
        views: Views = {}
        for (kind, name), declared in self.collected.named.items():
            if kind == "event":
                checked = self.check(declared.statement, declared.scope, check_event)
                self.report(checked, declared.scope, declared.line)
                event: ir.EventDef = checked.definition
                self.events[name] = event
                fields = {field: (field, each.type) for field, each in event.fields.items()}
                assert isinstance(declared.statement, ast.EventDecl)
                views[name] = EventView(name, fields, refused(declared.statement, event.fields))
        return views

    # ---- look-ups

    def signature(self, kind: str, name: str) -> Any:
        found = SIGNATURES[kind](self, name)
        return Broken.BROKEN if found is None and self.collected.is_broken(kind, name) else found

    def names(self, kind: str) -> Collection[str]:
        if kind == "event":
            return self.views
        return self.fields[kind] if kind in self.fields else self.by_kind.get(kind, {})

    @cached_property
    def by_kind(self) -> Mapping[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for kind, name in self.collected.named:
            found[kind][name] = None
        return found

    def has_module(self, name: str) -> bool:
        return f"{name}." in self.collected.uses

    def patient(self, names: int) -> bool:
        self.patience -= names
        return self.patience >= 0

    def declared(self, kind: str, name: str) -> Declared | None:
        return self.collected.named.get((kind, name))

    def group(self, name: str) -> str | None:
        found = self.declared("group", name)
        return found.kind if found else None

    def score(self, name: str) -> ScoreSignature | Broken | None:
        if self.declared("score", name) is None:
            return None
        score: ir.Score | None = self.definition("score", name)
        return (
            ScoreSignature(score.type, tuple(band.grade for band in score.bands)) if score else Broken.BROKEN
        )

    def plan(self, name: str) -> Any:
        if self.declared("plan", name) is None:
            return None
        plan: ir.Plan | None = self.definition("plan", name)
        return term_types(plan) if plan else Broken.BROKEN

    def activity(self, plan: str) -> str | None:
        """The name under which a plan was first published."""
        declared = self.declared("plan", plan)
        if declared is None or not isinstance(declared.statement, ast.Plan):
            return None
        node = declared.statement
        return declared.scope.qualify((node.was or node.name).text)

    def decide(self, name: str) -> tuple[str, ...] | None:
        if self.declared("decide", name) is None:
            return None
        decide: ir.Decide | None = self.definition("decide", name)
        return decide.plans if decide else ()

    def defaults(self, prefix: str) -> tuple[str, ...]:
        """The default policies of a module, or of the rule set if it has none of its own."""
        return self.default_policies.get(prefix) or self.default_policies.get("", ())

    @cached_property
    def default_policies(self) -> Mapping[str, tuple[str, ...]]:
        """Prefix of a module -> its own default policies."""
        found: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for name in self.by_kind["policy"]:
            declared = self.collected.named["policy", name]
            if isinstance(declared.statement, ast.Policy) and declared.statement.is_default:
                found[declared.scope.prefix] += (name,)
        return found

    def defined(self, key: str) -> Any:
        """What the statement of a key (`plan offer`) defines; Broken if it was refused, None if there is none."""
        kind, name = key.split(" ", 1)
        if kind == "event":
            return self.events.get(name)
        if self.declared(kind, name) is None:
            return Broken.BROKEN if self.collected.is_broken(kind, name) else None
        return self.definition(kind, name) or Broken.BROKEN

    @cached_property
    def channels(self) -> frozenset[str]:
        """A channel is declared by its use in a plan or a policy."""
        found: set[str | None] = set()
        for kind, name in self.collected.named:
            definition = self.definition(kind, name) if kind in ("plan", "policy") else None
            if isinstance(definition, ir.Plan):
                found |= {step.channel for step in definition.steps}
            elif isinstance(definition, ir.Policy):
                found |= {limit.channel for limit in definition.limits if isinstance(limit, ir.Cap)}
                found |= {never.channel for never in definition.nevers}
        return frozenset(channel for channel in found if channel is not None)

    def deciding(self, plan: str) -> tuple[str, ...] | Broken:
        """The decides that have the plan among theirs; Broken if it might be in one that was refused."""
        if not all(self.decides.values()):
            return Broken.BROKEN
        return tuple(name for name, plans in self.decides.items() if plans and plan in plans)

    @cached_property
    def decides(self) -> Mapping[str, tuple[str, ...] | None]:
        """The plans of every decide."""
        return {name: self.decide(name) for kind, name in self.collected.named if kind == "decide"}

    # ---- definitions

    def definition(self, kind: str, name: str) -> Any:
        """The checked definition; None if it was refused or is being checked right now (a circle, found later)."""
        key = (kind, name)
        if key not in self.made:
            self.made[key] = None
            declared = self.collected.named[NAMESPACED.get(kind, kind), name]
            checked = self.check(declared.statement, declared.scope, CHECKS[kind])
            self.made[key] = checked
            self.report(checked, declared.scope, declared.line)
        found = self.made[key]
        return found.definition if found else None

    def check(self, statement: ast.Statement, scope: Scope, check: Callable[[Lookups, Any], Any]) -> Checked:
        found = self.cache.get(statement, scope)
        if found is not None and all(self.signature(*key) == answer for key, answer in found.seen.items()):
            return found
        names = Lookups(self, scope)
        try:
            definition = check(names, statement)
            parts = parts_of(definition)
            if isinstance(definition, LOOKED_AT) and not names.findings:
                look_again(names, statement, definition, parts)
            self.fresh.append((definition, parts))
        except Refused:
            definition = None
        checked = Checked(statement, definition, tuple(names.findings), names.seen)
        if not any(finding.severity == "error" for finding in checked.findings):
            self.cache.put(scope, checked)
        return checked

    def report(self, checked: Checked, scope: Scope, line: int) -> None:
        if checked.findings and not self.collected.blameless(scope.prefix):
            self.diagnostics += [placed(finding, scope.file, line - 1) for finding in checked.findings]


LOOKED_AT = (ir.Crowd, ir.Score, ir.Policy, ir.Campaign, ir.Plan, ir.Decide)


def rate(settings: ir.Settings, have: str, need: str) -> Fraction | None:
    return settings.rates.get((have, need))


def refused(
    statement: ast.Profile | ast.Input | ast.EventDecl, fields: Mapping[str, ir.FieldDef]
) -> frozenset[str]:
    """The fields that are written, but could not be declared."""
    return frozenset(each.name.text for each in statement.fields if each.name.text not in fields)


NAMESPACED = {"crowd": "group"}

SIGNATURES: Mapping[str, Callable[[RuleWorld, str], Any]] = {
    "settings": lambda world, name: world.settings,
    "rate": lambda world, name: rate(world.settings, *name.split()),
    "attribute": lambda world, name: world.fields["attribute"].get(name),
    "input": lambda world, name: world.fields["input"].get(name),
    "event": lambda world, name: world.views.get(name),
    "group": RuleWorld.group,
    "score": RuleWorld.score,
    "policy": lambda world, name: True if world.declared("policy", name) else None,
    "defaults": RuleWorld.defaults,
    "campaign": lambda world, name: True if world.declared("campaign", name) else None,
    "plan": RuleWorld.plan,
    "activity": RuleWorld.activity,
    "decide": RuleWorld.decide,
    "definition": RuleWorld.defined,
    "channels": lambda world, name: world.channels,
    "deciding": RuleWorld.deciding,
    "user zone": lambda world, name: user_zone(world.fields["attribute"]),
}


def user_zone(attributes: Mapping[str, ir.FieldDef]) -> str | None:
    """The attribute that holds the user's zone: the first of that type."""
    return next((name for name, each in attributes.items() if each.type.kind is Kind.TIMEZONE), None)
