"""Who holds the user out."""

from __future__ import annotations

from compiler.checked.ir import Campaign, Decide, RuleSet
from compiler.decision.holdouts import holdout_test
from compiler.facts import Facts


def held_out_by(ruleset: RuleSet, facts: Facts) -> frozenset[str]:
    """The names of the campaigns and decides that hold the user out now."""
    if facts.held_out is not None:
        return facts.held_out
    holders: list[Campaign | Decide] = [*ruleset.campaigns.values(), *ruleset.decides.values()]
    return frozenset(
        holder.name
        for holder in holders
        if holder.holdout is not None and holdout_test(holder.name, holder.holdout, ruleset.user_key)(facts)
    )
