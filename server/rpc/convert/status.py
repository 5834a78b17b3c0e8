"""How the server is, as a message."""

from __future__ import annotations

from typing import TypedDict

from suasion.v1 import status_service_pb2 as pb

from compiler.driver import EDITION
from dsl.version import ENGINE_VERSION
from server.ports import Part
from server.rpc.convert.provenance import TZDATA_VERSION
from server.rpc.convert.time import duration, timestamp
from server.usecases.status import LoadFailure, Probed, Reported, Serves, microseconds


def status_to(reported: Reported) -> pb.StatusResponse:
    return pb.StatusResponse(
        ready=reported.ready,
        versions=[served_to(each) for each in reported.serves],
        shadow=served_to(reported.shadow) if reported.shadow else None,
        last_load_failure=failure_to(reported.failure) if reported.failure else None,
        stores=[store_to(each) for each in reported.stores],
        timers_lag_duration=duration(reported.timers_lag),
        last_watch_id=reported.last_published,
        clock=reported.clock,
        now_time=timestamp(reported.now),
        start_time=timestamp(reported.started),
        uptime_duration=duration(microseconds() - reported.started),
        engine_version=ENGINE_VERSION,
        language_edition=EDITION,
        tzdata_version=TZDATA_VERSION,
        figures=[
            pb.Figure(name=figure.name, unit=figure.unit, value=value)
            for figure, value in reported.figures.items()
        ],
    )


def served_to(serves: Serves) -> pb.ServedVersion:
    return pb.ServedVersion(
        version=serves.version,
        epoch=serves.epoch,
        serve_time=timestamp(serves.since),
        **whom_to(serves.part),
    )


class Whom(TypedDict):
    """Whom a version serves, or decides beside, as the messages of versions have it."""

    share: float
    crowd: str
    except_crowd: str
    shadow_sample: float


def whom_to(part: Part) -> Whom:
    return Whom(
        share=float(part.share),
        crowd=part.crowd or "",
        except_crowd=part.except_crowd or "",
        shadow_sample=float(part.sample),
    )


def failure_to(failure: LoadFailure) -> pb.LoadFailure:
    return pb.LoadFailure(
        version=failure.version or "", fail_time=timestamp(failure.time), message=failure.message
    )


def store_to(probed: Probed) -> pb.StoreStatus:
    return pb.StoreStatus(
        name=probed.name,
        answers=probed.problem is None,
        problem=probed.problem or "",
        latency_duration=duration(probed.latency),
    )
