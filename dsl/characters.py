"""Characters that cannot stand in code, and what was meant by them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial

from dsl.diagnostics import Diagnostic
from dsl.findings import instead
from dsl.limits import FOREIGN_CHARACTERS
from dsl.text import OPEN_TEXT, called, quoted

QUOTES = "“”„‟«»″＂「」『』"
FOREIGN = re.compile(r"[^\t\n -~]|'")
STRETCH = re.compile(
    rf"""
    (?P<text> {OPEN_TEXT}" )
    | (?P<comment> \#[^\n]* )
    | (?P<quotes> [{QUOTES}][^{QUOTES}"\n]*[{QUOTES}"] | "[^{QUOTES}"\n]*[{QUOTES}] | '[^'"\n]*' | ‘[^‘’"\n]*’ )
    | (?P<open> "[^\n]* )
    | (?P<foreign> [^\t\n\x20-\x7e] )
    """,
    re.VERBOSE,
)
HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
MEANT = {
    "≥": ">=",
    "≤": "<=",
    "−": "-",
    "–": "-",
    "—": "-",
    "×": "*",
    "·": "*",
    "÷": "/",
    "、": ",",
    "。": ".",
    "【": "{",
    "】": "}",
}
NAMES = {" ": "blank"}
FULL_WIDTH = range(0xFF01, 0xFF5F)  # ASCII from `!` to `~`, as wide as Chinese characters are


Finding = tuple[int, str, Callable[[], Diagnostic]]
"""Where a character or a text stands, what stands in for it (as long), and what is wrong with it."""


def scan(text: str) -> tuple[str, list[Diagnostic]]:
    """`text` with foreign characters replaced by what was meant, so that it can be read, and the first findings.

    Nothing moves: what stands in is as long as what it replaces. Characters without a likely meaning stay, for the
    parser to refuse.
    """
    if not FOREIGN.search(text):
        return text, []
    pieces: list[str] = []
    findings: list[Diagnostic] = []
    end = 0
    for start, stand_in, finding in findings_in(text):
        pieces += [text[end:start], stand_in]
        end = start + len(stand_in)
        if len(findings) < FOREIGN_CHARACTERS:
            findings.append(finding())
    return "".join(pieces) + text[end:], findings


def findings_in(text: str) -> Iterator[Finding]:
    for stretch in STRETCH.finditer(text):
        yield from CHECKS[stretch.lastgroup or ""](text, stretch)


def hidden(text: str, stretch: re.Match[str]) -> Iterator[Finding]:
    """Characters that cannot be seen, in a text or a comment."""
    for found in HIDDEN.finditer(text, *stretch.span()):
        yield found.start(), " ", partial(unseen, text, found.start())


def unseen(text: str, at: int) -> Diagnostic:
    name = called(text[at])
    return instead(
        "S007", f"{name} cannot be seen or moves what is read", text, at, at + 1, "take it out", ""
    )


def quotes(text: str, stretch: re.Match[str]) -> Iterator[Finding]:
    straight = f'"{HIDDEN.sub(" ", stretch[0][1:-1])}"'
    message, label = f"{quoted(stretch[0])} has quotes of the wrong kind", f"write {quoted(straight)}"
    yield stretch.start(), straight, partial(instead, "S002", message, text, *stretch.span(), label, straight)


def foreign(text: str, stretch: re.Match[str]) -> Iterator[Finding]:
    """A character outside texts and comments: what it looks like is meant."""
    character, at = stretch[0], stretch.start()
    if HIDDEN.match(character) or unicodedata.category(character) == "Cf":
        yield at, " ", partial(unseen, text, at)
    elif meant := meaning(character):
        message = f"{called(character)} is not a plain {NAMES.get(meant, quoted(meant))}"
        yield (
            at,
            meant[0],
            partial(instead, "S008", message, text, at, at + 1, f"write {quoted(meant)}", meant),
        )


def meaning(character: str) -> str | None:
    if character.isspace():
        return " "
    if ord(character) in FULL_WIDTH:
        return unicodedata.normalize("NFKC", character)
    return MEANT.get(character)


CHECKS: dict[str, Callable[[str, re.Match[str]], Iterator[Finding]]] = {
    "text": hidden,
    "comment": hidden,
    "open": hidden,
    "quotes": quotes,
    "foreign": foreign,
}
