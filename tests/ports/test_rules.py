from __future__ import annotations

import asyncio
from fractions import Fraction
from typing import Any

import pytest

from dsl.source import Source
from server.ports import KeptVersion, Release, RuleFiles, Stores, VersionRevoked, VersionServes
from tests.ports.conftest import Run

FIRST, SECOND, THIRD = "a" * 64, "b" * 64, "c" * 64
ODD = Source("a.sua", "# “quoted” 🎈 \u2028 \x00 '); drop table events; --")
FILES = RuleFiles((Source("z.sua", "crowd a { did x ever }\n"), ODD), (Source("team/b.sua", ""),))


def put(stores: Stores, run: Run[Any], *versions: str) -> None:
    for time, version in enumerate(versions):
        run(stores.rules.put(version, FILES, time))


def test_a_version_comes_back_as_it_was_put(stores: Stores, run: Run[Any]) -> None:
    assert run(stores.rules.put(FIRST, FILES, 7)) == KeptVersion(FIRST, 7)
    assert run(stores.rules.get(FIRST)) == FILES
    assert run(stores.rules.get(SECOND)) is None
    assert run(stores.rules.find(FIRST)) == KeptVersion(FIRST, 7)
    assert run(stores.rules.find(SECOND)) is None


def test_a_version_never_changes(stores: Stores, run: Run[Any]) -> None:
    run(stores.rules.put(FIRST, FILES, 1))
    assert run(stores.rules.put(FIRST, RuleFiles(()), 2)) == KeptVersion(FIRST, 1)
    assert run(stores.rules.get(FIRST)) == FILES


def test_versions_are_listed_newest_first_in_pages(stores: Stores, run: Run[Any]) -> None:
    for version, time in ((FIRST, 5), (SECOND, 5), (THIRD, 3)):
        run(stores.rules.put(version, FILES, time))
    page = run(stores.rules.versions(None, 2))
    assert page == [KeptVersion(SECOND, 5), KeptVersion(FIRST, 5)]
    assert run(stores.rules.versions((5, FIRST), 2)) == [KeptVersion(THIRD, 3)]


def test_nothing_is_released_at_first(stores: Stores, run: Run[Any]) -> None:
    put(stores, run, FIRST)
    assert run(stores.rules.newest()) is None
    assert run(stores.rules.last_release(FIRST)) is None
    assert run(stores.rules.releases(None, 10)) == []


def test_a_version_that_was_not_put_cannot_be_released(stores: Stores, run: Run[Any]) -> None:
    put(stores, run, FIRST)
    for release in (Release(1, SECOND, 0, 1), Release(1, FIRST, 0, 1, Fraction(1, 10), SECOND)):
        with pytest.raises(KeyError):
            run(stores.rules.add(release))
    assert run(stores.rules.newest()) is None


def test_the_release_of_the_greatest_epoch_holds(stores: Stores, run: Run[Any]) -> None:
    put(stores, run, FIRST, SECOND)
    history = [
        Release(1, FIRST, 0, 1),
        Release(2, SECOND, 1, 2, Fraction(1, 3), FIRST),
        Release(3, FIRST, 2, 1),
    ]
    assert [run(stores.rules.add(each)) for each in history] == [True] * 3
    assert run(stores.rules.newest()) == history[2]
    assert run(stores.rules.last_release(SECOND)) == history[1]
    assert run(stores.rules.last_release(FIRST)) == history[2]
    assert run(stores.rules.releases(None, 2)) == history[:0:-1]
    assert run(stores.rules.releases(2, 2)) == history[:1]


def test_who_rests_served_too(stores: Stores, run: Run[Any]) -> None:
    put(stores, run, FIRST, SECOND)
    run(stores.rules.add(Release(1, SECOND, 0, 1, Fraction(1, 10), FIRST)))
    assert run(stores.rules.last_release(FIRST)).epoch == 1


def test_of_releases_at_once_one_has_the_epoch(stores: Stores, run: Run[Any]) -> None:
    async def all_at_once() -> list[bool]:
        await stores.rules.put(FIRST, FILES, 0)
        return await asyncio.gather(*(stores.rules.add(Release(1, FIRST, time, 1)) for time in range(64)))

    assert run(all_at_once()).count(True) == 1
    assert not run(stores.rules.add(Release(1, FIRST, 99, 1)))


def test_a_revoked_version_serves_nobody_any_more(stores: Stores, run: Run[Any]) -> None:
    put(stores, run, FIRST, SECOND)
    run(stores.rules.add(Release(1, FIRST, 0, 1)))
    run(stores.rules.revoke(SECOND))
    run(stores.rules.revoke(SECOND))
    assert run(stores.rules.find(SECOND)) == KeptVersion(SECOND, 1, revoked=True)
    for release in (Release(2, SECOND, 1, 2), Release(2, FIRST, 1, 2, Fraction(1, 2), SECOND)):
        with pytest.raises(VersionRevoked, match=SECOND):
            run(stores.rules.add(release))
    assert run(stores.rules.put(SECOND, FILES, 9)).revoked


def test_a_version_that_serves_cannot_be_revoked(stores: Stores, run: Run[Any]) -> None:
    put(stores, run, FIRST, SECOND)
    run(stores.rules.add(Release(1, SECOND, 0, 1, Fraction(1, 10), FIRST)))
    for version in (FIRST, SECOND):
        with pytest.raises(VersionServes, match=version):
            run(stores.rules.revoke(version))
    with pytest.raises(KeyError):
        run(stores.rules.revoke(THIRD))
