"""Where versions stand on their way out."""

from __future__ import annotations

from suasion.v1 import rule_set_service_pb2 as pb

from server.ports import By
from server.rpc.access import admission
from server.rpc.checks import refusal
from server.usecases.reviews import Review

LONGEST_REASON = 2000
"""Characters."""


def by_from(reason: str) -> By:
    """Whoever makes the call, and why."""
    if len(reason) > LONGEST_REASON:
        raise refusal("reason", f"{len(reason):,} characters are too many; it has at most {LONGEST_REASON:,}")
    return By(admission.get().subject, reason)


def review_to(review: Review) -> pb.Review:
    return pb.Review(
        state=f"REVIEW_STATE_{review.state.name}",
        authors=sorted(review.authors - {""}),
        reviewer=review.reviewer,
    )
