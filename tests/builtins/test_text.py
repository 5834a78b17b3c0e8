"""Functions of text: expected values by hand."""

from __future__ import annotations

import pytest

from compiler.builtins import FUNCTIONS, Resolved, resolve
from compiler.types import TEXT


def call(name: str, *arguments: str, literals: tuple[str, ...] = ()) -> object:
    resolved = resolve(name, (TEXT,) * (len(arguments) + len(literals)))
    assert isinstance(resolved, Resolved)
    return resolved.overload.bound(literals)(*arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("lower", ("ÀÉ İ",), "àé i̇"),
        ("upper", ("straße",), "STRASSE"),
        ("trim", (" \t\u00a0a b\u2003\n",), "a b"),
        ("trim", ("\u200b",), "\u200b"),  # zero width space is no white space to Unicode
        ("length", ("",), 0),
        ("length", ("👩‍👧",), 3),  # woman, joiner, girl
        ("concat", ("a", "", "b"), "ab"),
        ("replace", ("aaa", "aa", "b"), "ba"),
        ("replace", ("abc", "", "x"), "abc"),
        ("replace", ("abab", "b", ""), "aa"),
        ("starts_with", ("abc", ""), True),
        ("starts_with", ("abc", "b"), False),
        ("ends_with", ("abc", "bc"), True),
        ("contains", ("abc", "bc"), True),
        ("contains", ("abc", "B"), False),
    ],
)
def test_gives(name: str, arguments: tuple[str, ...], expected: object) -> None:
    assert call(name, *arguments) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("b+", "abbc", True),
        ("^b", "ab", False),
        ("^é.$", "éa", True),
        (r"^\pL+$", "Ωß", True),
        ("(?i)ABC", "xabcx", True),
        ("a.c", "a\nc", False),
    ],
)
def test_matches_anywhere_by_re2(pattern: str, text: str, expected: bool) -> None:
    assert call("matches", text, literals=(pattern,)) is expected


def test_a_pattern_takes_linear_time() -> None:
    assert call("matches", "a" * 50_000 + "b", literals=("^(a+)+$",)) is False


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "(?=a)", "[z-a]", "a**", r"\Z"])
def test_refuses_what_is_no_re2_pattern(pattern: str) -> None:
    overload = FUNCTIONS["matches"].overloads[0]
    complaint = overload.complain(1, pattern)
    assert complaint is not None
    assert complaint.startswith("not a pattern: ")


def test_a_longest_text_is_kept_and_a_longer_one_missing() -> None:
    half = "x" * 2**19
    assert call("concat", half, half) == half * 2
    assert call("concat", half, half, "x") is None
    assert call("replace", half, "x", "yy") == "y" * 2**20
    assert call("replace", half + "x", "x", "yy") is None
    assert call("replace", half * 2, "x", "") == ""
