"""Decisions that changed, written down as they are found: as many as there are, and none of them kept in memory."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from cli.files import replacing
from server.replay.tally import Tally

Tell = Callable[[bytes], object]


def lines_to(path: Path | None) -> AbstractContextManager[Tell | None]:
    """Writes a line; None where none are wanted. Raises Failure."""
    return nullcontext() if path is None else replacing(path)


class Telling(Tally):
    """Tells of what changed in a part as soon as that is counted."""

    def __init__(self, tell: Tell | None) -> None:
        super().__init__()
        self._tell = tell

    def merge(self, other: Tally) -> None:
        if self._tell is not None:
            for line in other.changed:
                self._tell(line)
        other.changed.clear()
        super().merge(other)
