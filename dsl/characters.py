"""Characters that cannot stand in code, and what was meant by them."""

from __future__ import annotations

from dsl.diagnostics import Diagnostic


def scan(text: str) -> tuple[str, list[Diagnostic]]:
    """`text` with each foreign character replaced by what was meant (of the same length), and a finding for each."""
    return text, []
