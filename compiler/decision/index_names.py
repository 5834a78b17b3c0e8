"""Bits to what they stand for. Naming a thousand winners costs more than finding them, so numpy does it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


class Names:
    """Of bit 0, 1, …; kept as copies that lie side by side in memory, where counting references to them is cheap."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = np.array([name.encode().decode() for name in names], dtype=object)
        self._bytes = (len(names) + 7) // 8

    def named(self, bits: int) -> list[str]:
        """The names of the set bits, in order."""
        named: list[str] = self._names[self.numbers(bits)].tolist()
        return named

    def numbers(self, bits: int) -> npt.NDArray[np.intp]:
        """The numbers of the set bits, in order."""
        return np.flatnonzero(self._mask(bits))

    def _mask(self, bits: int) -> npt.NDArray[np.bool_]:
        packed = np.frombuffer(bits.to_bytes(self._bytes, "little"), np.uint8)
        return np.unpackbits(packed, count=len(self._names), bitorder="little").view(np.bool_)
