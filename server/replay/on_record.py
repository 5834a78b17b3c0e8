"""What was answered, as its record has it: nothing is decided again."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from compiler.wire.time_text import read_instant
from server.replay.answering import LIMITS
from server.replay.pairs import Answered
from server.replay.questions import CannotAnswer
from server.replay.recorded import parsed

CODES = frozenset(because.value for because in LIMITS)


def on_record(outcome: str) -> Answered | None:
    """None of a send, as its content, value and cost have to be computed, and of crowds. Raises CannotAnswer."""
    found = parsed(outcome, "outcome")
    try:
        return answered(found)
    except (KeyError, TypeError, AttributeError) as error:
        raise CannotAnswer("its outcome cannot be read") from error


def answered(found: Mapping[str, Any]) -> Answered | None:
    verdict = found.get("verdict")
    if verdict is None or verdict == "send":
        return None
    reasons = (
        found["reasons"]
        if "plans" not in found
        else chain.from_iterable([plan["reasons"] for plan in found["plans"]])
    )
    limits = [
        f"{each['rule']} at {each['location']}: {each['code']}" for each in reasons if each["code"] in CODES
    ]
    until = found["until"]
    return Answered(
        verdict,
        found.get("plan"),
        found["channel"],
        until and read_instant(until),
        limits=tuple(dict.fromkeys(limits)),
    )
