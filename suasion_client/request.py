"""What every request has in common."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from google.protobuf.message import Message

Result = TypeVar("Result")
Item = TypeVar("Item")


class Request(ABC, Generic[Result]):
    """Something that a client may ask, answered by a Result."""

    method: ClassVar[str]
    """`DecisionService/Decide`."""
    response: ClassVar[type[Message]]
    repeatable: ClassVar[bool] = True
    """Asking twice comes to the same as asking once: it reads, or it has a key. What is not is never repeated by itself."""

    __slots__ = ()

    @abstractmethod
    def message(self) -> Message:
        """It, on the wire."""

    @abstractmethod
    def read(self, response: Any) -> Result:
        """What was answered."""


def new_id() -> str:
    """Names a request, so that it is known again when it is repeated."""
    return uuid.uuid4().hex


def all_of(kind: type[Item], items: Sequence[Item]) -> Sequence[Item]:
    """The items. Raises TypeError where one is of another kind, such as `User`, which is for questions, for `Profile`."""
    for each in items:
        if not isinstance(each, kind):
            raise TypeError(f"a {kind.__name__} is wanted, not {each!r}")
    return items
