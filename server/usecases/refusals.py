"""Why a use case refuses. Each exception is one status on the wire: `server.rpc.errors` has the table.

Texts are in plain words, lower case, with the caller's own names in backticks, and hold no fact about a user: what was
wrong with a value is said by its path and the type wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from compiler.wire.errors import FactsError
from dsl.diagnostics import Diagnostic, suggest
from dsl.frozen import dataclass
from server.ports import ClockBehind

MOST_COMPARED = 2000
"""Names that are looked through for the one that was meant."""

REPLAY_SECONDS = 10.0
OVERLOADED_SECONDS = 1.0
"""After which who was sent away may ask again."""


@dataclass(frozen=True, slots=True)
class Violation:
    """`path` leads to what is wrong in the request: `events[3].fields_json.price`; `message` says what it is."""

    path: str
    message: str


class Refusal(Exception):
    """`metadata` is for programs, `violations` say what is wrong where; there may be none of either."""

    def __init__(
        self,
        message: str,
        metadata: Mapping[str, str] | None = None,
        violations: Iterable[Violation] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.metadata = dict(metadata or {})
        self.violations = tuple(violations)


class InvalidRequest(Refusal):
    """The request cannot be meant. Whatever the state of the server, it would be refused."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        found = tuple(violations)
        first = found[0]
        message = f"{first.path}: {first.message}" if first.path else first.message
        super().__init__(message, {"path": first.path}, found)

    def below(self, path: str) -> InvalidRequest:
        """The same, where what was looked at stands at `path` of the request."""
        return InvalidRequest(
            Violation(f"{path}.{each.path}" if each.path else path, each.message) for each in self.violations
        )

    def moved(self, before: str, after: str) -> InvalidRequest:
        """The same, where what was looked at as `before` stands at `after` of the request."""
        return InvalidRequest(
            Violation(after + each.path.removeprefix(before), each.message) for each in self.violations
        )

    @classmethod
    def of(cls, error: FactsError) -> InvalidRequest:
        """What is wrong with facts, as what is wrong with a request that consists of them."""
        return cls(Violation(each.path, each.message) for each in error.errors)


class RequestTooLarge(Refusal):
    """The request is larger than the method takes."""


class ClockWrong(Refusal):
    """The clock of this server is behind another's, or ahead of a store's, further than synchronised clocks are."""

    def __init__(self, behind: ClockBehind) -> None:
        seconds = f"{abs(behind.microseconds) / 1e6:.1f}"
        whose = "behind another's" if behind.microseconds > 0 else "ahead of a store's"
        text = f"this server's clock is {seconds} s {whose}, so that it grants nothing; ask another server"
        super().__init__(text, {"seconds": seconds})


class ComeAgain(Refusal):
    """There is no room for it now, and nothing was done. `seconds`: after which it may be asked again."""

    def __init__(self, message: str, seconds: float, metadata: Mapping[str, str] | None = None) -> None:
        super().__init__(message, metadata)
        self.seconds = seconds


class TooManyCalls(ComeAgain):
    """A limit of calls leaves no room. `method`: empty where it is one of all together."""

    def __init__(self, per_second: float, method: str, seconds: float) -> None:
        of = f"`{method}`" if method else "all methods together"
        message = f"more than {per_second:g} calls of {of} in a second; ask again after a while"
        super().__init__(message, seconds, {"method": method, "per_second": f"{per_second:g}"})


class Overloaded(ComeAgain):
    """More is asked for than can be worked on, and there is no room to wait."""

    def __init__(self) -> None:
        super().__init__("the server is overloaded; ask again after a while", OVERLOADED_SECONDS)


class ReplayUnderWay(ComeAgain):
    """One replay at a time is enough for a server that decides, too."""

    def __init__(self) -> None:
        super().__init__("another replay is under way here; ask again after a while", REPLAY_SECONDS)


class HistoryTooLong(Refusal):
    """A server that decides, too, has only so much memory for lives."""

    def __init__(self, events: int, most: int) -> None:
        super().__init__(
            f"the log tells of {events:,} events, of which a server relives at most {most:,}; "
            "elsewhere, `suasion replay --closed` takes any number"
        )


class NothingOnRecord(Refusal):
    """There is no log of decisions that could be read here."""

    def __init__(self) -> None:
        super().__init__("nothing is on record here: start the server with `--log DIR`")


