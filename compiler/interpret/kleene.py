"""Kleene's strong three-valued logic: True yes, False no, None unknown."""

from __future__ import annotations

from collections.abc import Iterable

from compiler.types import Answer


def all_of(answers: Iterable[Answer]) -> Answer:
    """No if any is no, else unknown if any is unknown, else yes."""
    answers = list(answers)
    if False in answers:
        return False
    return None if None in answers else True


def any_of(answers: Iterable[Answer]) -> Answer:
    """Yes if any is yes, else unknown if any is unknown, else no."""
    answers = list(answers)
    if True in answers:
        return True
    return None if None in answers else False


def negation(answer: Answer) -> Answer:
    return None if answer is None else not answer
