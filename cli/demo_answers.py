"""What `suasion demo` shows of the server's answers."""

import json
import textwrap
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp
from rich.console import Console
from rich.text import Text
from suasion.v1 import answer_pb2
from suasion.v1 import decision_service_pb2 as pb

from cli.ask_shown import ANSWERS, explained
from cli.demo_questions import EVENING, RULES, Contact, Findings
from cli.purchases import PUBLISHED, ZONE

USUAL = "127.0.0.1:50051"
"""Where `suasion serve` answers and `suasion ask` asks, unless told otherwise."""
PATH = "examples/cdnow/rules.sua"
WIDTH = 100
LIFE = ("life.new", "life.active", "life.lapsing", "life.lapsed", "life.won_back")
FELL = {
    answer_pb2.GATE_ELIGIBLE: "not eligible",
    answer_pb2.GATE_RELEVANT: "not relevant",
    answer_pb2.GATE_CONTACTABLE: "blocked",
    answer_pb2.GATE_RANKED: "not ranked",
    answer_pb2.GATE_HOLDOUT: "held out",
    answer_pb2.GATE_CHOSEN: "loses",
}
STYLES = {
    answer_pb2.VERDICT_SEND: "bold green",
    answer_pb2.VERDICT_WAIT: "bold yellow",
    answer_pb2.VERDICT_BLOCK: "bold red",
}


def show(console: Console, findings: Findings) -> None:
    """Everything, for people."""
    parts = (heading, repeats, life_cycle, plans, matched, member, contacts, more)
    for number, part in enumerate(parts):
        if number:
            console.print()
        for line in part(findings):
            console.print(line)


def heading(findings: Findings) -> Iterator[Text]:
    sent = findings.sent
    yield Text(
        f"{sent.recorded:,} purchases of {findings.customers:,} customers of CDNOW, "
        "January 1997 to June 1998, sent over gRPC",
        "bold",
    )
    yield Text(f"rules: {PATH}, version {sent.rules.version[:12]}…")
    yield Text(
        f"now: {local(first(findings).provenance.evaluate_time)} in New York, the time of the last purchase"
    )


def first(findings: Findings) -> pb.MatchPlanResponse:
    return next(iter(findings.matched.values()))


def repeats(findings: Findings) -> Iterator[Text]:
    yield Text("Repeat purchase days by 1997-09-30: customers, and customers as published", "bold")
    for crowd, published in PUBLISHED.items():
        found = findings.crowds.get(crowd, 0)
        days = crowd.removeprefix("repeats_").replace("7_plus", "7 and more")
        line = Text(f"  {days:14} {found:>8,} {published:>8,}  ")
        yield line.append("✓", "green") if found == published else line.append("✗ differs", "bold red")


def life_cycle(findings: Findings) -> Iterator[Text]:
    docs = {crowd.name: crowd.doc for crowd in findings.sent.rules.crowds}
    yield Text("Life cycle: customers", "bold")
    for crowd in LIFE:
        yield Text(f"  {crowd:14} {findings.crowds.get(crowd, 0):>8,}  {docs[crowd]}")
    together = sum(findings.crowds.get(crowd, 0) for crowd in LIFE)
    yield Text(f"  {'together':14} {together:>8,}  Every buyer is in exactly one of them")


def plans(findings: Findings) -> Iterator[Text]:
    yield Text("Best plan: customers", "bold")
    for plan in findings.sent.rules.plans:
        yield Text(f"  {plan.name:14} {findings.best.get(plan.name, 0):>8,}  {plan.doc}")
    yield Text(f"  {'none':14} {findings.best.get('', 0):>8,}  Nothing fits today")


def matched(findings: Findings) -> Iterator[Text]:
    yield Text("Five customers: their best plan, and why not the others", "bold")
    for customer, answer in findings.matched.items():
        yield from best_plan(customer, answer)


def best_plan(customer: str, answer: pb.MatchPlanResponse) -> Iterator[Text]:
    yield Text(f"  customer {customer:5} ").append_text(verdict(answer)).append(worth(answer))
    for outcome in answer.plans:
        lacking = f", {amount(outcome.margin_json)} less" if outcome.margin_json else ""
        for reason in outcome.reasons if outcome.fell_at else ():
            words = f"{FELL[outcome.fell_at]}: {reason.text}{quoted(reason)}{lacking}"
            yield from wrapped(f"    {outcome.plan:14} ", words, reason.location)


def quoted(reason: answer_pb2.Reason) -> str:
    """The line of the rules behind "not in its audience", which says little without it."""
    if reason.code != "for":
        return ""
    line = int(reason.location.rpartition(":")[2])
    return f" ({RULES.read_text(encoding='utf-8').splitlines()[line - 1].strip()})"


