"""Whose turn it is when more is asked than can be worked on: what is about marketing comes last, and is sent away first."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

from google.protobuf.message import Message

from server.rpc.calls import Call, Proceed
from server.usecases.refusals import Overloaded

AT_ONCE = 64
"""Calls that are worked on at once; most of them wait for a store."""
WAITING = 256
"""Calls that may wait for their turn."""
BREATH, SPELL = 0.0005, 0.02
"""Seconds. Who comes within a breath of the last call's end has come while it was worked on: there may be more behind. For a spell of
such calls that does no harm: none is kept waiting for long."""
ARRIVALS, QUIET = 3, 8
"""So many calls may come in before the next has its turn, so that those that go first are found among them. Once so many turns of the
loop have passed in which none did, nobody is behind, and all begin."""
OF_TURNS = ("/suasion.v1.DecisionService/", "/suasion.v1.ContactService/", "/suasion.v1.FactService/")
Turn: TypeAlias = "asyncio.Future[None]"
GoesFirst = Callable[[Call], bool]


class Turns:
    """Unary calls of services that decide or record have turns; all others, streams among them, always have theirs.

    gRPC hands over one call after the other; what comes while others are worked on would wait in it, in its order. So calls are taken
    over faster than they are worked on while there are many, until no more may wait.
    """

    def __init__(self, goes_first: GoesFirst, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._goes_first = goes_first
        self._at_once = at_once
        self._most_waiting = waiting
        self._working = 0
        self._ended = self._breathed = 0.0
        self._first: deque[Turn] = deque()
        self._later: deque[Turn] = deque()
        self._arrived = 0
        self._looked = 0
        self._looking = False
        self.shed = 0
        """Calls that were sent away."""

    @property
    def waiting(self) -> int:
        return len(self._first) + len(self._later)

    async def around(self, call: Call, proceed: Proceed) -> Message | None:
        if call.streams or not call.method.startswith(OF_TURNS):
            return await proceed(call)
        if self._working >= self._at_once or self.waiting or self._is_out_of_breath():
            await self._turn(call)
        else:
            self._working += 1
        try:
            return await proceed(call)
        finally:
            self._end()

    def _is_out_of_breath(self) -> bool:
        now = time.monotonic()
        if now >= self._ended + BREATH:
            self._breathed = now
        return now > self._breathed + SPELL

    def _end(self) -> None:
        self._working -= 1
        self._ended = time.monotonic()
        if self.waiting:
            self._look_soon()

    async def _turn(self, call: Call) -> None:
        """Wait for it. Raises Overloaded, and TimeoutError once nobody waits for an answer any more."""
        queue = self._first if self._goes_first(call) else self._later
        if self.waiting >= self._most_waiting:
            self._send_one_away(queue)
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        self._arrived += 1
        self._looked = 0
        self._look_soon()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                with suppress(ValueError):
                    queue.remove(turn)
            elif turn.exception() is None:
                self._end()
            raise
        remaining: float | None = call.context.time_remaining()
        if remaining is not None and remaining <= 0:
            self._end()
            raise TimeoutError

    def _send_one_away(self, queue: deque[Turn]) -> None:
        """Who has waited longest for something about marketing makes room for who goes first."""
        self.shed += 1
        last = next_of(self._later) if queue is self._first else None
        if last is None:
            raise Overloaded
        last.set_exception(Overloaded())

    def _look_soon(self) -> None:
        if not self._looking:
            self._looking = True
            asyncio.get_running_loop().call_soon(self._look)

    def _look(self) -> None:
        """Once in a turn of the loop: let one begin, or all, unless more may come in."""
        self._looking = False
        if self._working >= self._at_once:
            return  # whoever ends looks again
        self._looked += 1
        if self._looked >= QUIET:
            self._breathed = time.monotonic()
            self._let_begin(self._at_once)
        elif self._arrived >= ARRIVALS or self.waiting >= self._most_waiting:
            self._let_begin(1)
        if self.waiting:
            self._look_soon()

    def _let_begin(self, most: int) -> None:
        self._arrived = self._looked = 0
        for _ in range(min(most, self._at_once - self._working)):
            if turn := next_of(self._first) or next_of(self._later):
                self._working += 1
                turn.set_result(None)


def next_of(queue: deque[Turn]) -> Turn | None:
    """The first that is still waited for."""
    while queue:
        if not (turn := queue.popleft()).done():
            return turn
    return None
