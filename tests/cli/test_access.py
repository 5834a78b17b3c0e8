"""Tokens and TLS, from a shell and from the client."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import grpc
import pytest
from typer.testing import CliRunner, Result

from cli.exit_codes import ExitCode
from cli.main import application
from suasion_client import AsyncClient, Client, Decide, NotAllowed
from tests.server.conftest import Run, run
from tests.server.papers import Authority
from tests.server.test_process import SHOP, Serve, serve

__all__ = ["run", "serve"]


def suasion(*arguments: str) -> Result:
    return CliRunner().invoke(application(list(arguments)), list(arguments))


def signed(folder: Path, *roles: str) -> Path:
    """A file with a token, signed with the secret `dev.key` of the folder, which is made if there is none."""
    options = [word for role in roles for word in ("--role", role)]
    result = suasion("token", "anna", *options, "--key", str(folder / "dev.key"), "--format", "json")
    assert result.exit_code == ExitCode.CLEAN, result.output
    file = folder / "-".join(("token", *roles))
    file.write_text(json.loads(result.stdout)["data"]["token"])
    return file


def test_a_token_and_an_authority_lead_from_a_shell_to_a_server(
    serve: Serve, run: Run, tmp_path: Path
) -> None:
    authority = Authority.new()
    certificate, key = authority.issue(tmp_path, "server")
    (tmp_path / "ca.crt").write_bytes(authority.pem)
    everything, caller = signed(tmp_path, "operator", "author"), signed(tmp_path, "caller")
    assert stat.S_IMODE((tmp_path / "dev.key").stat().st_mode) == 0o600
    served = serve(
        *(str(SHOP), "--token-keys", str(tmp_path / "dev.key"), "--no-approvals"),
        *("--tls-cert", str(certificate), "--tls-key", str(key)),
    )
    asked = ["versions", "--server", served.address, "--ca", str(tmp_path / "ca.crt")]
    plain = suasion("versions", "--server", served.address)
    assert plain.exit_code == ExitCode.OUT_OF_REACH and "something listens at" in plain.output
    without = suasion(*asked)
    assert without.exit_code == ExitCode.USAGE and "--token FILE" in without.output
    denied = suasion(*asked, "--token", str(caller))
    assert denied.exit_code == ExitCode.USAGE and "approver or author or operator" in denied.output
    shown = suasion(*asked, "--token", str(everything))
    assert shown.exit_code == ExitCode.CLEAN and "100% of the users" in shown.output
    doctor = suasion("doctor", *asked[1:], "--token", str(caller))
    assert doctor.exit_code == ExitCode.CLEAN and "answers at" in doctor.output, doctor.output
    nowhere = suasion(*asked, "--token", str(tmp_path / "nowhere"))
    assert nowhere.exit_code == ExitCode.USAGE and "cannot read" in nowhere.output

    credentials = grpc.ssl_channel_credentials(authority.pem)
    with Client(served.address, credentials=credentials, token=caller.read_text) as client:
        assert client.ask(Decide("u1"), seconds=30).decide
    with Client(served.address, credentials=credentials) as client, pytest.raises(NotAllowed) as caught:
        client.ask(Decide("u1"), seconds=30)
    assert caught.value.reason == "TOKEN_MISSING"

    async def elsewhere() -> str:
        token = caller.read_text()
        async with AsyncClient(
            served.address, credentials=credentials, token=token, workspace="bank"
        ) as client:
            with pytest.raises(NotAllowed) as caught:
                await client.ask(Decide("u1"), seconds=30)
        return caught.value.reason

    assert run(elsewhere()) == "WORKSPACE_CLOSED"
    code, errors = served.end()
    assert code == 0 and "no keys" not in errors and "eyJ" not in errors


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--listen", "0.0.0.0:0"], "without keys"),
        (["--tls-cert", "server.crt"], "--tls-key"),
        (["--token-keys", "nowhere.key"], "cannot read"),
        (["--tls-cert", "nowhere", "--tls-key", "nowhere"], "cannot read"),
    ],
)
def test_what_is_not_safe_or_not_there_does_not_start(arguments: list[str], said: str) -> None:
    result = suasion("serve", *arguments)
    assert result.exit_code == ExitCode.USAGE and said in result.output


def test_a_key_that_signs_nothing_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "dev.pem"
    key.write_text("-----BEGIN PRIVATE KEY-----\n")
    result = suasion("token", "anna", "--role", "author", "--key", str(key))
    assert result.exit_code == ExitCode.USAGE and "no private key" in result.output


def test_workspaces_are_served_side_by_side(serve: Serve, tmp_path: Path) -> None:
    store = tmp_path / "suasion.db"
    served = serve(
        "--workspaces", "default,bank", "--store", f"sqlite:{store}", "--log", str(tmp_path / "log")
    )
    here = ["--server", served.address]
    assert suasion("activate", str(SHOP), "--workspace", "bank", *here).exit_code == ExitCode.CLEAN
    assert "release 1" in suasion("versions", "--workspace", "bank", *here).stdout
    assert "no versions" in suasion("versions", *here).stdout
    unknown = suasion("versions", "--workspace", "shop", *here)
    assert unknown.exit_code == ExitCode.USAGE and "no workspace `shop`" in unknown.output
    assert suasion("ask", "plan", "u1", "--workspace", "bank", *here).exit_code == ExitCode.CLEAN
    served.end()
    assert {"suasion.db", "suasion-bank.db", "log", "log-bank"} <= {each.name for each in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--workspaces", "Shop"], "no name of a workspace"),
        (["--workspaces", "a,,b"], "no name of a workspace"),
        (["--workspaces", "../a"], "no name of a workspace"),
        ([str(SHOP), "--workspaces", "a,b"], "rules that are named"),
    ],
)
def test_workspaces_that_cannot_be_served(arguments: list[str], said: str) -> None:
    result = suasion("serve", *arguments)
    assert result.exit_code == ExitCode.USAGE and said in result.output
