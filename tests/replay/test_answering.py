"""What an answer comes to is what its record says in the columns that people ask for."""

from __future__ import annotations

import orjson
import pytest

from compiler.driver import compile_ruleset
from dsl.source import Source
from server.adapters.log.rows import RecordWriter
from server.replay.answering import Answering
from server.replay.recorded import text_of
from server.usecases.refusals import UnknownName
from tests.log.records import records

RULES = """\
settings { timezone "Europe/Berlin"  currency EUR  rate 1 USD = 0.5 EUR }
profile user { id: text key  name: text optional  age: int optional }
policy gentle default { cap push 1 per day }
plan hello {
  send push "hello" with name = user.name, age = user.age
  value 3 USD
  cost 0.25 EUR
}
decide best { among hello }
"""


@pytest.mark.parametrize("seed", range(3))
def test_answers_are_those_on_record(seed: int) -> None:
    made, of_version = records(seed, 60)
    write = RecordWriter(mask=False)
    answering = Answering(made.serving.ruleset, made.files.files)
    for record in of_version:
        row = write(record)
        found = answering.answer(row["kind"], orjson.loads(row["asked"]), answering.facts(row["facts"]))
        assert (found.verdict, found.channel, found.until) == (row["verdict"], row["channel"], row["until"])
        asks_for_plans = row["kind"] in ("decide", "match_plan")
        assert found.plan == (row["plan"] if asks_for_plans else None)
        assert found.crowds == frozenset(orjson.loads(row["outcome"]).get("yes", ()))
        said = {
            f"{each['rule']} at {each['location']}: {each['code'].replace('_', ' ')}"
            for each in row["reasons"]
        }
        assert {each.replace("_", " ") for each in found.limits} <= {each.replace("_", " ") for each in said}


def test_a_send_has_content_value_and_cost() -> None:
    answering = answering_of(RULES)
    facts = answering.facts('{"now":"2026-03-02T12:00:00Z","user":{"id":"u","name":"Ann"}}')
    found = answering.answer("match_plan", {"decide": "best"}, facts)
    assert found.content == 'hello with name = "Ann", age = missing'
    assert (found.value, found.cost) == (1.5, 0.25)


def test_a_limit_is_told_by_rule_and_line() -> None:
    answering = answering_of(RULES)
    touch = {"time": "2026-03-02T09:00:00Z", "activity": "other", "channel": "push", "occurrence": "1"}
    facts = answering.facts(text_of({"now": "2026-03-02T12:00:00Z", "user": {"id": "u"}, "touches": [touch]}))
    found = answering.answer("match_plan", {"decide": "best"}, facts)
    assert (found.verdict, found.limits) == ("block", ("policy gentle at rules.sua:3: cap",))


def test_what_a_version_does_not_declare_is_refused() -> None:
    answering = answering_of(RULES)
    facts = answering.facts('{"now":"2026-03-02T12:00:00Z","user":{"id":"u"}}')
    with pytest.raises(UnknownName, match="decide"):
        answering.answer("match_plan", {"decide": "worst"}, facts)


def answering_of(text: str) -> Answering:
    source = Source("rules.sua", text)
    compiled = compile_ruleset([source])
    assert compiled.ruleset is not None, compiled.diagnostics
    return Answering(compiled.ruleset, [source])
