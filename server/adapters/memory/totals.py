"""What was folded of events that are no longer kept, in the memory of this process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from server.adapters import digests
from server.ports import Fold, KeptTotal, RecordedEvent


@dataclass(slots=True)
class Shape:
    """`number`: greater than those of shapes before it. `bodies`: by user."""

    number: int
    is_complete: bool
    bodies: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dropped:
    """`newest`: the greatest number of the shapes that it was folded into."""

    event: bytes
    user: str
    newest: int


class Totals:
    def __init__(self) -> None:
        self._shapes: defaultdict[str, dict[str, Shape]] = defaultdict(dict)
        """By type and name."""
        self._dropped: dict[str, Dropped] = {}
        self._numbers = count(1)

    def of(self, user: str, types: Collection[str]) -> dict[str, KeptTotal]:
        return {
            name: KeptTotal(shape.bodies.get(user), shape.is_complete)
            for type in types
            for name, shape in self._shapes.get(type, {}).items()
        }

    def fold(
        self, type: str, events: Sequence[RecordedEvent], folds: Mapping[str, Fold], *, is_complete: bool
    ) -> None:
        """`is_complete`: of totals that begin now."""
        before = self._shapes[type]
        shapes = {name: before.get(name) or Shape(next(self._numbers), is_complete) for name in folds}
        self._shapes[type] = shapes
        for event in events if folds else ():
            for name, shape in shapes.items():
                shape.bodies[event.user] = folds[name].added(shape.bodies.get(event.user), [event])
            newest = max(shape.number for shape in shapes.values())
            self._dropped[event.id] = Dropped(digests.of_event(event), event.user, newest)

    def dropped(self, event: RecordedEvent) -> bool | None:
        """Whether it was this one that was folded under its id; None if none was."""
        found = self._dropped.get(event.id)
        return None if found is None else found.event == digests.of_event(event)

    def take_out(self, event: RecordedEvent, folds: Mapping[str, Fold]) -> None:
        newest, shapes = self._dropped.pop(event.id).newest, self._shapes[event.type]
        for name, shape in list(shapes.items()):
            if shape.number <= newest and name not in folds:
                del shapes[name]
            elif shape.number <= newest and event.user in shape.bodies:
                shape.bodies[event.user] = folds[name].without(shape.bodies[event.user], [event])

    def set_complete(self, type: str, is_complete: bool) -> None:
        for shape in self._shapes[type].values():
            shape.is_complete = is_complete

    def erase(self, user: str) -> int:
        """How many events were known of the user that are no longer kept."""
        for shapes in self._shapes.values():
            for shape in shapes.values():
                shape.bodies.pop(user, None)
        ids = [id for id, each in self._dropped.items() if each.user == user]
        for id in ids:
            del self._dropped[id]
        return len(ids)
