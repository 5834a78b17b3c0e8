"""What a client raises.

SuasionError
├── InvalidRequest    the request cannot be meant; `violations` say what is wrong where
├── NotAllowed        the token does not open this, or there is none; `reason` says which
├── NotFound          no such name, version or contact
├── Conflict          not now, or not any more: an id used for something else, a state that does not allow it
├── OutOfReach        the server, or a store of its, does not answer; keyed requests were repeated before
│   └── DeadlinePassed    it may have been done or not: ask again with the same request
└── ServerBug         a bug of ours
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import grpc
from google.protobuf.any_pb2 import Any as Detail
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status


@dataclass(frozen=True, slots=True)
class Violation:
    """`path` leads to what is wrong in the request: `events[3].fields_json.price`."""

    path: str
    message: str


class SuasionError(Exception):
    """`reason` is stable, for programs, such as `UNKNOWN_NAME` (docs/api.md lists them); empty where none was sent.

    `metadata` belongs to the reason. `retry_after`: seconds after which the server says to ask again, as it did nothing; None where it
    does not. `request_id` is under what the server logged the call; None where it never came there.
    """

    def __init__(
        self,
        message: str,
        reason: str = "",
        metadata: Mapping[str, str] | None = None,
        violations: tuple[Violation, ...] = (),
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.metadata = dict(metadata or {})
        self.violations = violations
        self.request_id = request_id
        self.retry_after = retry_after


class InvalidRequest(SuasionError):
    """The request cannot be meant; asking again changes nothing."""


class NotAllowed(SuasionError):
    """The token does not open this, has expired, or there is none."""


class NotFound(SuasionError):
    """No such name, version or contact."""


class Conflict(SuasionError):
    """Not now, or not any more."""


class OutOfReach(SuasionError):
    """The server, or a store of its, does not answer."""


class DeadlinePassed(OutOfReach):
    """There was no answer in time. What was asked may have been done or not."""


class ServerBug(SuasionError):
    """A bug of ours; the server's log has its place under the request id."""


KINDS: Mapping[grpc.StatusCode, type[SuasionError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidRequest,
    grpc.StatusCode.OUT_OF_RANGE: InvalidRequest,
    grpc.StatusCode.UNAUTHENTICATED: NotAllowed,
    grpc.StatusCode.PERMISSION_DENIED: NotAllowed,
    grpc.StatusCode.NOT_FOUND: NotFound,
    grpc.StatusCode.ALREADY_EXISTS: Conflict,
    grpc.StatusCode.FAILED_PRECONDITION: Conflict,
    grpc.StatusCode.ABORTED: Conflict,
    grpc.StatusCode.RESOURCE_EXHAUSTED: OutOfReach,
    grpc.StatusCode.UNAVAILABLE: OutOfReach,
    grpc.StatusCode.CANCELLED: OutOfReach,
    grpc.StatusCode.DEADLINE_EXCEEDED: DeadlinePassed,
}
REASONS: Mapping[str, type[SuasionError]] = {"REQUEST_TOO_LARGE": InvalidRequest}
"""Where the reason says more than the code."""
CODES = {code.value[0]: code for code in grpc.StatusCode}


def error_of_call(error: grpc.RpcError) -> SuasionError:
    """What a call failed of."""
    assert isinstance(error, grpc.Call | grpc.aio.AioRpcError)  # what a call raises says its status
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # both have what it reads
    trailers = dict(error.trailing_metadata() or ())
    if status is None:
        status = status_pb2.Status(code=error.code().value[0], message=error.details() or "")
    return error_of(status, str(trailers["x-request-id"]) if "x-request-id" in trailers else None)


def error_of(status: status_pb2.Status, request_id: str | None = None) -> SuasionError:
    """What a status means, that of a call or of one item of many."""
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    again = error_details_pb2.RetryInfo()
    for detail in status.details:
        unpack(detail, info)
        unpack(detail, bad)
        unpack(detail, again)
    retry_after = again.retry_delay.ToTimedelta().total_seconds() if again.HasField("retry_delay") else None
    violations = tuple(Violation(each.field, each.description) for each in bad.field_violations)
    kind = REASONS.get(info.reason) or KINDS.get(CODES[status.code], ServerBug)
    return kind(status.message, info.reason, dict(info.metadata), violations, request_id, retry_after)


Known: TypeAlias = error_details_pb2.ErrorInfo | error_details_pb2.BadRequest | error_details_pb2.RetryInfo


def unpack(detail: Detail, into: Known) -> None:
    if detail.Is(into.DESCRIPTOR):
        detail.Unpack(into)
