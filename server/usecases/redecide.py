"""Decide again what is on record, and compare: the same facts, by the same rules, have to give the same answer to the bit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import orjson

from compiler.checked.ir import RuleSet
from compiler.driver import Compiled, compile_ruleset
from compiler.facts import Facts
from compiler.facts_from_json import FactsError, Reader
from compiler.facts_to_json import FactsWriter
from compiler.outcome_to_json import Outcome, OutcomeWriter
from compiler.pinned import pinned
from server.ports.log import DecisionArchive
from server.usecases.active_rules import Serving
from server.usecases.check_contact import from_json, question, question_for_good
from server.usecases.crowds import membership


class Result(Enum):
    """What came of deciding again. MASKED: private facts are not in the record. ERROR: the rules or the facts could not be
    read."""

    SAME = "same"
    DIFFERENT = "different"
    MASKED = "masked"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Redecided:
    """`why`: of an ERROR, in words. `recorded`, `now`: outcomes as JSON, where both are known."""

    decision_id: str
    result: Result
    why: str = ""
    recorded: str = ""
    now: str = ""


class CannotRedecide(Exception):
    """The text says why, in words, and shows no fact."""


class Redecide:
    """Decides records of one archive again; what was made of a version stays for the next."""

    def __init__(self, archive: DecisionArchive) -> None:
        self._archive = archive
        self._versions: dict[str, Version] = {}
        self._ready: dict[tuple[str, ...], Ready] = {}

    def __call__(self, record: Mapping[str, Any]) -> Redecided:
        id: str = record["decision_id"]
        if record["masked"]:
            return Redecided(id, Result.MASKED)
        try:
            now = self._again(record)
        except CannotRedecide as error:
            return Redecided(id, Result.ERROR, str(error))
        same = now == record["outcome"]
        return Redecided(id, Result.SAME if same else Result.DIFFERENT, "", record["outcome"], now)

    def _again(self, record: Mapping[str, Any]) -> str:
        ready = self._ready_for(record["version"], record["plan_versions"])
        try:
            facts = ready.reader.read_facts(orjson.loads(record["facts"])).value
        except FactsError as error:
            raise CannotRedecide(f"its facts cannot be read: {error.errors[0].path}") from error
        outcome = AGAIN[record["kind"]](ready.serving, orjson.loads(record["asked"]), facts)
        return orjson.dumps(ready.writer.write(outcome, mask=False)).decode()

    def _ready_for(self, version: str, plan_versions: list[str]) -> Ready:
        key = (version, *plan_versions)
        if key not in self._ready:
            self._ready[key] = Ready.of(
                self._together(version, plan_versions), self._version(version).compiled
            )
        return self._ready[key]

    def _together(self, version: str, plan_versions: list[str]) -> RuleSet:
        """The rules of a version, with plans that other versions opened."""
        ruleset = self._version(version).ruleset
        by_version: dict[str, list[str]] = {}
        for each in plan_versions:
            plan, _, other = each.rpartition("=")
            by_version.setdefault(other, []).append(plan)
        for other, plans in by_version.items():
            there = self._version(other).ruleset
            activities = {ruleset.plans[plan].activity for plan in plans}
            names = [name for name, plan in there.plans.items() if plan.activity in activities]
            made = pinned(ruleset, there, sorted(names))
            if made is None:
                raise CannotRedecide(f"plans of version {other} do not fit into {version}")
            ruleset = made.ruleset
        return ruleset

    def _version(self, version: str) -> Version:
        if version not in self._versions:
            self._versions[version] = self._compiled(version)
        return self._versions[version]

    def _compiled(self, version: str) -> Version:
        rules = self._archive.rules(version)
        if rules is None:
            raise CannotRedecide(f"the files of version {version} were not kept")
        compiled = compile_ruleset(rules.files, beside=rules.modules)
        if compiled.ruleset is None or compiled.ruleset.hash != version:
            raise CannotRedecide(
                f"version {version} was made with another language edition or standard library"
            )
        return Version(compiled.ruleset, compiled)


@dataclass(frozen=True, slots=True)
class Version:
    """A version, compiled from the files that were kept."""

    ruleset: RuleSet
    compiled: Compiled


@dataclass(frozen=True, slots=True)
class Ready:
    """What reads facts, decides, and writes the outcome."""

    serving: Serving
    reader: Reader
    writer: OutcomeWriter

    @classmethod
    def of(cls, ruleset: RuleSet, compiled: Compiled) -> Ready:
        serving = Serving.of(ruleset, compiled.sources.values())
        return cls(
            serving, Reader(ruleset, recorded=True), OutcomeWriter(ruleset, FactsWriter(ruleset, mask=False))
        )


# ---- by the kind of record

Asked = Mapping[str, Any]


def decided(serving: Serving, asked: Asked, facts: Facts) -> Outcome:
    return serving.program.decide(asked["decide"], facts)


def contacted(serving: Serving, asked: Asked, facts: Facts) -> Outcome:
    _, judge = question(serving, from_json(asked))
    return judge(facts)


def reserved(serving: Serving, asked: Asked, facts: Facts) -> Outcome:
    _, judge = question_for_good(serving, from_json(asked))
    return judge(facts)


def checked(serving: Serving, asked: Asked, facts: Facts) -> Outcome:
    return {name: membership(serving, facts, name) for name in asked["crowds"]}


def listed(serving: Serving, asked: Asked, facts: Facts) -> Outcome:
    return serving.program.crowds(facts)


AGAIN: Mapping[str, Callable[[Serving, Asked, Facts], Outcome]] = {
    "decide": decided,
    "match_plan": decided,
    "reserve": reserved,
    "check_contact": contacted,
    "check_crowds": checked,
    "list_crowds": listed,
}
