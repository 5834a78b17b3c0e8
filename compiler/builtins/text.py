"""Functions of text, by code point."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import re2

from compiler.builtins.function import Function, Overload
from compiler.types import CONDITION, INT, TEXT, Kind, Present

LONGEST = 2**20
"""Code points of the longest text that a function makes; a longer one is missing."""
PATTERN_MEMORY = 2**17
"""Bytes that a pattern may take in RE2: some thousands of steps; a larger one is refused."""
PATTERNS = 4096
"""Patterns that are kept, for check, trees and index alike."""


def concat(*parts: str) -> str | None:
    return "".join(parts) if sum(map(len, parts)) <= LONGEST else None


def replace(text: str, old: str, new: str) -> str | None:
    if not old:
        return text
    grown = len(text) + text.count(old) * (len(new) - len(old))
    return text.replace(old, new) if grown <= LONGEST else None


def contains(text: str, part: str) -> bool:
    return part in text


@lru_cache(PATTERNS)
def _compiled(pattern: str) -> re2._Regexp[str]:
    options = re2.Options()
    options.max_mem = PATTERN_MEMORY
    options.log_errors = False
    return re2.compile(pattern, options)


def matches(pattern: str) -> Callable[[str], bool]:
    """Whether some part of the text matches, by RE2."""
    search = _compiled(pattern).search
    return lambda text: search(text) is not None


def complain_of_pattern(position: int, pattern: Present) -> str | None:
    try:
        _compiled(str(pattern))
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        return f"not a pattern: {_in_plain_words(reason.decode() if isinstance(reason, bytes) else reason)}"
    return None


_REASONS = {
    "missing ]": "a `[` is not closed",
    "missing )": "a `(` is not closed",
    "unexpected )": "a `)` closes nothing",
    "no argument for repetition operator": "nothing that `{}` could repeat stands before it",
    "bad repetition operator": "`{}` repeats what is repeated already",
    "invalid repetition size": "`{}` repeats too often",
    "invalid perl operator": "`{}` is not part of these patterns",
    "invalid named capture group": "`{}` is not the name of a group",
    "invalid escape sequence": "`{}` means nothing",
    "invalid character class range": "the range `{}` ends before it begins, or there is none of this name",
    "trailing \\": "a `\\` stands at the end",
    "pattern too large - compile failed": "it is too large; let it repeat less",
    "invalid UTF-8": "it holds half a character",
}


def _in_plain_words(reason: str) -> str:
    """What RE2 says, `reason: part of the pattern`, for people."""
    words, _, part = reason.partition(": ")
    return _REASONS.get(words, reason).format(part)


_ONE, _TWO = (Kind.TEXT,), (Kind.TEXT, Kind.TEXT)
_MATCHES = Overload(_TWO, CONDITION, matches, constants=frozenset({1}), complain=complain_of_pattern)
_condition = partial(Overload, _TWO, CONDITION)

TEXT_FUNCTIONS = (
    Function("lower", "the text in lower case", 'lower("Éa") is "éa"', (Overload(_ONE, TEXT, str.lower),)),
    Function("upper", "the text in upper case", 'upper("éa") is "ÉA"', (Overload(_ONE, TEXT, str.upper),)),
    Function(
        "trim",
        "the text without white space at both ends",
        'trim(" a b ") is "a b"',
        (Overload(_ONE, TEXT, str.strip),),
    ),
    Function(
        "length", "how many characters (code points) it has", 'length("né") is 2', (Overload(_ONE, INT, len),)
    ),
    Function(
        "concat",
        "the texts one behind the other; missing if longer than 1,048,576 characters",
        'concat("a", "b", "c") is "abc"',
        (Overload(_TWO, TEXT, concat, rest=Kind.TEXT),),
    ),
    Function(
        "replace",
        "the text with every `old` (second) turned into `new` (third), left to right; unchanged if `old` is "
        "empty, missing if longer than 1,048,576 characters",
        'replace("a-b-c", "-", "+") is "a+b+c"',
        (Overload((*_TWO, Kind.TEXT), TEXT, replace),),
    ),
    Function(
        "starts_with", "yes if it begins so", 'starts_with("de-AT", "de")', (_condition(str.startswith),)
    ),
    Function(
        "ends_with", "yes if it ends so", 'ends_with("ann@example.org", ".org")', (_condition(str.endswith),)
    ),
    Function(
        "contains", "yes if it holds that part", 'contains("spring-sale", "sale")', (_condition(contains),)
    ),
    Function(
        "matches",
        "yes if some part of the text matches the RE2 pattern; the pattern is a literal",
        'matches("SKU-0042", "^SKU-[0-9]+$")',
        (_MATCHES,),
    ),
)
