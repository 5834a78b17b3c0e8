"""Many works at once, without a task for what need not wait: half of what small works cost."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine, Generator, Iterable
from contextvars import Context, copy_context
from itertools import chain
from typing import Any, Generic, TypeVar, cast

from dsl.frozen import dataclass
from server.ports import StoreUnavailable
from server.usecases.refusals import Refusal

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Coroutine[Any, Any, Result]


async def all_of(works: Iterable[Work[Result]]) -> list[Result]:
    """What each of them answers, in order. They are begun in turn; where one has to wait, the next is begun.

    Each has a context of its own, unless it is alone. Raises what the first that fails raises, once none is left unfinished.
    """
    works = tuple(works)
    if len(works) == 1:
        return [await works[0]]
    begun = [begin(work, copy_context()) for work in works]
    waiting = [each for each in begun if isinstance(each, Waiting)]
    if not waiting:
        return [each.outcome() for each in begun if isinstance(each, Done)]
    tasks = {each: asyncio.create_task(finished(each), context=each.context) for each in waiting}
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    return [each.outcome() if isinstance(each, Done) else tasks[each].result() for each in begun]


Failure = Refusal | StoreUnavailable
"""Why one of many works has no answer."""


async def each_of(works: Iterable[Work[Result]]) -> list[Result | Failure]:
    """What each of them answers, or why it does not, which keeps none of the others back."""
    return await all_of(map(attempted, works))


async def each_in_turn(
    items: Iterable[Item], key: Callable[[Item], str], work: Callable[[Item], Work[Result]]
) -> list[Result | Failure]:
    """What `work` makes of each item, or why it does not; those that have the same key are worked on in their order."""
    queues: defaultdict[str, list[tuple[int, Item]]] = defaultdict(list)
    for place, item in enumerate(items):
        queues[key(item)].append((place, item))

    async def one_by_one(queue: list[tuple[int, Item]]) -> list[tuple[int, Result | Failure]]:
        return [(place, await attempted(work(item))) for place, item in queue]

    answers = dict(chain.from_iterable(await all_of(map(one_by_one, queues.values()))))
    return [answers[place] for place in sorted(answers)]


async def attempted(work: Work[Result]) -> Result | Failure:
    try:
        return await work
    except (Refusal, StoreUnavailable) as failure:
        return failure


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """A work that did not have to wait."""

    result: Result
    error: Exception | None = None

    def outcome(self) -> Result:
        if self.error is not None:
            raise self.error
        return self.result


@dataclass(frozen=True, slots=True, eq=False)
class Waiting(Generic[Result]):
    """A work that waits for `future`, or for its next turn."""

    work: Work[Result]
    future: Any
    context: Context | None

    def __await__(self) -> Generator[Any, Any, Result]:
        """Goes on with it where it waits, as `yield from` would had it begun here."""
        future, work = self.future, self.work
        while True:
            try:
                try:
                    sent = yield future
                except BaseException as error:
                    future = work.throw(error)
                else:
                    future = work.send(sent)
            except StopIteration as stop:
                result: Result = stop.value
                return result


def begin(work: Work[Result], context: Context | None = None) -> Done[Result] | Waiting[Result]:
    """Goes as far as it does without waiting. `context`: of its own; that of the caller if None."""
    try:
        future = work.send(None) if context is None else context.run(work.send, None)
    except StopIteration as stop:
        return Done(stop.value)
    except Exception as error:
        return Done(cast(Result, None), error)
    return Waiting(work, future, context)


async def finished(waiting: Waiting[Result]) -> Result:
    return await waiting
