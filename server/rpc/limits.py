"""How many calls are let in: limits per workspace and method, as a file says, which may change at any time."""

from __future__ import annotations

import asyncio
import logging
import math
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf.message import Message

from server.rpc.access import NEEDED, admission
from server.rpc.calls import Call, Proceed
from server.usecases.refusals import TooManyCalls

PACKAGE = "suasion.v1."
LOOK_SECONDS = 1.0
"""How often it is looked whether the file has changed."""
MOST_REMEMBERED = 10_000
"""Workspaces of a limit: those that have used nothing of late are forgotten."""
ITEMS: Mapping[str, str] = {
    "DecisionService/BatchDecide": "requests",
    "DecisionService/BatchCheckContact": "requests",
    "DecisionService/BatchCheckCrowds": "subjects",
    "DecisionService/BatchListCrowds": "subjects",
    "FactService/RecordEvents": "events",
    "FactService/Backfill": "events",
    "FactService/UpsertProfiles": "profiles",
}
"""Where a call has its items; each counts as a call."""
log = logging.getLogger("suasion.limits")


class LimitsNotUnderstood(Exception):
    """The text says why, in plain words."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`per_second` calls go through in the long run, `burst` at once. `method`: `DecisionService/Decide`; of all methods together if
    empty. `workspace`: of each on its own if empty."""

    per_second: float
    burst: float
    method: str = ""
    workspace: str = ""


class Bucket:
    """A token bucket, kept as the instant at which it is full again (the generic cell rate algorithm)."""

    def __init__(self, limit: Limit) -> None:
        self._interval = 1 / limit.per_second
        self._burst = limit.burst
        self._full: dict[str, float] = {}

    def take(self, workspace: str, number: int, now: float) -> float:
        """0.0 once they are taken; else the seconds after which they could be. More than `burst` wait for a full bucket."""
        full = max(self._full.get(workspace, now), now)
        wait = full - now - (self._burst - min(number, self._burst)) * self._interval
        if wait > 0:
            return wait
        if len(self._full) >= MOST_REMEMBERED:
            self._full = {name: instant for name, instant in self._full.items() if instant > now}
        self._full[workspace] = full + number * self._interval
        return 0.0


class Limits:
    """Those of `path`, none without one. Raises LimitsNotUnderstood."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._changed = 0
        self._buckets: dict[Limit, Bucket] = {}
        self._by_method: dict[str, list[tuple[Limit, Bucket]]] = {}
        self.refused = 0
        """Calls."""
        if path is not None:
            self._read(path)

    async def around(self, call: Call, proceed: Proceed) -> Message | None:
        """Refuses a call that a limit leaves no room for."""
        if self._by_method:
            self._require(call)
        return await proceed(call)

    async def follow(self) -> None:
        """Go by the file as it changes; until it is cancelled. What cannot be understood changes nothing."""
        while self._path is not None:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                if changed(self._path) != self._changed:
                    self._read(self._path)
                    log.info({"event": "limits", "count": len(self._buckets)})
            except LimitsNotUnderstood as error:
                log.error({"event": "limits not read", "error": str(error)})

    def _read(self, path: Path) -> None:
        """What a limit has let through counts on where the limit is still the same."""
        self._changed = changed(path)
        self._buckets = {each: self._buckets.get(each) or Bucket(each) for each in read(path)}
        self._by_method = {}
        for each, bucket in self._buckets.items():
            self._by_method.setdefault(each.method, []).append((each, bucket))

    def _require(self, call: Call) -> None:
        method = call.method.removeprefix(f"/{PACKAGE}")
        found = (*self._by_method.get(method, ()), *self._by_method.get("", ()))
        if not found:
            return
        workspace, now = admission.get().workspace, time.monotonic()
        number = len(getattr(call.request, ITEMS[method], ())) if method in ITEMS else 1
        for limit, bucket in found:
            if limit.workspace in ("", workspace) and (wait := bucket.take(workspace, number, now)):
                self.refused += 1
                raise TooManyCalls(limit.per_second, method if limit.method else "", wait)


# ---- the file


def changed(path: Path) -> int:
    """When it was; 0 if it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def read(path: Path) -> list[Limit]:
    """Raises LimitsNotUnderstood."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise LimitsNotUnderstood(f"cannot read `{path}`: {reason}") from error
    if strangers := sorted(document.keys() - {"limit"}):
        raise LimitsNotUnderstood(f"`{path}` has `{strangers[0]}`, where `[[limit]]` is wanted")
    tables = document.get("limit", [])
    return [limit_of(table, f"limit {number} of `{path}`") for number, table in enumerate(tables, 1)]


NUMBERS, TEXTS = frozenset({"per_second", "burst"}), frozenset({"method", "workspace"})


def limit_of(table: Mapping[str, Any], where: str) -> Limit:
    for key, value in table.items():
        if key not in NUMBERS | TEXTS:
            raise LimitsNotUnderstood(f"{where} has `{key}`; there are per_second, burst, method, workspace")
        if key in TEXTS and not isinstance(value, str):
            raise LimitsNotUnderstood(f"`{key}` of {where} is not a text")
        if key in NUMBERS and (type(value) not in (int, float) or not 0 < value < math.inf):
            raise LimitsNotUnderstood(f"`{key}` of {where} is not a number above 0")
    if "per_second" not in table:
        raise LimitsNotUnderstood(f"{where} lacks `per_second`")
    if table.get("method") and f"/{PACKAGE}{table['method']}" not in NEEDED:
        raise LimitsNotUnderstood(
            f"{where} is of `{table['method']}`, which is no method such as `DecisionService/Decide`"
        )
    return Limit(**{"burst": table["per_second"], **table})
