"""Where answers come from."""

from __future__ import annotations

from importlib.metadata import version

from suasion.v1 import answer_pb2 as pb

from dsl.version import ENGINE_VERSION
from server.rpc.convert.time import timestamp
from server.usecases.grounds import Common, Grounds

TZDATA_VERSION = version("tzdata")


def provenance_to(grounds: Grounds, *, advisory: bool = True) -> pb.Provenance:
    return pb.Provenance(
        decision_id=grounds.decision_id,
        version=grounds.serving.version,
        evaluate_time=timestamp(grounds.facts.now),
        degraded=is_degraded(grounds),
        missing=grounds.missing,
        unavailable=grounds.unavailable,
        advisory=advisory,
        tzdata_version=TZDATA_VERSION,
        engine_version=ENGINE_VERSION,
    )


def common_to(common: Common, *, degraded: bool) -> pb.Provenance:
    """Of many answers; `degraded` if one of them is."""
    return pb.Provenance(
        decision_id=common.decision_id,
        version=common.version,
        evaluate_time=timestamp(common.now),
        degraded=degraded,
        advisory=True,
        tzdata_version=TZDATA_VERSION,
        engine_version=ENGINE_VERSION,
    )


def is_degraded(grounds: Grounds) -> bool:
    return grounds.failed or bool(grounds.unavailable) or grounds.serving.is_last_good
