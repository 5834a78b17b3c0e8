"""Facts that are written and read again are the same facts; what is private is not there."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from compiler.checked.ir import RuleSet
from compiler.driver import compile_ruleset
from compiler.facts import Event, Facts, Opened, Total, Touch
from compiler.facts_from_json import FactsError, Reader
from compiler.facts_to_json import FactsWriter
from compiler.types import MISSING, UNAVAILABLE
from compiler.wire.parts import budget_types
from dsl.source import Source
from tests.agreement.people import contacted
from tests.agreement.rulesets import whole

RULES = """
profile user {
  id:    text key private
  email: text private optional
  age:   int  private optional
  tier:  choice(free, plus) default free
}
input { phone: text private optional  page: text default "home" }
event order { order: text  coupon: text private  total: money EUR private  qty: int default 1 }
list staff
plan remind { on order  once per coupon  send push "r" }
plan thank  { on order  once per order   send push "t" }
decide best { among remind, thank }
"""


def compiled(text: str) -> RuleSet:
    result = compile_ruleset([Source("rules.sua", text)])
    assert result.ruleset is not None, result.diagnostics
    return result.ruleset


def there_and_back(ruleset: RuleSet, facts: Facts, *, mask: bool = False) -> Facts:
    text = orjson.dumps(FactsWriter(ruleset, mask=mask).write(facts))
    return Reader(ruleset, recorded=True).read_facts(orjson.loads(text)).value


def without_nothing(ruleset: RuleSet, facts: Facts) -> Facts:
    """The facts without entries that say what goes without saying, and without budgets that no rule has."""
    budgets = facts.budgets
    if budgets is not UNAVAILABLE:
        budgets = {owner: used for owner, used in budgets.items() if owner in budget_types(ruleset)}
    return replace(
        facts,
        user={name: value for name, value in facts.user.items() if value is not MISSING},
        input={name: value for name, value in facts.input.items() if value is not MISSING},
        events={
            name: events if events is UNAVAILABLE else tuple(map(present, events))
            for name, events in facts.events.items()
            if events
        },
        lists={name: holds for name, holds in facts.lists.items() if holds},
        budgets=budgets,
    )


def present(event: Event) -> Event:
    fields = {name: value for name, value in event.fields.items() if value is not MISSING}
    return replace(event, fields=fields)


@pytest.mark.parametrize("seed", range(12))
def test_generated_people_come_back_as_they_were(seed: int) -> None:
    ruleset, random = compiled(whole(seed)), Random(seed)
    for _ in range(60):
        facts = contacted(random, ruleset)
        assert there_and_back(ruleset, facts) == without_nothing(ruleset, facts)


def test_what_generated_people_do_not_have_comes_back_too() -> None:
    touch = Touch(9, "remind", "push", frozenset({"b", "a"}), False, "spring", "remind/coupon=x")
    facts = Facts(
        now=10,
        user={"id": "u", "email": UNAVAILABLE},
        input={"page": UNAVAILABLE},
        events={
            "order": (Event(1, "e1", {"order": "1", "total": UNAVAILABLE}), Event(2, "e1b", {"qty": -0}))
        },
        known_since={"order": -5},
        totals={
            "order/total/00": Total(
                3, 2, 1, 10**40, (Event(-9, "e0", {"total": 7}), Event(-8, "e", {})), -8, False
            ),
            "order//01": Total(),
        },
        lists={"staff": UNAVAILABLE},
        touches=(touch,),
        shadow=UNAVAILABLE,
        budgets=UNAVAILABLE,
        opened=(Opened("remind", "e1"),),
        held_out=frozenset(),
        request_id="r",
    )
    assert there_and_back(compiled(RULES), facts) == facts
    assert [each.name for each in fields(Facts) if getattr(facts, each.name) == each.default] == []


def test_a_default_does_not_stand_for_what_was_missing() -> None:
    assert "tier" not in there_and_back(compiled(RULES), Facts(now=0)).user


def test_more_than_a_request_may_hold_comes_back() -> None:
    events = tuple(Event(time, f"e{time:06}", {}) for time in range(10_001))
    assert there_and_back(compiled(RULES), Facts(now=0, events={"order": events})).events["order"] == events


def test_what_is_private_is_masked_in_the_copy_and_cannot_be_read() -> None:
    ruleset = compiled(RULES)
    facts = Facts(
        now=10,
        user={"id": "u1", "email": "zoe@example.org", "age": 4711, "tier": "plus"},
        input={"phone": "+49 30 901820", "page": "home"},
        events={"order": (Event(1, "e1", {"order": "o-1", "coupon": "SECRET", "total": 1_234_000}),)},
        touches=(
            Touch(2, "remind", "push", frozenset(), True, None, "remind/coupon=SECRET"),
            Touch(3, "thank", "push", frozenset(), True, None, "thank/order=o-1"),
            Touch(4, "gone", "push", frozenset(), True, None, "gone/voucher=SECRET"),
        ),
        totals={"order/total/00": Total(1, 1, sum=1_234_000), "order/qty/01": Total(1, 1, sum=2)},
    )
    document: Any = FactsWriter(ruleset, mask=True).write(facts)
    masked = {"masked": True}
    assert document["user"] == {"id": "u1", "email": masked, "age": masked, "tier": "plus"}
    assert document["input"] == {"phone": masked, "page": "home"}
    assert document["events"][0]["fields"] == {"order": "o-1", "coupon": masked, "total": masked}
    assert [each["occurrence"] for each in document["touches"]] == [masked, "thank/order=o-1", masked]
    assert document["totals"] == {
        "order/total/00": masked,
        "order/qty/01": {"count": 1, "present": 1, "sum": "2"},
    }
    text = orjson.dumps(document)
    assert not any(secret in text for secret in (b"SECRET", b"zoe", b"901820", b"4711", b"1.23"))
    with pytest.raises(FactsError, match=r"user\.email"):
        there_and_back(ruleset, facts, mask=True)


def test_a_private_value_that_is_not_there_is_not_masked() -> None:
    facts = Facts(now=0, user={"id": "u1", "email": UNAVAILABLE, "age": MISSING})
    document: Any = FactsWriter(compiled(RULES), mask=True).write(facts)
    assert document["user"] == {"id": "u1", "email": {"unavailable": True}}
    assert there_and_back(compiled(RULES), facts, mask=True).user == {"id": "u1", "email": UNAVAILABLE}


def test_requests_do_not_hold_marks() -> None:
    with pytest.raises(FactsError, match="expected a text"):
        Reader(compiled(RULES)).read_facts({"user": {"email": {"unavailable": True}}}, 0)


def test_the_total_on_the_page_reads_as_the_page_says() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "language" / "facts.md").read_text("utf-8")
    text = page.partition('```json\n{"totals"')[2].partition("```")[0]
    rules = compiled("event order_paid { price: money EUR }")
    facts = Reader(rules, recorded=True).read_facts(orjson.loads('{"totals"' + text), now=0).value
    (total,) = facts.totals.values()
    assert (total.count, total.present, total.unknown, total.sum) == (41, 40, 1, 1_230_500_000)
    assert [each.fields for each in total.standing] == [{"price": 30_000_000}, {"price": 2_500_000}]
    assert total.is_complete
