"""Writes docs/configuration.md from the options themselves: `python -m tests.docs.configuration_page`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cli.config import SHARED, variables
from cli.main import VERBS, loaded
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "configuration.md"
SERVER = "serve"

INTRODUCTION = """\
# Configuration

Every option can be given in three places. A flag beats a variable, which beats `suasion.toml` (in the current directory, or the nearest one
above it; or the file that `SUASION_CONFIG` names), which beats what it is if left out.

| place | one verb | every verb that has the option |
|---|---|---|
| flag | `suasion serve --store sqlite:shop.db` | |
| variable | `SUASION_SERVE_STORE=sqlite:shop.db` | `SUASION_STORE=sqlite:shop.db` |
| `suasion.toml` | `store = "sqlite:shop.db"` below `[serve]` | the same line above all tables |

What is said for one verb beats what is said for all. An option without a value is `true` or `false` in the file and `1` or `0` in a variable; one that may
be given several times is a list in the file, and divided by blanks in a variable, paths by `:`. A table, a key or a variable that begins with `SUASION_` and that nobody knows is
refused, with the name that is nearest.

**Passwords** stand in addresses (`mysql://`, `redis://`, `amqp://`), as `user:password@`. They belong in a variable, or in a `suasion.toml` that nobody
else may read: what is a flag, everybody on the machine can see. No message shows them.

Written from the options by `python -m tests.docs.configuration_page`; `suasion VERB --help` has those of any verb.
"""


def page() -> str:
    return "\n".join([INTRODUCTION, *shared(), *of_server()])


def of_server() -> Iterator[str]:
    yield from (f"## `suasion {SERVER}`", "", "| option | variable | if left out | |", "|---|---|---|---|")
    for option, parameter in settable(SERVER).items():
        names = ", ".join(f"`{name}`" for name in variables(SERVER, option))
        yield f"| {flag(option, parameter)} | {names} | {default(parameter)} | {cell(parameter.help)} |"
    yield ""


def shared() -> Iterator[str]:
    """Options that mean the same wherever they are."""
    yield from ("## Of several verbs", "", "| option | verbs | |", "|---|---|---|")
    verbs = {verb: settable(verb) for verb in VERBS}
    for option in sorted(SHARED):
        having = [verb for verb in VERBS if option in verbs[verb]]
        names = "all" if len(having) > len(VERBS) - 2 else ", ".join(f"`{verb}`" for verb in having)
        parameter = verbs[having[0]][option]
        yield f"| {flag(option, parameter)} | {names} | {cell(parameter.help)} |"
    yield ""


def settable(verb: str) -> dict[str, Any]:
    found: dict[str, Any] = loaded(verb).settable
    return found


def flag(option: str, parameter: Any) -> str:
    shown = f"--{option}" if parameter.is_flag else f"--{option} {parameter.metavar or ''}".rstrip()
    return f"`{cell(shown)}`"


def default(parameter: Any) -> str:
    value = getattr(parameter.default, "value", parameter.default)  # of an enumeration, its word
    if parameter.is_flag:
        return "yes" if value else "no"
    return "" if value is None or value == "" or value == () else f"`{value}`"


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
