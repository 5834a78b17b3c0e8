"""Why a version is not released, reviewed or had: like `refusals`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from server.usecases.refusals import Refusal


class UnknownVersion(Refusal):
    """No such rule-set version is kept here."""

    def __init__(self, version: str) -> None:
        super().__init__(f"unknown rule-set version `{version}`", {"version": version})


class VersionNotReproducible(Refusal):
    """What is kept under a version's name is not what bears that name."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"what is kept as version `{version}` is not that version any more: it was damaged, or made with another language "
            "edition or standard library; publish its files anew",
            {"version": version},
        )


class RevokedVersion(Refusal):
    """The version was revoked, and serves nobody any more."""

    def __init__(self, version: str) -> None:
        super().__init__(f"version `{version}` was revoked; publish other rules", {"version": version})


class VersionStillServes(Refusal):
    """The version serves now, or decides beside what does, and cannot be revoked."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"version `{version}` serves now, or decides beside what serves; activate what is to serve without it, then revoke or archive it",
            {"version": version},
        )


class VersionNotInState(Refusal):
    """Where the version stands, this cannot be done with it."""

    def __init__(self, version: str, deed: str, state: str) -> None:
        super().__init__(
            f"version `{version}` is {state}, and cannot be {deed}", {"version": version, "state": state}
        )


class SelfApproval(Refusal):
    """Who approves a version has published or submitted it."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"version `{version}` is by whom you are; somebody else has to approve it", {"version": version}
        )


class NotApproved(Refusal):
    """Nobody has approved the version, or somebody thought better of it."""

    def __init__(self, version: str, state: str) -> None:
        super().__init__(
            f"version `{version}` is {state}; it serves once somebody else than its author has approved it",
            {"version": version, "state": state},
        )


class NotScheduled(Refusal):
    """No time is set at which the version is to serve."""

    def __init__(self, version: str) -> None:
        super().__init__(f"version `{version}` is not scheduled", {"version": version})


class NobodyForTheRest(Refusal):
    """A share was to be served by a version, and there is no other version for the rest."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"there is no version to serve those whom `{version}` does not; activate it for everybody, or another one first",
            {"version": version},
        )


class CrowdOfRequests(Refusal):
    """A crowd that is to say which version serves a user looks at what comes with a request."""

    def __init__(self, crowd: str, input: str) -> None:
        super().__init__(
            f"crowd `{crowd}` looks at `input.{input}`, which comes with a request: what is due by itself could not tell who serves a "
            "user; name a crowd that looks at users and what they did",
            {"crowd": crowd, "input": input},
        )


class NothingToRollBackTo(Refusal):
    """There is no earlier release that may serve again."""

    def __init__(self) -> None:
        super().__init__(
            "there is no release before this one that may serve; activate the version that should"
        )


class AnotherRelease(Refusal):
    """The release that the caller speaks of does not hold any more."""

    def __init__(self, epoch: int, holding: int) -> None:
        super().__init__(
            f"release {epoch} does not hold any more, release {holding} does; look at it, then ask again",
            {"epoch": str(holding)},
        )


class PlansWouldBeDropped(Refusal):
    """Plans wait for users, and are not among the new rules. `counts`: by plan, for how many occurrences."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        named = ", ".join(f"`{plan}` ({count} waiting)" for plan, count in islice(counts.items(), 12))
        super().__init__(
            f"users wait for plans that these rules do not have: {named}; say `was` in the plans that go on with them, or "
            "retire them",
            {plan: str(count) for plan, count in counts.items()},
        )


class LastGoodDamaged(Refusal):
    """The rules cannot be read from the store, nor are those on disk what was written."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"the rules that served last, in {file}, are damaged: their checksum does not match; restore the store, or the file"
        )
