"""Common slips: each function knows one kind and answers with a finding, or with None if it is not that one."""

from __future__ import annotations

from collections.abc import Callable

from dsl.diagnostics import Diagnostic
from dsl.slips import advice, frames, numbers, signs, texts, times, verdicts, words
from dsl.stop import Stop

Slip = Callable[[Stop], Diagnostic | None]

SLIPS: tuple[Slip, ...] = (
    frames.unclosed_text,
    frames.escaped_quote,
    frames.foreign_comment,
    words.else_if,
    words.capitals_before,
    verdicts.verdict,
    verdicts.held_out,
    words.phrase,
    signs.foreign_operator,
    signs.split_comparison,
    signs.name_with_sign,
    frames.list_with_users,
    frames.unknown_statement,
    frames.clause_of_another_statement,
    advice.advised,
    words.capitals,
    numbers.surplus,
    numbers.share,
    numbers.misplaced_share,
    numbers.currency_first,
    numbers.currency_sign,
    signs.foreign_letter,
    words.options_without_parentheses,
    times.unit,
    times.date,
    times.clock,
    numbers.unreadable_number,
    numbers.spelt_number,
    numbers.small_currency,
    signs.digit_first,
    words.word,
    words.function,
    words.misspelt,
    words.misspelt_before,
    words.field_called_like_a_keyword,
    texts.quoted_name,
    texts.modifier_after_text,
    texts.unquoted_text,
    times.window,
    words.spare,
    words.pick_without_else,
    signs.needless,
    frames.unclosed,
    frames.never_opened,
    signs.left_out,
)
"""In the order tried: the first that answers is believed."""
