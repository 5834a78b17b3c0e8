"""A part of `tests.log.full`: decisions put on record under one hash seed come out the same under any other."""

from __future__ import annotations

from tests.log.full import READING, run


def test_what_is_on_record_comes_out_the_same_under_every_hash_seed() -> None:
    found, _ = run(rule_sets=4, each=60)
    assert {seed: each["results"] for seed, each in found.items()} == {
        seed: {"same": 240} for seed in READING
    }
    kinds = {"decide", "match_plan", "reserve", "check_contact", "check_crowds", "list_crowds"}
    assert set(found[READING[0]]["kinds"]) == kinds
