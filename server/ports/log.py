"""What was answered, on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias

from compiler.checked.ir import RuleSet
from compiler.facts import Facts
from compiler.manifest import Manifest
from compiler.outcome_to_json import Outcome
from compiler.wire.json_text import Json
from dsl.frozen import dataclass
from server.ports.rules import RuleFiles

Kind: TypeAlias = Literal["decide", "match_plan", "reserve", "check_contact", "check_crowds", "list_crowds"]
"""The question, named like its call."""


@dataclass(frozen=True, slots=True)
class Record:
    """An answer and all that it rests on. Nothing in it changes, so that it can be written down later, in another thread.

    `asked`: what was to be answered: `{"decide": "best"}`. `version`: whose policies, lists and decides hold; `plan_versions`:
    by plan, the version that opened its occurrence, where that is another. `ruleset` is made of all of them. `facts`: as they
    were gathered; what `manifest` wants of them is written down. `latency`: microseconds from before facts were fetched to
    the answer. `outcome`: or what makes it, when it is written down. `reservation`: the id of what was reserved. `shadow_of`: of what decided beside
    the answer of this decision id, for nobody; `beside`: the version that gave that answer, whose facts are on record, too.
    """

    decision_id: str
    kind: Kind
    asked: Mapping[str, Json]
    user: str
    version: str
    ruleset: RuleSet
    manifest: Manifest
    facts: Facts
    outcome: Outcome | Callable[[], Outcome]
    missing: tuple[str, ...]
    unavailable: tuple[str, ...]
    latency: int
    advisory: bool = True
    plan_versions: Mapping[str, str] = field(default_factory=dict)
    reservation: str | None = None
    shadow_of: str | None = None
    beside: str | None = None


class WhenFull(Enum):
    """What becomes of a record when the buffer is full: its call waits for room; it is dropped and counted; it goes to a
    file for the time being."""

    BLOCK = "block"
    DROP = "drop"
    SPILL = "spill"


@dataclass(frozen=True, slots=True)
class LogCounts:
    """Of records. Always emitted = stored + dropped + held; after `close` only what stands in spill files is held.

    `spilled`: how many went by way of a spill file.
    """

    emitted: int = 0
    stored: int = 0
    dropped: int = 0
    spilled: int = 0
    held: int = 0


class DecisionLog(Protocol):
    """Keeps records. What it cannot keep it counts; it never makes an answer fail."""

    keeps: bool
    """Anything at all; if not, no record need be made."""
    archive: DecisionArchive | None
    """What it has stored, where that can be read again from here."""

    async def record(self, record: Record) -> None:
        """Take a record; written down behind the caller's back. Waits only where WhenFull.BLOCK says so."""

    def keep(self, version: str, rules: RuleFiles) -> None:
        """Keep the files of a version, so that its records can be decided again. Not on the event loop."""

    def counts(self) -> LogCounts:
        """What became of the records so far."""

    async def close(self) -> None:
        """Store what can be stored within some seconds; the rest is dropped, or stays in spill files."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records; None is any. `version`: its first digits do. `reason` is a code (`quiet`) or a rule (`policy gentle`), of any plan. Instants are
    microseconds; `until` is not among them."""

    id: str | None = None
    user: str | None = None
    kind: str | None = None
    plan: str | None = None
    verdict: str | None = None
    reason: str | None = None
    version: str | None = None
    since: int | None = None
    until: int | None = None
    shadow_of: str | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """How many records of a user are gone, and how many stand in files that a process still writes."""

    records: int
    left: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an archive: of file `name` all, or the `group`th group of rows. `records`: how many, where that is known."""

    name: str
    group: int | None = None
    records: int = 0


class DecisionArchive(Protocol):
    """Records that were stored: by column, as `docs/log.md` lists them; instants are microseconds. Raises OSError. Can be
    handed to another process."""

    @property
    def directory(self) -> Path:
        """Where they are."""

    def find(self, wanted: Wanted, most: int, after: int) -> list[dict[str, Any]]:
        """The newest first, behind the first `after`."""

    def parts(self) -> list[Part]:
        """All that there is. Those of a file are in the order in which it was written; one that cannot be read is among them."""

    def read(self, part: Part, columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
        """The records of a part, in order, with all columns or some. What a file does not have is None."""

    def versions(self) -> list[str]:
        """Those whose files were kept."""

    def rules(self, version: str) -> RuleFiles | None:
        """The files of a version, if they were kept."""

    def erase(self, user: str) -> Erased:
        """Rewrite files without a user."""
