"""TLS, clients that show certificates, and files that are exchanged under way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from server.rpc.endpoint import Access, Endpoint
from server.rpc.tls import Tls, TlsUnusable
from tests.server.conftest import Run
from tests.server.papers import Authority, secret_file


async def answers(address: str, credentials: grpc.ChannelCredentials) -> bool:
    async with grpc.aio.secure_channel(address, credentials) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        try:
            await stub.Check(health_pb2.HealthCheckRequest(), timeout=20)
        except grpc.aio.AioRpcError as error:
            assert error.code() is grpc.StatusCode.UNAVAILABLE
            return False
    return True


def test_a_certificate_is_exchanged_under_way_and_a_broken_one_is_not_taken(run: Run, tmp_path: Path) -> None:
    before, after = Authority.new(), Authority.new()
    files = before.issue(tmp_path, "server")

    async def exchanged() -> list[bool]:
        endpoint = Endpoint(Access(tls=Tls(*files)))
        address = await endpoint.start("127.0.0.1:0")
        one, other = (grpc.ssl_channel_credentials(each.pem) for each in (before, after))
        seen = [await answers(address, one), await answers(address, other)]
        after.issue(tmp_path, "server")
        seen += [await answers(address, one), await answers(address, other)]
        files[1].write_text("broken")
        seen.append(await answers(address, other))
        await endpoint.stop()
        return seen

    assert run(exchanged()) == [True, False, False, True, True]


def test_clients_have_to_show_a_certificate_if_that_is_wanted(run: Run, tmp_path: Path) -> None:
    authority, clients, strangers = Authority.new(), Authority.new(), Authority.new()
    server = authority.issue(tmp_path, "server")
    (tmp_path / "clients.crt").write_bytes(clients.pem)
    shown = {name: each.issue(tmp_path, name) for name, each in (("us", clients), ("them", strangers))}

    def credentials(name: str) -> grpc.ChannelCredentials:
        certificate, key = (file.read_bytes() for file in shown[name])
        return grpc.ssl_channel_credentials(authority.pem, key, certificate)

    async def asked() -> list[bool]:
        endpoint = Endpoint(Access(tls=Tls(*server, tmp_path / "clients.crt")))
        address = await endpoint.start("127.0.0.1:0")
        nothing = grpc.ssl_channel_credentials(authority.pem)
        seen = [await answers(address, each) for each in (nothing, credentials("them"), credentials("us"))]
        await endpoint.stop()
        return seen

    assert run(asked()) == [False, False, True]


def test_files_that_do_not_fit_are_refused_at_the_start(tmp_path: Path) -> None:
    certificate, key = Authority.new().issue(tmp_path, "server")
    _, another = Authority.new().issue(tmp_path, "other")
    with pytest.raises(TlsUnusable, match="no certificate with its key"):
        Tls(certificate, another).credentials()
    with pytest.raises(TlsUnusable, match="cannot read"):
        Tls(certificate, tmp_path / "nowhere").credentials()
    with pytest.raises(TlsUnusable, match="authority"):
        Tls(certificate, key, secret_file(tmp_path)).credentials()
