"""Nobody may call what is not theirs: every method, over TLS, with every kind of token that does not open it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
import uvloop
from google.protobuf import descriptor_pool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from suasion.v1 import (
    contact_service_pb2,
    fact_service_pb2,
    replay_service_pb2,
    rule_set_service_pb2,
    status_service_pb2,
)
from suasion.v1 import decision_service_pb2 as decisions_pb

from server.logs import JsonLines
from server.rpc.access import NEEDED, PUBLIC
from server.rpc.endpoint import Access, Endpoint, NotSafe, is_this_machine
from server.rpc.tls import Tls
from server.stores import memory_stores
from server.wiring import Service, jwt_tokens
from tests.server.conftest import RULES, Client, Run, refused
from tests.server.messages import error_info, status_of, subject
from tests.server.papers import EVERYTHING, Authority, secret_file, token

FILES = (
    decisions_pb,
    contact_service_pb2,
    fact_service_pb2,
    replay_service_pb2,
    rule_set_service_pb2,
    status_service_pb2,
)
METHODS = [
    method
    for file in FILES
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
]
PATHS = {f"/{each.containing_service.full_name}/{each.name}": each for each in METHODS}
UNAUTHENTICATED, DENIED = grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED


def bearing(token: str, workspace: str = "") -> tuple[tuple[str, str], ...]:
    headers = (("authorization", f"Bearer {token}"),)
    return (*headers, ("suasion-workspace", workspace)) if workspace else headers


class Guarded:
    """A server that asks for tokens, over TLS."""

    def __init__(self, service: Service, address: str, authority: bytes) -> None:
        self.service = service
        self.address = address
        self.channel = grpc.aio.secure_channel(address, grpc.ssl_channel_credentials(authority))
        self.client = Client(self.channel)

    @classmethod
    async def start(cls, folder: Path) -> Guarded:
        authority = Authority.new()
        access = Access(jwt_tokens([secret_file(folder)]), Tls(*authority.issue(folder, "server")))
        service = await Service.build(
            memory_stores(), clock="events", access=access, approvals=False, timers=False
        )
        return cls(service, await service.start("127.0.0.1:0"), authority.pem)

    async def called(self, path: str, metadata: Any) -> grpc.aio.AioRpcError:
        """How a call with an empty request is refused, whichever way it streams."""
        method = PATHS[path]
        kind = f"{'stream' if method.client_streaming else 'unary'}_{'stream' if method.server_streaming else 'unary'}"
        request: Any = iter([b""]) if method.client_streaming else b""
        call = getattr(self.channel, kind)(path)(request, metadata=metadata)
        return await refused(call.read() if method.server_streaming else call)

    async def stop(self) -> None:
        await self.channel.close()
        await self.service.stop()


@pytest.fixture(scope="module")
def runs() -> Iterator[Run]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        asyncio.set_event_loop(runner.get_loop())
        yield lambda call: runner.run(awaited(call))


async def awaited(call: Awaitable[Any]) -> Any:
    return await call


@pytest.fixture(scope="module")
def guarded(runs: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    server = runs(Guarded.start(tmp_path_factory.mktemp("papers")))
    yield server
    runs(server.stop())


def test_every_method_of_every_proto_is_in_the_table_and_nothing_else() -> None:
    pool: Any = descriptor_pool.Default()
    assert NEEDED.keys() == PATHS.keys()
    assert all(NEEDED.values())
    assert all(pool.FindMethodByName(path[1:].replace("/", ".")) for path in PUBLIC if "health" in path)


def strangers_to(path: str) -> list[str]:
    """Every role that does not open the method."""
    return [role for role in EVERYTHING if role not in NEEDED[path]]


REFUSED: dict[str, tuple[Callable[[str], Any], grpc.StatusCode, str]] = {
    "no token": (lambda path: (), UNAUTHENTICATED, "TOKEN_MISSING"),
    "another scheme": (lambda path: (("authorization", "Basic YTpi"),), UNAUTHENTICATED, "TOKEN_MISSING"),
    "no token at all": (lambda path: bearing("x.y.z"), UNAUTHENTICATED, "TOKEN_REFUSED"),
    "bad signature": (lambda path: bearing(token(b"f" * 32)), UNAUTHENTICATED, "TOKEN_REFUSED"),
    "no signature": (lambda path: bearing(token("", "none")), UNAUTHENTICATED, "TOKEN_REFUSED"),
    "expired": (lambda path: bearing(token(seconds=-60)), UNAUTHENTICATED, "TOKEN_EXPIRED"),
    "wrong workspace": (lambda path: bearing(token(), "bank"), DENIED, "WORKSPACE_CLOSED"),
    "token of another workspace": (
        lambda path: bearing(token(suasion={"bank": EVERYTHING})),
        DENIED,
        "WORKSPACE_CLOSED",
    ),
    "no roles": (lambda path: bearing(token(suasion=None)), DENIED, "WORKSPACE_CLOSED"),
    "an unheard-of role": (
        lambda path: bearing(token(suasion={"default": ["root"]})),
        DENIED,
        "WORKSPACE_CLOSED",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_opens_nothing_is_refused_by_every_method(guarded: Guarded, runs: Run, case: str) -> None:
    brings, code, reason = REFUSED[case]
    for path in PATHS:
        error = runs(guarded.called(path, brings(path)))
        assert (error.code(), error_info(status_of(error)).reason) == (code, reason), path
        assert "Traceback" not in error.details() and "eyJ" not in str(status_of(error))


def test_the_wrong_role_is_refused_by_every_method(guarded: Guarded, runs: Run) -> None:
    for path in PATHS:
        wrong = strangers_to(path)
        if not wrong:
            continue
        error = runs(guarded.called(path, bearing(token(suasion={"default": wrong}))))
        assert (error.code(), error_info(status_of(error)).reason) == (DENIED, "ROLE_MISSING"), path


def test_the_right_role_comes_as_far_as_the_method(guarded: Guarded, runs: Run) -> None:
    for path, method in PATHS.items():
        if method.server_streaming:
            continue
        for role in NEEDED[path]:
            headers = bearing(token(suasion={"default": [role]}))
            call: Any = guarded.channel.unary_unary(path)(b"", metadata=headers)
            code = runs(ended(call))
            assert code not in (UNAUTHENTICATED, DENIED), (path, role)


async def ended(call: Any) -> grpc.StatusCode:
    code: grpc.StatusCode = await call.code()
    return code


def test_health_is_open_to_everybody(guarded: Guarded, runs: Run) -> None:
    stub: Any = health_pb2_grpc.HealthStub(guarded.channel)
    answer = runs(stub.Check(health_pb2.HealthCheckRequest(service="suasion.v1.RuleSetService")))
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_a_method_that_nobody_put_into_the_table_is_open_to_nobody(
    guarded: Guarded, runs: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/suasion.v1.StatusService/Status"
    monkeypatch.delitem(NEEDED, path)  # type: ignore[arg-type]  # it is a dict
    error = runs(guarded.called(path, bearing(token())))
    assert (error.code(), error_info(status_of(error)).reason) == (DENIED, "METHOD_CLOSED")


def test_a_stream_ends_with_its_token(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.adapters.tokens.LEEWAY_SECONDS", 0.0)

    async def watched() -> grpc.aio.AioRpcError:
        server = await Guarded.start(tmp_path)
        everybody = bearing(token(suasion={"default": EVERYTHING}))
        sources = rule_set_service_pb2.Sources(
            files=[rule_set_service_pb2.SourceFile(name="shop.sua", text=RULES)]
        )
        request = rule_set_service_pb2.RuleSetServiceActivateRequest(sources=sources)
        await server.client.rules.Activate(request, metadata=everybody)
        call = server.client.decisions.Watch(
            decisions_pb.WatchRequest(), metadata=bearing(token(seconds=1.5))
        )
        error = await refused(call.read())
        await server.stop()
        return error

    error = run(watched())
    assert (error.code(), error_info(status_of(error)).reason) == (UNAUTHENTICATED, "TOKEN_EXPIRED")


def test_neither_tokens_nor_whom_they_name_are_logged_or_told(
    guarded: Guarded, runs: Run, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "anna.canary@example.org"
    good, bad = token(sub=canary), token(b"f" * 32, sub=canary)
    request = decisions_pb.ListCrowdsRequest(subject=subject(canary))
    told = [
        str(status_of(runs(refused(guarded.client.decisions.ListCrowds(request, metadata=bearing(each))))))
        for each in (good, bad)
    ]

    def written() -> list[str]:
        return [JsonLines().format(each) for each in caplog.records if each.name.startswith("suasion")]

    async def until_written() -> None:
        """A call may be answered before its line is written."""
        while len(written()) < 2:
            await asyncio.sleep(0)

    runs(until_written())
    assert not any(secret in text for secret in (canary, good, bad) for text in (*told, *written()))


# ---- where it may be listened


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("localhost", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("[::]", False),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
    ],
)
def test_this_machine_is_told_from_others(host: str, here: bool) -> None:
    assert is_this_machine(host) is here


def test_without_keys_nobody_from_elsewhere_is_let_in(run: Run) -> None:
    async def start(access: Access) -> str:
        endpoint = Endpoint(access)
        address = await endpoint.start("0.0.0.0:0")
        await endpoint.stop()
        return address

    with pytest.raises(NotSafe, match="without keys"):
        run(start(Access()))
    assert run(start(Access(insecure=True))).startswith("0.0.0.0:")
