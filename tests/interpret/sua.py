"""Rule sets from their text, and what is known of a user in the words of a test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from compiler.checked.from_ast import check
from compiler.checked.ir import RuleSet
from compiler.checked.world import CheckCache
from compiler.facts import Event, Facts, Touch
from compiler.outcome import Because, PlanOutcome, Reason
from compiler.types import Value
from dsl.parse import ParseCache, parse
from dsl.source import Source

BASE = """
settings { timezone "UTC"  currency EUR  week starts monday }
profile user { id: text key  timezone: timezone optional  vip: flag optional }
"""
"""What the scenarios have in common."""


@cache
def rules(text: str) -> RuleSet:
    """A rule set without a fault, from one text."""
    parsed = parse(Source("rules.sua", text), ParseCache())
    checked = check([parsed.file], lambda module: None, CheckCache())
    errors = [each for each in (*parsed.diagnostics, *checked.diagnostics) if each.severity == "error"]
    assert not errors, errors
    assert checked.ruleset is not None
    return checked.ruleset


def local(text: str, zone: str) -> int:
    """`2026-03-01 20:10` by the clock of a zone, as microseconds."""
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return round(moment.timestamp()) * 1_000_000


def happened(name: str, time: int, id: str = "", **fields: Value) -> tuple[str, Event]:
    return name, Event(time, id or f"{name}-{time}", fields)


def told(now: int, *events: tuple[str, Event], **parts: Any) -> Facts:
    """Facts in which nobody is held out, unless the parts say so."""
    history: dict[str, list[Event]] = defaultdict(list)
    for name, event in sorted(events, key=lambda each: (each[1].time, each[1].id)):
        history[name].append(event)
    known = {name: tuple(all_) for name, all_ in history.items()} | parts.pop("unavailable", {})
    return Facts(now, events=known, **({"held_out": frozenset()} | parts))


def touch(time: int, activity: str, channel: str, *tags: str, **more: Any) -> Touch:
    return Touch(
        time,
        activity,
        channel,
        frozenset(tags),
        **({"counted": True, "campaign": None, "occurrence": ""} | more),
    )


def because(of: PlanOutcome | Iterable[Reason]) -> list[Because]:
    """The kinds of the reasons, in order."""
    reasons = of.reasons if isinstance(of, PlanOutcome) else of
    return [reason.because for reason in reasons]
