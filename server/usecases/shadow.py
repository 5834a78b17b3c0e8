"""A candidate that decides beside what serves, on the same facts, for nobody: what it would answer goes on record."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from time import thread_time

from compiler.facts import Facts
from compiler.manifest import EntryPoint
from compiler.wire.json_text import Json
from server.ports import DecisionLog, Record, RecordedEvent
from server.ports.log import Kind
from server.replay.questions import QUESTIONS
from server.usecases.active_rules import ActiveRules, Serving
from server.usecases.gather import Beside, read_beside
from server.usecases.grounds import Grounds, missing, unavailable
from server.usecases.ids import new_id
from server.usecases.occurrences import known_to_rules, opened_by
from server.usecases.refusals import Refusal

ROOM = 1_000
"""Answers that wait for the shadow to decide, too."""
AT_ONCE = 20
SLOW_SECONDS, RESTS = 0.02, 3
"""Whoever works longer than that at a time takes one answer at a time, and rests so many times as long: it shares an interpreter with what serves."""
QUESTIONS_KEPT = 256
log = logging.getLogger("suasion.shadow")


@dataclass(slots=True)
class ShadowCounts:
    """`asked`: answers of sampled users that the shadow knows a question for. `dropped`: for want of room, or at
    the end. `failed`: it has no answer."""

    asked: int = 0
    recorded: int = 0
    dropped: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, and on which grounds."""

    kind: Kind
    asked: Mapping[str, Json]
    grounds: Grounds


class ShadowDecisions:
    """Decides beside others, one after the other, while nothing waits for it."""

    def __init__(self, active: ActiveRules, log: DecisionLog, room: int = ROOM) -> None:
        self._active = active
        self._log = log
        self._waiting: asyncio.Queue[Answer] = asyncio.Queue(room)
        self.counts = ShadowCounts()

    def beside(self, user: str, serving: Serving, entry: EntryPoint) -> Beside | None:
        shadow = self._active.beside(user)
        return None if shadow is None or shadow.version == serving.version else beside(shadow, serving, entry)

    def answered(self, kind: Kind, asked: Mapping[str, Json], grounds: Grounds) -> None:
        self.counts.asked += 1
        try:
            self._waiting.put_nowait(Answer(kind, asked, grounds))
        except asyncio.QueueFull:
            self.counts.dropped += 1

    async def run(self) -> None:
        """Until cancelled; what waits then is dropped."""
        spent = 0.0
        try:
            while True:
                answers = [await self._waiting.get()]
                while len(answers) < AT_ONCE and spent <= SLOW_SECONDS and not self._waiting.empty():
                    answers.append(self._waiting.get_nowait())
                records, spent = await asyncio.to_thread(self._records, answers)
                for record in records:
                    await self._keep(record)
                if spent > SLOW_SECONDS:
                    await asyncio.sleep(RESTS * spent)
        finally:
            self.counts.dropped = self.counts.asked - self.counts.recorded - self.counts.failed

    async def settled(self) -> None:
        """Once nothing waits any more."""
        await self._waiting.join()

    async def _keep(self, record: Record | None) -> None:
        if record is None:
            self.counts.failed += 1
        else:
            await self._log.record(record)
            self.counts.recorded += 1
        self._waiting.task_done()

    def _records(self, answers: Sequence[Answer]) -> tuple[list[Record | None], float]:
        """And for how many seconds it worked on them."""
        begun = thread_time()
        return [*map(self._record, answers)], thread_time() - begun

    def _record(self, answer: Answer) -> Record | None:
        """None where it has no answer."""
        try:
            return recorded(answer)
        except Refusal:
            return None
        except Exception as error:
            log.error({"event": "shadow", "exception": type(error).__name__})
            return None


@lru_cache(QUESTIONS_KEPT)
def beside(shadow: Serving, serving: Serving, entry: EntryPoint) -> Beside | None:
    """None where the shadow does not have what is asked about."""
    try:
        both = shadow.manifest(entry).joined(serving.manifest(entry))
    except KeyError:
        return None
    return Beside(shadow, both.within(shadow.ruleset))


def recorded(answer: Answer) -> Record:
    """What the shadow says to the same question on the same facts. Raises Refusal."""
    grounds, shadow = answer.grounds, answer.grounds.shadow
    assert shadow is not None
    serving, manifest = shadow.beside
    _, judge = QUESTIONS[answer.kind](serving, answer.asked)
    now = grounds.facts.now
    facts = read_beside(shadow.beside, grounds.serving, shadow.subject, shadow.fetched, now, shadow.decides)
    event, decide = shadow.subject.event if grounds.unjudged else None, answer.asked.get("decide")
    if isinstance(decide, str):
        facts = with_opened(serving, facts, event, decide)
    return Record(
        decision_id=new_id(),
        kind=answer.kind,
        asked=answer.asked,
        user=grounds.user,
        version=serving.version,
        ruleset=serving.ruleset,
        manifest=manifest,
        facts=facts,
        outcome=judge(facts),
        missing=missing(manifest, facts),
        unavailable=unavailable(manifest, facts),
        latency=0,
        shadow_of=grounds.decision_id,
        beside=grounds.serving.version,
    )


def with_opened(
    serving: Serving,
    facts: Facts,
    event: RecordedEvent | None,
    decide: str,
    pinned: Collection[str] = frozenset(),
) -> Facts:
    """With what an event opens that came with the question, and whose triggers nobody has looked at; not of `pinned` activities."""
    if event is None or facts.opened is None:
        return facts
    opened = [each for each in opened_by(serving, facts, event, decide) if each.activity not in pinned]
    return replace(facts, opened=(*facts.opened, *known_to_rules(serving, opened, facts)))
