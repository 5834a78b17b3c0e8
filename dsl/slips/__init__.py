"""Common slips: each function knows one kind and answers with a finding, or with None if it is not that one."""

from __future__ import annotations

from collections.abc import Callable

from dsl.diagnostics import Diagnostic
from dsl.slips import frames, numbers, signs, texts, times, words
from dsl.stop import Stop

Slip = Callable[[Stop], Diagnostic | None]

SLIPS: tuple[Slip, ...] = (
    frames.unclosed_text,
    frames.escaped_quote,
    words.else_if,
    words.capitals_before,
    words.is_more_than,
    signs.foreign_operator,
    signs.split_comparison,
    signs.name_with_sign,
    frames.unknown_statement,
    frames.unclosed,
    frames.never_opened,
    words.capitals,
    numbers.share,
    numbers.currency_first,
    numbers.currency_sign,
    times.unit,
    times.date,
    times.clock,
    numbers.unreadable_number,
    numbers.spelt_number,
    words.phrase,
    words.word,
    words.misspelt,
    numbers.small_currency,
    words.field_called_like_a_keyword,
    texts.quoted_name,
    texts.modifier_after_text,
    texts.unquoted_text,
    times.window,
    words.spare,
    signs.needless,
    signs.left_out,
    signs.foreign_letter,
)
"""In the order tried: the first that answers is believed."""
