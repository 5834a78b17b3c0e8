"""Bits to what they stand for. Naming a thousand winners costs more than finding them, so numpy does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.intp]


class Names:
    """Of bit 0, 1, …; kept as copies that lie side by side in memory, where counting references to them is cheap."""

    def __init__(self, names: Sequence[str]) -> None:
        self._count = len(names)
        copies = [name.encode().decode() for name in names]
        self._twice = np.array([*copies, *copies], dtype=object)

    def named(self, yes: int, unknown: int) -> tuple[list[str], list[str]]:
        """The names of both sets of bits, each in order; together, as most of the time goes into starting."""
        numbers = self.numbers(yes | unknown << self._count)
        found = yes.bit_count()
        return self._twice[numbers[:found]].tolist(), self._twice[numbers[found:]].tolist()

    def split(self, yes: int, unknown: int) -> tuple[Numbers, Numbers]:
        """The numbers of both sets of bits."""
        numbers = self.numbers(yes | unknown << self._count)
        found = yes.bit_count()
        return numbers[:found], numbers[found:] - self._count

    def numbers(self, bits: int) -> Numbers:
        """The numbers of the set bits, in order."""
        octets = bits.to_bytes((2 * self._count + 7) // 8, "little")
        flags = np.unpackbits(np.frombuffer(octets, np.uint8), None, None, "little")
        return flags.view(np.bool_).nonzero()[0]


class Places:
    """Of bit 0, 1, …, the place of what it stands for among all `listed`."""

    def __init__(self, names: Sequence[str], listed: Sequence[str]) -> None:
        place = {name: number for number, name in enumerate(listed)}
        self._listed = [place[name] for name in names]
        self._of = np.array(self._listed, dtype=np.intp)

    def of_few(self, bits: int) -> list[int]:
        """The places of the set bits, ascending, looked at one by one."""
        places = []
        while bits:
            lowest = bits & -bits
            places.append(self._listed[lowest.bit_length() - 1])
            bits ^= lowest
        places.sort()
        return places

    def ids(self, numbers: Numbers) -> list[int]:
        """The places of these bits, ascending."""
        found = self._of[numbers]
        found.sort()
        ids: list[int] = found.tolist()
        return ids

    def bitmap(self, numbers: Numbers) -> bytes:
        """A bit at each of these places."""
        flags = np.zeros(len(self._of), np.uint8)
        flags[self._of[numbers]] = 1
        return np.packbits(flags, bitorder="little").tobytes()
