"""Files that are there whole at any instant: what is new takes the place of what was in one step."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """What is written is in the place of `path`, with the rights of the file that was there, once it is safe from a loss of power; until then, and if
    anything fails, that one stays. Raises OSError."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    file = draft.open("xb")
    try:
        yield file
        file.flush()
        os.fsync(file.fileno())
        file.close()
        with suppress(FileNotFoundError):
            draft.chmod(path.stat().st_mode)
        draft.replace(path)
    except BaseException:
        with suppress(OSError):  # there is no room for what it still holds, either
            file.close()
        draft.unlink()
        raise
