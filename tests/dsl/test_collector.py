from __future__ import annotations

import gc

import pytest

from dsl.collector import MANY, collector_paused, keep_for_good


def test_the_collector_rests_inside_and_runs_again_after_an_error() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError), collector_paused(), collector_paused():
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_was_built_meanwhile_is_not_young_any_more() -> None:
    gc.unfreeze()  # what a server in this process kept for good
    with collector_paused():
        built = [[number] for number in range(2 * MANY)]
    assert any(each is built for each in gc.get_objects(generation=2))
    assert gc.get_freeze_count() == 0


def test_what_somebody_froze_stays_frozen() -> None:
    gc.freeze()
    try:
        with collector_paused():
            built = [[number] for number in range(2 * MANY)]
        assert built
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_what_is_kept_for_good_is_not_looked_through_again() -> None:
    built = [[number] for number in range(1000)]
    keep_for_good()
    try:
        assert not any(each is built for each in gc.get_objects())
    finally:
        gc.unfreeze()
    assert any(each is built for each in gc.get_objects())
