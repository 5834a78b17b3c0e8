"""What could not be read, in the words of the person who wrote it."""

from __future__ import annotations

from dsl.build import Malformed
from dsl.diagnostics import Diagnostic
from dsl.expected import one_of
from dsl.findings import amiss
from dsl.positions import text_of
from dsl.slips import SLIPS
from dsl.slips.examples import for_example
from dsl.slips.frames import LEFT_EDGE
from dsl.stop import END, Stop
from dsl.text import quoted


def malformed(error: Malformed, text: str) -> Diagnostic:
    """What reads, but cannot be."""
    fix = error.mend and (error.mend[0], error.mend[1].replace("{}", text_of(text, error.mend[0])))
    return amiss(error.code, error.message, error.span, error.label, *error.notes, fix=fix)


def unreadable(stop: Stop) -> Diagnostic:
    """What stands where it cannot: a common slip if it is one, else what could stand there."""
    slips = (slip(stop) for slip in SLIPS)
    return next((finding for finding in slips if finding), None) or unexpected(stop)


def unexpected(stop: Stop) -> Diagnostic:
    if stop.found.kind == END:
        where = stop.previous()
        message = f"the statement ends too early, after {quoted(where.text)}"
        notes = ((LEFT_EDGE,) if stop.openers else ()) + for_example(stop)
        return amiss("S001", message, stop.span(where), f"{one_of(stop.could)} should follow", *notes)
    message = f"{quoted(stop.found.text)} cannot stand here"
    label = f"{one_of(stop.could)} should stand here"
    return amiss("S001", message, stop.span(stop.found), label, *for_example(stop))
