"""What names mean while one statement is checked.

A `World` holds everything that the files of a rule set declare; a `Scope` is one module's view of it: its prefix and
the events that were bound to its formal ones. Every look-up of a `Lookups` is written down with its answer, so that the
result of checking a statement can be used again as long as all its answers stay the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field
from enum import Enum
from typing import Any, Literal, Protocol, TypeVar

from compiler.checked import ir
from compiler.checked.wording import declared, listing
from compiler.types import Type
from dsl import ast
from dsl.diagnostics import Diagnostic, Fix, suggest
from dsl.frozen import dataclass
from dsl.source import Place, Span

T = TypeVar("T")
N = TypeVar("N")


class Refused(Exception):
    """Ends the checking of one part after its finding was noted; caught where the next part can still be checked."""


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as a module sees it: formal field -> (field of the real event, its type).

    `broken`: fields that were refused where they are declared; who uses one is refused in silence.
    """

    event: str
    fields: Mapping[str, tuple[str, Type]]
    broken: frozenset[str] = frozenset()


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

    `settings`: ir.Settings · `rate` by "USD EUR": Fraction · `attribute`, `input`: ir.FieldDef · `event`: EventView ·
    `group`: "crowd" or "list" · `score`: ScoreSignature · `policy`: True · `defaults`: names of default policies ·
    `campaign`: True · `plan`: tuple of (term, Type) · `decide`: names of its plans. Tests ask besides: `definition` by
    key: what it defines · `channels`: all · `deciding` by plan: names of decides · `user zone`: name of an attribute.
    """

    def signature(self, kind: str, name: str) -> Any: ...

    def names(self, kind: str) -> Collection[str]:
        """All declared names of a kind, for suggestions."""
        ...

    def has_module(self, name: str) -> bool:
        """Whether a module is used under this name, qualified."""
        ...

    def patient(self, names: int) -> bool:
        """Whether so many names may be gone through once more, to say which one was meant; not without end."""
        ...


class Lookups:
    """Names of one statement, resolved and written down."""

    def __init__(self, world: World, scope: Scope) -> None:
        self.world = world
        self.scope = scope
        self.findings: list[Diagnostic] = []
        self.seen: dict[tuple[str, str], Any] = {}
        self.whole = True
        """Whether no part of the statement was refused so far."""

    def find(self, kind: str, name: str) -> Any:
        """The signature of a qualified name, None where it is not declared; `Refused` where that is refused itself."""
        key = (kind, name)
        if key in self.seen:
            found = self.seen[key]
        else:
            found = self.seen[key] = self.world.signature(kind, name)
        if found is Broken.BROKEN:
            raise Refused
        return found

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

    def event_of(self, ref: ast.Ref) -> EventView:
        """The event that the first part of a dotted name names."""
        view: EventView | None = self.find("event", self.scope.qualify(ref.parts[0]))
        return view or self.event(ast.Ref(part_of(ref, 0, 1), ref.parts[:1]))

    def field_of(self, view: EventView, ref: ast.Ref, first: int) -> tuple[str, Type]:
        """The field of an event that a dotted name names from its part `first` on."""
        name = ".".join(ref.parts[first:])
        return view.fields.get(name) or self.event_field(view, name, part_of(ref, first))

    def event_field(self, view: EventView, name: str, span: Span) -> tuple[str, Type]:
        if name in view.broken:
            raise Refused
        if name not in view.fields:
            raise self.no_field(view, name, span)
        return view.fields[name]

    def no_field(self, view: EventView, name: str, span: Span) -> Refused:
        message = f"event `{view.event}` has no field `{name}`"
        return self.misspelt("S203", message, span, name, view.fields, "its fields")

    def unknown(self, code: str, word: str, ref: ast.Ref, kind: str) -> Refused:
        message, known = f"unknown {word} `{ref.text}`", self.visible(kind)
        if len(ref.parts) > 1 and not self.world.has_module(self.scope.prefix + ref.parts[0]):
            label = (
                f"no module is called `{ref.parts[0]}` here: is a line `use … as {ref.parts[0]}` left out?"
            )
            return self.refuse(code, message, part_of(ref, 0, 1), label)
        return self.misspelt(code, message, ref.span, ref.text, known, declared(word))

    def visible(self, kind: str) -> Collection[str]:
        """The names of a kind that the module may use, as it writes them."""
        prefix, names = self.scope.prefix, self.world.names(kind)
        return [name.removeprefix(prefix) for name in names if name.startswith(prefix)] if prefix else names

    def misspelt(
        self,
        code: str,
        message: str,
        span: Span,
        name: str,
        candidates: Collection[str],
        title: str | None = None,
    ) -> Refused:
        """Write down a name that is none of the candidates; which of them was meant, and under the title what there is."""
        if not self.world.patient(len(candidates)):
            return self.refuse(code, message, span)
        near = suggest(name, candidates)
        notes = (listing(title, candidates),) if title else ()
        return self.refuse(code, message, span, near and f"did you mean `{near}`?", notes, near)

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
            self.whole = False
            return None

    def each(self, check: Callable[[N], T], nodes: Iterable[N]) -> list[T]:
        """The results of a check of all nodes; `Refused` if one was, but only after the last."""
        results, refused = [], False
        for node in nodes:
            try:
                results.append(check(node))
            except Refused:
                refused = True
        if refused:
            self.whole = False
            raise Refused
        return results

    def together(self, *checks: Callable[[], Any]) -> tuple[Any, ...]:
        """The results of several checks; `Refused` if one was, but only after the last."""
        return tuple(self.each(lambda check: check(), checks))

    def require_whole(self) -> None:
        """`Refused` if any part of the statement was: it would be taken for something else without that part."""
        if not self.whole:
            raise Refused


def part_of(ref: ast.Ref, first: int, behind: int | None = None) -> Span:
    """The stretch of some parts of a dotted name, as of a slice; all of it when it is spaced out."""
    span, length = ref.span, len(ref.text)
    if span.line != span.end_line or span.end_column - span.column != length:
        return span
    before = len("".join(f"{part}." for part in ref.parts[:first]))
    return Span(
        span.line,
        span.column + before,
        span.line,
        span.column + before + len(".".join(ref.parts[first:behind])),
    )
