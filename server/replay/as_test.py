"""A test in the language from a decision on record, in which nobody is known again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from compiler.cases.written import Question, Writer, Written
from compiler.facts import Facts
from compiler.facts_to_json import FactsWriter
from compiler.manifest import OfCrowds, OfDecide
from compiler.outcome_to_json import Outcome, OutcomeWriter
from server.replay.answering import Answering
from server.replay.fewer import fewest
from server.replay.made_up import Document, made_up, private_fields
from server.replay.programs import Programs
from server.replay.questions import CannotAnswer, parsed
from server.replay.recorded import read, text_of
from server.usecases.refusals import UnknownName


@dataclass(frozen=True, slots=True)
class Asked:
    """What is on record: who is asked, what, and the facts as a document."""

    by: Answering
    question: Question
    judge: Callable[[Facts], Outcome]
    document: Document


def test_of(programs: Programs, record: Mapping[str, Any], name: str, *, whole: bool = False) -> Written:
    """A test of that name, which passes with the version on record. It tells the fewest facts on which all is answered as on record,
    to the last reason; all that the rules look at if `whole`.

    Private values and the user's name are made up, so that all is answered as before. Raises CannotAnswer and CannotWrite.
    """
    asked = asked_of(programs, record)
    private = FactsWriter(asked.by.ruleset, mask=True)
    writer = OutcomeWriter(asked.by.ruleset, private)

    def answer(facts: Facts) -> Any:
        return orjson.loads(orjson.dumps(writer.write(asked.judge(facts), mask=True)))

    document, expected = asked.document, parsed(record["outcome"], "outcome")
    if not record["masked"]:
        facts = read(asked.by, record["facts"])
        document, expected = private.write(facts), answer(facts)
    for candidate in made_up(asked.by.ruleset, document):
        facts = read(asked.by, text_of(candidate))
        if answer(facts) == expected:
            facts = asked.by.manifest(asked.question).cut(facts)
            if not whole:
                facts = fewest(asked.by.ruleset, facts, lambda fewer: answer(fewer) == expected)
            written = Writer(programs.compiled(record["version"])).write(asked.question, facts, name)
            return with_private(written, private_fields(private.write(facts)))
    raise CannotAnswer(
        f"its answer rests on what is private: {', '.join(private_fields(document)) or 'the user'}"
    )


def asked_of(programs: Programs, record: Mapping[str, Any]) -> Asked:
    if record["plan_versions"]:
        raise CannotAnswer("a plan of it waits by another version, which no test can tell")
    by = programs(record["version"])
    try:
        entry, judge = by.question(record["kind"], parsed(record["asked"], "question"))
    except UnknownName as error:
        raise CannotAnswer(error.message) from error
    if not isinstance(entry, OfDecide | OfCrowds):
        raise CannotAnswer(
            "it asks for a contact alone; a test asks what a decide says, or who is in a crowd"
        )
    return Asked(by, entry, judge, parsed(record["facts"], "facts"))


def with_private(written: Written, private: list[str]) -> Written:
    made = tuple(f"`{each}` is private, and made up" for each in private)
    return Written(written.text, (*written.left_out, *made))
