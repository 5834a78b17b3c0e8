"""What `suasion demo` sends to the server and asks of it, all over gRPC."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1 import rule_set_service_pb2 as rules_pb
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.fact_service_pb2_grpc import FactServiceStub
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub
from suasion.v1.subject_pb2 import Subject

from cli.purchases import EXAMPLE, ZONE, timestamp

RULES = EXAMPLE / "rules.sua"
AT_A_TIME = 200
"""Events in one message of the stream."""
UNDER_WAY = 32
"""Questions put to the server before the first of them is answered."""
EVENING = datetime(1998, 6, 30, 22, 30, tzinfo=ZONE)
"""After 21:00, when the quiet hours of the example begin; the last purchase was at noon that day."""

Done = Callable[[int], None]
Question = TypeVar("Question")
Reply = TypeVar("Reply")


class Client:
    """The three services behind one channel."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self.decisions: Any = DecisionServiceStub(channel)  # type: ignore[no-untyped-call]
        self.facts: Any = FactServiceStub(channel)  # type: ignore[no-untyped-call]
        self.rules: Any = RuleSetServiceStub(channel)  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Sent:
    """What the server took in. `repeated` were known already."""

    rules: rules_pb.RuleSet
    recorded: int
    repeated: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Whether a customer may be contacted with a plan; `when` puts the question in words."""

    customer: str
    plan: str
    when: str
    answer: decisions_pb.CheckContactResponse


@dataclass(frozen=True, slots=True)
class Findings:
    """What the server answered. `best`: how many customers each plan is best for, the empty name for none."""

    sent: Sent
    customers: int
    crowds: Mapping[str, int]
    best: Mapping[str, int]
    matched: Mapping[str, decisions_pb.MatchPlanResponse]
    member: decisions_pb.CheckCrowdsResponse
    contacts: Sequence[Contact]


async def send(client: Client, events: Sequence[facts_pb.Event], done: Done) -> Sent:
    """The rules, then every event in one stream; each message is answered when its events are stored."""
    file = rules_pb.SourceFile(name=RULES.name, text=RULES.read_text(encoding="utf-8"))
    sources = rules_pb.Sources(files=[file])
    activated = await client.rules.Activate(rules_pb.RuleSetServiceActivateRequest(sources=sources))
    recorded = repeated = 0
    async for answer in client.facts.StreamEvents(messages(events)):
        recorded, repeated = recorded + answer.recorded_count, repeated + answer.duplicate_count
        done(len(answer.results))
    return Sent(activated.rule_set, recorded, repeated)


async def messages(events: Sequence[facts_pb.Event]) -> AsyncIterator[facts_pb.StreamEventsRequest]:
    for start in range(0, len(events), AT_A_TIME):
        yield facts_pb.StreamEventsRequest(events=events[start : start + AT_A_TIME])


async def ask(client: Client, sent: Sent, customers: Sequence[str], done: Done) -> Findings:
    """Crowds and the best plan of every customer, then what else is shown of a few."""

    async def both(customer: str) -> tuple[Any, Any]:
        subject = Subject(user_id=customer)
        listed = await client.decisions.ListCrowds(decisions_pb.ListCrowdsRequest(subject=subject))
        matched = await client.decisions.MatchPlan(decisions_pb.MatchPlanRequest(subject=subject))
        done(1)
        return listed, matched

    answers = await some_at_a_time(both, customers)
    best = {customer: matched for customer, (_, matched) in zip(customers, answers, strict=True)}
    return Findings(
        sent,
        len(customers),
        Counter(crowd.crowd for listed, _ in answers for crowd in listed.crowds),
        Counter(matched.plan for matched in best.values()),
        handful(best),
        await membership(client, first_with(best, "come_back"), "collectors"),
        await contacts(client, best),
    )


async def some_at_a_time(
    call: Callable[[Question], Awaitable[Reply]], questions: Sequence[Question]
) -> list[Reply]:
    """The answers, in the order of the questions."""
    places = asyncio.Semaphore(UNDER_WAY)

    async def one(question: Question) -> Reply:
        async with places:
            return await call(question)

    return await asyncio.gather(*map(one, questions))


Best = Mapping[str, decisions_pb.MatchPlanResponse]


def first_with(best: Best, plan: str) -> str:
    """The customer with the least number whose best plan this is."""
    return next(customer for customer, matched in best.items() if matched.plan == plan)


def handful(best: Best) -> Best:
    """One customer for each plan that is best for somebody, and one who waits for a plan."""
    plans = dict.fromkeys(matched.plan for matched in best.values() if matched.plan)
    chosen = {first_with(best, plan) for plan in plans}
    waiting = next(customer for customer, matched in best.items() if matched.scheduled)
    return {customer: best[customer] for customer in best if customer in {*chosen, waiting}}


async def membership(client: Client, customer: str, crowd: str) -> decisions_pb.CheckCrowdsResponse:
    """Whether a customer is in a crowd, and which conditions said so."""
    request = decisions_pb.CheckCrowdsRequest(subject=Subject(user_id=customer), crowds=[crowd], explain=True)
    answer: decisions_pb.CheckCrowdsResponse = await client.decisions.CheckCrowds(request)
    return answer


async def contacts(client: Client, best: Best) -> list[Contact]:
    """One that may be made, one that waits for the morning, one that is blocked."""
    lapsed = first_with(best, "come_back")
    regular = [customer for customer, matched in best.items() if matched.plan == "new_releases"][-1]
    await refuse_email(client, regular)
    return [
        await contact(client, lapsed, "come_back", "now, at noon", None),
        await contact(client, lapsed, "come_back", "at 22:30", timestamp(EVENING)),
        await contact(
            client, regular, "new_releases", "now, but they want no e-mail (we made that up)", None
        ),
    ]


async def refuse_email(client: Client, customer: str) -> None:
    profile = facts_pb.Profile(user_id=customer, attributes_json=json.dumps({"email_ok": False}).encode())
    await client.facts.UpsertProfiles(facts_pb.UpsertProfilesRequest(profiles=[profile]))


async def contact(client: Client, customer: str, plan: str, when: str, as_of: Timestamp | None) -> Contact:
    subject = Subject(user_id=customer)
    request = decisions_pb.CheckContactRequest(subject=subject, plan=plan, as_of_time=as_of)
    return Contact(customer, plan, when, await client.decisions.CheckContact(request))
