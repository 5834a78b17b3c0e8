"""A witness as a test in the language, with what either version answers."""

from __future__ import annotations

from dataclasses import dataclass

from compiler.cases.written import CannotWrite
from compiler.facts import Facts
from compiler.manifest import OfCrowds, OfDecide
from compiler.witness.search import Witness
from compiler.witness.treatment import Entry, Version


@dataclass(frozen=True, slots=True)
class Told:
    """`entry`: `decide best`. `before`, `after`: a test that passes on that version alone; empty where nobody was found among so many
    `tried`, or where no test can tell of them: `why` then says so."""

    entry: str
    tried: int
    before: str = ""
    after: str = ""
    why: str = ""

    @property
    def instead(self) -> list[str]:
        """The lines of the later test that are not those of the earlier one."""
        known = self.before.splitlines()
        return [line for line in self.after.splitlines() if line not in known]


def told(before: Version, after: Version, witness: Witness) -> Told:
    key = key_of(witness.entry)
    if witness.person is None:
        return Told(key, witness.tried)
    try:
        texts = [written(version, witness.entry, witness.person) for version in (before, after)]
    except CannotWrite as left_out:
        return Told(key, witness.tried, why=str(left_out))
    return Told(key, witness.tried, *texts)


def written(version: Version, entry: Entry, person: Facts) -> str:
    return version.writer.write_whole(entry, version.reads(person), f"what changes for {key_of(entry)}").text


def key_of(entry: Entry) -> str:
    """`decide best`, `plan hello`, `crowd hot_cart`."""
    if isinstance(entry, OfCrowds):
        return f"crowd {(entry.names or ('',))[0]}"
    return f"{'decide' if isinstance(entry, OfDecide) else 'plan'} {entry.name}"
