"""Each decision that changed, as a line of JSON: who is treated differently, and how."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import orjson

from compiler.wire.time_text import write_instant
from server.replay.blame import Blame
from server.replay.pairs import Pair
from server.replay.places import places
from server.replay.report_json import answered_json


class ChangedLines:
    """Of two versions. `blamed` are the places of the groups that are to blame: `{"rule": "plan hello", "location": "rules.sua:14"}`."""

    def __init__(self, blame: Blame) -> None:
        self._blame = blame
        self._standing = cache(self._places_of)

    def __call__(self, pair: Pair, causes: Iterable[int]) -> bytes:
        """With the line's end."""
        return orjson.dumps(
            {
                "decision_id": pair.id,
                "user": pair.user,
                "time": write_instant(pair.time),
                "kind": pair.kind,
                "asked": dict(pair.asked),
                "before": answered_json(pair.before),
                "after": answered_json(pair.after),
                "blamed": [place for group in causes for place in self._standing(group)],
            },
            option=orjson.OPT_APPEND_NEWLINE,
        )

    def _places_of(self, group: int) -> list[dict[str, str]]:
        found = places(self._blame.difference, self._blame.groups[group])
        return [{"rule": each.rule, "location": each.location} for each in found]
