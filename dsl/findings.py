"""Findings about a piece of text, whose file and line are filled in later."""

from __future__ import annotations

from dsl.diagnostics import Diagnostic, Fix
from dsl.positions import span_of
from dsl.source import Place, Span


def amiss(
    code: str, message: str, span: Span, label: str, *notes: str, fix: tuple[Span, str] | None = None
) -> Diagnostic:
    """An error; `fix` is a stretch and what should stand there."""
    mend = Fix(Place("", fix[0]), fix[1]) if fix else None
    return Diagnostic(code, "error", message, Place("", span), label, notes, mend)


def instead(code: str, message: str, text: str, start: int, end: int, label: str, meant: str) -> Diagnostic:
    """An error mended by writing `meant` in place of the text from one offset to another."""
    span = span_of(text, start, end)
    return amiss(code, message, span, label, fix=(span, meant))
