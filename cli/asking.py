"""Whom a verb asks, as whom, and over what: options that all verbs share which ask a server."""

import functools
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import grpc
import typer

from cli.client import Client
from cli.exit_codes import Failure

USUAL = "127.0.0.1:50051"
TLS = "https://"
OPTIONS: Mapping[str, tuple[Any, object]] = {
    "server": (
        Annotated[
            str,
            typer.Option(
                "--server",
                metavar="HOST:PORT",
                help="Whom to ask; `https://HOST:PORT` over TLS.",
            ),
        ],
        USUAL,
    ),
    "workspace": (
        Annotated[
            str,
            typer.Option("--workspace", metavar="NAME", help="Whose rules and facts."),
        ],
        "default",
    ),
    "token": (
        Annotated[
            Path | None,
            typer.Option(
                "--token",
                metavar="FILE",
                help="Has the token that says who asks (docs/security.md).",
                show_default=False,
            ),
        ],
        None,
    ),
    "ca": (
        Annotated[
            Path | None,
            typer.Option(
                "--ca",
                metavar="FILE",
                help="Over TLS: the authority that vouches for the server; those that this machine trusts if left out.",
                show_default=False,
            ),
        ],
        None,
    ),
    "cert": (
        Annotated[
            Path | None,
            typer.Option(
                "--cert",
                metavar="FILE",
                help="Over TLS: a certificate to show, with its key, in PEM.",
                show_default=False,
            ),
        ],
        None,
    ),
    "timeout": (Annotated[float, typer.Option("--timeout", help="Seconds for a call.")], 10.0),
}
"""What every verb takes that asks a server, and what it is if left out."""


def asks(seconds: float = 10.0) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Gives a verb, as its first argument, the client that the options tell. `seconds`: for a call, if nothing is said."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def asking(**arguments: Any) -> None:
            options = {name: arguments.pop(name) for name in OPTIONS}
            command(told(**options), **arguments)

        _, *own = inspect.signature(command).parameters.values()
        usual = {name: default for name, (_, default) in OPTIONS.items()} | {"timeout": seconds}
        options = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=usual[name], annotation=kind)
            for name, (kind, _) in OPTIONS.items()
        ]
        keyword = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own]
        asking.__signature__ = inspect.Signature([*keyword, *options])  # type: ignore[attr-defined]
        return asking

    return decorate


def told(
    server: str, workspace: str, token: Path | None, ca: Path | None, cert: Path | None, timeout: float
) -> Client:
    """The client that the options of these names tell. Raises Failure."""
    address = server.removeprefix(TLS)
    headers = [("suasion-workspace", workspace)]
    if token:
        headers.append(("authorization", f"Bearer {content(token).decode().strip()}"))
    return Client(address, timeout, channel(address, server.startswith(TLS), ca, cert), headers)


def channel(address: str, tls: bool, ca: Path | None, cert: Path | None) -> grpc.Channel:
    if not (tls or ca or cert):
        return grpc.insecure_channel(address)
    own = content(cert) if cert else None
    authority = content(ca) if ca else None
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(authority, own, own))


def content(file: Path) -> bytes:
    """Raises Failure."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise Failure(f"cannot read `{file}`: {error.strerror}") from error
