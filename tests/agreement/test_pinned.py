"""Plans of one version among the rules of another mean what the same rules written together mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from compiler import interpret
from compiler.checked.invariants import require_invariants
from compiler.checked.ir import RuleSet
from compiler.decision.program import compile_program
from compiler.driver import compile_ruleset
from compiler.named import definitions
from compiler.pinned import pinned
from dsl.source import Source
from tests.agreement.compare import compiled
from tests.agreement.people import contacted
from tests.agreement.rulesets import whole

PAIRS = range(0, 90, 15)
PEOPLE = 8
OLD = re.compile(r'(?<!")\b(?:c(?=\d\b)|s(?=0\b))(?!\d")')
"""The first letter of a crowd's or score's name."""


def lines(text: str, *words: str) -> dict[str, str]:
    """Statements that start with one of the words, by their names."""
    return {line.split()[1]: line for line in text.splitlines() if line.startswith(words)}


def versions(seed: int) -> tuple[str, str]:
    """Two rule sets whose crowds, scores and plans have the same names and other meanings, in one zone."""
    active, other = whole(seed), whole(seed + 10_000)
    return active, "\n".join([active.splitlines()[0], *other.splitlines()[1:]])


def renamed(text: str) -> str:
    """Crowds and scores under names of the same length that the other version does not have."""
    return OLD.sub(lambda letter: {"c": "k", "s": "z"}[letter[0]], text)


def written_together(active: str, other: str, plan: str) -> RuleSet | None:
    """The active rules with one plan of the other version, and its crowds and scores under other names; None if they do
    not compile."""
    text = active.replace(lines(active, "plan")[plan], renamed(lines(other, "plan")[plan]))
    brought = [renamed(line) for line in lines(other, "crowd", "score").values()]
    campaigns = lines(active, "campaign")
    brought += [line for name, line in lines(other, "campaign").items() if name not in campaigns]
    return compile_ruleset([Source("generated.sua", "\n".join([text, *brought]))]).ruleset


def terms(ruleset: RuleSet, plan: str) -> frozenset[str]:
    return frozenset(ruleset.plans[plan].terms)


def ranked_alike(active: RuleSet, other: RuleSet, plan: str) -> bool:
    """Whether every decide of the plan ranks one that states the same terms."""
    ranking = [decide for decide in active.decides.values() if plan in decide.rank]
    return all(any(terms(active, each) == terms(other, plan) for each in decide.plans) for decide in ranking)


def asked(ruleset: RuleSet, plan: str) -> list[str]:
    return [name for name, decide in ruleset.decides.items() if plan in decide.plans]


def cases(seed: int) -> Iterator[tuple[RuleSet, RuleSet | None, RuleSet | None, str]]:
    """Active rules, what is made of them and a plan, and what that is written together."""
    texts = versions(seed)
    active, other = (compiled(text) for text in texts)
    for plan in active.plans:
        if plan in other.plans and asked(active, plan) and ranked_alike(active, other, plan):
            made = pinned(active, other, [plan])
            yield active, made and made.ruleset, written_together(*texts, plan), plan


@pytest.mark.parametrize("block", PAIRS)
def test_a_pinned_plan_decides_as_if_it_were_written_there(block: int) -> None:
    tally: Counter[str] = Counter()
    for seed in range(block, block + 15):
        for active, made, expected, plan in cases(seed):
            assert (made is None) == (expected is None)
            if made is None or expected is None:
                tally["left out"] += 1
                continue
            require_invariants(made, definitions(made))
            agree(active, made, expected, plan, Random(seed), tally)
    assert tally["decisions"] > 50
    assert tally["other than active"] > 30


def agree(
    active: RuleSet, made: RuleSet, expected: RuleSet, plan: str, random: Random, tally: Counter[str]
) -> None:
    """Both evaluators say of the made rules what the interpreter says of the written ones, to the last reason."""
    program = compile_program(made)
    for _ in range(PEOPLE):
        facts = contacted(random, active)
        for decide in asked(active, plan):
            said = interpret.decide(expected, decide, facts)
            assert repr(interpret.decide(made, decide, facts)) == repr(said)
            assert repr(program.decide(decide, facts)) == repr(said)
            tally["decisions"] += 1
            tally["other than active"] += said != interpret.decide(active, decide, facts)


@pytest.mark.parametrize("block", PAIRS)
def test_a_version_pinned_to_itself_decides_alike(block: int) -> None:
    for seed in range(block, block + 15):
        ruleset = compiled(whole(seed))
        made = pinned(ruleset, replace(ruleset, hash="f" * 64), list(ruleset.plans))
        assert made and made.plans == frozenset(ruleset.plans)
        program, random = compile_program(made.ruleset), Random(seed)
        for _ in range(PEOPLE):
            facts = contacted(random, ruleset)
            for decide in ruleset.decides:
                said = repr(interpret.decide(ruleset, decide, facts))
                assert repr(interpret.decide(made.ruleset, decide, facts)) == said
                assert repr(program.decide(decide, facts)) == said
