"""A replay's report as JUnit XML, for whatever shows tests."""

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from cli.report.words import Words, guard
from dsl.text import visible
from server.replay.guards import Guarded
from server.replay.pairs import Status
from server.replay.report import Blamed, Loop, Report

NO_CHARACTER = re.compile("[\ufffe\uffff]")


def write(path: Path, report: Report, guards: Sequence[Guarded]) -> None:
    """A test case for every place that means something else, every guard, and all decisions together. Raises OSError."""
    suite = Element("testsuite", name="suasion replay")
    for each in report.blamed:
        of_place(suite, Words(report), each, may_change=bool(guards))
    for found in guards:
        case = SubElement(suite, "testcase", classname="guard", name=as_xml(found.guard))
        if found.is_broken:
            failed(case, "failure", guard(found), "")
    answered(suite, report)
    if report.loop is Loop.VERIFY:
        as_on_record(suite, report)
    for word in ("failure", "error"):
        suite.set(f"{word}s", str(len(suite.findall(f"testcase/{word}"))))
    suite.set("tests", str(len(suite)))
    indent(suite)
    ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def of_place(suite: Element, words: Words, blamed: Blamed, may_change: bool) -> None:
    """Fails where somebody is treated differently, unless guards say how many may be."""
    case = SubElement(suite, "testcase", classname=as_xml(blamed.rule), name=as_xml(blamed.location))
    if blamed.decisions:
        lines = [f"- {blamed.text_before}", f"+ {blamed.text_after}", *words.moves(blamed)]
        for example in blamed.examples:
            lines += ["", f"{example.user} at {words.when(example)}"]
            lines += [f"before: {words.answer(example.before)}", example.why_before]
            lines += [f"after: {words.answer(example.after)}", example.why_after]
        if may_change:
            SubElement(case, "system-out").text = as_xml("\n".join([words.blamed(blamed), *lines]))
        else:
            failed(case, "failure", words.blamed(blamed), "\n".join(lines))


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
