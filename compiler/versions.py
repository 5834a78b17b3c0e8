"""Versions as Semantic Versioning 2.0.0 defines them (https://semver.org, clauses 2, 9, 10; order: clause 11)."""

from __future__ import annotations

import re

LONGEST = 256
"""Characters of the longest text that is read as a version."""

_NUMBER = "0|[1-9][0-9]*"
_IDENTIFIER = f"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_BUILD = "[0-9A-Za-z-]+"
_VERSION = re.compile(
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})"
    rf"(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?"
    rf"(?:\+{_BUILD}(?:\.{_BUILD})*)?"
)
_RELEASE = (1,)


def parse_version(text: str) -> tuple[object, ...] | None:
    """A tuple that orders by precedence, equal where only build metadata differs; None if it is invalid.

    >>> parse_version("1.9.0") < parse_version("1.10.0-rc.1") < parse_version("1.10.0+build.7")
    True
    """
    match = _VERSION.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        return None
    major, minor, patch, tail = match.groups()
    return int(major), int(minor), int(patch), _RELEASE if tail is None else (0, *_precedence(tail))


def _precedence(tail: str) -> tuple[tuple[int, int, str], ...]:
    """Identifiers of a pre-release; numeric ones order by value and before the others."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in tail.split("."))
