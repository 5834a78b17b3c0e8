"""Exceptions become a status with `google.rpc.ErrorInfo` here and nowhere else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from dsl.text import visible
from server.ports import StoreUnavailable
from server.usecases import refusals, release_refusals
from server.usecases.refusals import ComeAgain, Refusal, Violation

DOMAIN = "suasion"
PUSHBACK = "grpc-retry-pushback-ms"
# Details travel in HTTP/2 headers, of which peers take 8 KiB.
MOST_VIOLATIONS = 8
LONGEST_TEXT = 300
LONGEST_MESSAGE = 600


@dataclass(frozen=True, slots=True)
class Kind:
    """How an exception looks on the wire."""

    code: grpc.StatusCode
    reason: str


KINDS: Mapping[type[BaseException], Kind] = {
    refusals.InvalidRequest: Kind(grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST"),
    refusals.NothingToDecide: Kind(grpc.StatusCode.INVALID_ARGUMENT, "NOTHING_TO_DECIDE"),
    refusals.RulesDoNotCompile: Kind(grpc.StatusCode.INVALID_ARGUMENT, "RULES_DO_NOT_COMPILE"),
    refusals.UnknownName: Kind(grpc.StatusCode.NOT_FOUND, "UNKNOWN_NAME"),
    release_refusals.UnknownVersion: Kind(grpc.StatusCode.NOT_FOUND, "UNKNOWN_VERSION"),
    refusals.RequestIdReused: Kind(grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED"),
    refusals.UnknownContact: Kind(grpc.StatusCode.NOT_FOUND, "UNKNOWN_CONTACT"),
    refusals.ContactNotInState: Kind(grpc.StatusCode.FAILED_PRECONDITION, "CONTACT_NOT_IN_STATE"),
    refusals.StaleToken: Kind(grpc.StatusCode.FAILED_PRECONDITION, "STALE_FENCING_TOKEN"),
    refusals.ListHasChanged: Kind(grpc.StatusCode.ABORTED, "LIST_HAS_CHANGED"),
    refusals.Contended: Kind(grpc.StatusCode.ABORTED, "CONTENDED"),
    refusals.EventIdReused: Kind(grpc.StatusCode.ALREADY_EXISTS, "EVENT_ID_REUSED"),
    refusals.NoActiveRules: Kind(grpc.StatusCode.FAILED_PRECONDITION, "NO_ACTIVE_RULES"),
    release_refusals.VersionNotReproducible: Kind(
        grpc.StatusCode.FAILED_PRECONDITION, "VERSION_NOT_REPRODUCIBLE"
    ),
    release_refusals.RevokedVersion: Kind(grpc.StatusCode.FAILED_PRECONDITION, "VERSION_REVOKED"),
    release_refusals.VersionStillServes: Kind(grpc.StatusCode.FAILED_PRECONDITION, "VERSION_SERVES"),
    release_refusals.VersionNotInState: Kind(grpc.StatusCode.FAILED_PRECONDITION, "VERSION_NOT_IN_STATE"),
    release_refusals.SelfApproval: Kind(grpc.StatusCode.PERMISSION_DENIED, "SELF_APPROVAL"),
    release_refusals.NotApproved: Kind(grpc.StatusCode.FAILED_PRECONDITION, "NOT_APPROVED"),
    release_refusals.NotScheduled: Kind(grpc.StatusCode.FAILED_PRECONDITION, "NOT_SCHEDULED"),
    release_refusals.NobodyForTheRest: Kind(grpc.StatusCode.FAILED_PRECONDITION, "NO_VERSION_FOR_THE_REST"),
    release_refusals.CrowdOfRequests: Kind(grpc.StatusCode.FAILED_PRECONDITION, "CROWD_OF_REQUESTS"),
    release_refusals.NothingToRollBackTo: Kind(
        grpc.StatusCode.FAILED_PRECONDITION, "NOTHING_TO_ROLL_BACK_TO"
    ),
    release_refusals.AnotherRelease: Kind(grpc.StatusCode.FAILED_PRECONDITION, "ANOTHER_RELEASE"),
    release_refusals.PlansWouldBeDropped: Kind(grpc.StatusCode.FAILED_PRECONDITION, "PLANS_WOULD_BE_DROPPED"),
    refusals.RequestTooLarge: Kind(grpc.StatusCode.RESOURCE_EXHAUSTED, "REQUEST_TOO_LARGE"),
    refusals.ClockWrong: Kind(grpc.StatusCode.UNAVAILABLE, "CLOCK_WRONG"),
    refusals.TooManyCalls: Kind(grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_CALLS"),
    refusals.Overloaded: Kind(grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED"),
    refusals.ReplayUnderWay: Kind(grpc.StatusCode.RESOURCE_EXHAUSTED, "REPLAY_UNDER_WAY"),
    refusals.NothingOnRecord: Kind(grpc.StatusCode.FAILED_PRECONDITION, "NOTHING_ON_RECORD"),
    refusals.HistoryTooLong: Kind(grpc.StatusCode.FAILED_PRECONDITION, "HISTORY_TOO_LONG"),
    refusals.ServerEnding: Kind(grpc.StatusCode.UNAVAILABLE, "SERVER_ENDING"),
    refusals.TokenMissing: Kind(grpc.StatusCode.UNAUTHENTICATED, "TOKEN_MISSING"),
    refusals.TokenRefused: Kind(grpc.StatusCode.UNAUTHENTICATED, "TOKEN_REFUSED"),
    refusals.TokenHasExpired: Kind(grpc.StatusCode.UNAUTHENTICATED, "TOKEN_EXPIRED"),
    refusals.WorkspaceClosed: Kind(grpc.StatusCode.PERMISSION_DENIED, "WORKSPACE_CLOSED"),
    refusals.RoleMissing: Kind(grpc.StatusCode.PERMISSION_DENIED, "ROLE_MISSING"),
    refusals.MethodClosed: Kind(grpc.StatusCode.PERMISSION_DENIED, "METHOD_CLOSED"),
    refusals.UnknownWorkspace: Kind(grpc.StatusCode.NOT_FOUND, "UNKNOWN_WORKSPACE"),
    StoreUnavailable: Kind(grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE"),
    TimeoutError: Kind(grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED"),
}
BUG = Kind(grpc.StatusCode.INTERNAL, "INTERNAL")
WORDS = {
    StoreUnavailable: "a store does not answer; try again",
    TimeoutError: "the deadline passed before there was an answer",
}


def kind_of(error: BaseException) -> Kind:
    """How an exception looks on the wire; one that nobody foresaw is a bug of ours."""
    return next((KINDS[one] for one in type(error).__mro__ if one in KINDS), BUG)


def status_of(error: BaseException) -> status_pb2.Status:
    """The status of an exception, fit for a call as well as for an item of a batch."""
    kind = kind_of(error)
    message, metadata, violations = facts_of(error)
    info = error_details_pb2.ErrorInfo(reason=kind.reason, domain=DOMAIN, metadata=metadata)
    number: int = kind.code.value[0]
    status = status_pb2.Status(code=number, message=message, details=[packed(info)])
    if violations:
        status.details.append(packed(bad_request(violations)))
    if isinstance(error, ComeAgain):
        status.details.append(packed(retry_info(error)))
    return status


def facts_of(error: BaseException) -> tuple[str, dict[str, str], tuple[Violation, ...]]:
    """What an exception has to say: message, metadata, violations; nothing of one that nobody foresaw."""
    if isinstance(error, Refusal):
        metadata = {key: shortened(value, LONGEST_TEXT) for key, value in error.metadata.items()}
        return shortened(error.message, LONGEST_MESSAGE), metadata, error.violations
    known = next((words for one, words in WORDS.items() if isinstance(error, one)), None)
    return known or "suasion has a bug; the server's log names its place", {}, ()


def bad_request(violations: tuple[Violation, ...]) -> error_details_pb2.BadRequest:
    return error_details_pb2.BadRequest(
        field_violations=[
            error_details_pb2.BadRequest.FieldViolation(
                field=shortened(each.path, LONGEST_TEXT), description=shortened(each.message, LONGEST_TEXT)
            )
            for each in violations[:MOST_VIOLATIONS]
        ]
    )


def retry_info(error: ComeAgain) -> error_details_pb2.RetryInfo:
    again = error_details_pb2.RetryInfo()
    again.retry_delay.FromNanoseconds(math.ceil(error.seconds * 1e9))
    return again


def pushback(error: BaseException) -> tuple[tuple[str, str], ...]:
    """A trailer that tells gRPC's own retries when to come again, or never to."""
    if isinstance(error, ComeAgain):
        return ((PUSHBACK, str(math.ceil(error.seconds * 1000))),)
    return ((PUSHBACK, "-1"),) if isinstance(error, refusals.RequestTooLarge) else ()


def packed(detail: Message) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(detail)
    return packed


def shortened(text: str, length: int) -> str:
    """The text without control characters, cut to a length."""
    shown = visible(text)
    return shown if len(shown) <= length else shown[: length - 1] + "…"
