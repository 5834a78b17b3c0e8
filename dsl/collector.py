"""A pause for Python's cyclic garbage collector while something large is built."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 100_000
"""Young objects that are worth it: looking through them would take milliseconds."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """Trees are millions of objects and hardly any cycle: looking through all of them again and again while they grow
    costs more than building them. Safe to nest; whoever switched the collector off keeps it off."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            if gc.get_count()[0] > MANY:
                take_for_old()
            gc.enable()


def take_for_old() -> None:
    """Put all young objects among the old ones, without the look through them that would find that they are in use.

    Does nothing where somebody keeps objects frozen: `unfreeze` would free theirs.
    """
    if gc.get_freeze_count() == 0:
        gc.freeze()
        gc.unfreeze()


def keep_for_good() -> None:
    """What there is now stays, so that nobody looks through it again: what a server starts with takes a tenth of a second each time, in
    which nobody is answered."""
    gc.collect()
    gc.freeze()
