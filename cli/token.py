"""`suasion token`: a token for development."""

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.exit_codes import Failure
from cli.output import HUMAN, OutputOption
from server.ports import DEFAULT_WORKSPACE, KeysUnusable, Role
from server.wiring import AUDIENCE, jwt_token

HOUR = 3600


def command(
    subject: Annotated[
        str, typer.Argument(metavar="WHO", help="Whom it names: the actor of what is done with it.")
    ],
    role: Annotated[list[Role], typer.Option("--role", help="What it opens; as often as there are roles.")],
    key: Annotated[
        Path,
        typer.Option(
            "--key",
            metavar="FILE",
            help="A private key in PEM, or a secret, which is made if there is no such file.",
        ),
    ],
    workspace: Annotated[
        list[str] | None,
        typer.Option(
            "--workspace", metavar="NAME", help="Where it opens that.", show_default=DEFAULT_WORKSPACE
        ),
    ] = None,
    hours: Annotated[float, typer.Option("--hours", min=0.001, help="How long it holds.")] = 8.0,
    audience: Annotated[str, typer.Option("--audience", metavar="NAME", help="Whom it is for.")] = AUDIENCE,
    out: OutputOption = HUMAN,
) -> None:
    """Sign a token for a server on which nothing depends: `suasion serve --token-keys` with the same secret, or with the public key.

    Where something does, let who knows your people sign them (docs/security.md).
    """
    if not key.exists():
        make_secret(key)
        out.notes.print(f"note: made a secret, `{key}`; who has it can be anybody")
    roles = dict.fromkeys(workspace or [DEFAULT_WORKSPACE], role)
    try:
        token = jwt_token(key, subject, roles, round(hours * HOUR), audience)
    except KeysUnusable as error:
        raise Failure(str(error)) from error

    def show(console: Console) -> None:
        console.print(token)

    out.finish({"token": token}, show)


def make_secret(file: Path) -> None:
    """For its owner alone. Raises Failure."""
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(secrets.token_hex() + "\n")
    except OSError as error:
        raise Failure(f"cannot write `{file}`: {error.strerror}") from error
