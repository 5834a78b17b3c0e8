"""What names mean while one statement is checked.

A `World` holds everything that the files of a rule set declare; a `Scope` is one module's view of it: its prefix and
the events that were bound to its formal ones. Every look-up of a `Lookups` is written down with its answer, so that the
result of checking a statement can be used again as long as all its answers stay the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal, Protocol, TypeVar

from compiler.checked import ir
from compiler.types import Type
from dsl import ast
from dsl.diagnostics import Diagnostic, Fix, suggest
from dsl.source import Place, Span

T = TypeVar("T")
PLURALS = {"policy": "policies", "crowd or list": "crowds and lists"}


class Refused(Exception):
    """Ends the checking of one part after its finding was noted; caught where the next part can still be checked."""


def listing(title: str, names: Iterable[str], most: int = 12) -> str:
    """`declared events: a, b, c and 5 more`."""
    ordered = sorted(set(names))
    rest = f" and {len(ordered) - most} more" if len(ordered) > most else ""
    return f"{title}: {', '.join(ordered[:most]) or 'none'}{rest}"


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as a module sees it: formal field -> (field of the real event, its type)."""

    event: str
    fields: Mapping[str, tuple[str, Type]]


@dataclass(frozen=True, slots=True)
class Scope:
    """`prefix` is empty for the rule set itself, `life.` for a module used as `life`.

    `targets`: the `with` bindings of the `use`, formal name -> parts of what it stands for in the scope `user`.
    """

    file: str
    prefix: str = ""
    targets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    user: Scope | None = None

    def qualify(self, name: str) -> str:
        return self.prefix + name


@dataclass(frozen=True, slots=True)
class ScoreSignature:
    type: Type
    grades: tuple[str, ...]


class Broken(Enum):
    """Stands for the signature of what could not be read or was refused: what needs it is refused in silence."""

    BROKEN = "broken"


class World(Protocol):
    """Answers to look-ups: None where a name is not declared. Kinds and answers:

    `settings`: ir.Settings · `attribute`, `input`: ir.FieldDef · `event`: EventView · `group`: "crowd" or "list" ·
    `score`: ScoreSignature · `policy`: True · `defaults`: names of default policies · `campaign`: True ·
    `plan`: tuple of (term, Type) · `decide`: names of its plans. Tests ask besides: `definition` by key: what it defines ·
    `channels`: all · `deciding` by plan: names of decides · `user zone`: name of an attribute.
    """

    def signature(self, kind: str, name: str) -> Any: ...

    def names(self, kind: str) -> Iterable[str]: ...


class Lookups:
    """Names of one statement, resolved and written down."""

    def __init__(self, world: World, scope: Scope) -> None:
        self.world = world
        self.scope = scope
        self.findings: list[Diagnostic] = []
        self.seen: dict[tuple[str, str], Any] = {}

    def find(self, kind: str, name: str) -> Any:
        """The signature of a qualified name, None where it is not declared; `Refused` where that is refused itself."""
        key = (kind, name)
        if key not in self.seen:
            self.seen[key] = self.world.signature(kind, name)
        if self.seen[key] is Broken.BROKEN:
            raise Refused
        return self.seen[key]

    def settings(self) -> ir.Settings:
        settings = self.find("settings", "")
        assert isinstance(settings, ir.Settings)
        return settings

    def event(self, ref: ast.Ref) -> EventView:
        view = self.find("event", self.scope.qualify(ref.text))
        if view is None:
            raise self.unknown("S201", "event", ref, "event")
        assert isinstance(view, EventView)
        return view

    def named(self, code: str, word: str, kind: str, ref: ast.Ref) -> str:
        """The qualified name of a declared thing."""
        name = self.scope.qualify(ref.text)
        if self.find(kind, name) is None:
            raise self.unknown(code, word, ref, kind)
        return name

    def event_field(self, view: EventView, name: str, span: Span) -> tuple[str, Type]:
        if name not in view.fields:
            raise self.refuse(
                "S203",
                f"event `{view.event}` has no field `{name}`",
                span,
                self.did_you_mean(name, view.fields),
                (listing("its fields", view.fields),),
            )
        return view.fields[name]

    def unknown(self, code: str, word: str, ref: ast.Ref, kind: str) -> Refused:
        prefix = self.scope.prefix
        candidates = [name.removeprefix(prefix) for name in self.world.names(kind) if name.startswith(prefix)]
        plural = PLURALS.get(word, f"{word}s")
        return self.refuse(
            code,
            f"unknown {word} `{ref.text}`",
            ref.span,
            self.did_you_mean(ref.text, candidates),
            (listing(f"declared {plural}", candidates),),
        )

    @staticmethod
    def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
        near = suggest(name, candidates)
        return f"did you mean `{near}`?" if near else None

    def note(
        self,
        code: str,
        message: str,
        span: Span,
        label: str | None = None,
        notes: tuple[str, ...] = (),
        replacement: str | None = None,
    ) -> None:
        """Write down a finding, its place relative to the statement, and go on."""
        place = Place("", span)
        severity: Literal["error", "warning"] = "warning" if code.startswith("W") else "error"
        fix = None if replacement is None else Fix(place, replacement)
        self.findings.append(Diagnostic(code, severity, message, place, label, notes, fix))

    def refuse(
        self,
        code: str,
        message: str,
        span: Span,
        label: str | None = None,
        notes: tuple[str, ...] = (),
        replacement: str | None = None,
    ) -> Refused:
        """Write down a finding; the caller raises what is returned."""
        self.note(code, message, span, label, notes, replacement)
        return Refused()

    def attempt(self, check: Callable[[], T]) -> T | None:
        """The result of a check, or None when it was refused."""
        try:
            return check()
        except Refused:
            return None
