"""Steps of a version on its way out: what they have in common on the command line."""

from typing import Annotated, Any

import typer
from suasion.v1 import rule_set_service_pb2 as pb

VersionArgument = Annotated[
    str, typer.Argument(metavar="VERSION", help="One that is kept.", show_default=False)
]
ReasonOption = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="Why; kept for good.", show_default=False)
]


def state(review: Any) -> str:
    """`approved by bea`, `submitted`."""
    word = pb.ReviewState.Name(review.state).removeprefix("REVIEW_STATE_").lower()
    judged = review.state in (pb.REVIEW_STATE_APPROVED, pb.REVIEW_STATE_REJECTED)
    return f"{word} by {review.reviewer or 'somebody'}" if judged else word
