"""One script of Redis, called for many keys on one way there and back."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError, ResponseError

SCRIPT = Path(__file__).with_name("shadow.lua").read_text()
SHA = hashlib.sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()
ANSWER_SECONDS = 0.1
"""A Redis that takes longer is away: the truth is asked instead."""
CONNECT_SECONDS = 1.0
MOMENT_SECONDS = 0.02
MOST_TOGETHER = 256
"""Calls of one trip."""
PAUSE_SECONDS = 0.5
"""So long a Redis that was away is let alone."""
MOST_SAID = 200
ONCE = Retry(NoBackoff(), 0)
Result = TypeVar("Result")
Client: TypeAlias = Redis | RedisCluster
log = logging.getLogger("suasion.redis")


class Away(Exception):
    """Redis does not answer. What it was asked to do may have been done."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The key and what follows it, and who waits for the answer."""

    keys: Sequence[str]
    words: Sequence[Any]
    answer: asyncio.Future[Any]


class Trips:
    """Calls of the script. Those that wait while others are on their way share the next trip.

    No caller touches a connection, so that one who is cancelled leaves none an answer behind.
    """

    def __init__(self, url: str) -> None:
        """`url`: `redis://…` or `rediss://…`, also of a node of a cluster. Raises ValueError if it is none."""
        parse_url(url)
        self._url = url
        self._client: Client | None = None
        self._asked: list[Asked] = []
        self._under_way: asyncio.Task[None] | None = None
        self._away_until = 0.0

    async def call(self, keys: Sequence[str], *words: Any) -> Any:
        """What the script answers. Raises Away."""
        if time.monotonic() < self._away_until:
            raise Away
        asked = Asked(keys, words, asyncio.get_running_loop().create_future())
        self._asked.append(asked)
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._go())
        return await asked.answer

    async def _go(self) -> None:
        while self._asked:
            asked, self._asked = self._asked[:MOST_TOGETHER], self._asked[MOST_TOGETHER:]
            try:
                answers = await self._answers(asked)
            except Exception as error:
                answers = [Away()] * len(asked)
                await self._be_away(error)
            for each, answer in zip(asked, answers, strict=True):
                settle(each, answer)

    async def _answers(self, asked: Sequence[Asked]) -> list[Any]:
        if self._client is None:
            self._client = await within(CONNECT_SECONDS, connected(self._url))
        return await within(ANSWER_SECONDS, called(self._client, asked))

    async def _be_away(self, error: Exception) -> None:
        """Also lets go of the connection: where Redis is from now on, its address says."""
        log.warning({"event": "redis_away", "exception": type(error).__name__, "said": said(error)})
        self._away_until = time.monotonic() + PAUSE_SECONDS
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):
                await within(ANSWER_SECONDS, client.aclose())


def said(error: Exception) -> str:
    """What Redis said of a call that it refused; of the script's words it shows none."""
    return str(error).partition("\n")[0][:MOST_SAID] if isinstance(error, ResponseError) else ""


async def within(seconds: float, work: Coroutine[Any, Any, Result]) -> Result:
    """What comes of it in time. Where we were busy ourselves meanwhile, there is a moment to see what has come. Raises
    TimeoutError."""
    task = asyncio.create_task(work)
    for patience in (seconds, MOMENT_SECONDS):
        if (await asyncio.wait([task], timeout=patience))[0]:
            return task.result()
    task.cancel()
    await asyncio.wait([task])
    raise TimeoutError


async def connected(url: str) -> Client:
    client = Redis.from_url(url, retry=ONCE)
    if (await client.info("cluster"))["cluster_enabled"]:
        await client.aclose()
        return await RedisCluster.from_url(url).initialize()
    return client


async def called(client: Client, asked: Sequence[Asked]) -> list[Any]:
    """What the script answers to each. A server that does not know it yet is told it."""
    answers = await piped(client, asked, "EVALSHA", SHA)
    unknown = [place for place, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
    if unknown:
        anew = await piped(client, [asked[place] for place in unknown], "EVAL", SCRIPT)
        for place, answer in zip(unknown, anew, strict=True):
            answers[place] = answer
    if failed := next((answer for answer in answers if isinstance(answer, Exception)), None):
        raise failed
    return answers


async def piped(client: Client, asked: Sequence[Asked], command: str, script: str) -> list[Any]:
    pipe = client.pipeline(transaction=False)
    for each in asked:
        pipe.execute_command(command, script, len(each.keys), *each.keys, *each.words)
    answers: list[Any] = await pipe.execute(raise_on_error=False)
    return answers


def settle(asked: Asked, answer: Any) -> None:
    if asked.answer.cancelled():
        return
    if isinstance(answer, Away):
        asked.answer.set_exception(answer)
    else:
        asked.answer.set_result(answer)
