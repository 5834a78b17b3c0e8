"""Reports as JSON values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from compiler.wire.time_text import write_instant
from server.replay.guards import Guarded
from server.replay.pairs import Answered, Status
from server.replay.report import Blamed, EntryPoint, Example, Report


def report_json(report: Report, guards: Iterable[Guarded] = ()) -> dict[str, Any]:
    """Everything, by the names that the report has for it."""
    return {
        "base": report.base,
        "candidate": report.candidate,
        "loop": report.loop.value,
        **subject_json(report),
        "decisions": report.decisions,
        "users": report.users,
        "users_changed": report.users_changed,
        "share_changed": report.share_changed,
        "statuses": statuses_json(report.statuses),
        **{name: [asdict(each) for each in getattr(report, name)] for name in TABLES},
        "entry_points": [entry_point_json(each) for each in report.entry_points],
        "currency": report.currency,
        "zone": report.zone,
        "blamed": [blamed_json(each) for each in report.blamed],
        "regrets": [example_json(each) for each in report.regrets],
        "decisions_covered": report.decisions_covered,
        "rules_never_covered": list(report.rules_never_covered),
        "notes": list(report.notes),
        "guards": [asdict(each) | {"broken": each.is_broken} for each in guards],
    }


def subject_json(report: Report) -> dict[str, Any]:
    """What it is of. Null is what was not named, and the period of nothing."""
    base, candidate = report.named
    first, last = map(write_instant, report.period) if report.period else (None, None)
    return {
        "history": report.history or None,
        "first_time": first,
        "last_time": last,
        "base_named": base or None,
        "candidate_named": candidate or None,
    }


TABLES = ("verdicts", "plans", "crowds", "sends", "limits", "money", "days", "coverage", "left_out")


def statuses_json(statuses: Mapping[Status, int]) -> dict[str, int]:
    return {status.value: count for status, count in statuses.items()}


def entry_point_json(entry_point: EntryPoint) -> dict[str, Any]:
    return asdict(entry_point) | {"statuses": statuses_json(entry_point.statuses)}


def blamed_json(blamed: Blamed) -> dict[str, Any]:
    return {
        "rule": blamed.rule,
        "location": blamed.location,
        "text_before": blamed.text_before,
        "text_after": blamed.text_after,
        "decisions": blamed.decisions,
        "users": blamed.users,
        "effects": blamed.effects,
        "moves": [asdict(each) for each in blamed.moves],
        "entry_points": {
            name: [asdict(each) for each in moves] for name, moves in blamed.entry_points.items()
        },
        "examples": [example_json(each) for each in blamed.examples],
    }


def example_json(example: Example) -> dict[str, Any]:
    return {
        "decision_id": example.decision_id,
        "user": example.user,
        "time_before": write_instant(example.time_before),
        "time": write_instant(example.time),
        "before": answered_json(example.before),
        "after": answered_json(example.after),
        "why_before": example.why_before,
        "why_after": example.why_after,
    }


def answered_json(answered: Answered) -> dict[str, Any]:
    return {
        "verdict": answered.verdict,
        "plan": answered.plan,
        "channel": answered.channel,
        "until": None if answered.until is None else write_instant(answered.until),
        "content": answered.content,
        "crowds": sorted(answered.crowds),
        "limits": list(answered.limits),
        "value": answered.value,
        "cost": answered.cost,
    }
