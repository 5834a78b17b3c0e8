"""A server, as a verb asks it: calls, and what their failures mean for the run."""

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from suasion.v1.contact_service_pb2_grpc import ContactServiceStub
from suasion.v1.decision_service_pb2_grpc import DecisionServiceStub
from suasion.v1.fact_service_pb2_grpc import FactServiceStub
from suasion.v1.replay_service_pb2_grpc import ReplayServiceStub
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub
from suasion.v1.status_service_pb2_grpc import StatusServiceStub

from cli.exit_codes import ExitCode, Failure
from server.ports import DEFAULT_WORKSPACE

ENDS: Mapping[grpc.StatusCode, ExitCode] = {
    grpc.StatusCode.UNAVAILABLE: ExitCode.OUT_OF_REACH,
    grpc.StatusCode.DEADLINE_EXCEEDED: ExitCode.OUT_OF_REACH,
    grpc.StatusCode.FAILED_PRECONDITION: ExitCode.CONFLICT,
    grpc.StatusCode.ALREADY_EXISTS: ExitCode.CONFLICT,
    grpc.StatusCode.ABORTED: ExitCode.CONFLICT,
    grpc.StatusCode.INTERNAL: ExitCode.BUG,
    grpc.StatusCode.UNKNOWN: ExitCode.BUG,
}
"""How a run ends that a call of this status stops; other statuses are the caller's mistake."""


HINTS: Mapping[grpc.StatusCode, list[str]] = {
    grpc.StatusCode.UNAUTHENTICATED: [
        "`--token FILE` names a file with a token; `suasion token` signs one for development"
    ],
}
PAGE = 1_000
ALL = 10**9
Headers: TypeAlias = Sequence[tuple[str, str]]


class Client:
    """The services of one server. `seconds` is how long a call may take, the time to connect included; `headers` go with each."""

    def __init__(
        self, address: str, seconds: float, channel: grpc.Channel | None = None, headers: Headers = ()
    ) -> None:
        self.address = address
        self.seconds = seconds
        self.headers = headers
        self.workspace = dict(headers).get("suasion-workspace", DEFAULT_WORKSPACE)
        self._channel = channel or grpc.insecure_channel(address)
        self.decisions: Any = DecisionServiceStub(self._channel)  # type: ignore[no-untyped-call]
        self.contacts: Any = ContactServiceStub(self._channel)  # type: ignore[no-untyped-call]
        self.facts: Any = FactServiceStub(self._channel)  # type: ignore[no-untyped-call]
        self.replays: Any = ReplayServiceStub(self._channel)  # type: ignore[no-untyped-call]
        self.rules: Any = RuleSetServiceStub(self._channel)  # type: ignore[no-untyped-call]
        self.status: Any = StatusServiceStub(self._channel)  # type: ignore[no-untyped-call]

    def call(self, method: Callable[..., Any], request: Any) -> Any:
        """The answer of a unary call. Raises Failure."""
        try:
            return method(request, timeout=self.seconds, metadata=self.headers)
        except grpc.RpcError as error:
            raise failure(error, self.address) from error

    def pages(self, method: Callable[..., Any], request: Any, listed: str, most: int = ALL) -> Iterator[Any]:
        """What a method lists in the field `listed`, at most so much of it, over as many pages as it takes. Raises Failure."""
        while most:
            request.page_size = min(most, PAGE)
            answer = self.call(method, request)
            items = getattr(answer, listed)
            yield from items
            most -= len(items)
            request.page_token = answer.next_page_token
            if not request.page_token:
                return

    def stream(self, method: Callable[..., Any], requests: Any) -> Any:
        """The answers of a stream as they come; it may take as long as it likes. Raises Failure."""
        try:
            yield from method(requests, metadata=self.headers)
        except grpc.RpcError as error:
            raise failure(error, self.address) from error


def failure(error: grpc.RpcError, address: str) -> Failure:
    """What stopped the run, in words."""
    assert isinstance(error, grpc.Call)  # what a call raises is the call
    code, details = error.code(), error.details() or ""
    if code is grpc.StatusCode.UNAVAILABLE and rpc_status.from_call(error) is None:
        return out_of_reach(address)
    if code is grpc.StatusCode.UNIMPLEMENTED:
        hint = "`suasion doctor --server HOST:PORT` compares its version with this one"
        return Failure(f"the server at `{address}` does not have this call", hint=hint)
    hints = violations(error)[1:] or HINTS.get(code, [])
    return Failure(
        details or f"the server answers {code.name}",
        hint="; ".join(hints) or None,
        code=ENDS.get(code, ExitCode.USAGE),
    )


def out_of_reach(address: str) -> Failure:
    """Nothing listens there, or what does is not understood."""
    if listens(address):
        hint = "`--server https://HOST:PORT` or `--ca FILE` if it speaks TLS, and the right `--ca` if it does and is not trusted"
        text = f"something listens at `{address}`, but does not understand this call"
        return Failure(text, hint=hint, code=ExitCode.OUT_OF_REACH)
    hint = "`suasion serve RULES` starts one; `--server HOST:PORT` names another"
    return Failure(f"no server answers at `{address}`", hint=hint, code=ExitCode.OUT_OF_REACH)


def listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=1.0).close()
    except (OSError, ValueError):
        return False
    return True


def violations(error: grpc.Call) -> list[str]:
    """What was wrong with the request, each with its path."""
    status = rpc_status.from_call(error)
    found = error_details_pb2.BadRequest()
    if status is None or not any(detail.Unpack(found) for detail in status.details):
        return []
    return [f"{each.field}: {each.description}" for each in found.field_violations]
