"""Defaults of options from `suasion.toml`, in this directory or the nearest one above it.

    format = "json"            # for every verb that has this option
    [serve]                    # for one verb; beats the above
    port = 50052

A flag beats its `SUASION_…` variable (`SUASION_SERVE_PORT` is `--port` of `serve`), which beats this file;
typer does the ordering.
"""

import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from cli.exit_codes import Failure

FILE_NAME = "suasion.toml"
PARAMETERS = {"format": "out"}  # options whose parameter is not called like them


def find(directory: Path) -> Path | None:
    """The `suasion.toml` that holds in `directory`, or None."""
    places = (place / FILE_NAME for place in (directory, *directory.parents))
    return next((path for path in places if path.is_file()), None)


def defaults(path: Path, verbs: Collection[str]) -> dict[str, dict[str, Any]]:
    """Per verb its options' defaults (typer's `default_map`), read from `path`.

    Raises Failure when the file is not TOML or has a table that is no verb.
    """
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Failure(f"cannot read `{path}`: {error}") from error
    tables = {name: value for name, value in settings.items() if isinstance(value, dict)}
    if strangers := sorted(tables.keys() - set(verbs)):
        message = f"`{path}` has a table `{strangers[0]}`, which is no verb"
        raise Failure(message, hint=f"verbs: {', '.join(verbs)}")
    shared = {_parameter(name): value for name, value in settings.items() if name not in tables}
    own = {verb: {_parameter(name): value for name, value in tables.get(verb, {}).items()} for verb in verbs}
    return {verb: shared | own[verb] for verb in verbs}


def _parameter(option: str) -> str:
    return PARAMETERS.get(option, option.replace("-", "_"))
