"""Every change that is reported for a loser of a generated decision makes it win, decided by the reference interpreter."""

from __future__ import annotations

from itertools import chain, islice

from tests.explain.losers import Tally, losers

LOSERS = 200


def test_reported_changes_make_losers_win() -> None:
    """And they are found for most of the plans that are known to win for somebody. `full.py` asks of more."""
    tally = Tally(most_tries=5_000)  # a quarter of what is usual, for time
    for loser in islice(chain.from_iterable(losers(seed, others=60) for seed in range(1_000)), LOSERS):
        tally.add(loser)
    assert tally.losers == LOSERS
    assert not tally.wrong, "\n".join(tally.wrong)
    assert tally.can_win >= 50
    assert tally.found_of_those >= 0.95 * tally.can_win, tally.missed
    assert tally.found > tally.found_of_those  # and for some of those that did not win by chance
