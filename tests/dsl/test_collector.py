from __future__ import annotations

import gc

import pytest

from dsl.collector import collector_paused


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
