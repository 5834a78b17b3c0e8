"""What becomes of each kind of verdict while a store does not answer (ADR 14)."""

from __future__ import annotations

from enum import Enum

from dsl.frozen import dataclass
from server.ports import StoreUnavailable


class OnFailure(Enum):
    """ANSWER: what can be said without the store, marked as degraded. REFUSE: nothing; StoreUnavailable."""

    ANSWER = "answer"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Failures:
    """By kind of verdict; contacts by the kind of their plan or message.

    What ANSWER says of a contact stands in the rules' semantics: marketing is blocked where a limit or a budget cannot be looked
    at, transactional and legal ones pass it. Nothing lets marketing go out uncounted.
    """

    crowds: OnFailure = OnFailure.ANSWER
    plans: OnFailure = OnFailure.ANSWER
    marketing: OnFailure = OnFailure.ANSWER
    transactional: OnFailure = OnFailure.ANSWER
    legal: OnFailure = OnFailure.ANSWER

    def require(self, kind: str, *, failed: bool) -> None:
        """Raises StoreUnavailable where a store failed and this kind is not to be answered then. `kind`: the name of a field."""
        if failed and getattr(self, kind) is OnFailure.REFUSE:
            raise StoreUnavailable(f"{kind}: not answered while a store does not answer")


class LedgerAway(StoreUnavailable):
    """The ledger could not be read, so that nothing was tried that could be for good."""
