"""Whom two versions treat differently: found, decided on by both readings of the language, and not larger than need be."""

from __future__ import annotations

from pathlib import Path

import pytest

from compiler import interpret
from compiler.cases.case import alone
from compiler.diff import diff
from compiler.driver import Compiled, compile_ruleset
from compiler.manifest import OfCrowds, OfDecide
from compiler.witness.search import Witness, reached, witnesses
from compiler.witness.shrink import smaller_ones
from compiler.witness.told import told
from compiler.witness.treatment import Version
from dsl.source import Source

ROOT = Path(__file__).parents[2]
SHOP = "docs/api/shop.sua"
CHANGES = [
    (SHOP, "price >= 20 EUR", "price > 20 EUR"),
    (SHOP, "within 7 days >= 2", "within 8 days >= 2"),
    (SHOP, "cap push 1 per day", "cap push 2 in any 3 days"),
    (SHOP, "cooldown 7 days after rejected", "cooldown 6 days after rejected"),
    (SHOP, "never email when not user.email_ok", ""),
    (SHOP, "wait 2 hours unless order_paid", "wait 2 hours"),
    (SHOP, "default true", "default false"),
    (SHOP, "  among nudge, remind, hello", "  among nudge, hello"),
    (SHOP, '"Europe/Berlin"', '"Asia/Tokyo"'),
    ("tests/scenarios/05-layered-caps.sua", "cap all 3 in any 7 days", "cap all 4 in any 7 days"),
    ("tests/scenarios/06-quiet-hours-and-daylight-saving.sua", "22:00 to 08:00", "21:30 to 08:00"),
    ("tests/scenarios/08-budget.sua", "budget 500 total", "budget 501 total"),
    ("tests/scenarios/09-holdout-and-look-alikes.sua", "holdout 5%", "holdout 6%"),
]


def versions(name: str, old: str, new: str) -> tuple[Version, Version]:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert old in text
    return Version(compiled(text)), Version(compiled(text.replace(old, new, 1)))


def compiled(text: str) -> Compiled:
    found = compile_ruleset([Source("rules.sua", text)])
    assert found.ruleset is not None, [each.message for each in found.diagnostics]
    return found


def found(before: Version, after: Version, tries: int = 4_000) -> list[Witness]:
    changes = diff(before.ruleset, after.ruleset)
    return list(witnesses(before, after, reached(before.ruleset, after.ruleset, changes), tries))


@pytest.mark.parametrize(("name", "old", "new"), CHANGES, ids=[each[1].strip() for each in CHANGES])
def test_somebody_is_found_whom_both_readings_treat_differently(name: str, old: str, new: str) -> None:
    before, after = versions(name, old, new)
    hits = [each for each in found(before, after) if each.person is not None]
    assert hits
    for witness in hits:
        treatments = [by_both(version, witness) for version in (before, after)]
        assert treatments[0] != treatments[1]


def by_both(version: Version, witness: Witness) -> object:
    """What the version makes of the witness, by program and interpreter alike."""
    assert witness.person is not None
    entry, facts = witness.entry, version.reads(witness.person)
    answer = version.answer(entry, witness.person)
    if isinstance(entry, OfCrowds):
        reference: object = interpret.crowd(version.whole, (entry.names or ("",))[0], facts)
    else:
        name = entry.name if isinstance(entry, OfDecide) else alone(entry.name)
        reference = interpret.decide(version.whole, name, facts)
    assert answer == reference
    return version.treatment(answer)


@pytest.mark.parametrize(("name", "old", "new"), CHANGES[:6], ids=[each[1].strip() for each in CHANGES[:6]])
def test_a_test_tells_of_them_and_comes_true_on_one_version_alone(name: str, old: str, new: str) -> None:
    before, after = versions(name, old, new)
    for witness in found(before, after):
        if witness.person is None:
            continue
        text = told(before, after, witness)
        assert (before.writer.passes(text.before), after.writer.passes(text.before)) == (True, False)
        assert (before.writer.passes(text.after), after.writer.passes(text.after)) == (False, True)


def test_nothing_can_be_taken_away() -> None:
    before, after = versions(*CHANGES[2])
    (witness,) = found(before, after)
    assert witness.person is not None
    for smaller in smaller_ones(witness.person):
        answers = [version.treatment(version.answer(witness.entry, smaller)) for version in (before, after)]
        assert answers[0] == answers[1]


def test_of_too_many_the_last_are_not_looked_at() -> None:
    crowds = "\n".join(f"crowd c{n} {{ user.n > {n} }}" for n in range(40))
    text = f"profile user {{ id: text key  n: int }}\n{crowds}\n"
    before, after = Version(compiled(text)), Version(compiled(text.replace(">", ">=")))
    looked_at = [each for each in found(before, after, tries=1_500) if each.tried]
    assert len(looked_at) == 10 and all(each.person for each in looked_at)


def test_the_same_is_found_again() -> None:
    before, after = versions(*CHANGES[2])
    assert found(before, after) == found(before, after)


def test_where_nobody_is_treated_differently_it_is_said_how_far_was_searched() -> None:
    before, after = versions(SHOP, "value 1.50 EUR", "value 1.60 EUR")
    (witness,) = found(before, after, tries=500)
    assert (witness.person, witness.tried) == (None, 500)
    assert (told(before, after, witness).before, told(before, after, witness).tried) == ("", 500)
