"""A question as it is on record, to be put to any version."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from compiler.facts import Facts
from compiler.facts_from_json import FactsError
from compiler.outcome_to_json import Outcome
from server.replay.answering import Answering
from server.replay.fitting import Ways
from server.replay.pairs import Answered
from server.replay.questions import QUESTIONS, CannotAnswer, parsed

LACKING = "`{}` is not on record, as the version that answered did not look at it"
INDEX = re.compile(r"\[\d+\]")


class Recorded:
    """A `Question` of pairs."""

    def __init__(
        self,
        record: Mapping[str, Any],
        then: Answering,
        pins: Sequence[str],
        ways: Ways,
        beside: Answering | None = None,
    ) -> None:
        """`then`: the version that answered, with `pins`; `beside`: the one whose answer was given. Raises CannotAnswer."""
        self.kind: str = record["kind"]
        self.pins = pins
        self._asked: str = record["asked"]
        self._document: str = record["facts"]
        self._then, self._ways, self._beside = then, ways, beside
        self._own: Facts | None = None
        self.remarks: tuple[str, ...] = ()
        if self.kind not in QUESTIONS:
            raise CannotAnswer(f"`{self.kind}` is no kind of question")
        self.asked = ways(then, then).put(self.kind, self._asked).asked

    @property
    def own(self) -> Facts:
        """The facts, as the version reads them that answered. Raises CannotAnswer."""
        if self._own is None:
            self._own = read(self._then, self._document)
        return self._own

    def facts(self, by: Answering) -> Facts:
        return self._put(by)[1]

    def answer(self, by: Answering) -> Answered:
        judge, facts = self._put(by)
        return by.answered(judge(facts), facts)

    def outcome(self, by: Answering) -> Outcome:
        """All that the version says."""
        judge, facts = self._put(by)
        return judge(facts)

    def remark(self, text: str) -> None:
        self.remarks = (*self.remarks, text)

    def _put(self, by: Answering) -> tuple[Callable[[Facts], Outcome], Facts]:
        """Who answers, and on what."""
        way = self._ways(self._then, by, self._beside)
        put = way.put(self.kind, self._asked)
        facts = read(by, text_of(way.fit(parsed(self._document, "facts")))) if way.fit else self.own
        if put.lacking is None:
            return put.judge, facts
        self.remarks = tuple(LACKING.format(name) for name in put.lacking.told)
        return put.judge, put.lacking(by.ruleset, facts)


def require(record: Mapping[str, Any], columns: Sequence[str]) -> None:
    """Raises CannotAnswer for the first that is not there."""
    for name in columns:
        if record[name] is None:
            raise CannotAnswer(f"`{name}` is not on record")
    if None in record["plan_versions"]:
        raise CannotAnswer("its `plan_versions` cannot be read")


def text_of(document: Mapping[str, Any]) -> str:
    """The way back."""
    return orjson.dumps(document).decode()


def read(by: Answering, document: str) -> Facts:
    """Raises CannotAnswer, which names what is wrong and shows no value."""
    try:
        return by.facts(document)
    except FactsError as error:
        raise CannotAnswer(strange_event(by, parsed(document, "facts")) or what_is_wrong(error)) from error


def strange_event(by: Answering, document: Mapping[str, Any]) -> str:
    events = document.get("events")
    names = (
        [each.get("event") for each in events if isinstance(each, dict)] if isinstance(events, list) else []
    )
    strange = next((name for name in names if isinstance(name, str) and name not in by.ruleset.events), None)
    return f"unknown event `{strange}`" if strange else ""


def what_is_wrong(error: FactsError) -> str:
    """By the path of the first that is; the same for every record of which the same is wrong."""
    first = error.errors[0]
    path = INDEX.sub("[…]", first.path)
    lacks = first.message == "this is required"
    return f"its facts lack `{path}`" if lacks else f"its facts cannot be read: `{path}`"
