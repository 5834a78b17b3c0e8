"""The files of a version as JSON: two arrays of (name, text), files and modules."""

from __future__ import annotations

from typing import Any

from dsl.source import Source
from server.ports import FilesDamaged, RuleFiles


def written(rules: RuleFiles) -> list[list[list[str]]]:
    return [[[source.name, source.text] for source in part] for part in (rules.files, rules.modules)]


def read(document: Any, what: str) -> RuleFiles:
    """What `written` made the document of. Raises FilesDamaged, which names `what` was read."""
    try:
        files, modules = (tuple(Source(*pair) for pair in part) for part in document)
    except (TypeError, ValueError) as error:
        raise FilesDamaged(what) from error
    return RuleFiles(files, modules)
