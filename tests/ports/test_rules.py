from __future__ import annotations

import asyncio
from typing import Any

import pytest

from dsl.source import Source
from server.ports import Activation, RuleFiles, Stores
from tests.ports.conftest import Run

FIRST, SECOND = "a" * 64, "b" * 64
ODD = Source("a.sua", "# “quoted” 🎈 \u2028 \x00 '); drop table events; --")
FILES = RuleFiles((Source("z.sua", "crowd a { did x ever }\n"), ODD), (Source("team/b.sua", ""),))


def test_a_version_comes_back_as_it_was_put(stores: Stores, run: Run[Any]) -> None:
    run(stores.rules.put(FIRST, FILES))
    assert run(stores.rules.get(FIRST)) == FILES
    assert run(stores.rules.get(SECOND)) is None


def test_a_version_never_changes(stores: Stores, run: Run[Any]) -> None:
    run(stores.rules.put(FIRST, FILES))
    run(stores.rules.put(FIRST, RuleFiles(())))
    assert run(stores.rules.get(FIRST)) == FILES


def test_nothing_is_active_at_first(stores: Stores, run: Run[Any]) -> None:
    run(stores.rules.put(FIRST, FILES))
    assert run(stores.rules.active()) is None
    assert run(stores.rules.last_activation(FIRST)) is None


def test_a_version_that_was_not_put_cannot_be_activated(stores: Stores, run: Run[Any]) -> None:
    with pytest.raises(KeyError):
        run(stores.rules.activate(FIRST, 1))
    assert run(stores.rules.active()) is None


def test_activations_are_counted_and_the_last_one_holds(stores: Stores, run: Run[Any]) -> None:
    for version in (FIRST, SECOND):
        run(stores.rules.put(version, FILES))
    history = [
        run(stores.rules.activate(version, time)) for time, version in enumerate((FIRST, SECOND, FIRST))
    ]
    assert history == [Activation(1, FIRST, 0), Activation(2, SECOND, 1), Activation(3, FIRST, 2)]
    assert run(stores.rules.active()) == Activation(3, FIRST, 2)
    assert run(stores.rules.last_activation(SECOND)) == Activation(2, SECOND, 1)


def test_activations_at_once_have_epochs_of_their_own(stores: Stores, run: Run[Any]) -> None:
    async def all_at_once() -> list[Activation]:
        await stores.rules.put(FIRST, FILES)
        return await asyncio.gather(*(stores.rules.activate(FIRST, time) for time in range(64)))

    assert sorted(one.epoch for one in run(all_at_once())) == list(range(1, 65))
