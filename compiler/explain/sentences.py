"""Reasons in words: one sentence for each kind of rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from compiler.cases.texts import Texts
from compiler.checked import ir
from compiler.explain.rules import line_of
from compiler.explain.words import Words, span
from compiler.outcome import Because, Reason
from compiler.wire.amounts import write_amount
from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """A reason with what it takes to put it into words. `winner`: the plan that was chosen instead, if any."""

    ruleset: ir.RuleSet
    texts: Texts
    words: Words
    now: int
    reason: Reason
    winner: str | None = None

    @property
    def rule(self) -> str:
        """The rule's own text, in one line."""
        place = self.ruleset.place(self.reason.owner, self.reason.span) if self.is_placed else None
        return "" if place is None else self.texts.at(place)

    @property
    def is_placed(self) -> bool:
        return self.reason.owner in self.ruleset.origins

    @property
    def line(self) -> Any:
        return line_of(self.ruleset, self.reason)

    @property
    def free(self) -> str:
        """`, free again at 2026-03-02 09:00 Europe/Berlin, in 11 hours`."""
        until = self.reason.until
        if until is None:
            return ", not free again as far as is known"
        return f", free again at {self.words.instant(until)}, in {span(until - self.now)}"


def sentence(said: Said) -> str:
    """`quiet hours until 2026-03-02 09:00 Europe/Berlin (policy gentle, rules.sua:46)`."""
    text = SENTENCES[said.reason.because](said)
    owner = said.reason.owner
    place = f", {said.ruleset.place(owner, said.reason.span)}" if said.is_placed else ""
    return f"{text} ({owner}{place})"


def _condition(no: str, unknown: str) -> Callable[[Said], str]:
    return lambda said: unknown if said.reason.answer is None else no


def _prohibited(said: Said) -> str:
    """A `never` or a `block` holds, or may hold."""
    if said.reason.answer is None:
        return f"it is not known whether `{said.rule}` holds, so it does"
    return f"`{said.rule}` holds"


def _scheduled(said: Said) -> str:
    until = said.reason.until
    due = "" if until is None else f", due at {said.words.instant(until)}, in {span(until - said.now)}"
    return f"it was triggered and waits{due}"


def _cancelled(said: Said) -> str:
    line = said.line
    event = f" by {line.event}" if isinstance(line, ir.Unless) else ""
    return f"what was triggered was cancelled{event}"


def _expired(said: Said) -> str:
    plan = said.ruleset.plans[said.reason.owner.removeprefix("plan ")]
    after = f": it expires {span(plan.expires)} after its trigger" if plan.expires else ""
    return f"it was triggered too long ago{after}"


def _no_occurrence(said: Said) -> str:
    line = said.line
    event = f" {line.event}" if isinstance(line, ir.Trigger) else ""
    return f"no{event} that triggers it is open"


def _quiet(said: Said) -> str:
    until = said.reason.until
    return (
        "quiet hours"
        if until is None
        else f"quiet hours until {said.words.instant(until)}, in {span(until - said.now)}"
    )


def _cap(said: Said) -> str:
    line = said.line
    if not isinstance(line, ir.Cap):
        return f"`{said.rule}` is reached{said.free}"
    what = "message by any channel" if line.channel is None else line.channel
    tagged = f" tagged {line.tag}" if line.tag else ""
    return f"cap of {line.limit:,} {what}{tagged} {period(line.period)} reached{said.free}"


def period(period: ir.Period) -> str:
    """`per day`, `in any 7 days`."""
    if isinstance(period, ir.Calendar):
        return f"per {period.unit}"
    return f"in any {span(period.microseconds)}"


def _cooldown(said: Said) -> str:
    line = said.line
    if not isinstance(line, ir.Cooldown):
        return f"`{said.rule}` holds{said.free}"
    after = "any send" if line.event is None else line.event
    return f"cool-down of {span(line.microseconds)} after {after}{said.free}"


def _once(said: Said) -> str:
    again = "" if said.reason.until is None else said.free
    return f"sent already, and `{said.rule}`{again}"


def _budget(said: Said) -> str:
    line = said.line
    if not isinstance(line, ir.Budget):
        return f"`{said.rule}` is used up"
    amount = f"{line.amount:,}" if line.currency is None else f"{write_amount(line.amount)} {line.currency}"
    unit = "in total" if line.unit is None else f"per {line.unit}"
    begins = (
        f", begins anew at {said.words.instant(said.reason.until)}" if said.reason.until is not None else ""
    )
    return f"budget of {amount} {unit} has no room for one more{begins}"


def _at_most(said: Said) -> str:
    line = said.line
    if not isinstance(line, ir.AtMost):
        return f"`{said.rule}` is reached{said.free}"
    return f"at most {line.limit:,} per user per {line.unit} reached{said.free}"


def _held_out(said: Said) -> str:
    line = said.line
    if not isinstance(line, ir.Holdout):
        return "the user is held out"
    return f"the user is among the {float(line.share) * 100:.6g}% who are held out"


def _lost(said: Said) -> str:
    return f"{said.winner} was chosen instead" if said.winner else "another plan was chosen instead"


SENTENCES: Mapping[Because, Callable[[Said], str]] = {
    Because.AUDIENCE: _condition(
        "the user is not in its audience", "it is not known whether the user is in its audience"
    ),
    Because.NEEDS: _condition("what it needs does not hold", "it is not known whether what it needs holds"),
    Because.NO_OCCURRENCE: _no_occurrence,
    Because.SCHEDULED: _scheduled,
    Because.CANCELLED: _cancelled,
    Because.EXPIRED: _expired,
    Because.BLOCK: _prohibited,
    Because.NEVER: _prohibited,
    Because.QUIET: _quiet,
    Because.CAP: _cap,
    Because.COOLDOWN: _cooldown,
    Because.ONCE: _once,
    Because.BUDGET: _budget,
    Because.AT_MOST: _at_most,
    Because.UNAVAILABLE: lambda said: f"what `{said.rule}` looks at is unavailable",
    Because.RANK: lambda said: "its rank is not known",
    Because.HELD_OUT: _held_out,
    Because.LOST: _lost,
}
