"""Names that no statement declares, channels and tags: one that is nearly another is likely a slip of the finger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

MOST_NAMES = 200
"""Different names that are held against each other."""


def slips(used: Iterable[str], elsewhere: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names that are used once, and not elsewhere, with another that they are nearly."""
    counted = Counter(used)
    if len(counted) > MOST_NAMES:
        return
    deliberate = set(elsewhere)
    for name, times in counted.items():
        if times == 1 and name not in deliberate:
            near = next((other for other in counted if counted[other] > 1 and nearly(name, other)), None)
            if near is not None:
                yield name, near


def nearly(one: str, other: str) -> bool:
    """Whether two neighbouring letters are exchanged, or one, but not the first, is too many or too few."""
    if len(one) == len(other):
        apart = [at for at in range(len(one)) if one[at] != other[at]]
        return len(apart) == 2 and apart[1] == apart[0] + 1 and sorted(one) == sorted(other)
    short, long = sorted((one, other), key=len)
    return len(long) == len(short) + 1 and any(
        long[at].isalpha() and long[:at] + long[at + 1 :] == short for at in range(1, len(long))
    )
