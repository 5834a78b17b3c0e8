"""`suasion test add`: a test in the language from a decision on record."""

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from cli.exit_codes import ExitCode, Failure
from cli.files import write
from cli.output import Output
from cli.replayable import decision_of
from cli.rule_sets import CheckedRules, diagnose, source
from compiler.cases.from_ast import check_cases
from compiler.cases.report import Report
from compiler.cases.run import Result, run_cases
from compiler.cases.texts import Texts
from compiler.cases.written import CannotWrite, Written
from compiler.driver import compile_ruleset
from dsl.source import Source
from server.replay.as_test import test_of
from server.replay.programs import Programs
from server.replay.questions import CannotAnswer


def add(
    paths: Sequence[Path], decision: str, log: Path | None, called: str, whole: bool, out: Output
) -> NoReturn:
    """Write the test of a decision into a file, where it has to pass; without a file, show it."""
    word, *files = paths
    if str(word) != "add" or len(files) > 1:
        raise Failure("`--decision` adds a test", hint="`suasion test add --decision ID --log DIR rules.sua`")
    name = called or f"decision {decision}"
    written = from_log(log, decision, name, whole)
    for left_out in written.left_out:
        out.notes.print(f"note: {left_out}")
    if files:
        put(files[0], written.text, name, out)
    data = {
        "name": name,
        "text": written.text,
        "left_out": written.left_out,
        "path": str(files[0]) if files else None,
    }
    out.finish(data, lambda console: console.print(written.text))


def from_log(log: Path | None, decision: str, name: str, whole: bool) -> Written:
    """Raises Failure."""
    archive, record = decision_of(log, decision)
    try:
        return test_of(Programs(archive), record, name, whole=whole)
    except (CannotAnswer, CannotWrite) as error:
        raise Failure(f"no test can be made of `{decision}`: {error}") from error


def put(path: Path, text: str, name: str, out: Output) -> None:
    """Add a test to the end of a file, unless there is one of that name, or it does not pass there. Ends the run then."""
    before = source(path)
    after = Source(before.name, f"{before.text.rstrip()}\n\n{text}\n")
    rules = checked_with(path, after)
    if sum(test.name.value == name for test, _, _ in rules.compiled.tests) > 1:
        raise Failure(f"`{path}` has a test `{name}` already", hint="`--called NAME` gives it another name")
    if rules.count("error") or rules.compiled.ruleset is None:
        diagnose(out, rules.diagnostics, rules.sources)
        raise Failure(f"the test is not at home in `{path}`: nothing was written")
    texts = Texts(rules.sources.values())
    (result,) = run_cases(
        rules.compiled.ruleset, [each for each in rules.cases.cases if each.case.name == name], texts
    )
    if not result.passed:
        refuse(path, result, texts, out)
    write(path, after.text)


def checked_with(path: Path, text: Source) -> CheckedRules:
    compiled = compile_ruleset([text], [path.parent])
    return CheckedRules(path, compiled, check_cases(compiled))


def refuse(path: Path, result: Result, texts: Texts, out: Output) -> NoReturn:
    lines = [text for _, text in Report(texts).failed(result)]

    def show(console: Console) -> None:
        console.print("\n".join(lines))

    out.diagnose(
        {"severity": "error", "message": "the rules answer otherwise than on record"},
        f"the rules of `{path}` answer otherwise than on record: nothing was written",
    )
    out.finish({"failed": lines}, show, ExitCode.FINDINGS)
