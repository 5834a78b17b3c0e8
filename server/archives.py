"""What was put on record, to be read again: apart from `server.wiring`, so that nobody loads a server for it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from server.adapters.log.archive import ParquetArchive
from server.ports.log import DecisionArchive, DecisionLog


def decision_archive(directory: Path) -> DecisionArchive:
    """What was put on record there."""
    return ParquetArchive(directory)


def log_of_life(directory: Path | None) -> AbstractContextManager[DecisionLog]:
    """Puts all that is lived on record there, as it is, until the life is over; None is nowhere. Raises OSError."""
    from server.adapters.log.sinks import NoLog
    from server.adapters.log.written import written_log

    return nullcontext(NoLog()) if directory is None else written_log(directory)
