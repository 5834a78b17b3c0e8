from __future__ import annotations

import asyncio
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from dsl.source import Source
from server.ports import (
    EVERYBODY,
    NOBODY,
    Act,
    By,
    Deed,
    KeptVersion,
    Part,
    Release,
    RuleFiles,
    Schedule,
    Stores,
    VersionRevoked,
    VersionServes,
)
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


def test_who_decides_beside_serves_nobody(stores: Stores, run: Run[Any]) -> None:
    put(stores, run, FIRST, SECOND)
    release = Release(1, FIRST, 0, 1, shadow=SECOND, sample=Fraction(1, 10))
    assert run(stores.rules.add(release))
    assert run(stores.rules.newest()) == release
    assert run(stores.rules.last_release(SECOND)) is None
    assert (release.part_of(SECOND), release.part_of(FIRST).sample) == (Part(sample=Fraction(1, 10)), NOBODY)


def test_a_crowd_is_kept_with_its_release(stores: Stores, run: Run[Any]) -> None:
    put(stores, run, FIRST, SECOND)
    release = Release(1, SECOND, 0, 1, Fraction(1, 3), FIRST, crowd="life.würzige_äpfel")
    assert run(stores.rules.add(release))
    assert run(stores.rules.newest()) == release
    assert (release.part_of(SECOND), release.part_of(FIRST), release.part_of(THIRD)) == (
        Part(Fraction(1, 3), crowd="life.würzige_äpfel"),
        Part(EVERYBODY, except_crowd="life.würzige_äpfel"),
        Part(NOBODY),
    )


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


# ---- what was done


def deed(version: str, deed: Deed, time: int, actor: str = "anna") -> Act:
    return Act(version, deed, time, By(actor, "“why” 🎈 '); drop table acts; --"))


def kept_acts(stores: Stores, run: Run[Any], version: str | None = None) -> list[Act]:
    return [replace(each, id=0) for each in run(stores.rules.acts(version, None, 99))]


def test_what_was_done_is_kept_with_what_it_did(stores: Stores, run: Run[Any]) -> None:
    published, activated = deed(FIRST, Deed.PUBLISHED, 1), replace(deed(FIRST, Deed.ACTIVATED, 2), epoch=1)
    run(stores.rules.put(FIRST, FILES, 1, [published]))
    run(stores.rules.put(FIRST, FILES, 9, [deed(FIRST, Deed.PUBLISHED, 9, "bea")]))
    assert run(stores.rules.add(Release(1, FIRST, 2, 1), [activated]))
    assert not run(stores.rules.add(Release(1, FIRST, 3, 1), [deed(FIRST, Deed.ACTIVATED, 3)]))
    with pytest.raises(VersionServes):
        run(stores.rules.revoke(FIRST, [deed(FIRST, Deed.REVOKED, 4)]))
    run(stores.rules.put(SECOND, FILES, 5))
    revoked = deed(SECOND, Deed.REVOKED, 6)
    run(stores.rules.revoke(SECOND, [revoked]))
    with pytest.raises(VersionRevoked):
        run(stores.rules.add(Release(2, SECOND, 7, 2), [deed(SECOND, Deed.ACTIVATED, 7)]))
    assert kept_acts(stores, run) == [revoked, activated, published]
    assert kept_acts(stores, run, FIRST) == [activated, published]


def test_acts_come_newest_first_in_pages(stores: Stores, run: Run[Any]) -> None:
    put(stores, run, FIRST, SECOND)
    for time in range(6):
        assert run(stores.rules.act(deed((FIRST, SECOND)[time % 2], Deed.SUBMITTED, time), 99))
    page = run(stores.rules.acts(None, None, 4))
    rest = run(stores.rules.acts(None, page[-1].id, 4))
    assert [each.time for each in (*page, *rest)] == [5, 4, 3, 2, 1, 0]
    assert [each.time for each in run(stores.rules.acts(SECOND, page[0].id, 4))] == [3, 1]


def test_an_act_that_another_one_came_before_is_not_kept(stores: Stores, run: Run[Any]) -> None:
    put(stores, run, FIRST, SECOND)

    async def approved() -> list[bool]:
        await stores.rules.act(deed(SECOND, Deed.SUBMITTED, 1), 0)
        await stores.rules.act(deed(FIRST, Deed.SUBMITTED, 2), 0)
        after = (await stores.rules.acts(FIRST, None, 1))[0].id
        await stores.rules.act(deed(SECOND, Deed.APPROVED, 3), 1)
        acts = [deed(FIRST, Deed.APPROVED, 4, f"person {n}") for n in range(32)]
        return await asyncio.gather(*(stores.rules.act(act, after) for act in acts))

    assert sum(run(approved())) == 1
    assert [each.deed for each in kept_acts(stores, run, FIRST)] == [Deed.APPROVED, Deed.SUBMITTED]
    with pytest.raises(KeyError):
        run(stores.rules.act(deed(THIRD, Deed.SUBMITTED, 1), 0))


# ---- what is to come


def test_schedules_come_earliest_first_and_go_with_their_release(stores: Stores, run: Run[Any]) -> None:
    put(stores, run, FIRST, SECOND)
    late = Schedule(FIRST, 9, By("anna", "“spring” 🎈"), Fraction(1, 3), retire_plans=True, crowd="beta")
    early = Schedule(SECOND, 5, By("bea"))
    run(stores.rules.schedule(late, [deed(FIRST, Deed.SCHEDULED, 1)]))
    run(stores.rules.schedule(early, [deed(SECOND, Deed.SCHEDULED, 2)]))
    assert run(stores.rules.schedules()) == [early, late]
    sooner = replace(late, due=3)
    run(stores.rules.schedule(sooner))
    assert run(stores.rules.schedules()) == [sooner, early]
    run(stores.rules.add(Release(1, FIRST, 4, 1)))
    assert run(stores.rules.schedules()) == [early]
    assert run(stores.rules.unschedule(SECOND, [deed(SECOND, Deed.UNSCHEDULED, 5)]))
    assert not run(stores.rules.unschedule(SECOND, [deed(SECOND, Deed.UNSCHEDULED, 6)]))
    assert [each.time for each in kept_acts(stores, run)] == [5, 2, 1]
    with pytest.raises(KeyError):
        run(stores.rules.schedule(Schedule(THIRD, 1, By())))
