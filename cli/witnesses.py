"""Users whom two versions treat differently, found and shown."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from difflib import ndiff
from typing import Any

from compiler.diff import diff
from compiler.driver import Compiled
from compiler.witness.search import reached, witnesses
from compiler.witness.told import Told, told
from compiler.witness.treatment import Version

MOST = 12
"""Names that are told of what was not looked at."""


def found(before: Compiled, after: Compiled, tries: int) -> Sequence[Told]:
    """For each entry that the differences reach; none for a version that does not compile here any more."""
    if before.ruleset is None or after.ruleset is None:
        return []
    one, other = Version(before), Version(after)
    entries = reached(one.ruleset, other.ruleset, diff(one.ruleset, other.ruleset))
    return [told(one, other, each) for each in witnesses(one, other, entries, tries)]


def as_json(found: Told) -> dict[str, Any]:
    return asdict(found)


def all_lines(found: Sequence[Told]) -> Iterator[str]:
    for each in found:
        if each.tried:
            yield from witness_lines(each)
    passed_over = [each.entry for each in found if not each.tried]
    if passed_over:
        yield f"not looked at: {', '.join(passed_over[:MOST])}{', …' if len(passed_over) > MOST else ''}; `--tries` looks further"


def witness_lines(found: Told) -> Iterator[str]:
    """A test that tells of them, with what comes true of either version; or among how many there was nobody."""
    if found.before:
        yield f"{found.entry} treats this user differently:"
        yield from marked(found.before.splitlines(), found.after.splitlines())
    elif found.why:
        yield f"{found.entry} treats somebody differently of whom no test can tell: {found.why}"
    else:
        yield f"{found.entry}: no difference among {found.tried:,} people at the boundaries of both versions"


def marked(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """The test of either version, with `-` before what is told or comes true before, and `+` after."""
    yield from (f"    {line}" for line in ndiff(before, after) if not line.startswith("?"))
