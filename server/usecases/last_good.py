"""What served last, kept on disk for the day on which the store cannot be read."""

from __future__ import annotations

from dataclasses import replace

from server.ports import FilesDamaged, LastGood, LastGoodStore, Release, RuleStore, StoreUnavailable
from server.usecases.active_rules import Released, Serving
from server.usecases.release_refusals import LastGoodDamaged
from server.usecases.versions import made_ready, verified


async def keep_last_good(store: LastGoodStore, rules: RuleStore, release: Release) -> None:
    """Keep what serves. Raises StoreUnavailable and FilesDamaged."""
    files = {name: await rules.get(name) for name in release.serves}
    await store.keep(LastGood(release, {name: each for name, each in files.items() if each is not None}))


async def is_kept(store: LastGoodStore) -> bool:
    """Whether there is something to serve by without any other store."""
    try:
        return await store.read() is not None
    except (StoreUnavailable, FilesDamaged):
        return False


async def read_last_good(store: LastGoodStore) -> Released | None:
    """What was kept, ready to serve; None if nothing was.

    Raises StoreUnavailable, LastGoodDamaged, VersionNotReproducible.
    """
    try:
        kept = await store.read()
    except FilesDamaged as damage:
        raise LastGoodDamaged(str(damage)) from damage
    if kept is None:
        return None
    servings: dict[str, Serving] = {}
    for name, rules in kept.rules.items():
        servings[name] = replace(await made_ready(await verified(name, rules)), is_last_good=True)
    return Released(kept.release, servings[kept.release.version], servings.get(kept.release.rest or ""))
