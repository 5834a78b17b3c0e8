"""The files of each version, beside its decisions: once, named by the version."""

from __future__ import annotations

from errno import EIO
from pathlib import Path

import orjson

from dsl.source import Source
from server.ports.rules import RuleFiles
from server.whole_files import whole

RULES = "rules"
"""The directory beside them."""


def write_rules(directory: Path, version: str, rules: RuleFiles) -> None:
    """Raises OSError."""
    path = path_of(directory, version)
    if path.exists():
        return
    path.parent.mkdir(exist_ok=True)
    document = {
        part: [{"name": each.name, "text": each.text} for each in sources]
        for part, sources in (("files", rules.files), ("modules", rules.modules))
    }
    with whole(path) as file:
        file.write(orjson.dumps(document))


def read_rules(directory: Path, version: str) -> RuleFiles | None:
    """None when they were not kept. Raises OSError, for a file that is damaged, too."""
    path = path_of(directory, version)
    if not path.exists():
        return None
    try:
        document = orjson.loads(path.read_bytes())
        files, modules = (tuple(Source(**each) for each in document[part]) for part in ("files", "modules"))
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise OSError(EIO, "it is damaged", str(path)) from error
    return RuleFiles(files, modules)


def kept_versions(directory: Path) -> list[str]:
    return sorted(path.stem for path in (directory / RULES).glob("*.json"))


def path_of(directory: Path, version: str) -> Path:
    return directory / RULES / f"{version}.json"
