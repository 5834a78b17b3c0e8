"""The rows of one slot, made from what literals ask of it. Few of them are kept ready; of very many, each is made
when a value is looked up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain
from operator import or_
from typing import Any, Final

Bits = Sequence[int]
"""Of clauses."""
STEP: Final = 16


def mask(bits: Iterable[int], width: int) -> int:
    octets = bytearray(width // 8 + 1)
    for bit in bits:
        octets[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(octets, "little")


class Bounds:
    """What `<` and `>=` falsify, by the number of cuts that do not exceed the value.

    `least[i]` are the clauses that ask for the cut i or more, `most[i]` those that ask for less. Masks are kept for every
    `step` cuts.
    """

    def __init__(self, least: Sequence[Bits], most: Sequence[Bits], width: int, step: int) -> None:
        self._least, self._most, self._width, self._step = least, most, width, step
        starts = range(0, len(least), step)
        below = (mask(chain.from_iterable(least[start : start + step]), width) for start in reversed(starts))
        above = (mask(chain.from_iterable(most[start : start + step]), width) for start in starts)
        self._below = [*accumulate(below, or_, initial=0)][::-1]
        self._above = [*accumulate(above, or_, initial=0)]

    def __getitem__(self, index: int) -> int:
        block, beyond = divmod(index, self._step)
        if not beyond:
            return self._below[block] | self._above[block]
        start, end = index - beyond, index - beyond + self._step
        between = chain(*self._least[index:end], *self._most[start:index])
        return self._below[block + 1] | self._above[block] | mask(between, self._width)


class Between:
    """The rows of values that no `in` and no `not in` names, by the number of cuts that do not exceed them."""

    def __init__(self, listed: int, bounds: Bounds, every: int) -> None:
        self._left, self._bounds = every & ~listed, bounds

    def __getitem__(self, index: int) -> int:
        return self._left & ~self._bounds[index]


class Named:
    """The rows of values that an `in` or a `not in` names; `listed` are all clauses with an `in`."""

    def __init__(
        self,
        allowed: Mapping[Any, Bits],
        denied: Mapping[Any, Bits],
        listed: int,
        cuts: Sequence[Any],
        bounds: Bounds,
        width: int,
    ) -> None:
        self._allowed, self._denied, self._cuts, self._bounds = allowed, denied, cuts, bounds
        self._listed, self._width, self._every = listed, width, (1 << width) - 1

    def __iter__(self) -> Iterator[Any]:
        return iter({*self._allowed, *self._denied})

    def get(self, value: Any, /) -> int | None:
        return self.row(value) if value in self._allowed or value in self._denied else None

    def row(self, value: Any) -> int:
        allowed = mask(self._allowed.get(value, ()), self._width)
        denied = mask(self._denied.get(value, ()), self._width)
        beyond = self._bounds[bisect_right(self._cuts, value) if self._cuts else 0]
        return self._every & ~(self._listed & ~allowed | denied | beyond)
