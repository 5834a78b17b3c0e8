"""Ask what shall be done about a user."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from google.protobuf.message import Message
from suasion.v1 import answer_pb2
from suasion.v1 import decision_service_pb2 as pb

from suasion_client.contacts import Contact
from suasion_client.errors import SuasionError, error_of
from suasion_client.facts import Event
from suasion_client.request import Request, new_id
from suasion_client.values import (
    Provenance,
    Reason,
    User,
    Verdict,
    duration,
    instant,
    instant_or_none,
    reasons,
    subject,
    timestamp,
    verdict,
)

ANSWERS: Mapping[int, bool | None] = {
    answer_pb2.ANSWER_YES: True,
    answer_pb2.ANSWER_NO: False,
    answer_pb2.ANSWER_UNKNOWN: None,
}


@dataclass(frozen=True, slots=True)
class Crowds:
    """By crowd, whether the user is in it; None is unknown, which is not a no."""

    answers: Mapping[str, bool | None]
    provenance: Provenance


def crowds(answers: Any, provenance: answer_pb2.Provenance) -> Crowds:
    return Crowds({each.crowd: ANSWERS[each.answer] for each in answers}, Provenance.of(provenance))


@dataclass(frozen=True, slots=True)
class CheckCrowds(Request[Crowds]):
    """Is the user in these crowds or on these lists? `as_of` None is now."""

    method = "DecisionService/CheckCrowds"
    response = pb.CheckCrowdsResponse
    user: str | User
    crowds: Sequence[str]
    as_of: datetime | None = None

    def message(self) -> Message:
        return pb.CheckCrowdsRequest(
            subject=subject(self.user), crowds=self.crowds, as_of_time=timestamp(self.as_of)
        )

    def read(self, response: pb.CheckCrowdsResponse) -> Crowds:
        return crowds(response.answers, response.provenance)


@dataclass(frozen=True, slots=True)
class ListCrowds(Request[Crowds]):
    """Which crowds is the user in? What is not among the answers is a no."""

    method = "DecisionService/ListCrowds"
    response = pb.ListCrowdsResponse
    user: str | User
    as_of: datetime | None = None

    def message(self) -> Message:
        return pb.ListCrowdsRequest(subject=subject(self.user), as_of_time=timestamp(self.as_of))

    def read(self, response: pb.ListCrowdsResponse) -> Crowds:
        return crowds([*response.crowds, *response.unknown_crowds], response.provenance)


@dataclass(frozen=True, slots=True)
class Permission:
    """`until` of a WAIT; of a BLOCK the earliest instant that all limits would allow, None for never or not known."""

    verdict: Verdict
    channel: str
    until: datetime | None
    reasons: tuple[Reason, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class CheckContact(Request[Permission]):
    """May this plan reach the user? Advice: nothing is reserved."""

    method = "DecisionService/CheckContact"
    response = pb.CheckContactResponse
    user: str | User
    plan: str
    as_of: datetime | None = None

    def message(self) -> Message:
        return pb.CheckContactRequest(
            subject=subject(self.user), plan=self.plan, as_of_time=timestamp(self.as_of)
        )

    def read(self, response: pb.CheckContactResponse) -> Permission:
        return Permission(
            verdict(response.verdict),
            response.channel,
            instant_or_none(response, "until_time"),
            reasons(response.reasons),
            Provenance.of(response.provenance),
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a plan came, and why no further."""

    plan: str
    verdict: Verdict
    channel: str
    until: datetime | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A plan that waits for its time."""

    plan: str
    due: datetime
    occurrence: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What shall be done. `plan` is sent, waits, is held out or blocked; empty for NONE.

    `contact`: of a SEND what was reserved, to be dispatched; None for advice.
    """

    decide: str
    verdict: Verdict
    plan: str
    channel: str
    until: datetime | None
    reasons: tuple[Reason, ...]
    plans: tuple[Outcome, ...]
    scheduled: tuple[Scheduled, ...]
    contact: Contact | None
    provenance: Provenance

    @classmethod
    def of(cls, message: pb.DecideResponse | pb.MatchPlanResponse) -> Decision:
        reserved = isinstance(message, pb.DecideResponse) and message.HasField("contact")
        return cls(
            decide=message.decide,
            verdict=verdict(message.verdict),
            plan=message.plan,
            channel=message.channel,
            until=instant_or_none(message, "until_time"),
            reasons=reasons(message.reasons),
            plans=tuple(outcome(each) for each in message.plans),
            scheduled=tuple(
                Scheduled(each.plan, instant(each.due_time), each.occurrence) for each in message.scheduled
            ),
            contact=Contact.of(message.contact) if reserved else None,  # type: ignore[union-attr]
            provenance=Provenance.of(message.provenance),
        )


def outcome(message: pb.PlanOutcome) -> Outcome:
    until = instant_or_none(message, "until_time")
    return Outcome(message.plan, verdict(message.verdict), message.channel, until, reasons(message.reasons))


@dataclass(frozen=True, slots=True)
class MatchPlan(Request[Decision]):
    """Which plan is best for the user? Advice: nothing is reserved. `decide` may be empty when the rules have just one."""

    method = "DecisionService/MatchPlan"
    response = pb.MatchPlanResponse
    user: str | User
    decide: str = ""
    as_of: datetime | None = None

    def message(self) -> Message:
        return pb.MatchPlanRequest(
            subject=subject(self.user), decide=self.decide, as_of_time=timestamp(self.as_of)
        )

    def read(self, response: pb.MatchPlanResponse) -> Decision:
        return Decision.of(response)


@dataclass(frozen=True, slots=True)
class Decide(Request[Decision]):
    """What shall be done about the user, now or about this event? Reserves what it grants.

    Known by the id of `event`, or else by `request_id`: asking again with the same is answered as the first time. `lease`: how
    long it stays reserved, 5 minutes if None.
    """

    method = "DecisionService/Decide"
    response = pb.DecideResponse
    user: str | User
    decide: str = ""
    event: Event | None = None
    lease: timedelta | None = None
    request_id: str = field(default_factory=new_id)

    def message(self) -> pb.DecideRequest:
        return pb.DecideRequest(
            subject=subject(self.user),
            decide=self.decide,
            event=self.event.message() if self.event else None,
            lease_duration=duration(self.lease),
            request_id=self.request_id,
        )

    def read(self, response: pb.DecideResponse) -> Decision:
        return Decision.of(response)


@dataclass(frozen=True, slots=True)
class BatchDecide(Request[tuple[Decision | SuasionError, ...]]):
    """Up to 1,000 of them, each on its own; answered in their order by a decision, or why there is none."""

    method = "DecisionService/BatchDecide"
    response = pb.BatchDecideResponse
    requests: Sequence[Decide]

    def message(self) -> Message:
        return pb.BatchDecideRequest(requests=[each.message() for each in self.requests])

    def read(self, response: pb.BatchDecideResponse) -> tuple[Decision | SuasionError, ...]:
        return tuple(
            Decision.of(each.response) if each.HasField("response") else error_of(each.error)
            for each in response.results
        )


@dataclass(frozen=True, slots=True)
class Watched:
    """What was decided when a waiting plan came due; go on behind the `id` that was dealt with."""

    id: int
    user: str
    at: datetime
    decision: Decision

    @classmethod
    def of(cls, message: pb.WatchResponse) -> Watched:
        time = instant(message.decide_time)
        return cls(message.id, message.user_id, time, Decision.of(message.decision))
