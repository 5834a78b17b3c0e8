"""What was answered, as its record has it: nothing is decided again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from compiler.wire.time_text import read_instant
from server.replay.answering import LIMITS
from server.replay.pairs import Answered
from server.replay.questions import CannotAnswer

Reader: TypeAlias = "Callable[[str, Places], Answered | None]"
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


class Places(dict[str, str]):
    """Lines on record, `rules.sua:14`, in files as they are named now. `names`: where they had others."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def __missing__(self, place: str) -> str:
        name, _, line = place.rpartition(":")
        found = self[place] = f"{self._names.get(name, name)}:{line}"
        return found


def on_record(kind: str, outcome: str, places: Places) -> Answered | None:
    """None of a send, as its content, value and cost have to be computed. Raises CannotAnswer."""
    try:
        return READERS[kind](outcome, places)
    except msgspec.MsgspecError as error:
        raise CannotAnswer("its outcome cannot be read") from error


def read_by(form: Any, answered: Callable[[Any, Places], Answered | None]) -> Reader:
    decode = msgspec.json.Decoder(form).decode
    return lambda outcome, places: answered(decode(outcome), places)


def decided(found: OfDecide, places: Places) -> Answered | None:
    return answered(found, found.plan, chain.from_iterable([plan.reasons for plan in found.plans]), places)


def contacted(found: OfContact, places: Places) -> Answered | None:
    return answered(found, None, found.reasons, places)


def answered(
    found: OfDecide | OfContact, plan: str | None, reasons: Iterable[Said], places: Places
) -> Answered | None:
    if found.verdict == "send":
        return None
    limits = [
        f"{each.rule} at {places[each.location]}: {each.code}" for each in reasons if each.code in CODES
    ]
    until = None if found.until is None else read_instant(found.until)
    return Answered(found.verdict, plan, found.channel, until, limits=tuple(dict.fromkeys(limits)))


DECIDES = read_by(OfDecide, decided)
CONTACTS = read_by(OfContact, contacted)
CROWDS = read_by(OfCrowds, lambda found, _: Answered(crowds=found.yes))
READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("decide", "match_plan"), DECIDES),
    **dict.fromkeys(("reserve", "check_contact"), CONTACTS),
    **dict.fromkeys(("check_crowds", "list_crowds"), CROWDS),
}
"""By kind of record."""
