"""Answers of a server, for people."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from rich.console import Console
from rich.table import Table
from suasion.v1 import answer_pb2, contact_pb2

from cli.releasing import SHORT, served

ANSWERS: Mapping[int, str] = {
    answer_pb2.ANSWER_YES: "yes",
    answer_pb2.ANSWER_NO: "no",
    answer_pb2.ANSWER_UNKNOWN: "unknown",
}
COPIED = frozenset({"contact"})
"""Columns whose cells people copy, so that they stay whole."""
CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
Show = Callable[[Console], None]


def instant(timestamp: Timestamp) -> str:
    return str(timestamp.ToJsonString())


def word(enum: Any, value: int) -> str:
    """`VERDICT_SEND` as `send`."""
    name: str = enum.Name(value)
    return name.removeprefix(f"{CAPITAL.sub('_', enum.DESCRIPTOR.name).upper()}_").lower()


def crowds(response: Any) -> Show:
    return table_of(response, response.answers)


def all_crowds(response: Any) -> Show:
    return table_of(response, (*response.crowds, *response.unknown_crowds))


def table_of(response: Any, answers: Iterable[Any]) -> Show:
    table = columns("crowd", "in it", "why", "rule")
    for each in answers:
        reason = each.reasons[0]
        table.add_row(each.crowd, ANSWERS[each.answer], reason.text, reason.location)
        for part in each.explanation:
            table.add_row("", "", "  " * (part.depth + 1) + explained(part), part.location)
    return with_provenance(table, response)


def explained(part: Any) -> str:
    """`no: count of cart_add within 7 days >= 2, needs at least 2 (1 more cart_add)`."""
    said = (
        f"{ANSWERS[part.answer]}: {part.text}" if part.answer else f"{part.text} is {value(part.value_json)}"
    )
    margin = f", needs {part.needs}" + (f" ({part.needs_by})" if part.needs_by else "") if part.needs else ""
    gap = f", {part.gap}" if part.gap else ""
    return f"{said}{margin}{gap}"


def plan(response: Any) -> Show:
    table = columns("plan", "verdict", "fell at", "why", "rule")
    for each in response.plans:
        fell = word(answer_pb2.Gate, each.fell_at) if each.fell_at else ""
        verdict = verdict_of(each)
        name = each.plan
        for reason in each.reasons or response.reasons:
            table.add_row(name, verdict, fell, reason.text + behind(each, reason), reason.location)
            name = verdict = fell = ""

    def show(console: Console) -> None:
        console.print(headline(response))
        for each in response.scheduled:
            console.print(f"{each.plan} is due {instant(each.due_time)} ({each.occurrence})")
        with_provenance(table, response)(console)

    return show


def behind(outcome: Any, reason: Any) -> str:
    """By how much a plan lost."""
    return f", by {value(outcome.margin_json)}" if reason.code == "lost" and outcome.margin_json else ""


def value(text: str) -> str:
    """`0.50 EUR` for money; other values as they are."""
    found = json.loads(text)
    return f"{found['amount']} {found['currency']}" if isinstance(found, dict) and "amount" in found else text


def headline(response: Any) -> str:
    """`best: send nudge by push, nudge_v3`."""
    said = f"{response.decide}: {verdict_of(response)}"
    named = f"{said} {response.plan}" if response.plan else said
    first = response.contact if hasattr(response, "contact") else next(iter(response.attempts), None)
    if first is None or not first.channel:
        return named
    arguments = "".join(f", {each.name} = {value(each.value_json)}" for each in first.arguments)
    return f'{named} by {first.channel} "{first.content}"{arguments}'


def verdict_of(answer: Any) -> str:
    """`wait until 2026-03-02T08:00:00Z`."""
    verdict = word(answer_pb2.Verdict, answer.verdict)
    return f"{verdict} until {instant(answer.until_time)}" if answer.HasField("until_time") else verdict


def decision(response: Any) -> Show:
    def show(console: Console) -> None:
        plan(response)(console)
        if response.HasField("contact"):
            console.print(contact_line(response.contact))

    return show


def a_contact(response: Any) -> Show:
    return lambda console: console.print(contact_line(response.contact))


def reserved(response: Any) -> Show:
    def show(console: Console) -> None:
        contact(response)(console)
        if response.HasField("contact"):
            console.print(contact_line(response.contact))

    return show


def contacts(response: Any) -> Show:
    table = columns("reserved at", "state", "plan", "channel", "content", "contact")
    for each in response.contacts:
        state = word(contact_pb2.ContactState, each.state)
        table.add_row(
            instant(each.reserve_time), state, each.plan, each.channel, each.content, each.contact_id
        )

    def show(console: Console) -> None:
        console.print(table if table.row_count else "no contacts")
        if response.next_page_token:
            console.print("there are more")

    return show


def uncertain(response: Any) -> Show:
    """Whose each is, and by what a channel tells repeats apart."""
    table = columns("reserved at", "user", "channel", "occurrence", "contact")
    for each in response.contacts:
        table.add_row(
            instant(each.reserve_time), each.user_id, each.channel, each.occurrence, each.contact_id
        )
    return lambda console: console.print(
        table if table.row_count else "of every contact it is known what became"
    )


def contact_line(each: Any) -> str:
    """`contact c-1: dispatched, token 1, until 2026-03-02T08:05:00Z`."""
    state = word(contact_pb2.ContactState, each.state)
    token = f", token {each.fencing_token}" if each.fencing_token else ""
    until = f", until {instant(each.lease_expire_time)}" if each.HasField("lease_expire_time") else ""
    duplicate = ", a duplicate" if each.duplicate else ""
    return f"contact {each.contact_id}: {state}{token}{until}{duplicate}"


def status(response: Any) -> Show:
    table = columns("what", "how it is")
    table.add_row("server", "ready" if response.ready else "not ready")
    for each in (*response.versions, *([response.shadow] if response.HasField("shadow") else ())):
        since = f"release {each.epoch}, since {instant(each.serve_time)}"
        table.add_row("version", f"{each.version[:SHORT]} for {served(each)}, {since}")
    if response.HasField("last_load_failure"):
        table.add_row("did not load", response.last_load_failure.message)
    for each in response.stores:
        table.add_row(f"store {each.name}", "answers" if each.answers else each.problem)
    table.add_row("timers", f"late by {response.timers_lag_duration.ToJsonString()}")
    table.add_row("clock", f"{response.clock}, {instant(response.now_time)}")
    table.add_row("up since", instant(response.start_time))
    for each in response.figures:
        table.add_row(each.name, f"{each.value:g} {each.unit}")
    return lambda console: console.print(table)


def contact(response: Any) -> Show:
    table = columns("why", "channel", "rule", "line")
    for each in response.reasons:
        table.add_row(each.text, each.channel, each.rule, each.location)

    def show(console: Console) -> None:
        by = f" by {response.channel}" if response.channel else ""
        console.print(f"{verdict_of(response)}{by}")
        with_provenance(table, response)(console)

    return show


def rule_set(response: Any) -> Show:
    declared = response.rule_set
    table = columns("kind", "name", "what it is", "line")
    for kind in ("crowds", "scores", "policies", "campaigns", "plans", "decides", "events", "lists"):
        for each in getattr(declared, kind):
            table.add_row(kind, each.name, each.doc, each.location)

    def show(console: Console) -> None:
        if table.row_count:
            console.print(table)
        state = "decides now" if declared.active else "does not decide now"
        console.print(f"version {declared.version}, {state}")

    return show


def with_provenance(table: Table, response: Any) -> Show:
    told = response.provenance

    def show(console: Console) -> None:
        if table.row_count:
            console.print(table)
        for title, names in (("missing", told.missing), ("unavailable", told.unavailable)):
            if names:
                console.print(f"{title}: {', '.join(names)}")
        console.print(
            f"at {instant(told.evaluate_time)}, version {told.version}, decision {told.decision_id}"
        )

    return show


def columns(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        table.add_column(title, overflow="fold", no_wrap=title in COPIED)
    return table
