"""What `suasion eval` answers about one user: as a JSON object, and as tables for people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from compiler.cases.ranks import has_rank, rank_text
from compiler.cases.report import Report, seen_json
from compiler.cases.seen import Looking, Seen
from compiler.cases.texts import ANSWERS, Texts, instant_text, value_text
from compiler.cases.verdicts import Words
from compiler.checked import ir
from compiler.decision.program import Program
from compiler.facts import Facts
from compiler.manifest import EntryPoint, OfCrowds, OfDecide, OfPlan, manifest
from compiler.outcome import Attempt, Decision, PlanOutcome, Reason
from compiler.types import Answer, Type, Value
from compiler.wire.time_text import write_instant
from compiler.wire.writing import write_value
from server.usecases.grounds import missing, unavailable

ANSWER_STYLES = {"yes": "green", "no": "", "unknown": "yellow"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Names of what is asked; `scores` and `unasked` come when nothing was named."""

    crowds: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    decides: tuple[str, ...] = ()
    scores: tuple[str, ...] = ()

    @property
    def entries(self) -> Iterator[EntryPoint]:
        if self.crowds:
            yield OfCrowds(self.crowds)
        yield from (OfPlan(name) for name in self.plans)
        yield from (OfDecide(name) for name in self.decides)


@dataclass(frozen=True, slots=True)
class Answers:
    """About one user. `seen`: why each crowd answers so, if that was asked."""

    facts: Facts
    crowds: dict[str, Answer]
    scores: dict[str, tuple[Value, Value]]
    plans: dict[str, PlanOutcome]
    decisions: dict[str, Decision]
    missing: tuple[str, ...]
    unavailable: tuple[str, ...]
    seen: dict[str, list[Seen]] = field(default_factory=dict)


