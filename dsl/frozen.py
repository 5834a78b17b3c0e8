"""`@dataclass(frozen=True, slots=True)` for what is made by the thousand: mypy sees to it that nothing is assigned, and nobody does
at run time, where it takes most of what making one takes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(*, frozen: bool, slots: bool, eq: bool = True) -> Callable[[type], Any]:
        """As mypy and its reader see it, all are frozen; equals have equal hashes."""
        assert frozen and slots
        return partial(dataclasses.dataclass, slots=True, eq=eq, unsafe_hash=eq)
