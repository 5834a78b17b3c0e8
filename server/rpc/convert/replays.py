"""What a replay found, as messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from suasion.v1 import replay_service_pb2 as pb

from server.replay.lives import How, Knowledge
from server.replay.pairs import Answered, Status
from server.replay.report import (
    Blamed,
    Compared,
    Covered,
    CrowdMoves,
    EntryPoint,
    Example,
    LeftOut,
    Loop,
    Moved,
    Progress,
    Report,
)
from server.rpc.checks import instant, refusal
from server.rpc.convert.time import timestamp

LOOPS = {
    Loop.VERIFY: pb.REPLAY_LOOP_VERIFY,
    Loop.OPEN: pb.REPLAY_LOOP_OPEN,
    Loop.CLOSED: pb.REPLAY_LOOP_CLOSED,
}


KNOWLEDGE: Mapping[int, tuple[Knowledge, ...]] = {
    pb.REPLAY_KNOWLEDGE_UNSPECIFIED: (Knowledge.THEN,),
    pb.REPLAY_KNOWLEDGE_THEN: (Knowledge.THEN,),
    pb.REPLAY_KNOWLEDGE_FULL: (Knowledge.FULL,),
    pb.REPLAY_KNOWLEDGE_BOTH: (Knowledge.THEN, Knowledge.FULL),
}
AS_RECORDS_ARE = (pb.REPLAY_LOOP_UNSPECIFIED, pb.REPLAY_LOOP_OPEN)


def how_from(request: pb.ReplayRequest) -> How | None:
    """How history is to be lived again; None where each record is to be answered by itself. Raises InvalidRequest."""
    if request.loop in AS_RECORDS_ARE:
        if request.HasField("lives"):
            raise refusal("lives", "they are of REPLAY_LOOP_CLOSED")
        return None
    if request.loop != pb.REPLAY_LOOP_CLOSED:
        raise refusal(
            "loop", "REPLAY_LOOP_OPEN or REPLAY_LOOP_CLOSED is wanted; one version twice is verified"
        )
    lives = request.lives
    if lives.knowledge not in KNOWLEDGE:
        raise refusal("lives.knowledge", "one of ReplayKnowledge is wanted")
    return How(
        lives.decide,
        KNOWLEDGE[lives.knowledge],
        instant("lives.switch_time", lives.switch_time) if lives.HasField("switch_time") else None,
        instant("lives.until_time", lives.until_time) if lives.HasField("until_time") else 0,
        request.coverage,
    )


def replayed_to(found: Progress | Report) -> pb.ReplayResponse:
    if isinstance(found, Progress):
        return pb.ReplayResponse(progress=pb.ReplayProgress(done_count=found.done, record_count=found.total))
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
        time_zone=report.zone,
        currency_code=report.currency,
        regrets=map(example_to, report.regrets),
        coverage=map(covered_to, report.coverage),
        covered_decision_count=report.decisions_covered,
        entry_points=map(entry_point_to, report.entry_points),
        first_decide_time=report.period and timestamp(report.period[0]),
        last_decide_time=report.period and timestamp(report.period[1]),
    )


def moves_to(moves: Iterable[Moved]) -> list[pb.ReplayMove]:
    return [
        pb.ReplayMove(
            before=each.before, after=each.after, decision_count=each.decisions, user_count=each.users
        )
        for each in moves
    ]


def figures_to(figures: Iterable[Compared]) -> list[pb.ReplayFigure]:
    return [pb.ReplayFigure(name=each.name, before=each.before, after=each.after) for each in figures]


def crowd_to(crowd: CrowdMoves) -> pb.ReplayCrowd:
    return pb.ReplayCrowd(crowd=crowd.crowd, entered_count=crowd.entered, left_count=crowd.left)


def entry_point_to(entry_point: EntryPoint) -> pb.ReplayEntryPoint:
    return pb.ReplayEntryPoint(
        name=entry_point.name,
        decision_count=entry_point.decisions,
        user_count=entry_point.users,
        changed_user_count=entry_point.users_changed,
        changed_count=entry_point.statuses.get(Status.CHANGED, 0),
        error_count=entry_point.statuses.get(Status.ERROR, 0),
        verdicts=moves_to(entry_point.verdicts),
        plans=moves_to(entry_point.plans),
    )


def covered_to(covered: Covered) -> pb.ReplayCoverage:
    return pb.ReplayCoverage(
        rule=covered.rule,
        location=covered.location,
        text=covered.text,
        yes_count=covered.yes,
        no_count=covered.no,
        unknown_count=covered.unknown,
    )


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
