"""Records as rows: plain values, the same for every sink."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from importlib.metadata import version
from sys import getsizeof
from typing import Any, TypeAlias

import orjson
from cachetools import LRUCache

from compiler.checked.ir import RuleSet
from compiler.facts import Facts
from compiler.facts_to_json import FactsWriter
from compiler.outcome import Contact, Decision
from compiler.outcome_to_json import Outcome, OutcomeWriter
from compiler.types import UNAVAILABLE, Value
from compiler.wire.json_text import Json
from compiler.wire.marks import MASKED_MARK
from dsl.version import ENGINE_VERSION
from server.ports.log import Record

Row: TypeAlias = dict[str, Any]
"""By column (`server.adapters.log.columns`). Instants are microseconds; `asked`, `facts` and `outcome` JSON."""

TZDATA_VERSION = version("tzdata")
WRITERS = 64
"""Kept, one for each version of late."""
MASKED = orjson.dumps(MASKED_MARK)
"""Within JSON it can only be the mark: in a text the quotes would be escaped."""


class RecordWriter:
    """Makes rows. `mask`: private values are masked in the copy."""

    def __init__(self, *, mask: bool) -> None:
        self._mask = mask
        self._writers: LRUCache[str, tuple[FactsWriter, OutcomeWriter]] = LRUCache(WRITERS)

    def __call__(self, record: Record) -> Row:
        write_facts, write_outcome = self._writers_of(record.ruleset)
        facts = orjson.dumps(write_facts.write(record.manifest.cut(record.facts)))
        answer = record.outcome() if callable(record.outcome) else record.outcome
        document = write_outcome.write(answer, mask=MASKED in facts)
        outcome = orjson.dumps(document)
        return {
            "time": record.facts.now,
            "decision_id": record.decision_id,
            "kind": record.kind,
            "asked": orjson.dumps(dict(record.asked)).decode(),
            "user": record.user,
            **answered(answer, document, record.asked),
            "version": record.version,
            "plan_versions": [f"{plan}={version}" for plan, version in record.plan_versions.items()],
            "tzdata_version": TZDATA_VERSION,
            "engine_version": ENGINE_VERSION,
            "reservation_id": record.reservation,
            "latency_us": record.latency,
            "advisory": record.advisory,
            "degraded": bool(record.unavailable),
            "missing": list(record.missing),
            "unavailable": list(record.unavailable),
            "request_id": record.facts.request_id,
            "masked": MASKED in facts or MASKED in outcome,
            "shadow_of": record.shadow_of,
            "beside": record.beside,
            "facts": facts.decode(),
            "outcome": outcome.decode(),
        }

    def _writers_of(self, ruleset: RuleSet) -> tuple[FactsWriter, OutcomeWriter]:
        if (writers := self._writers.get(ruleset.hash)) is None:
            facts = FactsWriter(ruleset, mask=self._mask)
            writers = self._writers[ruleset.hash] = facts, OutcomeWriter(ruleset, facts)
        return writers


# ---- what was answered


def answered(outcome: Outcome, document: Mapping[str, Any], asked: Mapping[str, Json]) -> Row:
    """The columns that are asked for, from the outcome and its document."""
    if not isinstance(outcome, Decision | Contact):
        return {"verdict": None, "plan": None, "channel": None, "until": None, "occurrence": None} | {
            "reasons": [],
            "gates": [],
        }
    plans = document.get("plans", [])
    plan = document.get("plan", asked.get("plan"))
    named: Mapping[str, Any] = next((each for each in plans if each["plan"] == plan), {})
    fell_at = "holdout" if document["verdict"] == "holdout" else "contactable"
    reasons = plans or [{"plan": plan, "fell_at": fell_at, "reasons": document["reasons"]}]
    return {
        "verdict": document["verdict"],
        "plan": plan,
        "channel": document["channel"],
        "until": outcome.until,
        "occurrence": text_or_none(named.get("occurrence")),
        "reasons": [each for plan in reasons for each in spoken(plan)],
        "gates": [
            {"plan": each["plan"], "fell_at": each["fell_at"], "verdict": each["verdict"]} for each in plans
        ],
    }


def spoken(plan: Mapping[str, Any]) -> Iterator[Row]:
    for each in plan["reasons"]:
        yield {
            "plan": plan["plan"],
            "fell_at": plan["fell_at"],
            "code": each["code"],
            "rule": each["rule"],
            "location": each["location"],
        }


def text_or_none(value: Json) -> str | None:
    """A text; a mark is none."""
    return value if isinstance(value, str) else None


# ---- sizes

RECORD_BYTES = 2_000
EVENT_BYTES = 400
TOUCH_BYTES = 400
PART_BYTES = 700
"""Of a plan's outcome."""
NAME_BYTES = 100
"""Of a crowd's answer."""
ROW_BYTES = 2_000
"""Of a row beside its JSON."""


def weight(record: Record) -> int:
    """Bytes that a record holds in memory, roughly and rather too many."""
    return RECORD_BYTES + weight_of_facts(record.facts) + weight_of_outcome(record.outcome)


def weight_of_facts(facts: Facts) -> int:
    values = [*facts.user.values(), *facts.input.values()]
    count = 0
    for events in facts.events.values():
        if events is not UNAVAILABLE:
            count += len(events)
            for event in events:
                values += event.fields.values()
    touches = sum(len(each) for each in (facts.touches, facts.shadow) if each is not UNAVAILABLE)
    return size(values) + EVENT_BYTES * count + TOUCH_BYTES * touches


def size(values: Collection[Value]) -> int:
    """In a few microseconds for a hundred, as calls wait for it."""
    sets = [value for value in values if type(value) is frozenset] if frozenset in map(type, values) else ()
    return sum(map(getsizeof, values)) + sum(sum(map(getsizeof, each)) for each in sets)


def weight_of_outcome(outcome: Outcome | Callable[[], Outcome]) -> int:
    match outcome:
        case Decision():
            return PART_BYTES * (len(outcome.outcomes) + len(outcome.attempts))
        case Mapping():
            return NAME_BYTES * len(outcome)
    return PART_BYTES


def row_size(row: Row) -> int:
    return ROW_BYTES + len(row["facts"]) + len(row["outcome"]) + PART_BYTES * len(row["reasons"])
