"""Rules, facts and instants for tests of the decision program, in few words."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from compiler.checked.ir import IsMissing
from compiler.decision.program import Program, compile_program
from compiler.driver import compile_ruleset
from compiler.facts import Event, Facts, Touch
from compiler.types import Value
from dsl.source import Source

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

DECLARATIONS = """
settings { timezone "UTC" currency EUR week starts monday rate 1 USD = 0.92 EUR }
profile user {
  id: text key
  zone: timezone optional
  i: int optional      j: int optional      n: number optional   k: number optional
  m: money EUR optional  usd: money USD optional
  t: text optional     u: text optional     f: flag optional     g: flag optional
  tier: choice(free, plus) optional
  since: instant optional  born: date optional  gap: duration optional
  app: version optional    tags: set(text) optional
}
input { page: text optional }
event view { price: money EUR  sku: text optional  n: number optional  i: int optional  gap: duration optional }
event order { price: money EUR  sku: text optional }
event refund { sku: text optional }
list vip
"""


def at(text: str, zone: str = "UTC") -> int:
    """`2026-03-01 20:10` on the wall clock of a zone, as microseconds."""
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return round(moment.timestamp()) * SECOND


def shown(instant: int | None) -> str | None:
    """Microseconds as `2026-03-01 20:10` in UTC."""
    return (
        None if instant is None else datetime.fromtimestamp(instant // SECOND, UTC).strftime("%Y-%m-%d %H:%M")
    )


NOW = at("2026-03-01 12:00")


@cache
def program(text: str) -> Program:
    compiled = compile_ruleset([Source("rules.sua", text)])
    assert compiled.ruleset is not None, [str(each) for each in compiled.diagnostics]
    return compile_program(compiled.ruleset)


def facts(now: int = NOW, **parts: Any) -> Facts:
    return Facts(now, **parts)


def events(*times: int, **fields: Value) -> tuple[Event, ...]:
    return tuple(Event(time, f"e{index}", fields) for index, time in enumerate(sorted(times)))


def touch(time: int, activity: str = "p", channel: str = "push", **parts: Any) -> Touch:
    known: dict[str, Any] = {
        "tags": frozenset(),
        "counted": True,
        "campaign": None,
        "occurrence": f"{activity}/x",
    }
    return Touch(time, activity, channel, **(known | parts))


def answer(condition: str, known: Facts | None = None, **user: Value) -> bool | None:
    """Of a condition, for a user with these attributes."""
    return program(f"{DECLARATIONS}\ncrowd c {{ {condition} }}").crowd("c", known or facts(user=user))


def value(expression: str, known: Facts | None = None, **user: Value) -> Value:
    """Of an expression, for a user with these attributes."""
    made = program(f"{DECLARATIONS}\ncrowd c {{ ({expression}) is missing }}")
    condition = made.ruleset.crowds["c"].condition
    assert isinstance(condition, IsMissing)
    return made.evaluate(condition.term, known or facts(user=user))
