"""What a hash is made of: a field that was added to a class says nothing where it has its default."""

from __future__ import annotations

from dsl.canonical import canonical
from dsl.parse import parse
from dsl.source import Source

SENT = 'test "t" {{ given sent push by nudge {}at 2026-03-01 }}\n'


def text(line: str) -> str:
    (placed,) = parse(Source("a.sua", SENT.format(line))).file.statements
    assert placed.canonical == canonical(placed.statement)
    return placed.canonical


def test_what_was_written_before_there_was_a_field_keeps_its_text() -> None:
    given = "(GivenSent (Name 'push' ) (Ref [ 'nudge' ] ) None None (DateTime '2026-03-01' ) "
    assert f"{given})" in text("")
    assert f"{given}held_out= True )" in text("held out ")
