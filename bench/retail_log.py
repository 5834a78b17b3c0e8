"""A log of the retail rules: customers shop, each event asks `best_offer`, and what is sent is remembered."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from compiler.driver import compile_ruleset
from compiler.facts import Event, Facts, Opened, Touch
from compiler.manifest import OfDecide
from compiler.outcome import Decision, Verdict
from dsl.source import Source
from examples.retail.shopping import customers, events
from server.ports import Record, RuleFiles, WhenFull
from server.usecases.active_rules import Serving
from server.usecases.occurrences import fates
from server.wiring import decision_log
from suasion_client import Event as Told
from suasion_client import Money

RULES = Path(__file__).resolve().parent.parent / "examples" / "retail" / "rules.sua"
DECIDE = "best_offer"
EACH = 20
"""Records of a customer, on average."""


@dataclass(slots=True)
class Customer:
    """What is known of a customer so far."""

    profile: Mapping[str, Any]
    events: dict[str, tuple[Event, ...]] = field(default_factory=dict)
    touches: tuple[Touch, ...] = ()
    opened: tuple[Opened, ...] = ()


def retail() -> tuple[RuleFiles, Serving]:
    source = Source(RULES.name, RULES.read_text(encoding="utf-8"))
    compiled = compile_ruleset([source])
    assert compiled.ruleset is not None
    return RuleFiles((source,)), Serving.of(compiled.ruleset, [source])


def records(serving: Serving, count: int, seed: int = 1) -> Iterator[Record]:
    """So many answers, by time; the same for the same arguments."""
    profiles = customers(max(1, count // EACH), seed)
    known = {
        each.user: Customer(serving.reader.read_profile({"id": each.user, **each.attributes}).value)
        for each in profiles
    }
    for told in islice(events(list(known), seed), count):
        yield record(serving, known[told.user], told)


def record(serving: Serving, customer: Customer, told: Told) -> Record:
    manifest = serving.manifest(OfDecide(DECIDE))
    event = read(serving, told)
    customer.events = {**customer.events, told.type: (*customer.events.get(told.type, ()), event)}
    facts = Facts(event.time, customer.profile, events=customer.events, touches=customer.touches)
    openings = serving.program.openings(told.type, event, facts)
    plans = serving.ruleset.decides[DECIDE].plans
    opened = [Opened(each.plan, event.id) for each in openings if each.plan in plans]
    facts = manifest.cut(replace(facts, opened=(*customer.opened, *opened)))
    decision = serving.program.decide(DECIDE, facts)
    customer.touches += sent(serving, decision, event.time)
    customer.opened = still_open(serving, decision, facts)
    return Record(
        decision_id=told.id,
        kind="decide",
        asked={"decide": DECIDE},
        user=told.user,
        version=serving.version,
        ruleset=serving.ruleset,
        manifest=manifest,
        facts=facts,
        outcome=decision,
        missing=(),
        unavailable=(),
        latency=1,
        advisory=False,
    )


def read(serving: Serving, told: Told) -> Event:
    fields = {
        name: {"amount": value.amount, "currency": value.currency} if isinstance(value, Money) else value
        for name, value in told.fields.items()
    }
    time = int(told.time.timestamp()) * 1_000_000
    return Event(time, told.id, serving.reader.read_fields(told.type, fields).value)


def still_open(serving: Serving, decision: Decision, facts: Facts) -> tuple[Opened, ...]:
    ended = fates(serving, decision, facts).ended
    activities = {name: plan.activity for name, plan in serving.ruleset.plans.items()}
    return tuple(each for each in facts.opened or () if (activities[each.plan], each.event_id) not in ended)


def sent(serving: Serving, decision: Decision, now: int) -> tuple[Touch, ...]:
    if decision.verdict is not Verdict.SEND:
        return ()
    first = decision.attempts[0]
    return (serving.program.touch(first.plan, first.channel, first.occurrence, now),)


async def write(directory: Path, count: int) -> None:
    rules, serving = retail()
    log = decision_log(str(directory), full=WhenFull.BLOCK, mask=False)
    log.keep(serving.version, rules)
    for each in records(serving, count):
        await log.record(each)
    await log.close()


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1]), int(sys.argv[2])))
