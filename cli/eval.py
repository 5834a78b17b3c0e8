"""`suasion eval`: crowds, scores, plans and decisions for users from a file, without a server."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.answers import Answerer, Asked
from cli.exit_codes import ExitCode, Failure
from cli.json_lines import diagnose_faults, lines_of_file
from cli.output import HUMAN, Format, Output, OutputOption
from cli.rule_sets import CheckedRules, checked, counted, diagnose
from compiler.cases.from_json import EXPECTATIONS
from compiler.cases.texts import Texts
from compiler.checked import ir
from compiler.checked.literals import instant_of
from compiler.driver import program
from compiler.facts import Facts
from compiler.facts_from_json import Reader
from compiler.wire.errors import FactsError, refusal
from compiler.wire.json_text import parse_json
from compiler.wire.time_text import read_instant
from dsl.diagnostics import suggest

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WRITTEN = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z?)?", re.ASCII)
"""An instant as rules write it."""
Names = list[str]


@dataclass(slots=True)
class Subjects:
    """The users of a file, read one after the other, and what was wrong with the lines of others."""

    reader: Reader
    now: int
    faults: dict[int, FactsError] = field(default_factory=dict)
    undeclared: Counter[str] = field(default_factory=Counter)

    def read(self, lines: Iterator[bytes]) -> Iterator[tuple[int, Facts]]:
        """Line number and facts; lines that cannot be read become faults, empty ones are passed over."""
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield number, self.facts(without_expectations(parse_json(line)))
            except FactsError as error:
                self.faults[number] = error

    def facts(self, document: object) -> Facts:
        if not isinstance(document, Mapping):
            raise refusal("expected an object in braces")
        reading = self.reader.read_facts(document, now=self.now)
        self.undeclared.update(reading.undeclared)
        return reading.value


def without_expectations(document: object) -> object:
    """Cases of `suasion test --facts` are facts, too."""
    if not isinstance(document, Mapping):
        return document
    return {name: part for name, part in document.items() if name not in EXPECTATIONS}


def command(
    rules: Annotated[
        Path,
        typer.Argument(metavar="RULES", help="A `.sua` file, or a directory of them.", show_default=False),
    ],
    facts: Annotated[
        Path | None,
        typer.Option(
            "--facts", help="What is known of users, as JSON Lines; `-` is stdin.", show_default=False
        ),
    ] = None,
    user: Annotated[
        str | None,
        typer.Option(
            "--user", metavar="JSON", help="One user's attributes, as a JSON object.", show_default=False
        ),
    ] = None,
    crowd: Annotated[Names | None, typer.Option("--crowd", help="This crowd.", show_default=False)] = None,
    plan: Annotated[
        Names | None, typer.Option("--plan", help="This plan, judged alone.", show_default=False)
    ] = None,
    decide: Annotated[Names | None, typer.Option("--decide", help="This decide.", show_default=False)] = None,
    now: Annotated[
        str | None,
        typer.Option(
            "--now",
            metavar="INSTANT",
            help="Holds where the facts do not say: `2026-03-01T22:40:00Z`, or `2026-03-01 22:40` in the "
            "zone of the settings; the clock's if left out.",
            show_default=False,
        ),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why, for crowds.")] = False,
    out: OutputOption = HUMAN,
) -> None:
    """Decide for users from a file, without a server.

    Answers with all crowds, scores and decides, or with those that are named (each option can be repeated). One line
    of JSON for each user of a file, tables for a single `--user`.
    """
    if (facts is None) == (user is None):
        raise Failure("of whom? give either `--facts FILE` or `--user JSON`")
    found = checked(rules)
    diagnose(out, found.diagnostics, found.sources)
    ruleset = found.compiled.ruleset
    if ruleset is None:
        out.finish(None, lambda _: None, ExitCode.FINDINGS)
    subjects = Subjects(Reader(ruleset), instant(ruleset, now))
    answerer = Answerer(
        program(ruleset), texts(found), asked(ruleset, crowd or [], plan or [], decide or []), explain
    )
    if facts is None:
        one(out, answerer, subjects, user or "")
    else:
        many(out, answerer, subjects, facts)


def texts(rules: CheckedRules) -> Texts:
    return Texts(rules.sources.values())


def instant(ruleset: ir.RuleSet, written: str | None) -> int:
    """Microseconds."""
    if written is None:
        return (datetime.now(UTC) - EPOCH) // (EPOCH.resolution)
    found = read_instant(written)
    if found is not None:
        return found
    try:
        if WRITTEN.fullmatch(written):
            return instant_of(written, ruleset.settings.zone)
    except ValueError:  # a day or minute that does not exist
        pass
    hint = "write it as in `2026-03-01T22:40:00Z` or `2026-03-01 22:40`"
    raise Failure(f"`{written}` is not an instant", hint=hint)


def asked(ruleset: ir.RuleSet, crowds: Names, plans: Names, decides: Names) -> Asked:
    """What is named, all of it declared; everything where nothing is named."""
    if not crowds and not plans and not decides:
        return Asked(tuple(ruleset.crowds), (), tuple(ruleset.decides), tuple(ruleset.scores))
    require("crowd", crowds, ruleset.crowds)
    require("plan", plans, ruleset.plans)
    require("decide", decides, ruleset.decides)
    return Asked(tuple(crowds), tuple(plans), tuple(decides))


def require(word: str, names: Sequence[str], declared: Mapping[str, object]) -> None:
    for name in names:
        if name not in declared:
            near = suggest(name, declared)
            known = ", ".join(declared) or "none"
            hint = f"did you mean `{near}`?" if near else f"declared: {known}"
            raise Failure(f"unknown {word} `{name}`", hint=hint)


# ---- one user


def one(out: Output, answerer: Answerer, subjects: Subjects, user: str) -> None:
    try:
        answers = answerer.answers(subjects.facts({"user": attributes(user)}))
    except FactsError as error:
        diagnose_faults(out, "--user", {1: error})
        out.finish(None, lambda _: None, ExitCode.FINDINGS)
    tell_undeclared(out, subjects)
    out.finish(answerer.as_json(answers), lambda console: answerer.show(console, answers))


def attributes(user: str) -> Mapping[str, object]:
    found = parse_json(user.encode())
    if not isinstance(found, Mapping):
        raise refusal('expected an object such as {"tier": "plus"}')
    return found


# ---- a file of users


def many(out: Output, answerer: Answerer, subjects: Subjects, facts: Path) -> None:
    """JSON Lines as they are read, or all in one envelope; what could not be read is told at the end."""
    told: list[dict[str, Any]] = []
    answered = 0
    for number, known in subjects.read(lines_of_file(facts)):
        answered += 1
        found = {"line": number, **answerer.as_json(answerer.answers(known))}
        if out.format is Format.JSON:
            told.append(found)
        else:
            sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    diagnose_faults(out, str(facts), subjects.faults)
    tell_undeclared(out, subjects)
    faulty = f", {counted(len(subjects.faults), 'line')} could not be read" if subjects.faults else ""
    out.notes.print(f"{counted(answered, 'user')} answered{faulty}")
    out.finish(told, lambda _: None, ExitCode.FINDINGS if subjects.faults else ExitCode.CLEAN)


def tell_undeclared(out: Output, subjects: Subjects) -> None:
    """Fields that the rules do not declare are no error: facts are recorded for more than one version."""
    if subjects.undeclared:
        names = ", ".join(sorted(subjects.undeclared)[:12])
        out.notes.print(f"not declared by the rules, and left out: {names}")
