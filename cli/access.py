"""Who may call a server that is started, and who may read along."""

from pathlib import Path
from typing import Annotated

import typer

from cli.exit_codes import Failure
from server.ports import KeysUnusable, Tokens
from server.rpc.endpoint import Access, CannotListen, NotSafe
from server.rpc.tls import Tls
from server.wiring import jwt_tokens

ReflectionOption = Annotated[
    bool, typer.Option("--reflection", help="Let anybody ask which methods there are.")
]
TokenKeysOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--token-keys",
        metavar="FILE",
        help="Ask for tokens signed with a key of these: a JWK set, a public key in PEM, or a secret (docs/security.md).",
        show_default=False,
    ),
]
TokenAudienceOption = Annotated[
    str,
    typer.Option("--token-audience", metavar="NAME", help="Take tokens that are meant for this audience."),
]
TokenIssuerOption = Annotated[
    str | None,
    typer.Option(
        "--token-issuer",
        metavar="NAME",
        help="Take tokens of this issuer alone; of any if left out.",
        show_default=False,
    ),
]
TlsCertOption = Annotated[
    Path | None,
    typer.Option("--tls-cert", metavar="FILE", help="Speak TLS, with this certificate.", show_default=False),
]
TlsKeyOption = Annotated[
    Path | None,
    typer.Option("--tls-key", metavar="FILE", help="The key of that certificate.", show_default=False),
]
TlsClientCaOption = Annotated[
    Path | None,
    typer.Option(
        "--tls-client-ca",
        metavar="FILE",
        help="Take only clients with a certificate by this authority.",
        show_default=False,
    ),
]
InsecureOption = Annotated[
    bool, typer.Option("--insecure", help="Listen without keys even where other machines can come.")
]
ApprovalsOption = Annotated[
    bool | None,
    typer.Option(
        "--approvals/--no-approvals",
        help="Let serve only what somebody else than its author has approved; with tokens, if left out.",
        show_default=False,
    ),
]


def tokens(files: list[Path] | None, audience: str, issuer: str | None) -> Tokens | None:
    """What reads tokens; None if no keys are named. Raises Failure."""
    try:
        return jwt_tokens(files, audience, issuer) if files else None
    except KeysUnusable as error:
        raise Failure(str(error)) from error


def tls(certificate: Path | None, key: Path | None, client_ca: Path | None) -> Tls | None:
    """None for none. Raises Failure."""
    if certificate and key:
        return Tls(certificate, key, client_ca)
    if certificate or key or client_ca:
        raise Failure("TLS wants a certificate and its key", hint="name them with --tls-cert and --tls-key")
    return None


def require_safe(access: Access, listen: str, approvals: bool | None) -> None:
    """Raises Failure."""
    if approvals and access.tokens is None:
        raise Failure(
            "approvals want people that can be told apart", hint="name keys with `--token-keys FILE`"
        )
    try:
        access.require_safe(listen)
    except NotSafe as error:
        hint = "name keys with `--token-keys FILE`, or say `--insecure`"
        raise Failure(str(error), hint=hint) from error
    except CannotListen as error:
        raise Failure(str(error)) from error
