"""The events of a module, bound to events of the rule set that uses it. What does not fit is told at the `use`."""

from __future__ import annotations

from compiler.checked.declarations import check_type
from compiler.checked.modules import Collected, Use
from compiler.checked.scope import Broken, EventView, Lookups, Refused, Scope, World, part_of
from compiler.checked.wording import called, listing
from compiler.types import Kind, Type
from dsl import ast
from dsl.diagnostics import placed
from dsl.frozen import dataclass
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Binding:
    """What one module is bound to. `inside` looks up as the module does, `outside` as the statement that uses it."""

    use: Use
    inside: Lookups
    outside: Lookups

    def written(self, formal: str) -> ast.Binding | None:
        """The binding of a formal name."""
        return next((each for each in self.use.statement.bindings if each.name.text == formal), None)

    def span(self, formal: str) -> Span:
        """Where a finding about a formal name belongs."""
        written = self.written(formal)
        return written.target.span if written else self.use.statement.module.span

    def complain(
        self, message: str, span: Span, label: str, notes: tuple[str, ...] = (), meant: str | None = None
    ) -> Refused:
        return self.outside.refuse("S219", f"module `{self.use.module}` {message}", span, label, notes, meant)


Views = dict[str, EventView | Broken]
"""Qualified formal event -> what it stands for."""


def bind(collected: Collected, world: World) -> Views:
    """What all formal events stand for."""
    views: Views = {}
    told = frozenset(collected.misbound)
    for statement, scope, line in collected.required:
        use = collected.uses[scope.prefix]
        binding = Binding(use, Lookups(world, scope), Lookups(world, use.scope))
        try:
            enter(binding, statement, scope, views)
        except Refused:
            collected.misbound.add(scope.prefix)
        if scope.prefix not in told:
            report(collected, binding.inside, scope.file, line)
            report(collected, binding.outside, use.scope.file, use.line)
    return views


def enter(binding: Binding, statement: ast.Profile | ast.EventDecl, scope: Scope, views: Views) -> None:
    if isinstance(statement, ast.EventDecl):
        views[scope.qualify(statement.name.text)] = bound_event(binding, statement, views)
    else:
        require_profile(binding, statement)


def report(collected: Collected, names: Lookups, file: str, line: int) -> None:
    collected.diagnostics += [placed(finding, file, line - 1) for finding in names.findings]


# ---- events


def bound_event(binding: Binding, formal: ast.EventDecl, views: Views) -> EventView:
    """The real event and, field by field, what the formal ones stand for."""
    written = binding.written(formal.name.text)
    target = written.target if written else ast.Ref(formal.name.span, (formal.name.text,))
    name = binding.use.scope.qualify(target.text)
    actual = views.get(name) or binding.outside.find("event", name)
    if actual is Broken.BROKEN:
        raise Refused
    if actual is None:
        raise no_event(binding, formal)
    fields = binding.outside.each(
        lambda declared: (declared.name.text, bound_field(binding, target, declared, actual)), formal.fields
    )
    return EventView(
        actual.event, {name: field for name, field in fields if field is not None}, actual.broken
    )


def no_event(binding: Binding, formal: ast.EventDecl) -> Refused:
    name, written = formal.name.text, binding.written(formal.name.text)
    if written is not None:
        return binding.outside.unknown("S201", "event", written.target, "event")
    notes = (listing("declared events", binding.outside.visible("event")),)
    doc = f" ({formal.doc.value})" if formal.doc else ""
    return binding.complain(
        f"needs to know which event is its `{name}`{doc}",
        binding.span(name),
        f"add `{more(binding.use)} {name} = YOUR_EVENT`",
        notes,
    )


def more(use: Use) -> str:
    """How a further binding begins."""
    return "," if use.statement.bindings else "with"


def bound_field(
    binding: Binding, event: ast.Ref, declared: ast.FieldDecl, actual: EventView
) -> tuple[str, Type] | None:
    """The real field; None for an `optional` formal one that nothing stands for."""
    name, written = declared.name.text, binding.written(declared.name.text)
    here = written is not None and written.target.parts[:-1] == event.parts
    field = written.target.parts[-1] if written is not None and here else name
    if field not in actual.fields and field not in actual.broken:
        if declared.optional and written is None:
            return None
        raise no_field(binding, event, name, actual)
    span = binding.span(name) if here else binding.use.statement.module.span
    found = binding.outside.event_field(actual, field, span)
    require_kind(binding, declared, f"{event.text}.{field}", found[1], span)
    return found


def no_field(binding: Binding, event: ast.Ref, name: str, actual: EventView) -> Refused:
    written = binding.written(name)
    fields = (listing(f"fields of `{event.text}`", actual.fields),)
    if written is None:
        label = f"add `{more(binding.use)} {name} = {event.text}.YOUR_FIELD`"
        message = f"needs to know which field of `{event.text}` is its `{name}`"
        return binding.complain(message, binding.span(name), label, fields)
    if written.target.parts[:-1] == event.parts:
        last = part_of(written.target, len(event.parts))
        return binding.outside.no_field(actual, written.target.parts[-1], last)
    meant = f"{event.text}.{written.target.parts[-1]}"
    message = f"wants a field of `{event.text}` as its `{name}`"
    return binding.complain(message, written.target.span, f"write `{meant}`", fields, meant)


def require_kind(binding: Binding, declared: ast.FieldDecl, actual: str, have: Type, span: Span) -> None:
    """A module asks for kinds: money in whatever currency, a choice of whatever options that include its own."""
    wanted = check_type(binding.inside, declared.type)
    if wanted.kind is have.kind and set(wanted.options) <= set(have.options):
        return
    word = "money" if wanted.kind is Kind.MONEY else called(wanted)
    raise binding.complain(
        f"wants {word} as its `{declared.name.text}`", span, f"`{actual}` is {called(have)}"
    )


# ---- attributes


def require_profile(binding: Binding, wanted: ast.Profile) -> None:
    """The attributes that a module reads have to be declared by the rule set."""
    binding.outside.each(lambda declared: require_attribute(binding, declared), wanted.fields)


def require_attribute(binding: Binding, declared: ast.FieldDecl) -> bool:
    name, span = declared.name.text, binding.use.statement.module.span
    found = binding.outside.find("attribute", name)
    if found is None:
        type_ = check_type(binding.inside, declared.type)
        message = f"reads the attribute `{name}`, which is not declared"
        raise binding.complain(message, span, f"add `{name}: {type_}` to `profile user`")
    require_kind(binding, declared, f"user.{name}", found.type, span)
    return True
