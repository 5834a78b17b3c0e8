"""Who is held out of a campaign or a decide, to tell what it is worth."""

from __future__ import annotations

from collections.abc import Callable

from compiler.checked.ir import Holdout
from compiler.decision.shares import share_test
from compiler.facts import Facts

HoldsOut = Callable[[Facts], bool]


def holdout_test(owner: str, holdout: Holdout | None, user_key: str | None) -> HoldsOut:
    """Whether `owner`, a campaign's or decide's name, holds the user out; one that is not known is held out."""
    if holdout is None:
        return lambda facts: False
    lies_below = share_test(holdout.share, holdout.salt)

    def holds_out(facts: Facts) -> bool:
        if facts.held_out is not None:
            return owner in facts.held_out
        return user_key is None or lies_below(facts.user.get(user_key)) is not False

    return holds_out
