"""Who holds the user out."""

from __future__ import annotations

from compiler.checked import ir
from compiler.explain.change.bench import Bench, State


def held_out_by(bench: Bench, state: State) -> frozenset[str]:
    """The campaigns and decides that hold the user out now."""
    facts = state.facts
    if facts.held_out is not None:
        return facts.held_out
    asked = bench.solver(state.patch).asked
    holders: list[ir.Campaign | ir.Decide] = [*bench.ruleset.campaigns.values(), bench.decide]
    held = frozenset(
        holder.name
        for holder in holders
        if holder.holdout is not None and asked.answer(_in_share(holder.holdout), facts) is not False
    )
    return held


def _in_share(holdout: ir.Holdout) -> ir.Expr:
    return ir.InShare(holdout.share, holdout.salt, holdout.span)
