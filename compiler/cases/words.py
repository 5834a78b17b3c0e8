"""The words of expectations, and which of them a definition can ever fulfil."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from compiler.checked import ir
from compiler.outcome import Because

LIMITS = (
    Because.QUIET,
    Because.CAP,
    Because.COOLDOWN,
    Because.BLOCK,
    Because.NEVER,
    Because.ONCE,
    Because.BUDGET,
    Because.AT_MOST,
    Because.UNAVAILABLE,
)
"""Kinds of rules that `blocked because` can name."""
WAITING = (Because.QUIET, Because.CAP, Because.COOLDOWN)
"""Those that `waits because` can name."""

OWNERS: Mapping[Because, tuple[str, ...]] = {
    **dict.fromkeys(
        (Because.QUIET, Because.CAP, Because.COOLDOWN, Because.BLOCK, Because.NEVER), ("policy",)
    ),
    **dict.fromkeys((Because.ONCE, Because.BUDGET), ("plan", "campaign")),
    Because.AT_MOST: ("decide",),
    Because.UNAVAILABLE: ("policy", "plan", "campaign", "decide"),
}
"""The kinds of definitions in which each kind of rule stands."""

Check = Callable[[ir.Plan], bool]

NEEDED: Mapping[str, tuple[Check, str]] = {
    "scheduled": (lambda plan: bool(plan.trigger and plan.trigger.wait), "it has no `on … wait …`"),
    "cancelled": (lambda plan: bool(plan.trigger and plan.trigger.unless), "its trigger has no `unless`"),
    "expired": (lambda plan: plan.expires is not None, "it has no `expires after …`"),
    "not relevant": (lambda plan: plan.trigger is not None, "it has no `on`, so it is always relevant"),
    "not eligible": (lambda plan: bool(plan.audience or plan.needs), "it is for everybody"),
}
"""What a plan has to have for a verdict ever to come true, and how to say that it has not."""
