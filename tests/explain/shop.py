"""The rules of `shop.sua`, and users of it in few words."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from compiler.cases.texts import Texts
from compiler.checked.ir import RuleSet
from compiler.decision.program import compile_program
from compiler.driver import compile_ruleset
from compiler.explain.asked import Asked
from compiler.facts import Event, Facts, Touch
from compiler.types import Value
from dsl.source import Source

EURO = 1_000_000
MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@cache
def compiled(text: str, name: str = "rules.sua") -> tuple[RuleSet, Texts, Asked]:
    """A rule set without a fault, its texts, and what asks it."""
    found = compile_ruleset([Source(name, text)])
    assert found.ruleset is not None, [each.message for each in found.diagnostics]
    return found.ruleset, Texts(found.sources.values()), Asked(compile_program(found.ruleset))


SHOP = Path(__file__).with_name("shop.sua").read_text(encoding="utf-8")


def shop() -> tuple[RuleSet, Texts, Asked]:
    return compiled(SHOP, "shop.sua")


def at(text: str, zone: str = "Europe/Berlin") -> int:
    """`2026-03-01 20:10` by the clock of a zone, in microseconds."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1_000_000


def cart(time: str, euros: float | None, id: str = "") -> tuple[str, Event]:
    price = None if euros is None else round(euros * EURO)
    fields: dict[str, Value] = {"sku": "s"} if price is None else {"sku": "s", "price": price}
    return "cart_add", Event(at(time), id or time, fields)


def order(time: str, euros: float = 5) -> tuple[str, Event]:
    return "order_paid", Event(at(time), f"order {time}", {"total": round(euros * EURO)})


def touch(time: str, activity: str, channel: str, **more: Any) -> Touch:
    known: dict[str, Any] = {"counted": True, "campaign": None, "occurrence": f"{activity}/old"}
    return Touch(at(time), activity, channel, frozenset(), **(known | more))


def user(now: str, *events: tuple[str, Event], **parts: Any) -> Facts:
    """Nobody is held out unless the parts say so. Attributes are parts that Facts does not have."""
    history: dict[str, list[Event]] = defaultdict(list)
    for name, event in sorted(events, key=lambda each: (each[1].time, each[1].id)):
        history[name].append(event)
    known = {name: tuple(all_) for name, all_ in history.items()} | parts.pop("unavailable", {})
    attributes: dict[str, Any] = {"id": "u1", "timezone": "Europe/Berlin", "email_ok": True}
    for name in [each for each in parts if each not in Facts.__slots__]:
        attributes[name] = parts.pop(name)
    told: dict[str, Any] = {"held_out": frozenset(), **parts}
    return Facts(at(now), user=attributes, events=known, **told)


def where(snippet: str) -> str:
    """`shop.sua:36`: the one line of the rules that holds this."""
    (line,) = (number for number, line in enumerate(SHOP.splitlines(), start=1) if snippet in line)
    return f"shop.sua:{line}"
