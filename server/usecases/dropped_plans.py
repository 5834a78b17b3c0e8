"""Plans that users wait for and that other rules do not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from compiler.checked.ir import RuleSet
from server.ports import TimerStore
from server.usecases.refusals import Refusal
from server.usecases.versions import Versions


async def dropped_plans(timers: TimerStore, versions: Versions, ruleset: RuleSet) -> Mapping[str, int]:
    """By plan, how many occurrences are open; none for plans that go on in the rule set, also under another name."""
    going_on = {plan.activity for plan in ruleset.plans.values()}
    dropped: Counter[str] = Counter()
    for (version, plan), count in (await timers.counts()).items():
        if await activity(versions, version, plan) not in going_on:
            dropped[plan] += count
    return dropped


async def activity(versions: Versions, version: str, plan: str) -> str:
    """What a plan of a version was first called; its name where the version cannot be had."""
    try:
        plans = (await versions.serving(version)).ruleset.plans
    except Refusal:
        return plan
    return plans[plan].activity if plan in plans else plan
