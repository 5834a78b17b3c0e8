"""What options are if no flag says so: their variables, and `suasion.toml` in this directory or the nearest one above it, or
the file that SUASION_CONFIG names.

    store = "sqlite:shop.db"   # for every verb that has this option
    [serve]                    # for one verb; beats the above
    log-level = "warning"

A flag beats `SUASION_SERVE_STORE` (of `--store` of `serve`), which beats `SUASION_STORE` (of every verb that has this option),
which beats the file; typer does the ordering. The options themselves are the one table of all settings.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer.core import TyperCommand, TyperOption

from cli.exit_codes import Failure

FILE_NAME = "suasion.toml"
PREFIX = "SUASION_"
SHARED = frozenset(
    {
        "ca",
        "cert",
        "format",
        "listen",
        "rabbitmq",
        "redis",
        "server",
        "store",
        "timeout",
        "token",
        "workspace",
    }
)
"""Options of several verbs: what can stand above the tables of the file, and have a variable without a verb in it."""
OTHERS = frozenset({"SUASION_CONFIG", "SUASION_DEBUG"})
"""Variables that are no options."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a file sets: `shared` for every verb that has the option, `own` by verb."""

    path: Path = Path(FILE_NAME)
    shared: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def of(self, verb: str, options: Collection[str]) -> dict[str, Any]:
        """By option, what the file says. Raises Failure if the verb has no such option."""
        own = self.own.get(verb, {})
        for name in sorted(own.keys() - set(options)):
            raise stranger(
                f"`{self.path}` sets `{name}` for `{verb}`, which has no such option", name, options
            )
        shared = {name: value for name, value in self.shared.items() if name in options}
        return shared | dict(own)


def find(directory: Path) -> Path | None:
    """The file that SUASION_CONFIG names, or the `suasion.toml` that holds in `directory`, or None."""
    if named := os.environ.get("SUASION_CONFIG"):
        return Path(named)
    places = (place / FILE_NAME for place in (directory, *directory.parents))
    return next((path for path in places if path.is_file()), None)


def read(path: Path, verbs: Collection[str]) -> Settings:
    """Raises Failure when the file is not TOML, has a table that is no verb, or a shared key that no two verbs know."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Failure(f"cannot read `{path}`: {error}") from error
    tables = {name: value for name, value in settings.items() if isinstance(value, dict)}
    shared = {name: value for name, value in settings.items() if name not in tables}
    for name in sorted(tables.keys() - set(verbs)):
        raise stranger(f"`{path}` has a table `{name}`, which is no verb", name, verbs)
    for name in sorted(shared.keys() - SHARED):
        raise stranger(f"`{path}` sets `{name}`, which is no option of several verbs", name, SHARED)
    return Settings(path, shared, tables)


def stranger(message: str, name: str, known: Iterable[str]) -> Failure:
    nearest = difflib.get_close_matches(name, known, 1, cutoff=0.7)
    hint = f"did you mean `{nearest[0]}`?" if nearest else f"there are: {', '.join(sorted(known))}"
    return Failure(message, hint=hint)


# ---- how a verb takes it


class Configured(TyperCommand):
    """A verb whose options can be set by variables and by the file; the context above it has Settings."""

    def __init__(self, name: str, *, params: Sequence[Any], **more: Any) -> None:
        super().__init__(name, params=list(params), **more)
        self.verb = name
        self.settable = {key(each): each for each in params if is_settable(each)}
        for option, parameter in self.settable.items():
            parameter.envvar = variables(name, option)
            parameter.show_envvar = False  # all have one, and docs/configuration.md lists them

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Raises Failure."""
        refuse_strange_variables(self.verb, self.settable, parent.command.commands)
        said = parent.obj.of(self.verb, self.settable)
        for option, value in said.items():
            if isinstance(value, list) and not self.settable[option].multiple:
                raise Failure(f"`{parent.obj.path}` sets `{option}` to a list", hint="it takes one value")
        by_parameter = {self.settable[option].name: value for option, value in said.items()}
        return super().make_context(info_name, args, parent, default_map=by_parameter, **extra)


def is_settable(parameter: Any) -> bool:
    return isinstance(parameter, TyperOption) and not parameter.hidden


def key(parameter: Any) -> str:
    """`log-level` for `--log-level`."""
    return str(parameter.opts[0]).removeprefix("--")


def variables(verb: str, option: str) -> list[str]:
    """Those of an option, the strongest first."""
    name = option.replace("-", "_").upper()
    return [f"{PREFIX}{verb.upper()}_{name}", *([PREFIX + name] if option in SHARED else [])]


def refuse_strange_variables(verb: str, options: Iterable[str], verbs: Iterable[str]) -> None:
    """Those of other verbs are looked at when their turn comes. Raises Failure."""
    own = {name for option in options for name in variables(verb, option)}
    known = own | {PREFIX + name.upper() for name in SHARED} | OTHERS
    of_others = tuple(f"{PREFIX}{other.upper()}_" for other in verbs if other != verb)
    for name in sorted(os.environ.keys() - known):
        if name.startswith(PREFIX) and not name.startswith(of_others):
            raise stranger(f"`{name}` is set, and `{verb}` has no such option", name, known)