def worth(answer: pb.MatchPlanResponse) -> str:
    rank = next((each.rank_json for each in answer.plans if each.plan == answer.plan), "")
    return f", worth {amount(rank)}" if rank else ""


def verdict(answer: pb.MatchPlanResponse | pb.CheckContactResponse) -> Text:
    """`SEND  come_back by email`, `WAIT  by email until 1998-07-01 09:00`."""
    name = answer_pb2.Verdict.Name(answer.verdict).removeprefix("VERDICT_")
    plan = answer.plan if isinstance(answer, pb.MatchPlanResponse) else ""
    channel = f"by {answer.channel}" if answer.channel else ""
    until = f"until {local(answer.until_time)}" if answer.HasField("until_time") else ""
    words = " ".join(part for part in (plan, channel, until) if part)
    return Text.assemble(
        (name, STYLES.get(answer.verdict, "bold")), f"{'':{6 - len(name)}}{words}" if words else ""
    )


def member(findings: Findings) -> Iterator[Text]:
    crowd = findings.member.answers[0]
    customer = next(each.customer for each in findings.contacts)
    yield Text(f"Is customer {customer} in {crowd.crowd}? {ANSWERS[crowd.answer]}, because:", "bold")
    for part in crowd.explanation:
        yield from wrapped("  " * (part.depth + 1), explained(part), part.location)


def contacts(findings: Findings) -> Iterator[Text]:
    yield Text("May they be written to?", "bold")
    for each in findings.contacts:
        yield Text(f"  customer {each.customer}, {each.plan}, {each.when}")
        yield Text("    ").append_text(verdict(each.answer))
        for reason in each.answer.reasons:
            yield from wrapped(" " * 10, reason.text, reason.location)


def wrapped(start: str, words: str, location: str) -> Iterator[Text]:
    """Words behind a start, over as many lines as they need, and the place in the rules at their end."""
    lines = textwrap.wrap(f"{words}  {location}", WIDTH - len(start), break_on_hyphens=False)
    for number, line in enumerate(lines):
        text = Text((" " * len(start) if number else start) + line)
        text.highlight_words([location], "dim")
        yield text


def more(findings: Findings) -> Iterator[Text]:
    yield Text("More", "bold")
    for command, does in MORE.items():
        yield Text(f"  {command:44} {does}")


MORE = {
    "./suasion demo --keep": "leaves the server running, for ./suasion ask",
    f"./suasion test {PATH}": "runs the tests that stand in these rules",
    "./suasion new my-shop": "starts rules of your own",
}


def ask_more(findings: Findings, address: str) -> str:
    """What to type while the server runs; `address` is named where it is not the usual one."""
    server = "" if address == USUAL else f" --server {address}"
    customer, crowd = findings.contacts[0].customer, findings.member.answers[0].crowd
    contact = f"{customer} {findings.contacts[0].plan} --as-of {EVENING.isoformat()}"
    questions = (
        f"list {customer}",
        f"crowds {customer} {crowd}",
        f"plan {customer}",
        f"contact {contact}",
        "rules",
    )
    lines = [f"  ./suasion ask {question}{server}" for question in questions]
    return "\n".join(
        ["\nask more in another terminal:", *lines, f"the server answers on {address} until Ctrl-C"]
    )


def local(instant: Timestamp) -> str:
    return f"{datetime.fromtimestamp(instant.seconds, ZONE):%Y-%m-%d %H:%M}"


def amount(text: str) -> str:
    """`{"amount":"1.90","currency":"USD"}` as people write it."""
    value = json.loads(text)
    return f"{value['amount']} {value['currency']}" if isinstance(value, dict) else str(value)


# ---- as JSON


def as_json(findings: Findings) -> dict[str, Any]:
    """Everything, for programs; answers as protobuf writes them."""
    sent = findings.sent
    return {
        "version": sent.rules.version,
        "events": {"recorded": sent.recorded, "repeated": sent.repeated},
        "customers": findings.customers,
        "repeats": [
            {"crowd": crowd, "customers": findings.crowds.get(crowd, 0), "published": published}
            for crowd, published in PUBLISHED.items()
        ],
        "crowds": {crowd.name: findings.crowds.get(crowd.name, 0) for crowd in sent.rules.crowds},
        "best_plans": {plan or None: count for plan, count in findings.best.items()},
        "matched": {customer: MessageToDict(answer) for customer, answer in findings.matched.items()},
        "member": MessageToDict(findings.member),
        "contacts": list(contacts_json(findings.contacts)),
    }


def contacts_json(contacts: Iterable[Contact]) -> Iterator[dict[str, Any]]:
    for each in contacts:
        yield {"customer": each.customer, "plan": each.plan, "answer": MessageToDict(each.answer)}
