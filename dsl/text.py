"""Text as people see it: its lines, how wide they are, and what stands in for what cannot be shown."""

from __future__ import annotations

import re
import unicodedata

from rich.cells import cell_len

TAB = "    "
KEPT_FORMAT_CHARACTERS = "\u200d\ufe0e\ufe0f"  # they join and choose emoji, and move nothing
HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
QUOTED = 60  # code points of a user's text that a message repeats
OPEN_TEXT = r'"[^"\n]*(?:""[^"\n]*)*'
"""The pattern of a text up to its closing quote. `"(?:[^"\\n]|"")*` means the same, but takes a hundred bytes of memory
for every character."""


def plain(text: str) -> str:
    """`text` without a byte order mark, each line ended by `\\n` alone."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def lines_of(text: str) -> list[str]:
    """The lines that the line numbers of spans count."""
    return plain(text).split("\n")


def visible(text: str) -> str:
    """`text` with tabs as four spaces and a sign for every character that hides or steers a terminal."""
    return HIDDEN.sub(lambda found: stand_in(found[0]), text)


def stand_in(character: str) -> str:
    if character == "\t":
        return TAB
    if character in KEPT_FORMAT_CHARACTERS:
        return character
    return chr(0x2400 + ord(character)) if character < "\x20" else "\ufffd"


def width(text: str) -> int:
    """The number of terminal cells that `text`, made visible, takes."""
    return cell_len(visible(text))


def quoted(text: str) -> str:
    """The user's own text in backticks, a long one cut."""
    return f"`{text if len(text) <= QUOTED else text[:QUOTED] + '…'}`"


def called(character: str) -> str:
    """What a character is called: `U+200B ZERO WIDTH SPACE`."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'unnamed')}"
