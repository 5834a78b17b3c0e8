"""Event histories for replays: made of foreign files or of a decision log, and read. Knows their adapters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from server.adapters.history.from_log import import_log
from server.adapters.history.importing import EVENTS, import_files
from server.adapters.history.importing import Imported as Imported
from server.adapters.history.mapping import MappingWrong as MappingWrong
from server.adapters.history.mapping import read_mapping
from server.adapters.history.reading import ParquetHistory
from server.adapters.history.sources import FileUnreadable as FileUnreadable
from server.replay.history import History


def imported(files: Sequence[Path], mapping: str, directory: Path) -> Imported:
    """Makes an event history of files, as a mapping (docs/replay.md) says. Raises MappingWrong, FileUnreadable, OSError."""
    return import_files(files, read_mapping(mapping), directory)


def imported_log(log: Path, directory: Path) -> Imported:
    """Makes an event history of what the decisions of a log were told of. Raises OSError."""
    return import_log(log, directory)


def is_history(directory: Path) -> bool:
    """Whether one was made there."""
    return (directory / f"{EVENTS}.parquet").is_file()


def history(directory: Path) -> History:
    """The event history that was made there. Raises OSError."""
    return ParquetHistory(directory)
