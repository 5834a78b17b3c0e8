"""What `suasion doctor` asks a server."""

import importlib.metadata
import time
from collections.abc import Iterator
from typing import Any

from suasion.v1 import status_service_pb2 as pb

from cli.client import Client
from cli.doctor_findings import MOST_SKEW, Finding, State
from cli.exit_codes import ExitCode, Failure
from dsl.version import ENGINE_VERSION

MOST_LAG = 60.0
"""Seconds that a waiting plan waits beyond its time."""


def server(client: Client, *, wanted: bool) -> Iterator[Finding]:
    """Does it answer, and is it well? One that is not `wanted` may be away.

    Raises Failure when one that is wanted does not.
    """
    address = client.address
    try:
        status = client.call(client.status.Status, pb.StatusRequest())
    except Failure as failure:
        if wanted:
            raise
        if failure.code is ExitCode.OUT_OF_REACH:
            yield Finding("server", State.OK, f"none at `{address}`")
        else:
            message = f"the one at `{address}` does not say how it is: {failure.message}"
            yield Finding("server", State.DOUBTFUL, message, failure.hint)
        return
    yield Finding("server", State.OK, f"answers at `{address}`, up for {status.uptime_duration.seconds} s")
    yield from rules(status)
    yield from stores(status)
    yield from versions(status)
    yield from clocks(status)


def rules(status: Any) -> Iterator[Finding]:
    if status.versions:
        yield Finding(
            "rules", State.OK, ", ".join(f"version {each.version[:12]}" for each in status.versions)
        )
    else:
        yield Finding("rules", State.WRONG, "none are active", "`suasion serve RULES`, or activate a version")
    if status.HasField("last_load_failure"):
        failed = status.last_load_failure
        way_out = "mend it and publish anew; what served before still does"
        yield Finding("rules", State.DOUBTFUL, f"a version did not load: {failed.message}", way_out)


def stores(status: Any) -> Iterator[Finding]:
    silent = [each for each in status.stores if not each.answers]
    way_out = "see that the store runs and its disk has room; the server's log has the rest"
    for each in silent:
        yield Finding("stores", State.WRONG, f"`{each.name}` does not answer: {each.problem}", way_out)
    if not silent:
        yield Finding("stores", State.OK, "all answer")
    lag = seconds(status.timers_lag_duration)
    if lag > MOST_LAG:
        message = f"{lag:.0f} seconds late"
        yield Finding(
            "timers", State.DOUBTFUL, message, "the server has too much to do, or its store is slow"
        )


def versions(status: Any) -> Iterator[Finding]:
    """Two builds may mean different things by the same rules."""
    ours = {"engine": ENGINE_VERSION, "tzdata": importlib.metadata.version("tzdata")}
    theirs = {"engine": status.engine_version, "tzdata": status.tzdata_version}
    for name, version in ours.items():
        if theirs[name] != version:
            message = f"the server has {name} {theirs[name]}, and this is {version}"
            yield Finding("versions", State.DOUBTFUL, message, "run the same release in both places")
    if theirs == ours:
        yield Finding("versions", State.OK, f"engine {ENGINE_VERSION} in both places")


def clocks(status: Any) -> Iterator[Finding]:
    theirs = status.start_time.ToNanoseconds() / 1e9 + seconds(status.uptime_duration)
    skew = abs(time.time() - theirs)
    if skew > MOST_SKEW:
        message = f"{skew:.0f} seconds between the server's and this machine's"
        yield Finding("clocks", State.DOUBTFUL, message, "keep both by NTP")
    else:
        yield Finding("clocks", State.OK, "the server's is that of this machine")


def seconds(duration: Any) -> float:
    return float(duration.ToNanoseconds()) / 1e9
