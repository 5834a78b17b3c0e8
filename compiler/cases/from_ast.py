"""test statements → cases, or findings. Lines take effect from top to bottom; docs/language/tests.md says how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from compiler.calendar import known_zone
from compiler.cases.case import Case, Happening, Line, NowIs, OccurrenceIs, Sent, fresh_ids
from compiler.cases.expectations import EXPECTATIONS
from compiler.cases.givens import GIVENS
from compiler.checked import ir
from compiler.checked.expressions import Typing
from compiler.checked.scope import Lookups, Refused
from compiler.driver import Compiled
from dsl import ast
from dsl.diagnostics import Diagnostic, moved, placed
from dsl.source import Place, Span

CLAUSES = {**GIVENS, **EXPECTATIONS}


@dataclass(frozen=True, slots=True)
class PlacedCase:
    """`line` is that of the file on which the statement starts."""

    case: Case
    file: str
    line: int

    def place(self, line: Line) -> Place:
        """Where a line of the case stands."""
        return self.place_of(line.span)

    def place_of(self, span: Span) -> Place:
        """Where a span of the test's statement stands."""
        return moved(Place("", span), self.file, self.line - 1)


@dataclass(frozen=True, slots=True)
class CheckedCases:
    """`cases` are those without an error, in the order of the text."""

    cases: tuple[PlacedCase, ...]
    diagnostics: tuple[Diagnostic, ...]


def check_cases(compiled: Compiled) -> CheckedCases:
    """The tests of a rule set, checked like its other statements: each once for the same surroundings."""
    cases: list[PlacedCase] = []
    findings: list[Diagnostic] = []
    world = compiled.checked.world
    for statement, scope, line in compiled.tests:
        checked = world.check(statement, scope, check_case)
        findings += [placed(finding, scope.file, line - 1) for finding in checked.findings]
        if checked.definition is not None:
            cases.append(PlacedCase(checked.definition, scope.file, line))
    return CheckedCases(tuple(cases), tuple(findings))


class InZone(Lookups):
    """The look-ups of a test: its instants are read in the zone of its user, not in that of the settings."""

    def __init__(self, names: Lookups, zone: str) -> None:
        super().__init__(names.world, names.scope)
        self.findings, self.seen = names.findings, names.seen
        self.zone = zone

    def settings(self) -> ir.Settings:
        return replace(super().settings(), zone=self.zone)


def check_case(names: Lookups, node: ast.Test) -> Case:
    zone = zone_of(names, node)
    typing = Typing(InZone(names, zone))
    check_frame(names, node)
    lines = [
        names.attempt(lambda clause=clause: CLAUSES[type(clause)](typing, clause))  # type: ignore[misc]
        for clause in node.clauses
    ]
    found = [line for line in lines if line is not None]
    if any(finding.severity == "error" for finding in names.findings) or len(found) < len(lines):
        raise Refused
    check_ids(names, found)
    warn_of_unseen(names, found)
    return Case(node.name.value, node.name.span, zone, tuple(found))


def zone_of(names: Lookups, node: ast.Test) -> str:
    """The zone given, else the attribute's default, else that of the settings."""
    attribute = names.find("user zone", "")
    if attribute is None:
        return names.settings().zone
    written = [
        entry.value
        for clause in node.clauses
        if isinstance(clause, ast.GivenUser)
        for entry in clause.entries
        if entry.name.text == attribute
    ]
    if not written:
        default = names.find("attribute", attribute).default
        return default if isinstance(default, str) else names.settings().zone
    zone = written[0].value if isinstance(written[0], ast.Literal) else None
    return zone if isinstance(zone, str) and known_zone(zone) else names.settings().zone


# ---- the frame: what stands where


def check_frame(names: Lookups, node: ast.Test) -> None:
    """`given user` once and above all expectations, a `now` above each of them, at least one of them."""
    expects = [clause for clause in node.clauses if type(clause) in EXPECTATIONS]
    if not expects:
        names.note(
            "S502", "this test expects nothing", node.name.span, "add a line such as `expect user in …`"
        )
    check_given_user(names, node)
    for clause in node.clauses:
        if isinstance(clause, ast.Now):
            return
        if type(clause) in EXPECTATIONS or isinstance(clause, ast.Reserve):
            names.note(
                "S501", "at which instant? no `now` stands above this", clause.span, "add a line `now …`"
            )
            return


def check_given_user(names: Lookups, node: ast.Test) -> None:
    given = [clause for clause in node.clauses if isinstance(clause, ast.GivenUser)]
    for extra in given[1:]:
        names.note(
            "S404", "`given user { … }` stands here twice", extra.span, "put all attributes into one of them"
        )
    first = next((n for n, clause in enumerate(node.clauses) if type(clause) in EXPECTATIONS), None)
    if given and first is not None and node.clauses.index(given[0]) > first:
        names.note("S503", "`given user { … }` stands above what is expected", given[0].span, "move it up")


def check_ids(names: Lookups, lines: list[Line]) -> None:
    """An id that comes again is the same event, delivered twice; another event cannot have it."""
    by_id: dict[str, Happening] = {}
    for line in lines:
        if isinstance(line, Happening) and line.id is not None and by_id.setdefault(line.id, line) != line:
            names.note(
                "S504",
                f"another event has the id `{line.id}`",
                line.span,
                "the same id means the same event, delivered twice",
            )
    fresh = fresh_ids([line for line in lines if isinstance(line, Happening)])
    known = {line.id or next(fresh) for line in lines if isinstance(line, Happening)}
    for line in lines:
        if isinstance(line, OccurrenceIs) and line.event_id not in known:
            label = names.did_you_mean(line.event_id, known)
            names.note("S504", f"no event of this test has the id `{line.event_id}`", line.span, label)


def warn_of_unseen(names: Lookups, lines: list[Line]) -> None:
    """Events and touches that come after every `now` below them."""
    for n, line in enumerate(lines):
        if isinstance(line, Happening | Sent):
            known = [each.time for each in present(lines[:n])][-1:]
            later = known + [each.time for each in present(lines[n:])]
            if line.time > max(later, default=line.time):
                names.note("W501", "no `now` comes at or after this: no expectation sees it", line.span)


def present(lines: list[Line]) -> Iterator[NowIs]:
    return (line for line in lines if isinstance(line, NowIs))