class ServerEnding(Refusal):
    """The server ends, and with it every stream."""

    def __init__(self) -> None:
        super().__init__("the server is ending; go on at another one, or once it is back")


class UnknownName(Refusal):
    """The rules declare nothing of that name. `kind` is the language's word for what it should be: `crowd`."""

    def __init__(self, kind: str, name: str, declared: Iterable[str], version: str) -> None:
        near = suggest(name, islice(declared, MOST_COMPARED))
        hint = f"; did you mean `{near}`?" if near else ""
        super().__init__(f"unknown {kind} `{name}`{hint}", {"kind": kind, "name": name, "version": version})


class NothingToDecide(Refusal):
    """The request leaves open what the rules do not settle by themselves."""


class NoActiveRules(Refusal):
    """There is no rule set to decide by yet."""

    def __init__(self) -> None:
        super().__init__("no rule set is active; activate one first")


class RulesDoNotCompile(Refusal):
    """The rules have errors; what was active goes on serving."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        errors = [one for one in diagnostics if one.severity == "error"]
        count = f"{len(errors)} error{'s' if len(errors) != 1 else ''}"
        super().__init__(
            f"the rules do not compile: {count}; the active version is still serving",
            {"error_count": str(len(errors))},
            (Violation(str(one.place or ""), f"{one.code}: {one.message}") for one in errors),
        )


class EventIdReused(Refusal):
    """Another event was recorded under this id; it stays."""

    def __init__(self, event_id: str) -> None:
        super().__init__(
            f"another event was recorded under the id `{event_id}`; it was not changed",
            {"event_id": event_id},
        )


class RequestIdReused(Refusal):
    """A request with this name was answered before, but it asked for something else."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"another request was answered under the name `{name}`; a repeat has to ask for the same",
            {"name": name},
        )


class ListHasChanged(Refusal):
    """The list has not the version that the caller went by."""

    def __init__(self, name: str, version: int) -> None:
        super().__init__(
            f"the list `{name}` has changed: its version is {version}; nothing was loaded",
            {"list": name, "list_version": str(version)},
        )


class Contended(Refusal):
    """The user's facts changed whenever a decision was to be taken."""

    def __init__(self) -> None:
        super().__init__("too much happens to this user at once; nothing was taken, try again")


class UnknownContact(Refusal):
    """There is no such contact, or it was erased."""

    def __init__(self, contact_id: str) -> None:
        super().__init__(f"there is no contact `{contact_id}`", {"contact_id": contact_id})


class ContactNotInState(Refusal):
    """What was asked cannot be done to a contact of this state."""

    def __init__(self, wanted: str, state: str) -> None:
        super().__init__(f"it cannot be {wanted}: the contact is {state}", {"state": state})


class StaleToken(Refusal):
    """Somebody else has dispatched the contact since, or nobody has with this token."""

    def __init__(self) -> None:
        super().__init__(
            "the fencing token is not that of the last dispatch; what became of it is for others to say"
        )


class TokenMissing(Refusal):
    """The call says of nobody that it is theirs."""

    def __init__(self) -> None:
        super().__init__("a token is wanted: `authorization: Bearer …`")


class TokenRefused(Refusal):
    """What the call brings does not prove whose it is."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the token is refused: {why}")


class TokenHasExpired(Refusal):
    """It has proved whose the call is, before."""

    def __init__(self) -> None:
        super().__init__("the token has expired; come again with another one")


class WorkspaceClosed(Refusal):
    """The caller has no role in the workspace."""

    def __init__(self, workspace: str) -> None:
        super().__init__(f"the token opens nothing in workspace `{workspace}`", {"workspace": workspace})


class RoleMissing(Refusal):
    """The caller has not the role that the method needs."""

    def __init__(self, workspace: str, needed: Iterable[str]) -> None:
        roles = " or ".join(needed)
        super().__init__(
            f"this is for those who are {roles} in workspace `{workspace}`",
            {"workspace": workspace, "role": roles},
        )


class MethodClosed(Refusal):
    """The method is open to nobody."""

    def __init__(self) -> None:
        super().__init__("this method is open to nobody here")


class UnknownWorkspace(Refusal):
    """There is no such workspace here."""

    def __init__(self, workspace: str) -> None:
        super().__init__(f"there is no workspace `{workspace}` here", {"workspace": workspace})
