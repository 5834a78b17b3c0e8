"""The lines of a test, played: tests/cases/story.sua says what they mean."""

from pathlib import Path

from tests.cases.play import require_pass


def test_lines_take_effect_from_top_to_bottom():
    require_pass(Path(__file__).parent / "story.sua")
