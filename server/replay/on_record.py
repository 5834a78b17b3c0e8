"""What was answered, as its record has it: nothing is decided again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any

import msgspec
from msgspec import Struct

from compiler.wire.time_text import read_instant
from server.replay.answering import LIMITS
from server.replay.pairs import Answered
from server.replay.questions import CannotAnswer

CODES = frozenset(because.value for because in LIMITS)


class Said(Struct):
    code: str
    rule: str
    location: str


class Judged(Struct):
    reasons: list[Said]


class OfContact(Struct):
    verdict: str
    channel: str | None
    until: str | None
    reasons: list[Said]


class OfDecide(Struct):
    verdict: str
    plan: str | None
    channel: str | None
    until: str | None
    plans: list[Judged]


class OfCrowds(Struct):
    yes: frozenset[str]


def on_record(kind: str, outcome: str) -> Answered | None:
    """None of a send, as its content, value and cost have to be computed. Raises CannotAnswer."""
    try:
        return READERS[kind](outcome)
    except msgspec.MsgspecError as error:
        raise CannotAnswer("its outcome cannot be read") from error


def read_by(form: Any, answered: Callable[[Any], Answered | None]) -> Callable[[str], Answered | None]:
    decode = msgspec.json.Decoder(form).decode
    return lambda outcome: answered(decode(outcome))


def decided(found: OfDecide) -> Answered | None:
    return answered(found, found.plan, chain.from_iterable([plan.reasons for plan in found.plans]))


def contacted(found: OfContact) -> Answered | None:
    return answered(found, None, found.reasons)


def answered(found: OfDecide | OfContact, plan: str | None, reasons: Iterable[Said]) -> Answered | None:
    if found.verdict == "send":
        return None
    limits = [f"{each.rule} at {each.location}: {each.code}" for each in reasons if each.code in CODES]
    until = None if found.until is None else read_instant(found.until)
    return Answered(found.verdict, plan, found.channel, until, limits=tuple(dict.fromkeys(limits)))


DECIDES = read_by(OfDecide, decided)
CONTACTS = read_by(OfContact, contacted)
CROWDS = read_by(OfCrowds, lambda found: Answered(crowds=found.yes))
READERS: Mapping[str, Callable[[str], Answered | None]] = {
    **dict.fromkeys(("decide", "match_plan"), DECIDES),
    **dict.fromkeys(("reserve", "check_contact"), CONTACTS),
    **dict.fromkeys(("check_crowds", "list_crowds"), CROWDS),
}
"""By kind of record."""
