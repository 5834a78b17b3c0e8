"""What could not be read, in the words of the person who wrote it."""

from __future__ import annotations

from lark import UnexpectedInput, UnexpectedToken

from dsl.build import Malformed
from dsl.diagnostics import Diagnostic, Fix
from dsl.source import Place, Span
from dsl.text import quoted


def amiss(
    code: str, message: str, span: Span, label: str, *notes: str, fix: tuple[Span, str] | None = None
) -> Diagnostic:
    """An error in a piece of text, whose file and line are filled in later."""
    mend = Fix(Place("", fix[0]), fix[1]) if fix else None
    return Diagnostic(code, "error", message, Place("", span), label, notes, mend)


def malformed(error: Malformed, text: str) -> Diagnostic:
    fix = error.mend and (error.mend[0], error.mend[1].replace("{}", stretch(text, error.mend[0])))
    return amiss(error.code, error.message, error.span, error.label, *error.notes, fix=fix)


def stretch(text: str, span: Span) -> str:
    """The text that a span covers."""
    lines = text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


def unreadable(error: UnexpectedInput, text: str) -> Diagnostic:
    """What stands where it cannot, and what could."""
    start: int = error.pos_in_stream  # type: ignore[assignment]  # Lark always knows it
    found = str(error.token) if isinstance(error, UnexpectedToken) else text[start : start + 1]
    span = Span(error.line, error.column, error.line, error.column + max(1, len(found)))
    return amiss("S001", f"{quoted(found)} cannot stand here", span, "not expected here")
