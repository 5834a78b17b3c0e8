"""Answers of a server, for people."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from rich.console import Console
from rich.table import Table
from suasion.v1 import answer_pb2

ANSWERS: Mapping[int, str] = {
    answer_pb2.ANSWER_YES: "yes",
    answer_pb2.ANSWER_NO: "no",
    answer_pb2.ANSWER_UNKNOWN: "unknown",
}
Show = Callable[[Console], None]


def instant(timestamp: Timestamp) -> str:
    return str(timestamp.ToJsonString())


def word(enum: Any, value: int) -> str:
    """`VERDICT_SEND` as `send`."""
    name: str = enum.Name(value)
    return name.removeprefix(f"{enum.DESCRIPTOR.name.upper()}_").lower()


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
    if not response.attempts:
        return named
    first = response.attempts[0]
    arguments = "".join(f", {each.name} = {value(each.value_json)}" for each in first.arguments)
    return f'{named} by {first.channel} "{first.content}"{arguments}'


def verdict_of(answer: Any) -> str:
    """`wait until 2026-03-02T08:00:00Z`."""
    verdict = word(answer_pb2.Verdict, answer.verdict)
    return f"{verdict} until {instant(answer.until_time)}" if answer.HasField("until_time") else verdict


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
        table.add_column(title, overflow="fold")
    return table
