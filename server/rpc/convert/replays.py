"""What a replay found, as messages."""

from __future__ import annotations

from collections.abc import Iterable

from suasion.v1 import replay_service_pb2 as pb

from server.replay.pairs import Answered, Status
from server.replay.report import Blamed, Compared, CrowdMoves, Example, LeftOut, Loop, Moved, Report
from server.rpc.convert.time import timestamp
from server.usecases.replays import Progress

LOOPS = {
    Loop.VERIFY: pb.REPLAY_LOOP_VERIFY,
    Loop.OPEN: pb.REPLAY_LOOP_OPEN,
    Loop.CLOSED: pb.REPLAY_LOOP_CLOSED,
}


def replayed_to(found: Progress | Report) -> pb.ReplayResponse:
    if isinstance(found, Progress):
        return pb.ReplayResponse(
            progress=pb.ReplayProgress(done_count=found.done, record_count=found.records)
        )
    return pb.ReplayResponse(report=report_to(found))


def report_to(report: Report) -> pb.ReplayReport:
    statuses = report.statuses
    return pb.ReplayReport(
        base_version=report.base,
        candidate_version=report.candidate,
        loop=LOOPS[report.loop],
        decision_count=report.decisions,
        user_count=report.users,
        changed_user_count=report.users_changed,
        same_count=statuses.get(Status.SAME, 0),
        changed_count=statuses.get(Status.CHANGED, 0),
        slower_count=statuses.get(Status.SLOWER, 0),
        error_count=statuses.get(Status.ERROR, 0),
        verdicts=moves_to(report.verdicts),
        plans=moves_to(report.plans),
        crowds=map(crowd_to, report.crowds),
        sends=figures_to(report.sends),
        limits=figures_to(report.limits),
        money=figures_to(report.money),
        days=figures_to(report.days),
        blamed=map(blame_to, report.blamed),
        left_out=map(left_out_to, report.left_out),
        notes=report.notes,
        time_zone=report.zone if report.currency else "",
        currency_code=report.currency,
    )


def moves_to(moves: Iterable[Moved]) -> list[pb.ReplayMove]:
    return [
        pb.ReplayMove(before=each.before, after=each.after, decision_count=each.decisions) for each in moves
    ]


def figures_to(figures: Iterable[Compared]) -> list[pb.ReplayFigure]:
    return [pb.ReplayFigure(name=each.name, before=each.before, after=each.after) for each in figures]


def crowd_to(crowd: CrowdMoves) -> pb.ReplayCrowd:
    return pb.ReplayCrowd(crowd=crowd.crowd, entered_count=crowd.entered, left_count=crowd.left)


def left_out_to(left_out: LeftOut) -> pb.ReplayLeftOut:
    return pb.ReplayLeftOut(why=left_out.why, record_count=left_out.records, first=left_out.first)


def blame_to(blamed: Blamed) -> pb.ReplayBlame:
    return pb.ReplayBlame(
        rule=blamed.rule,
        location=blamed.location,
        text_before=blamed.text_before,
        text_after=blamed.text_after,
        decision_count=blamed.decisions,
        user_count=blamed.users,
        effect_count=blamed.effects,
        moves=moves_to(blamed.moves),
        examples=map(example_to, blamed.examples),
    )


def example_to(example: Example) -> pb.ReplayExample:
    return pb.ReplayExample(
        decision_id=example.decision_id,
        user_id=example.user,
        decide_time=timestamp(example.time),
        before=answer_to(example.before),
        after=answer_to(example.after),
        why_before=example.why_before,
        why_after=example.why_after,
    )


def answer_to(answer: Answered) -> pb.ReplayAnswer:
    return pb.ReplayAnswer(
        verdict=answer.verdict,
        plan=answer.plan,
        channel=answer.channel,
        until_time=None if answer.until is None else timestamp(answer.until),
        content=answer.content,
        crowds=sorted(answer.crowds),
    )
