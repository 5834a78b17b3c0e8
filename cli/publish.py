"""`suasion publish`: keep a version on a server."""

from pathlib import Path
from typing import Annotated

import typer
from suasion.v1 import rule_set_service_pb2 as pb

from cli.asking import asks
from cli.client import Client
from cli.output import HUMAN, OutputOption
from cli.releasing import COMPILING, finish, sources


@asks(COMPILING)
def command(
    client: Client,
    rules: Annotated[
        list[Path],
        typer.Argument(
            metavar="RULES",
            help="Files, and directories of `.sua` files, that make up one rule set.",
            show_default=False,
        ),
    ],
    validate_only: Annotated[
        bool, typer.Option("--validate-only", help="Only look whether the server would keep it.")
    ] = False,
    out: OutputOption = HUMAN,
) -> None:
    """Keep rules on a server, under the name that their content gives them. They decide for nobody yet.

    Ends with 1 if the rules do not compile, with 4 if no server answers.
    """
    request = pb.RuleSetServicePublishRequest(sources=sources(rules, out), validate_only=validate_only)
    answer = client.call(client.rules.Publish, request)
    version = answer.rule_set.version
    done = "can be kept" if validate_only else "is kept; `suasion activate` lets it decide"
    finish(out, answer, f"version {version} {done}")
