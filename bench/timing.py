"""Times things side by side on a busy machine: in turns, so that what disturbs one disturbs the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any, TypeVar

Result = TypeVar("Result")
ROUNDS = 9
TURN = 0.12
"""Seconds that each thing runs in a round, at least."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of one call, by thing and round."""

    rounds: Mapping[str, Sequence[float]]

    def typical(self, name: str) -> float:
        return median(self.rounds[name])

    def fastest(self, names: Sequence[str]) -> str:
        return min(names, key=self.typical)

    def ratio(self, slow: str, fast: str) -> float:
        """How many times as long `slow` takes: the median over the rounds."""
        return median(a / b for a, b in zip(self.rounds[slow], self.rounds[fast], strict=True))


Thing = tuple[Callable[[Any], object], Sequence[Any]]
"""A function and the arguments that it is called with, one after the other."""


def in_turns(things: Mapping[str, Thing], rounds: int = ROUNDS) -> Times:
    times: dict[str, list[float]] = {name: [] for name in things}
    for _ in range(rounds):
        for name, (call, arguments) in things.items():
            times[name].append(_turn(call, arguments))
    return Times(times)


def _turn(call: Callable[[Any], object], arguments: Sequence[Any]) -> float:
    calls, start = 0, perf_counter()
    while (spent := perf_counter() - start) < TURN or calls == 0:
        for argument in arguments:
            call(argument)
        calls += len(arguments)
    return spent / calls


def timed(make: Callable[[], Result]) -> tuple[Result, float]:
    """What it makes, and the seconds of this process that it takes: others may be at work on the machine."""
    start = process_time()
    made = make()
    return made, process_time() - start
