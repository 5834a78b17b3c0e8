"""What a name that is not a value may have been meant for: each explanation fits one slip, the first that does is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from compiler.checked.expressions import Typing
from compiler.checked.mending import FLAGS
from compiler.checked.scope import EventView, Refused, part_of
from compiler.checked.wording import EVERYBODY, listing, with_article
from compiler.types import Kind
from dsl import ast
from dsl.diagnostics import suggest
from dsl.source import Span

Explanation = Callable[[Typing, str, Span], Refused | None]
CLOCK = ("now", "today")
ABSENT = frozenset({"null", "nil", "none", "empty", "unknown", "undefined", "missing"})


def unknown_name(typing: Typing, name: str, span: Span, as_text: bool = False) -> Refused:
    """A single name that stands for no value; `as_text` where a text would fit."""
    if not is_patient(typing):
        return typing.names.refuse("S202", f"unknown name `{name}`", span)
    explanations = (as_later, as_absence) if as_text else EXPLANATIONS
    explained = next(filter(None, (explain(typing, name, span) for explain in explanations)), None)
    return explained or misspelt(typing, name, span, as_text)


def is_patient(typing: Typing) -> bool:
    """Whether explanations are still looked for, most of which look through all names."""
    world = typing.names.world
    return world.patient(sum(len(world.names(kind)) for kind in ("attribute", "input", "group", "score")))


def misspelt(typing: Typing, name: str, span: Span, as_text: bool) -> Refused:
    names, message = typing.names, f"unknown name `{name}`"
    values, whole = candidates(typing)
    near = suggest(name, [each for each in values if each not in CLOCK] if as_text else [*values, *whole])
    meant, question = whole.get(near, near) if near else None, "did you mean `{}`?"
    if not meant and as_text:
        meant, question = f'"{name}"', "a text stands in quotes: `{}`"
    note = listing("names that may stand here", values)
    return names.refuse("S202", message, span, meant and question.format(meant), (note,), meant)


def candidates(typing: Typing) -> tuple[list[str], dict[str, str]]:
    """Names that are values here; and names of crowds, lists and scores, each with the value that is made of it."""
    world = typing.names.world
    values = [*world.names("attribute"), *world.names("input"), *typing.around.lets, *CLOCK]
    if typing.around.terms is not None:
        values += typing.around.terms
    whole = {name: f"user in {name}" for name in world.names("group")}
    return values, whole | {name: f"{name}.score" for name in world.names("score")}


# ---- explanations of a single name


def as_later(typing: Typing, name: str, span: Span) -> Refused | None:
    """A variable of the plan that stands further down."""
    if name not in typing.around.later:
        return None
    return typing.names.refuse(
        "S202", f"`{name}` is not defined yet", span, "its line stands below: move it up"
    )


def as_flag(typing: Typing, name: str, span: Span) -> Refused | None:
    meant = FLAGS.get(name.casefold())
    if meant is None:
        return None
    return typing.names.refuse("S202", f"unknown name `{name}`", span, f"write `{meant}`", replacement=meant)


def as_everybody(typing: Typing, name: str, span: Span) -> Refused | None:
    if name not in EVERYBODY:
        return None
    label = "what holds for everybody is written `true`"
    return typing.names.refuse("S202", f"unknown name `{name}`", span, label, replacement="true")


def as_absence(typing: Typing, name: str, span: Span) -> Refused | None:
    if name.casefold() not in ABSENT:
        return None
    return typing.names.refuse(
        "S202", f"unknown name `{name}`", span, "what is not known is asked for by `… is missing`"
    )


def as_user(typing: Typing, name: str, span: Span) -> Refused | None:
    if name not in ("user", "input"):
        return None
    label = (
        "write `user in CROWD`, or `user.` and an attribute"
        if name == "user"
        else "write `input.` and a name"
    )
    return typing.names.refuse("S207", f"`{name}` is not a value", span, label)


def as_group(typing: Typing, name: str, span: Span) -> Refused | None:
    found = typing.names.find("group", typing.names.scope.qualify(name))
    if not found:
        return None
    meant = f"user in {name}"
    return typing.names.refuse(
        "S207", f"`{name}` is a {found}, not a value", span, f"write `{meant}`", replacement=meant
    )


def as_score(typing: Typing, name: str, span: Span) -> Refused | None:
    if not typing.names.find("score", typing.names.scope.qualify(name)):
        return None
    return typing.names.refuse(
        "S207",
        f"`{name}` is a score: it has points and perhaps a grade",
        span,
        f"write `{name}.score` or `{name}.grade`",
        replacement=f"{name}.score",
    )


def as_event(typing: Typing, name: str, span: Span) -> Refused | None:
    if not typing.names.find("event", typing.names.scope.qualify(name)):
        return None
    return typing.names.refuse(
        "S207",
        f"`{name}` is an event, not a value",
        span,
        f"write `did {name} within 7 days` or `count of {name} within 7 days`",
    )


def as_field(typing: Typing, name: str, span: Span) -> Refused | None:
    """A field of an event, where no event is looked at."""
    trigger = typing.around.trigger
    if trigger is not None and name in trigger.fields:
        return typing.names.refuse(
            "S207",
            f"`{name}` is a field of the trigger `{trigger.event}`",
            span,
            f"ask for it in `on {trigger.event} where …`, before the `when`",
        )
    event = next(events_with(typing, name), None)
    if event is None:
        return None
    return typing.names.refuse(
        "S207",
        f"`{name}` is a field of `{event}`, of which there may be many",
        span,
        f"say of which one: `last of {event}.{name} within 7 days`",
        ("`first of`, `sum of`, `average of`, `max of` … may stand there, too",),
    )


def events_with(typing: Typing, field: str) -> Iterator[str]:
    """Events of the module that is checked that have such a field."""
    for name in sorted(typing.names.visible("event")):
        view = typing.names.find("event", typing.names.scope.qualify(name))
        if "." not in name and isinstance(view, EventView) and field in view.fields:
            yield name


def as_option(typing: Typing, name: str, span: Span) -> Refused | None:
    """An option of a choice that stands alone."""
    for attribute in typing.names.world.names("attribute"):
        declared = typing.names.find("attribute", attribute)
        if declared is not None and declared.type.kind is Kind.CHOICE and name in declared.type.options:
            meant = f"{attribute} is {name}"
            return typing.names.refuse(
                "S207", f"`{name}` is an option of `{attribute}`", span, f"write `{meant}`", replacement=meant
            )
    return None


def as_definition(typing: Typing, name: str, span: Span) -> Refused | None:
    for kind in ("campaign", "policy", "plan", "decide"):
        if typing.names.scope.qualify(name) in typing.names.world.names(kind):
            message = f"`{name}` is {with_article(kind)}, not a value"
            example = ASKED_IN_TESTS.get(kind)
            label = (
                f"a line of its own in a test asks about it: `{example.format(name)}`" if example else None
            )
            return typing.names.refuse("S207", message, span, label)
    return None


ASKED_IN_TESTS = {"decide": "expect {} is …", "plan": "expect plan {} …"}


EXPLANATIONS: tuple[Explanation, ...] = (
    as_later,
    as_group,
    as_score,
    as_user,
    as_flag,
    as_everybody,
    as_absence,
    as_event,
    as_field,
    as_option,
    as_definition,
)


# ---- inside `where`


def not_a_field(typing: Typing, event: EventView, name: str, span: Span, as_text: bool = False) -> Refused:
    """A single name inside `where` that is no field of the event; `as_text` where a text would fit."""
    message = f"event `{event.event}` has no field `{name}`"
    for kind, scope in (("attribute", "user"), ("input", "input")):
        if typing.names.find(kind, name):
            meant = f"{scope}.{name}"
            said = "the user's attribute" if scope == "user" else "the input of the request"
            return typing.names.refuse("S203", message, span, f"{said} is `{meant}` here", replacement=meant)
    if as_text and typing.names.world.patient(len(event.fields)) and suggest(name, event.fields) is None:
        meant = f'"{name}"'
        return typing.names.refuse(
            "S203", message, span, f"a text stands in quotes: `{meant}`", replacement=meant
        )
    return (
        as_group(typing, name, span)
        or as_flag(typing, name, span)
        or typing.names.no_field(event, name, span)
    )


# ---- dotted names


def unknown_dotted(typing: Typing, ref: ast.Ref) -> Refused:
    """A dotted name that stands for no value."""
    explained = next(filter(None, (explain(typing, ref) for explain in DOTTED)), None)
    if explained is not None:
        return explained
    world = typing.names.world
    known = [f"user.{name}" for name in world.names("attribute")]
    known += [f"input.{name}" for name in world.names("input")]
    known += [f"{name}.score" for name in world.names("score")]
    return typing.names.misspelt(
        "S202",
        f"unknown name `{ref.text}`",
        ref.span,
        ref.text,
        known,
        "names with a dot" if known else None,
    )


def dotted_group(typing: Typing, ref: ast.Ref) -> Refused | None:
    return as_group(typing, ref.text, ref.span)


def dotted_score(typing: Typing, ref: ast.Ref) -> Refused | None:
    owner = ".".join(ref.parts[:-1])
    if typing.names.find("score", typing.names.scope.qualify(ref.text)):
        return as_score(typing, ref.text, ref.span)
    if not typing.names.find("score", typing.names.scope.qualify(owner)):
        return None
    return typing.names.refuse(
        "S205",
        f"score `{owner}` has no `{ref.parts[-1]}`",
        part_of(ref, len(ref.parts) - 1),
        f"write `{owner}.score` or `{owner}.grade`",
    )


def dotted_field(typing: Typing, ref: ast.Ref) -> Refused | None:
    """A field of an event that is not looked at here."""
    owner, name = ".".join(ref.parts[:-1]), ref.parts[-1]
    view = typing.names.find("event", typing.names.scope.qualify(owner))
    if view is None:
        return None
    typing.names.event_field(view, name, part_of(ref, len(ref.parts) - 1))
    if typing.around.event is not None:
        return typing.names.refuse(
            "S314",
            f"this `where` looks at `{typing.around.event.event}`, not at `{owner}`",
            ref.span,
            "a `where` sees the fields of its own event",
        )
    return typing.names.refuse(
        "S207",
        f"`{ref.text}` is a field of an event, of which there may be many",
        ref.span,
        f"say of which one: `last of {ref.text} within 7 days`",
        ("`first of`, `sum of`, `average of`, `max of` … may stand there, too",),
    )


PLACES = {
    "event": "`event.…` is a field inside a `where`",
    "trigger": "`trigger.…` is a field inside `on … when …` and `unless … where …`",
}


def dotted_place(typing: Typing, ref: ast.Ref) -> Refused | None:
    """`event.x` and `trigger.x` where there is neither."""
    if ref.parts[0] not in PLACES:
        return None
    return typing.names.refuse("S207", f"`{ref.text}` means nothing here", ref.span, PLACES[ref.parts[0]])


def dotted_attribute(typing: Typing, ref: ast.Ref) -> Refused | None:
    """`tier.plus`, `user.address.city`."""
    head = ref.parts[0]
    if head in ("user", "input") and len(ref.parts) > 2:
        return typing.names.refuse(
            "S204", f"unknown attribute `{ref.text}`", ref.span, "an attribute has no parts of its own"
        )
    found = typing.names.find("attribute", head)
    if found is None or len(ref.parts) != 2:
        return None
    label = f"write `{head} is {ref.parts[1]}`" if ref.parts[1] in found.type.options else None
    return typing.names.refuse("S202", f"`{head}` has no parts", ref.span, label)


def dotted_event(typing: Typing, ref: ast.Ref) -> Refused | None:
    """A field of an event whose name is misspelt."""
    owner = ast.Ref(part_of(ref, 0, -1), ref.parts[:-1])
    events = typing.names.visible("event")
    if not typing.names.world.patient(len(events)) or suggest(owner.text, events) is None:
        return None
    return typing.names.unknown("S201", "event", owner, "event")


def dotted_module(typing: Typing, ref: ast.Ref) -> Refused | None:
    """A name of a module that is not used, as far as one can tell."""
    near = suggest(ref.parts[0], ("user", "input"))
    if near or len(ref.parts) < 2 or typing.names.world.has_module(typing.names.scope.qualify(ref.parts[0])):
        return None
    return typing.names.refuse(
        "S202",
        f"unknown name `{ref.text}`",
        ref.span,
        f"`{ref.parts[0]}` is neither a module that is used here, nor `user` or `input`",
    )


DOTTED: tuple[Callable[[Typing, ast.Ref], Refused | None], ...] = (
    dotted_group,
    dotted_score,
    dotted_field,
    dotted_place,
    dotted_attribute,
    dotted_event,
    dotted_module,
)
