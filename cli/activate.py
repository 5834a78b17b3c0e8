"""`suasion activate`: let a version decide."""

from pathlib import Path
from typing import Annotated

import typer
from suasion.v1 import rule_set_service_pb2 as pb

from cli.asked import instant_of
from cli.asking import asks
from cli.client import Client
from cli.exit_codes import Failure
from cli.output import HUMAN, OutputOption
from cli.releasing import (
    COMPILING,
    finish,
    is_version,
    release_text,
    schedule_text,
    sources,
    whole,
)
from cli.reviewing import ReasonOption

WhatArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="VERSION|RULES",
        help="A version that is kept, or the files and directories of one that is published first.",
        show_default=False,
    ),
]
ShareOption = Annotated[
    str,
    typer.Option(
        "--share",
        metavar="PERCENT",
        help="For so many of the users, such as `10%`; others keep what they have.",
    ),
]
CrowdOption = Annotated[
    str | None,
    typer.Option(
        "--crowd",
        metavar="CROWD",
        help="For the users in this crowd or list of its own; with `--share`, for so many of them.",
        show_default=False,
    ),
]
ShadowOption = Annotated[
    bool,
    typer.Option(
        "--shadow", help="For nobody, but beside what decides; its answers go into the decision log."
    ),
]
SampleOption = Annotated[
    str,
    typer.Option("--sample", metavar="PERCENT", help="shadow: about so many of the users, such as `10%`."),
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="INSTANT", help="Not now, but at `2026-03-01T09:00:00+01:00`.", show_default=False
    ),
]
RetirePlansOption = Annotated[
    bool,
    typer.Option("--retire-plans", help="Give up plans that users wait for and that the rules do not have."),
]


@asks(COMPILING)
def command(
    client: Client,
    what: WhatArgument,
    share: ShareOption = "100%",
    crowd: CrowdOption = None,
    shadow: ShadowOption = False,
    sample: SampleOption = "100%",
    at: AtOption = None,
    retire_plans: RetirePlansOption = False,
    reason: ReasonOption = "",
    out: OutputOption = HUMAN,
) -> None:
    """Let a version decide, from the next decision on, for everybody, for a share of the users, or for a crowd.

    Raising the share only adds users. Plans that wait stay with the version that opened them. Ends with 1 if rules do not
    compile, with 3 if the server refuses, with 4 if none answers.
    """
    request = pb.RuleSetServiceActivateRequest(shadow=shadow, retire_plans=retire_plans, reason=reason)
    if shadow:
        request.sample = share_of(sample)
    else:
        request.share = share_of(share)
    if crowd is not None:
        request.crowd = crowd
    if at is not None:
        request.activate_time.CopyFrom(instant_of(at))
    if len(what) == 1 and is_version(what[0]):
        request.version = whole(client, what[0])
    else:
        request.sources.CopyFrom(sources([Path(each) for each in what], out))
    answer = client.call(client.rules.Activate, request)
    finish(out, answer, release_text(answer.release) if at is None else schedule_text(answer.schedule))


def share_of(text: str) -> float:
    """`10%` as 0.1. Raises Failure."""
    try:
        percent = float(text.removesuffix("%"))
    except ValueError:
        percent = 0.0
    if not 0 < percent <= 100:
        raise Failure(f"`{text}` is no share of the users", hint="write it as in `--share 10%`")
    return percent / 100
