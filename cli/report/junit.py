"""A replay's report as JUnit XML, for whatever shows tests."""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cli.report.words import Words, guard
from dsl.text import visible
from server.replay.guards import Guard, Never, guarded
from server.replay.pairs import Status
from server.replay.report import Blamed, EntryPoint, Loop, Report

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
NO_CHARACTER = re.compile("[\ufffe\uffff]")


def written(report: Report, guards: Sequence[Guard]) -> str:
    """A test case for every guard, every entry point, every place that means something else in each of them, and all decisions
    together."""
    suite, words = Element("testsuite", name="suasion replay"), Words(report)
    properties = SubElement(suite, "properties")
    for name, text in words.subject.items():
        SubElement(properties, "property", name=name, value=as_xml(text))
    for found in guarded(guards, report):
        case = SubElement(suite, "testcase", classname="guard", name=as_xml(found.guard))
        if found.is_broken:
            failed(case, "failure", guard(found), "")
    for entry_point in report.entry_points:
        of_entry_point(suite, entry_point, guards)
        for each in report.blamed:
            of_place(suite, words, entry_point, each, guards)
    answered(suite, report)
    if report.loop is Loop.VERIFY:
        as_on_record(suite, report)
    for word in ("failure", "error"):
        suite.set(f"{word}s", str(len(suite.findall(f"testcase/{word}"))))
    suite.set("tests", str(len(suite.findall("testcase"))))
    indent(suite)
    return DECLARATION + tostring(suite, encoding="unicode")


def of_entry_point(suite: Element, entry_point: EntryPoint, guards: Sequence[Guard]) -> None:
    """Fails where a guard that has something to look at would be broken by it alone; without guards, where somebody is treated differently."""
    case = SubElement(suite, "testcase", classname=as_xml(entry_point.name), name="all of it")
    looking = [found for found in guarded(guards, entry_point) if found.looked]
    broken = [guard(found) for found in looking if found.is_broken]
    changed = f"{entry_point.users_changed:,} of {entry_point.users:,} users are treated differently"
    if broken or (entry_point.users_changed and not guards):
        failed(case, "failure", "; ".join(broken) or changed, changed)


def of_place(
    suite: Element, words: Words, entry_point: EntryPoint, blamed: Blamed, guards: Sequence[Guard]
) -> None:
    """Fails where it makes a move that must not be; without guards, where it makes any."""
    name = as_xml(f"{blamed.location} {blamed.rule}")
    case = SubElement(suite, "testcase", classname=as_xml(entry_point.name), name=name)
    moves = blamed.entry_points.get(entry_point.name, ())
    if not moves:
        return
    lines = [f"- {blamed.text_before}", f"+ {blamed.text_after}", *map(words.move, moves)]
    for example in blamed.examples:
        lines += ["", f"{example.user} at {words.when(example)}, decision {example.decision_id}"]
        lines += [f"before: {words.answer(example.before)}", example.why_before]
        lines += [f"after: {words.answer(example.after)}", example.why_after]
    forbidden = [move for each in guards if isinstance(each, Never) for move in moves if each.forbids(move)]
    if forbidden or not guards:
        message = "; ".join(map(words.move, forbidden)) or words.blamed(blamed)
        failed(case, "failure", message, "\n".join(lines))
    else:
        SubElement(case, "system-out").text = as_xml("\n".join([words.blamed(blamed), *lines]))


def answered(suite: Element, report: Report) -> None:
    """Whether every record could be answered by both versions."""
    case = SubElement(suite, "testcase", classname="decisions", name="answered by both versions")
    if count := report.statuses.get(Status.ERROR, 0):
        failed(case, "error", f"{count:,} decisions", "\n".join(each.why for each in report.left_out))


def as_on_record(suite: Element, report: Report) -> None:
    """Whether the version answers as it did."""
    case = SubElement(suite, "testcase", classname="decisions", name="answered as on record")
    if count := report.statuses.get(Status.CHANGED, 0):
        failed(case, "failure", f"{count:,} decisions", "\n".join(report.notes))


def failed(case: Element, word: str, message: str, text: str) -> None:
    SubElement(case, word, message=as_xml(message)).text = as_xml(text)


def as_xml(text: str) -> str:
    """XML has no way to write what steers a terminal, nor what is no character."""
    return NO_CHARACTER.sub("\ufffd", "\n".join(map(visible, text.split("\n"))))
