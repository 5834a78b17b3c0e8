"""Shadows of users in Redis: copies of what one decision reads, made from the truth, and dropped by whoever writes (ADR 9)."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from random import random
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

from server.adapters.redis.trips import PAUSE_SECONDS, Away, Trips
from server.ports import ClockBehind, ContactHistory, ContactLedger, StoreUnavailable

User: TypeAlias = str | None
EVERYBODY: User = None
FORM = "suasion2"
"""Begins every key; another one for another form of what is kept."""
Kept = TypeVar("Kept")
Answer = TypeVar("Answer", covariant=True)
FOREVER = 2**62
KEEP = 600_000
"""Milliseconds for which a shadow is read at most, in whatever way a write was missed."""
LEASE = 10_000
"""Milliseconds within which a shadow is filled, or not at all."""
MARK = 30_000
"""Milliseconds after which a writer who does not say that it has written is taken for dead."""
ERA = 24 * 3600 * 1000
"""Milliseconds after which all shadows lapse, if nobody made them lapse before."""
LARGEST = 2**18
"""Bytes of what is kept of a user. The truth tells of those of whom there is more."""
TOO_LARGE: Mapping[str, bytes] = {"too large": b""}
"""What is kept of them, so that nobody waits for more."""
WAITS = 0.004, 0.008, 0.016, 0.032, 0.04
"""Seconds for which a reader waits at most, one after the other, for who writes or fills: most have done so in a few milliseconds."""
TURN = 2_000
"""Milliseconds after which a turn is over whose end nobody told."""
NOBODY = ""
"""Whose turn it never is."""
SKEW = 2_000
"""Milliseconds by which the clock of one who grants may differ from that of Redis."""


class Question(Protocol[Kept, Answer]):
    """What is asked about a user, and where its answer is kept."""

    @property
    def fields(self) -> Sequence[str]:
        """Names of what is kept."""

    async def ask(self) -> Kept:
        """The truth: all that is to be kept."""

    def pack(self, kept: Kept) -> Sequence[bytes]:
        """What is kept, by field."""

    def read(self, parts: Sequence[bytes], revision: int) -> Answer | None:
        """The answer, or None if what is kept does not reach so far. `revision`: as of which it was kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    question: Question[Any, Any]
    answer: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to fill a shadow with what the truth is now, until somebody writes."""

    token: bytes
    generation: bytes


class Found(NamedTuple):
    """The right to fill, if there is one to be had, and all that was asked for, or None. `soon`: somebody writes, or fills, so that
    there is more in a moment."""

    lease: Lease | None = None
    kept: Mapping[str, bytes] | None = None
    soon: bool = False


NOTHING, WRITTEN = Found(), Found(soon=True)


class AnothersTurn(Exception):
    """Somebody else decides next about the user: nothing was written."""


class Shadow:
    """What is kept in Redis of the users of one workspace.

    Of each user there is one shadow, or none. All shadows are of one *generation*; a write that is about everybody begins another,
    and the shadows of those before are not read.
    """

    def __init__(
        self,
        trips: Trips,
        contacts: ContactLedger,
        workspace: str,
        clock: Callable[[], int] | None,
        agreed_seconds: float,
    ) -> None:
        """`contacts`: the true ones. `clock`: tells the microsecond in which something is granted, if that has to be the time that
        Redis has. `agreed_seconds`: so long a process goes by the generation that it knows."""
        self._trips = trips
        self._contacts = contacts
        self._workspace = workspace
        self._clock = clock
        self._agreed_seconds = agreed_seconds
        self._asked: defaultdict[str, list[Asked]] = defaultdict(list)
        self._generation: bytes | None = None
        self._agreed_until = 0.0
        self._agreeing = asyncio.Lock()
        self._debts = 0
        self._tasks: set[asyncio.Task[None]] = set()

    # ---- reading

    async def ask(self, user: str, question: Question[Kept, Answer]) -> Answer:
        """The answer, of the shadow or else of the truth. What is asked about a user in one turn of the event loop is one call of
        Redis; what of that is not there comes from the truth all together, so that no two states are mixed."""
        loop = asyncio.get_running_loop()
        if not self._asked:
            loop.call_soon(self._tell_all)
        asked = Asked(question, loop.create_future())
        self._asked[user].append(asked)
        answer: Answer = await asked.answer
        return answer

    def _tell_all(self) -> None:
        everything, self._asked = self._asked, defaultdict(list)
        for user, asked in everything.items():
            self._behind(self._tell(user, asked))

    async def _tell(self, user: str, asked: Sequence[Asked]) -> None:
        questions = [each.question for each in asked]
        try:
            answers = await self._answers(user, questions)
        except Exception as error:
            answers = [error] * len(asked)
        for each, answer in zip(asked, answers, strict=True):
            settle(each.answer, answer)

    async def _answers(self, user: str, questions: Sequence[Question[Any, Any]]) -> Sequence[Any]:
        lease, kept, _ = await self._waited(user, dict.fromkeys(chain(*(each.fields for each in questions))))
        if kept:
            answers = [
                each.read([kept[name] for name in each.fields], int(kept["revision"])) for each in questions
            ]
            if None not in answers:
                return answers
        return await self._truth(user, questions, lease)

    async def _waited(self, user: str, fields: Iterable[str]) -> Found:
        """The same, but that one who is late has patience for a moment: else all who ask about a user at once ask the truth, each time
        that something is granted."""
        found = await self._kept(user, fields)
        for seconds in WAITS:
            if not found.soon:
                break
            await asyncio.sleep(random() * seconds)
            found = await self._kept(user, fields)
        return found

    async def _kept(self, user: str, fields: Iterable[str]) -> Found:
        token, names = new(), ("revision", *fields)
        try:
            generation = await self._agreed()
            if generation is None:
                return NOTHING
            found = await self._call(user, "read", token, LEASE, generation, *names)
        except Away:
            return NOTHING
        if not found:
            return WRITTEN
        lease, *parts = found
        kept = None if None in parts else dict(zip(names, parts, strict=True))
        return Found(Lease(lease, generation), kept, soon=lease != token and parts[0] is None)

    async def _truth(
        self, user: str, questions: Sequence[Question[Any, Any]], lease: Lease | None
    ) -> Sequence[Any]:
        """Answers, or why there is none. All is asked in one turn, and so as of one state."""
        asked = self._contacts.history(user, FOREVER), *(each.ask() for each in questions)
        history, *found = await asyncio.gather(*asked, return_exceptions=True)
        revision = history.revision if isinstance(history, ContactHistory) else 0
        packed: list[Any] = [
            each if isinstance(each, BaseException) else question.pack(each)
            for question, each in zip(questions, found, strict=True)
        ]
        if lease and not any(isinstance(each, BaseException) for each in (history, *packed)):
            names = chain(*(each.fields for each in questions))
            parts = dict(zip(names, chain(*packed), strict=True))
            self._behind(self._fill(user, lease, revision, parts))
        return [
            each if isinstance(each, BaseException) else question.read(each, revision)
            for question, each in zip(questions, packed, strict=True)
        ]

    async def _fill(self, user: str, lease: Lease, revision: int, parts: Mapping[str, bytes]) -> None:
        if sum(map(len, parts.values())) > LARGEST:
            parts = TOO_LARGE
        with suppress(Away):
            kept = chain(*parts.items())
            await self._call(user, "fill", lease.token, KEEP, lease.generation, revision, *kept)

    # ---- writing

    @asynccontextmanager
    async def writing(self, users: Iterable[User], claimant: str | None = None) -> AsyncIterator[None]:
        """Nobody reads or fills the shadows of these users meanwhile, and then there are none.

        `claimant`: of what is granted; empty for one who claims no turn. Then it raises, before anything is written, ClockBehind if
        that were by another time, and AnothersTurn.
        """
        token, concerned = new(), tuple(dict.fromkeys(users))
        marked = await self._marked(concerned, token, claimant)
        may_come = False
        try:
            yield
        except (StoreUnavailable, asyncio.CancelledError):
            may_come = True
            raise
        finally:
            if not marked:
                self._owe()
            elif not may_come:
                self._behind(self._unmark(concerned, token))
            elif claimant is not None:  # else the marks stay until nothing comes any more
                self._behind(self._unmark_once_over(concerned, token))

    async def _marked(self, users: Sequence[User], token: bytes, claimant: str | None) -> bool:
        words: list[Any] = ["", SKEW]
        if claimant is not None:
            words = [self._clock() // 1000 if self._clock else "", SKEW, claimant]
        try:
            found = await asyncio.gather(*(self._call(user, "mark", token, MARK, *words) for user in users))
        except Away:
            return False
        for why_not in found:
            if isinstance(why_not, bytes):
                raise AnothersTurn
            if why_not is not None:
                raise ClockBehind(-1000 * why_not)
        return True

    async def _unmark(self, users: Sequence[User], token: bytes) -> None:
        """If it fails, the marks end by themselves."""
        with suppress(Away):
            await asyncio.gather(*(self._call(user, "unmark", token, MARK) for user in users))

    async def _unmark_once_over(self, users: Sequence[User], token: bytes) -> None:
        """Behind a write to the ledger of which nobody knows what became: once another about the same users is done, it was done
        before, or never will be."""
        for _ in range(MARK // 1000):
            with suppress(StoreUnavailable):
                await asyncio.gather(*(self._contacts.end_turn(user, NOBODY) for user in users if user))
                return await self._unmark(users, token)
            await asyncio.sleep(1 + random())

    @asynccontextmanager
    async def writing_of_all(self) -> AsyncIterator[None]:
        """From the end of it on no process reads a shadow of before."""
        start = time.monotonic()
        async with self.writing([EVERYBODY]):
            yield
            await asyncio.sleep(start + self._agreed_seconds - time.monotonic())
        self._agreed_until = 0.0

    async def renew(self) -> None:
        """Soon no process reads a shadow of before."""
        async with self.writing([EVERYBODY]):
            self._agreed_until = 0.0

    # ---- whose turn it is

    async def claim(self, user: str, claimant: str) -> bool:
        """Whether the turn is the claimant's, as far as Redis knows; the truth may know better."""
        try:
            return bool(await self._call(user, "claim", claimant, TURN))
        except Away:
            return True

    async def leave(self, user: str, claimant: str) -> None:
        """If it fails, the turn ends by itself."""
        with suppress(Away):
            await self._call(user, "leave", claimant, TURN)

    # ---- all of them

    async def _agreed(self) -> bytes | None:
        """The generation that counts; None while somebody writes what is about everybody. Raises Away."""
        if self._debts:
            raise Away
        if time.monotonic() < self._agreed_until:
            return self._generation
        async with self._agreeing:
            now = time.monotonic()
            if now >= self._agreed_until:  # else somebody has asked meanwhile
                found = await self._call(EVERYBODY, "read", new(), ERA, b"")
                self._generation = found[0] if found else None
                self._agreed_until = now + self._agreed_seconds
        return self._generation

    def _owe(self) -> None:
        """Something was written while Redis was away: once it is back, all shadows lapse before any is read."""
        self._debts += 1
        if self._debts == 1:
            self._behind(self._pay())

    async def _pay(self) -> None:
        while owed := self._debts:
            try:
                await self._call(EVERYBODY, "unmark", new(), MARK)
                self._debts -= owed
                self._agreed_until = 0.0
            except Away:
                await asyncio.sleep(PAUSE_SECONDS)

    def _behind(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it behind everybody's back."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _call(self, user: User, doing: str, *words: Any) -> Any:
        shadow = (
            f"{FORM}:{{{self._workspace}}}" if user is EVERYBODY else f"{FORM}:{{{self._workspace}/{user}}}"
        )
        return await self._trips.call((shadow, f"{shadow}:writers", f"{shadow}:turn"), doing, *words)


def new() -> bytes:
    """A token that nobody else has."""
    return secrets.token_bytes(8)


def settle(waiting: asyncio.Future[Any], answer: Any) -> None:
    if waiting.cancelled():
        return
    if isinstance(answer, BaseException):
        waiting.set_exception(answer)
    else:
        waiting.set_result(answer)