class Answerer:
    """Asks one program about one user after another."""

    def __init__(self, program: Program, texts: Texts, asked: Asked, explain: bool) -> None:
        self.program, self.texts, self.asked, self.explain = program, texts, asked, explain
        self.ruleset = program.ruleset
        self.manifests = [manifest(self.ruleset, entry) for entry in asked.entries]

    def answers(self, facts: Facts) -> Answers:
        program, asked = self.program, self.asked
        found = [(each, facts) for each in self.manifests]
        return Answers(
            facts,
            {name: program.crowd(name, facts) for name in asked.crowds},
            {name: self.score(name, facts) for name in asked.scores},
            {name: program.plan(name, facts) for name in asked.plans},
            {name: program.decide(name, facts) for name in asked.decides},
            tuple(dict.fromkeys(name for each in found for name in missing(*each))),
            tuple(dict.fromkeys(name for each in found for name in unavailable(*each))),
            {name: self.seen(name, facts) for name in asked.crowds} if self.explain else {},
        )

    def score(self, name: str, facts: Facts) -> tuple[Value, Value]:
        """Score and grade."""
        has_grades = bool(self.ruleset.scores[name].bands)
        return self.program.score(name, facts), self.program.grade(name, facts) if has_grades else None

    def seen(self, crowd: str, facts: Facts) -> list[Seen]:
        key = f"crowd {crowd}"
        looking = Looking(self.ruleset, self.program, facts, lambda span: self.ruleset.place(key, span))
        return list(dict.fromkeys(looking.blame(self.ruleset.crowds[crowd].condition)))

    # ---- as JSON

    def as_json(self, answers: Answers) -> dict[str, Any]:
        """Parts that were not asked for are left out."""
        facts, ruleset = answers.facts, self.ruleset
        user = facts.user.get(ruleset.user_key) if ruleset.user_key else None
        found: dict[str, Any] = {
            "user": user if isinstance(user, str) else None,
            "now": write_instant(facts.now),
            "version": ruleset.hash,
            "crowds": {name: ANSWERS[answer] for name, answer in answers.crowds.items()},
            "scores": {name: self.score_json(name, *values) for name, values in answers.scores.items()},
            "plans": {name: self.outcome_json(each, None) for name, each in answers.plans.items()},
            "decisions": {name: self.decision_json(each) for name, each in answers.decisions.items()},
            "seen": {name: [seen_json(each, self.texts) for each in s] for name, s in answers.seen.items()},
        }
        kept = {key: value for key, value in found.items() if value != {}}
        return kept | {"missing": list(answers.missing), "unavailable": list(answers.unavailable)}

    def score_json(self, name: str, score: Value, grade: Value) -> dict[str, Any]:
        declared = self.ruleset.scores[name]
        found = {"score": write_value(declared.type, score)}
        return found | ({"grade": grade} if declared.bands else {})

    def decision_json(self, decision: Decision) -> dict[str, Any]:
        return {
            "verdict": decision.verdict.value,
            "plan": decision.plan,
            "channel": decision.channel,
            "until": instant_json(decision.until),
            "attempts": [self.attempt_json(each) for each in decision.attempts],
            "plans": [self.outcome_json(each, decision) for each in decision.outcomes],
            "scheduled": [
                {"plan": each.plan, "due": write_instant(each.due), "occurrence": each.occurrence}
                for each in decision.scheduled
            ],
        }

    def attempt_json(self, attempt: Attempt) -> dict[str, Any]:
        steps = {step.channel: step for step in self.ruleset.plans[attempt.plan].steps}
        types: dict[str, Type] = {name: expr.type for name, expr in steps[attempt.channel].arguments}
        return {
            "plan": attempt.plan,
            "channel": attempt.channel,
            "content": attempt.content,
            "arguments": {name: write_value(types[name], value) for name, value in attempt.arguments.items()},
        }

    def outcome_json(self, outcome: PlanOutcome, decision: Decision | None) -> dict[str, Any]:
        rank = self.ruleset.decides[decision.decide].rank.get(outcome.plan) if decision else None
        return {
            "plan": outcome.plan,
            "verdict": outcome.verdict.value,
            "gate": outcome.fell.value if outcome.fell else None,
            "channel": outcome.channel,
            "until": instant_json(outcome.until),
            "rank": write_value(rank.type, outcome.rank) if rank else None,
            "reasons": [self.reason_json(each) for each in outcome.reasons],
        }

    def reason_json(self, reason: Reason) -> dict[str, Any]:
        place = self.ruleset.place(reason.owner, reason.span)
        return {
            "because": reason.because.value,
            "owner": reason.owner,
            "rule": self.texts.at(place),
            "place": str(place),
            "channel": reason.channel,
            "answer": ANSWERS[reason.answer],
            "until": instant_json(reason.until),
        }

    # ---- for people

    def show(self, console: Console, answers: Answers) -> None:
        zone = zone_of(self.ruleset, answers.facts)
        words = Words(self.ruleset, zone)
        for table in self.tables(answers, words, zone):
            if table.row_count:
                console.print(table)
        for title, names in (("missing", answers.missing), ("unavailable", answers.unavailable)):
            if names:
                console.print(f"{title}: {', '.join(names)}")
        console.print(f"at {instant_text(answers.facts.now, zone)} in {zone}, version {self.ruleset.hash}")

    def tables(self, answers: Answers, words: Words, zone: str) -> Iterator[Table]:
        crowds = columns("crowd", "in it", "why")
        for name, answer in answers.crowds.items():
            said = ANSWERS[answer]
            crowds.add_row(name, Text(said, ANSWER_STYLES[said]), self.why(answers.seen.get(name, []), zone))
        yield crowds
        yield self.scores(answers, zone)
        plans = columns("decide", "plan", "what becomes of it", "rank", "rule")
        for decision in answers.decisions.values():
            said = words.decision(decision).removeprefix(f"{decision.decide} ")
            plans.add_row(decision.decide, "", said, "", "")
            for outcome in decision.outcomes:
                rank = self.rank(outcome, decision, zone)
                plans.add_row("", outcome.plan, words.plan(outcome, decision), rank, self.rules(outcome))
        for outcome in answers.plans.values():
            alone = decision_alone(outcome)
            plans.add_row("", outcome.plan, words.plan(outcome, alone), "", self.rules(outcome))
        yield plans

    def rank(self, outcome: PlanOutcome, decision: Decision, zone: str) -> str:
        """Nothing for a plan that did not come so far, or is not ranked by anything."""
        expr = self.ruleset.decides[decision.decide].rank.get(outcome.plan)
        return rank_text(expr.type, outcome.rank, zone) if expr and has_rank(outcome) else ""

    def scores(self, answers: Answers, zone: str) -> Table:
        table = columns("score", "total", "grade")
        for name, (score, grade) in answers.scores.items():
            shown = value_text(self.ruleset.scores[name].type, score, zone)
            table.add_row(name, shown, str(grade) if isinstance(grade, str) else "")
        return table

    def why(self, seen: Sequence[Seen], zone: str) -> str:
        report = Report(self.texts)
        rows = (report.seen(each, self.texts.at(each.place), zone) for each in seen)
        return "\n".join(f"{text}  {place}" for text, place in rows)

    def rules(self, outcome: PlanOutcome) -> str:
        places = dict.fromkeys(self.ruleset.place(each.owner, each.span) for each in outcome.reasons)
        return "\n".join(f"{self.texts.at(place)}  {place}" for place in places)


def columns(*titles: str) -> Table:
    """A table that keeps its lines together where it can."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def decision_alone(outcome: PlanOutcome) -> Decision:
    """What a plan judged alone would be the outcome of."""
    return Decision("", outcome.verdict, outcome.plan, outcome.channel, outcome.until, (), (outcome,), ())


def zone_of(ruleset: ir.RuleSet, facts: Facts) -> str:
    zone = facts.user.get(ruleset.user_zone) if ruleset.user_zone else None
    return zone if isinstance(zone, str) else ruleset.settings.zone


def instant_json(instant: int | None) -> str | None:
    return None if instant is None else write_instant(instant)
