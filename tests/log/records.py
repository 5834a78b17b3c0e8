"""Records of generated rules and people: every kind of question, answered by the program that serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from compiler.driver import Compiled, compile_ruleset
from compiler.facts import Facts
from compiler.facts_from_json import Reader
from compiler.facts_to_json import FactsWriter
from compiler.manifest import EntryPoint, OfCrowds, OfDecide
from compiler.outcome_to_json import Outcome
from dsl.source import Source
from server.ports import Record, RuleFiles
from server.ports.log import DecisionArchive, Kind
from server.usecases.active_rules import Serving
from server.usecases.check_contact import Message, as_json, question, question_for_good
from tests.agreement.people import contacted
from tests.agreement.rulesets import CHANNELS, TAGS, whole


@dataclass(frozen=True)
class Question:
    """What is asked, what is to be known for it, and who answers."""

    kind: Kind
    asked: dict[str, Any]
    entry: EntryPoint
    answer: Callable[[Facts], Outcome]


@dataclass(frozen=True)
class Made:
    """A version, ready to serve."""

    files: RuleFiles
    serving: Serving

    @classmethod
    def of(cls, text: str) -> Made:
        source = Source("generated.sua", text)
        compiled: Compiled = compile_ruleset([source])
        assert compiled.ruleset is not None, compiled.diagnostics
        return cls(RuleFiles((source,)), Serving.of(compiled.ruleset, [source]))


def records(seed: int, count: int) -> tuple[Made, Iterator[Record]]:
    """A generated version, and that many answers of it."""
    made, random = Made.of(whole(seed)), Random(seed)
    return made, (record(made, random, f"{seed}-{number}") for number in range(count))


def record(made: Made, random: Random, id: str) -> Record:
    serving = made.serving
    question = random.choice(QUESTIONS)(serving, random)
    facts = as_read(serving, contacted(random, serving.ruleset))
    return Record(
        decision_id=id,
        kind=question.kind,
        asked=question.asked,
        user=str(facts.user.get("id")),
        version=serving.ruleset.hash,
        ruleset=serving.ruleset,
        manifest=serving.manifest(question.entry),
        facts=facts,
        outcome=question.answer(facts),
        missing=(),
        unavailable=(),
        latency=1,
    )


def as_read(serving: Serving, facts: Facts) -> Facts:
    """Generated facts as a server has them: typed by a reader."""
    document = FactsWriter(serving.ruleset, mask=False).write(facts)
    return Reader(serving.ruleset, recorded=True).read_facts(document).value


def stored(archive: DecisionArchive) -> list[dict[str, Any]]:
    """All that was put on record."""
    return [record for part in archive.parts() for record in archive.read(part)]


# ---- questions


def decide(serving: Serving, random: Random) -> Question:
    name = random.choice(list(serving.ruleset.decides))
    kind: Kind = random.choice(("decide", "match_plan"))
    return Question(kind, {"decide": name}, OfDecide(name), lambda facts: serving.program.decide(name, facts))


def contact(serving: Serving, random: Random) -> Question:
    policies = list(serving.ruleset.policies)
    message = Message(
        random.choice(CHANNELS),
        random.choice((None, (), tuple(random.sample(policies, random.randint(0, len(policies)))))),
        frozenset(random.sample(TAGS, random.randint(0, 2))),
        random.choice(("marketing", "transactional", "legal")),
    )
    asked = random.choice((message, random.choice(list(serving.ruleset.plans))))
    kind, of = random.choice(CONTACTS)
    entry, judge = of(serving, asked)
    return Question(kind, as_json(asked, entry), entry, judge)


CONTACTS: tuple[tuple[Kind, Any], ...] = (("check_contact", question), ("reserve", question_for_good))


def some_crowds(serving: Serving, random: Random) -> Question:
    known = [*serving.ruleset.crowds, *serving.ruleset.lists]
    names = random.sample(known, random.randint(1, len(known)))
    return Question(
        "check_crowds",
        {"crowds": names},
        OfCrowds(tuple(sorted(names))),
        lambda facts: {name: serving.membership(name, facts) for name in names},
    )


def all_crowds(serving: Serving, random: Random) -> Question:
    return Question("list_crowds", {}, OfCrowds(), serving.program.crowds)


QUESTIONS = (decide, decide, decide, contact, some_crowds, all_crowds)
