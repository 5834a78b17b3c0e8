"""What a decision grants, as it is written down."""

from __future__ import annotations

from dataclasses import replace

import orjson

from compiler.checked.ir import Step
from compiler.facts import Facts, Touch
from compiler.outcome import Attempt, Decision, Verdict
from compiler.wire.writing import write_value
from server.ports import Reservation, Spend, State
from server.usecases.check_contact import Message
from server.usecases.gather import period_start
from server.usecases.grounds import Grounds
from server.usecases.ids import new_id


def reservation(decision: Decision, grounds: Grounds, user: str, lease: int) -> Reservation | None:
    """Of a SEND the first attempt, RESERVED; of a HOLDOUT what would have been, HELD_OUT; None for anything else.

    `lease`: microseconds.
    """
    if decision.verdict is Verdict.SEND:
        return granted(decision.attempts[0], grounds, user, lease)
    if decision.verdict is not Verdict.HOLDOUT:
        return None
    outcome = next(each for each in decision.outcomes if each.plan == decision.plan)
    attempt = Attempt(outcome.plan, "", outcome.occurrence or "", outcome.channel or "", "", {})
    return held_out(attempt, grounds, user)


def held_out(attempt: Attempt, grounds: Grounds, user: str) -> Reservation:
    """What would have been granted; it takes nothing of budgets and has no lease."""
    return replace(granted(attempt, grounds, user, 0), state=State.HELD_OUT, spends=())


def granted(attempt: Attempt, grounds: Grounds, user: str, lease: int) -> Reservation:
    program, facts = grounds.serving.program, grounds.facts
    return Reservation(
        id=new_id(),
        user=user,
        touch=program.touch(attempt.plan, attempt.channel, attempt.occurrence, facts.now),
        state=State.RESERVED,
        lease=facts.now + lease,
        plan=attempt.plan,
        content=attempt.content,
        arguments=arguments(attempt, grounds),
        version=grounds.serving.version,
        decision_id=grounds.decision_id,
        spends=spends(attempt.plan, grounds, facts),
    )


def message_granted(
    message: Message, occurrence: str, grounds: Grounds, user: str, lease: int
) -> Reservation:
    """Of a message that no plan describes: its sender knows what it says."""
    now = grounds.facts.now
    return Reservation(
        id=new_id(),
        user=user,
        touch=Touch(now, "message", message.channel, message.tags, True, None, occurrence),
        state=State.RESERVED,
        lease=now + lease,
        plan="",
        content="",
        arguments="{}",
        version=grounds.serving.version,
        decision_id=grounds.decision_id,
    )


def spends(plan: str, grounds: Grounds, facts: Facts) -> tuple[Spend, ...]:
    ruleset = grounds.serving.ruleset
    return tuple(
        Spend(each.owner, each.amount, each.budget.amount, period_start(ruleset, each.owner, facts.now))
        for each in grounds.serving.program.charges(plan, facts)
    )


def arguments(attempt: Attempt, grounds: Grounds) -> str:
    """A JSON object, values in the form of facts."""
    if not attempt.arguments:
        return "{}"
    step = step_of(grounds, attempt)
    types = {name: argument.type for name, argument in step.arguments}
    written = {name: write_value(types[name], value) for name, value in attempt.arguments.items()}
    return orjson.dumps(written).decode()


def step_of(grounds: Grounds, attempt: Attempt) -> Step:
    steps = grounds.serving.ruleset.plans[attempt.plan].steps
    return next(each for each in steps if (each.channel, each.content) == (attempt.channel, attempt.content))
