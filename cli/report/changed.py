"""Decisions that changed, written down as they are found: as many as there are, and none of them kept in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.exit_codes import Failure
from server.replay.tally import Tally

Tell = Callable[[bytes], object]


@contextmanager
def lines_to(path: Path | None) -> Iterator[Tell | None]:
    """Writes a line; None where none are wanted. Raises Failure."""
    if path is None:
        yield None
        return
    try:
        with path.open("wb") as file:
            yield file.write
    except OSError as error:
        raise Failure(f"cannot write `{path}`: {(error.strerror or 'unknown reason').lower()}") from error


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
