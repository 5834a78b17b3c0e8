"""What one version put on record, as another reads it."""

from __future__ import annotations

from compiler.checked.ir import RuleSet
from compiler.driver import compile_ruleset
from compiler.facts_from_json import Reader
from dsl.source import Source
from server.replay.fitting import Fit

USER = "profile user { id: text key }\n"


def compiled(text: str) -> RuleSet:
    found = compile_ruleset([Source("rules.sua", USER + text)])
    assert found.ruleset is not None, found.diagnostics
    return found.ruleset


def test_totals_of_events_and_fields_that_the_other_has_not_are_left_out() -> None:
    then = compiled("event paid { n: int  of: text  gone: int }\nevent left { }\nevent kept { n: int }")
    now = compiled("event paid { n: int  of: int }\nevent kept { n: int  more: int }")
    shapes = ("paid//1", "paid/n/1", "paid/of/1", "paid/gone/1", "left//1", "kept/n/1")
    document = Fit(then, now)(
        {"now": "2026-03-02T12:00:00Z", "totals": {shape: {"count": 1} for shape in shapes}}
    )
    assert set(Reader(now, recorded=True).read_facts(document).value.totals) == {
        "paid//1",
        "paid/n/1",
        "kept/n/1",
    }
