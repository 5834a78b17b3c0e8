"""JSON objects and arrays into typed parts, with the path of everything that is wrong in them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any, TypeAlias

from compiler.checked.ir import FieldDef
from compiler.types import UNAVAILABLE
from compiler.wire.amounts import Rates
from compiler.wire.errors import FactsError, Findings, element, member, unknown
from compiler.wire.json_text import Json
from compiler.wire.marks import UNAVAILABLE_MARK
from compiler.wire.values import Slot, value_reader
from dsl.frozen import dataclass

MOST_MEMBERS = 1_000
"""Of an object."""

ReadMember: TypeAlias = Callable[[Json], Any]
"""Raises FactsError, its paths counted from the member. Never sees null."""
ReadPart: TypeAlias = Callable[[Json, str, Findings], Any]
"""Reads what stands at a path. What is wrong goes to the findings, and the result is then of no use."""


@dataclass(frozen=True, slots=True)
class Form:
    """What an object holds. Members that are absent or null have their default, or are absent from what is read.

    `required`: names that must be there; a default of theirs stands in for what is wrong.
    `is_open`: other names are left out, and noted as undeclared; else they are errors. `most`: names that there may be.
    """

    readers: Mapping[str, ReadMember]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    required: Sequence[str] = ()
    is_open: bool = False
    most: int = MOST_MEMBERS

    def read(self, document: Json, path: str, findings: Findings) -> dict[str, Any]:
        """The members by name: a ReadPart."""
        values = dict(self.defaults)
        if type(document) is not dict and not isinstance(document, Mapping):
            findings.refuse(path, "expected an object in braces")
            return values
        if len(document) > self.most:
            findings.refuse(path, f"{len(document):,} names are too many; there may be {self.most:,}")
            return values
        reader_of = self.readers.get
        for name, found in document.items():
            read = reader_of(name)
            if read is None:
                self._note_stranger(name, path, findings)
            elif found is not None:
                try:
                    values[name] = read(found)
                except FactsError as error:
                    findings.adopt(member(path, name), error)
        for name in self.required:
            if document.get(name) is None:
                findings.refuse(member(path, name), "this is required")
        return values

    def _note_stranger(self, name: str, path: str, findings: Findings) -> None:
        if self.is_open:
            findings.undeclared.append(member(path, name))
        else:
            findings.refuse(member(path, name), unknown("name", name, self.readers))


def fields_form(fields: Mapping[str, FieldDef], rates: Rates, *, recorded: bool = False) -> Form:
    """That of a profile, an input or an event. `recorded`: as a record of a decision holds it, with marks and without
    defaults, which have been filled in."""
    around = marked_member if recorded else _as_it_is
    return Form(
        readers={
            each.name: around(value_reader(Slot(each.type, rates, each.private))) for each in fields.values()
        },
        defaults={
            each.name: each.default for each in fields.values() if each.default is not None and not recorded
        },
        is_open=True,
        most=sys.maxsize if recorded else MOST_MEMBERS,
    )


def _as_it_is(read: ReadMember) -> ReadMember:
    return read


def marked_member(read: ReadMember) -> ReadMember:
    """Reads a value, or the mark of one that is unavailable."""
    return lambda found: UNAVAILABLE if found == UNAVAILABLE_MARK else read(found)


def marked_part(read: ReadPart) -> ReadPart:
    """Reads a part, or the mark of one that is unavailable."""

    def read_marked(found: Json, path: str, findings: Findings) -> Any:
        return UNAVAILABLE if found == UNAVAILABLE_MARK else read(found, path, findings)

    return read_marked


def elements(found: Json, path: str, most: int, findings: Findings) -> Iterator[tuple[str, Json]]:
    """Those of an array, with their paths."""
    for index, each in enumerate(array(found, path, most, findings)):
        yield element(path, index), each


def array(found: Json, path: str, most: int, findings: Findings) -> Sequence[Json]:
    """The elements of an array; none if it is no array or has more than `most`."""
    if not isinstance(found, list):
        findings.refuse(path, "expected an array in brackets")
    elif len(found) > most:
        findings.refuse(path, f"{len(found):,} elements are too many; there may be {most:,}")
    else:
        return found
    return ()
