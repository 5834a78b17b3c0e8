"""Options of what is answered while a store does not answer."""

from dataclasses import fields
from typing import Annotated

import typer

from cli.exit_codes import Failure
from server.usecases.failures import Failures, OnFailure

PatienceOption = Annotated[
    float,
    typer.Option(
        "--patience",
        metavar="SECONDS",
        min=0.01,
        help="So long the answer of a store to a question is waited for.",
    ),
]
OnFailureOption = Annotated[
    list[str] | None,
    typer.Option(
        "--on-failure",
        metavar="KIND=answer|refuse",
        help="What becomes of crowds, plans, marketing, transactional and legal contacts while a store does not answer; all are "
        "answered, if left out (docs/operating.md).",
        show_default=False,
    ),
]
KINDS = tuple(each.name for each in fields(Failures))
WORDS = tuple(each.value for each in OnFailure)


def failures(said: list[str] | None) -> Failures:
    """Raises Failure."""
    chosen: dict[str, OnFailure] = {}
    for each in said or ():
        kind, _, word = each.partition("=")
        if kind not in KINDS or word not in WORDS:
            hint = f"say KIND=answer or KIND=refuse; kinds: {', '.join(KINDS)}"
            raise Failure(f"`{each}` does not say what becomes of a kind", hint=hint)
        chosen[kind] = OnFailure(word)
    return Failures(**chosen)
