"""Names of files that several processes put into one directory, and whose they are."""

from __future__ import annotations

import fcntl
import os
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import IO

STARTED = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
_numbers = count()


def new_name(kind: str) -> str:
    """`decisions-20260301T201000123456-4711-0`: when the process began, its id, and a number of its own."""
    return f"{kind}-{STARTED}-{os.getpid()}-{next(_numbers)}"


def locked(path: Path, mode: str) -> IO[bytes] | None:
    """The file, open and locked until it is closed; None while another process, or this one, writes it or when it is gone."""
    try:
        file: IO[bytes] = open(path, mode)  # noqa: SIM115 it stays open
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    if path.exists():
        return file
    file.close()  # its owner removed it between the two
    return None
