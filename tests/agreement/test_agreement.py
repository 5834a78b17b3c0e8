"""The two readings of the language agree: a few minutes' worth of `full.py`, seeded, on every run."""

from __future__ import annotations

import pytest

from tests.agreement.compare import Tally, compare_decisions, compare_rules

BLOCKS = range(0, 60, 10)


def together(block: int) -> Tally:
    tally = Tally()
    for seed in range(block, block + 10):
        tally.add(compare_rules(seed, 12))
        tally.add(compare_decisions(seed, 25))
    return tally


@pytest.mark.parametrize("block", BLOCKS)
def test_interpreter_and_program_agree(block: int) -> None:
    tally = together(block)
    assert tally.pairs > 4000
    assert tally.decisions >= 500
    assert not tally.differences, "\n".join(tally.differences[:3])


def test_generated_rules_hold_every_construct_and_all_answers() -> None:
    """What full.py requires of 20,000 rules, looser for a few hundred."""
    tally = Tally()
    for seed in range(20):
        tally.add(compare_rules(seed, 4))
    rare = {name: count for name, count in tally.constructs.items() if count < len(tally.rules) * 0.004}
    assert len(tally.constructs) > 70
    assert not rare
    assert min(tally.answers[name] for name in ("yes", "no", "unknown")) > 0.15 * sum(tally.answers.values())
