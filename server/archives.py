"""What was put on record, to be read again: apart from `server.wiring`, so that nobody loads a server for it."""

from __future__ import annotations

from pathlib import Path

from server.adapters.log.archive import ParquetArchive
from server.ports.log import DecisionArchive


def decision_archive(directory: Path) -> DecisionArchive:
    """What was put on record there."""
    return ParquetArchive(directory)
