"""The rules and requests that the service is measured with: the shop of `bench.shop`, with plans for its crowds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.shop import Customer
from bench.workload import Rule, draw, ruleset_text
from compiler.checked.ir import RuleSet
from compiler.types import UNAVAILABLE
from compiler.wire.time_text import write_instant
from compiler.wire.writing import write_value

CROWDS, PLANS, CUSTOMERS = 100, 50, 400
POLICY = """
policy gentle default {
  quiet 21:00 to 09:00 user time then wait
  cap push 2 per day
  cap all 6 in any 7 days
  cooldown 20 hours after any send
  never email when not user.email_ok
}
"""


def shop() -> tuple[str, list[Customer]]:
    """A hundred crowds; fifty plans, each for one of them, a fifth of them on an event; customers."""
    rules, customers = draw(CROWDS, CUSTOMERS)
    plans = "".join(plan(number, rules[number]) for number in range(PLANS))
    among = ", ".join(f"plan_{number}" for number in range(PLANS))
    decide = f"decide best {{ among {among}  rank by value - cost then by listed order }}\n"
    return ruleset_text(rules) + POLICY + plans + decide, customers


def plan(number: int, crowd: Rule) -> str:
    trigger = f"on cart_add where price >= {number + 10} EUR wait {number} hours unless order_paid"
    return f"""plan plan_{number} {{
  for {crowd.name}
  {trigger if number % 5 == 0 else ""}
  send push "p{number}" else email "e{number}"
  value {number % 17 + 1}.50 EUR
  cost 0.02 EUR
}}
"""


def attributes(ruleset: RuleSet, customer: Customer) -> dict[str, Any]:
    """As JSON values."""
    return written(ruleset.attributes, customer.facts.user)


def events(ruleset: RuleSet, customer: Customer, newest: int) -> list[dict[str, Any]]:
    """The newest of each type, as facts in a request hold them."""
    return [
        {
            "event": name,
            "event_id": each.id,
            "time": write_instant(each.time),
            "fields": written(ruleset.events[name].fields, each.fields),
        }
        for name, known in customer.facts.events.items()
        if known is not UNAVAILABLE
        for each in known[-newest:]
    ]


def written(fields: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: write_value(fields[name].type, value) for name, value in values.items()}
