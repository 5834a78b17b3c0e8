"""Set attributes of users."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from compiler.wire.json_text import Json
from dsl.frozen import dataclass
from server.ports import ProfileStore
from server.usecases.active_rules import ActiveRules, Serving
from server.usecases.documents import validated
from server.usecases.refusals import InvalidRequest, Refusal, Violation


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """Attributes to set, as they came in: JSON text; nothing in it has been looked at."""

    user: str
    attributes: bytes


@dataclass(frozen=True, slots=True)
class ProfileResult:
    """Whether attributes were set, or why not."""

    refusal: Refusal | None = None
    undeclared: int = 0


@dataclass(frozen=True, slots=True)
class ProfileResults:
    """One result for each change, in their order, and the version that they were checked against."""

    results: tuple[ProfileResult, ...]
    version: str


class UpsertProfiles:
    """Checks attributes against the active rules and sets those that pass; the others do not keep them back."""

    def __init__(self, profiles: ProfileStore, active: ActiveRules) -> None:
        """`undeclared` counts the attributes that came and are not declared."""
        self.undeclared = 0
        self._profiles = profiles
        self._active = active

    async def __call__(self, changes: Sequence[ProfileChange | InvalidRequest]) -> ProfileResults:
        """Violations are relative to their change. What was refused before the call stays refused."""
        version = self._active.all()[0].version
        documents: list[tuple[str, dict[str, Json]]] = []
        results: list[ProfileResult] = []
        for change in changes:
            try:
                user, document, undeclared = self._active.accepted(partial(admit, change))
            except InvalidRequest as refusal:
                results.append(ProfileResult(refusal))
            else:
                self.undeclared += undeclared
                documents.append((user, document))
                results.append(ProfileResult(undeclared=undeclared))
        if documents:
            await self._profiles.upsert(documents)
        return ProfileResults(tuple(results), version)


def admit(change: ProfileChange | InvalidRequest, serving: Serving) -> tuple[str, dict[str, Json], int]:
    """User, attributes, and how many of them are undeclared. Raises InvalidRequest."""
    if isinstance(change, InvalidRequest):
        raise change
    document, undeclared = validated(change.attributes, serving.reader.read_profile, "attributes_json")
    key = serving.ruleset.user_key
    if key in document and document[key] != change.user:
        raise InvalidRequest(
            [Violation(f"attributes_json.{key}", "this is the key; it has to be the user_id")]
        )
    return change.user, document, undeclared
