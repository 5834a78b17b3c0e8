"""The events of a module, bound to events of the rule set that uses it."""

from __future__ import annotations

from functools import partial

from compiler.checked.declarations import check_type
from compiler.checked.modules import Collected
from compiler.checked.scope import Broken, EventView, Lookups, Refused, Scope, World
from compiler.types import Type
from dsl import ast
from dsl.diagnostics import placed

Views = dict[str, EventView | Broken]
"""Qualified formal event -> what it stands for; broken if that could not be found, so that no use of it is blamed too."""


def bind(collected: Collected, world: World) -> Views:
    """What all formal events stand for. Findings stand at the module's declaration, named with its `use`."""
    views: Views = {}
    for statement, scope, line in collected.required:
        names = Lookups(world, scope)
        if isinstance(statement, ast.EventDecl):
            found = names.attempt(partial(bound_event, names, statement, views))
            views[scope.qualify(statement.name.text)] = found or Broken.BROKEN
        else:
            names.attempt(partial(require_profile, names, statement))
        collected.diagnostics += [placed(finding, scope.file, line - 1) for finding in names.findings]
    return views


def bound_event(names: Lookups, formal: ast.EventDecl, views: Views) -> EventView:
    """The real event and, field by field, what the formal ones stand for."""
    scope = names.scope
    assert scope.user is not None
    name = formal.name.text
    target = scope.targets.get(name, (name,))
    actual = outer_view(names, scope.user, ".".join(target), views)
    if actual is None:
        raise names.refuse(
            "S219",
            f"module `{scope.prefix[:-1]}` needs an event for `{name}`",
            formal.name.span,
            notes=(f"bind it where the module is used: `use … with {name} = YOUR_EVENT`",),
        )
    found = {
        declared.name.text: bound_field(names, formal, declared, actual, target) for declared in formal.fields
    }
    return EventView(actual.event, {name: field for name, field in found.items() if field is not None})


def outer_view(names: Lookups, scope: Scope, name: str, views: Views) -> EventView | None:
    view = views.get(scope.qualify(name)) or names.world.signature("event", scope.qualify(name))
    if view is Broken.BROKEN:
        raise Refused
    assert view is None or isinstance(view, EventView)
    return view


def bound_field(
    names: Lookups, formal: ast.EventDecl, declared: ast.FieldDecl, actual: EventView, target: tuple[str, ...]
) -> tuple[str, Type] | None:
    """The real field; None for an `optional` formal one that nothing stands for."""
    bound = names.scope.targets.get(declared.name.text)
    field = bound[-1] if bound and bound[:-1] == target else declared.name.text
    if field not in actual.fields and declared.optional and not bound:
        return None
    if field not in actual.fields:
        raise names.refuse(
            "S219",
            f"module `{names.scope.prefix[:-1]}` needs a field for `{formal.name.text}.{declared.name.text}`",
            declared.name.span,
            notes=(
                f"bind it where the module is used: `with {declared.name.text} = {'.'.join(target)}.YOUR_FIELD`",
            ),
        )
    found = actual.fields[field]
    require_kind(names, declared, found[1])
    return found


def require_kind(names: Lookups, declared: ast.FieldDecl, actual: Type) -> None:
    """A module asks for kinds: money in whatever currency, a choice of whatever options that include its own."""
    wanted = check_type(names, declared.type)
    fits = wanted.kind is actual.kind and set(wanted.options) <= set(actual.options)
    if not fits:
        raise names.refuse(
            "S219",
            f"module `{names.scope.prefix[:-1]}` wants {wanted} for `{declared.name.text}`, not {actual}",
            declared.span,
        )


def require_profile(names: Lookups, wanted: ast.Profile) -> None:
    """The attributes that a module reads have to be declared by the rule set."""
    for declared in wanted.fields:
        found = names.find("attribute", declared.name.text)
        if found is None:
            raise names.refuse(
                "S219",
                f"module `{names.scope.prefix[:-1]}` reads the attribute `{declared.name.text}`",
                declared.name.span,
                notes=(f"add `{declared.name.text}: {declared.type.name}` to `profile user`",),
            )
        require_kind(names, declared, found.type)
