"""What is answered where the ledger cannot be reached, and what is not kept."""

from __future__ import annotations

from compiler.outcome import Verdict
from server.ports import Reservation, StoreUnavailable
from server.usecases.failures import Failures
from server.usecases.grounds import Grounds


def require_uncounted(failures: Failures, kind: str, verdict: Verdict) -> None:
    """Whether a verdict may be told that nobody writes down: no marketing goes out so, and no control group is told of. Raises
    StoreUnavailable."""
    failures.require(kind, failed=True)
    passes = verdict is Verdict.SEND and kind in ("transactional", "legal")
    if verdict in (Verdict.SEND, Verdict.HOLDOUT) and not passes:
        raise StoreUnavailable("contacts: what is granted cannot be written down")


def nothing_came_of(grounds: Grounds, reservation: Reservation | None) -> bool:
    """Nothing was granted, and a store did not answer: whoever asks again is to be decided anew."""
    return grounds.failed and reservation is None
