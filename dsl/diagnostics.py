"""What is wrong with a text, in words for the person who wrote it."""

from __future__ import annotations

import difflib
import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Literal

from dsl.excerpt import excerpt
from dsl.source import Place, Source, Span
from dsl.text import lines_of, quoted, visible

LIMIT = 50
COMPARED = 50
"""Names that one is compared with letter by letter, for a suggestion."""
COLOURS = {"error": "1;31", "warning": "1;33", "gutter": "34", "label": "1;36", "message": "1"}


@dataclass(frozen=True, slots=True)
class Fix:
    """Text that would mend the mistake if it stood in place of what is there."""

    place: Place
    replacement: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `code` is a key of `dsl.codes.CODES`; `message` is lower case, with the user's own text in backticks;
    `label` stands at the marked place, `notes` below it.
    """

    code: str
    severity: Literal["error", "warning"]
    message: str
    place: Place | None
    label: str | None = None
    notes: tuple[str, ...] = ()
    fix: Fix | None = None


def suggest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` most likely was meant to be, or None if none is near."""
    reach = max(2, len(name) // 3)
    near = {word.casefold(): word for word in candidates if abs(len(word) - len(name)) <= reach}
    likely = likeliest(name.casefold(), near)
    found = difflib.get_close_matches(name.casefold(), likely, n=1, cutoff=0.7)
    return near[found[0]] if found else None


def likeliest(word: str, candidates: Collection[str]) -> Collection[str]:
    """Of very many, those with most letters in common: comparing the order of letters takes several times as long."""
    if len(candidates) <= COMPARED:
        return candidates
    matcher = difflib.SequenceMatcher(b=word, autojunk=False)

    def in_common(candidate: str) -> float:
        matcher.set_seq1(candidate)
        return matcher.quick_ratio()

    return heapq.nlargest(COMPARED, candidates, key=in_common)


def placed(diagnostic: Diagnostic, file: str, lines: int) -> Diagnostic:
    """The diagnostic moved to a file, and down by a number of lines."""
    fix = diagnostic.fix and replace(diagnostic.fix, place=moved(diagnostic.fix.place, file, lines))
    return replace(diagnostic, place=diagnostic.place and moved(diagnostic.place, file, lines), fix=fix)


def moved(place: Place, file: str, lines: int) -> Place:
    span = place.span
    return Place(file, Span(span.line + lines, span.column, span.end_line + lines, span.end_column))


def arrange(diagnostics: Iterable[Diagnostic], limit: int = LIMIT) -> tuple[list[Diagnostic], str | None]:
    """At most `limit` diagnostics by file, line and column, each once, and a line on those left out."""
    unique = sorted(dict.fromkeys(diagnostics), key=order)
    dropped = Counter(diagnostic.severity for diagnostic in unique[limit:])
    if not dropped:
        return unique, None
    counts = [f"{n} more {severity}{'s' if n > 1 else ''}" for severity, n in sorted(dropped.items())]
    return unique[:limit], f"{' and '.join(counts)} not shown; mend the first ones and look again"


def order(diagnostic: Diagnostic) -> tuple[str, int, int, str, str]:
    place = diagnostic.place
    if place is None:
        return "", 0, 0, diagnostic.code, diagnostic.message
    return place.file, place.span.line, place.span.column, diagnostic.code, diagnostic.message


def render(diagnostic: Diagnostic, source: Source | None, colour: bool = False) -> str:
    """The diagnostic as lines of text; without its source, the marked place is named but not shown."""
    return drawn(diagnostic, lines_of(source.text) if source else None, colour)


def render_all(
    diagnostics: Iterable[Diagnostic], sources: Iterable[Source], limit: int = LIMIT, colour: bool = False
) -> str:
    """All diagnostics as text: sorted, each once, at most `limit` of them; no text if there are none."""
    shown, left_out = arrange(diagnostics, limit)
    lines = {source.name: lines_of(source.text) for source in sources}
    blocks = [drawn(one, lines.get(one.place.file) if one.place else None, colour) for one in shown]
    return "\n\n".join(blocks + ([left_out] if left_out else []))


def drawn(diagnostic: Diagnostic, lines: list[str] | None, colour: bool) -> str:
    """The diagnostic as lines of text, `lines` being those of its file."""
    paint = painted if colour else unpainted
    severity, label = diagnostic.severity, visible(diagnostic.label or "")
    head = paint(f"{severity}[{diagnostic.code}]", severity)
    text = [f"{head}: {paint(visible(diagnostic.message), 'message')}"]
    if diagnostic.place:
        text += excerpt(lines, diagnostic.place, label, severity, paint)
    return "\n".join([*text, *map(visible, [*diagnostic.notes, *fix_line(diagnostic)])])


def fix_line(diagnostic: Diagnostic) -> list[str]:
    """What to write, unless the words of the diagnostic say it already."""
    words = " ".join([diagnostic.message, diagnostic.label or "", *diagnostic.notes])
    fix = diagnostic.fix
    return [f"fix: write {quoted(fix.replacement)}"] if fix and fix.replacement.strip() not in words else []


def unpainted(text: str, role: str) -> str:
    return text


def painted(text: str, role: str) -> str:
    return f"\x1b[{COLOURS[role]}m{text}\x1b[0m" if text else text


def as_json(diagnostic: Diagnostic) -> Mapping[str, object]:
    """The diagnostic as a record of JSON types; spans as in `dsl.source.Span`, in lines of the file."""
    return {**asdict(diagnostic), "notes": list(diagnostic.notes)}
