"""What differs between kinds of databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Backend:
    """A database. Transactions of `readers` see one state of it; those of `writers` see what was committed last.

    `make` sees to its tables; `purge` leaves nothing of what was deleted before. `contended`: numbers of errors that undid a
    transaction for the sake of another one. `read_threads`: how many read at once.
    """

    name: str
    readers: Engine
    writers: Engine
    make: Callable[[], None]
    purge: Callable[[], None]
    contended: frozenset[int] = frozenset()
    read_threads: int = 4

    def close(self) -> None:
        self.readers.dispose()
        self.writers.dispose()
