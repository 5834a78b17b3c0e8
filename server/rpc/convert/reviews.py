"""Where versions stand on their way out, and what was done with them."""

from __future__ import annotations

from suasion.v1 import rule_set_service_pb2 as pb

from server.ports import Act, By
from server.rpc.access import admission
from server.rpc.checks import refusal
from server.rpc.convert.time import timestamp
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


def act_to(act: Act) -> pb.Act:
    return pb.Act(
        id=act.id,
        version=act.version,
        deed=f"DEED_{act.deed.name}",
        act_time=timestamp(act.time),
        actor=act.by.actor,
        reason=act.by.reason,
        epoch=act.epoch or 0,
    )
