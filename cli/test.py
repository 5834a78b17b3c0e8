"""`suasion test`: the tests that stand in rules, and cases from JSON Lines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from cli.exit_codes import ExitCode, Failure
from cli.json_lines import diagnose_faults, lines_of_file
from cli.output import HUMAN, Output, OutputOption
from cli.rule_sets import CheckedRules, PathsArgument, TogetherOption, all_checked, counted, diagnose
from compiler.cases.coverage import Coverage
from compiler.cases.evaluators import with_lone_plans
from compiler.cases.from_json import FactsCases, read_cases
from compiler.cases.report import Line, Report, coverage_hint, coverage_json, coverage_lines, result_json
from compiler.cases.run import Result, run_cases
from compiler.cases.texts import Texts

STYLES = {"title": "bold", "expected": "red", "got": "green", "note": "", "bug": "bold red"}


ReviewOption = Annotated[
    bool, typer.Option("--review", help="Look at what fails, and accept, reject or skip it.")
]
AcceptOption = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        metavar="NAME",
        help="Rewrite what fails in the test of this name, so that it comes true; can be repeated.",
        show_default=False,
    ),
]
DecisionOption = Annotated[
    str | None,
    typer.Option("--decision", metavar="ID", help="add: from this decision on record.", show_default=False),
]
LogOption = Annotated[
    Path | None,
    typer.Option("--log", metavar="DIR", help="add: as in `serve --log DIR`.", show_default=False),
]
CalledOption = Annotated[str, typer.Option("--called", metavar="NAME", help="add: the name of the test.")]
WholeOption = Annotated[
    bool,
    typer.Option("--whole", help="add: with all that the rules look at, not only what the answer rests on."),
]


@dataclass(slots=True)
class Tested:
    """What came of one rule set. `coverage` is None where only some of its tests were run; `in_full` it is shown whole."""

    path: Path
    texts: Texts
    results: Sequence[Result] = ()
    coverage: Coverage | None = None
    in_full: bool = False
    wrong: bool = False
    """Something could not be read or has an error, so that not all tests were run."""


def command(
    paths: PathsArgument,
    name: Annotated[
        str, typer.Option("--name", "-k", help="Only tests whose name holds this text, in any case.")
    ] = "",
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Count what every condition answered.")
    ] = False,
    facts: Annotated[
        Path | None,
        typer.Option(
            "--facts", help="Cases as JSON Lines: facts with an `expect`; `-` is stdin. Needs one rule set."
        ),
    ] = None,
    oracle: Annotated[
        bool,
        typer.Option("--oracle", help="Ask the reference interpreter, too; it has to say the same."),
    ] = False,
    together: TogetherOption = False,
    review: ReviewOption = False,
    accept: AcceptOption = None,
    decision: DecisionOption = None,
    log: LogOption = None,
    called: CalledOption = "",
    whole: WholeOption = False,
    out: OutputOption = HUMAN,
) -> None:
    """Run the tests that stand in rules.

    Each file is a rule set by itself, also all below a directory. Ends with 1 if a test fails, if something cannot be read, or if there is no test at all.

    add --decision ID --log DIR [FILE]    write a test from a decision on record, or show it
    """
    if decision is not None:
        from cli.adding import add  # which running tests need not load

        add(paths, decision, log, called, whole, out)
    if review or accept:
        from cli import accepting

        if accept:
            accepting.accept(paths, accept, together, out)
        accepting.review(paths, name, together, out)
    if facts is not None and len(set(paths)) > 1:
        raise Failure("`--facts` needs one rule set", hint="name one file or directory")
    tested = [run(out, rules, name, coverage, oracle, facts) for rules in all_checked(paths, together)]
    ran = sum(len(each.results) for each in tested)
    if not ran and not any(each.wrong for each in tested):
        out.diagnose({"severity": "error", "message": "no test was run"}, no_test(name))
    passed = ran and all(result.passed for each in tested for result in each.results)
    clean = passed and not any(each.wrong for each in tested)
    data = [as_json(each) for each in tested]
    out.finish(data, lambda console: show(console, tested), ExitCode.CLEAN if clean else ExitCode.FINDINGS)


def no_test(name: str) -> str:
    return (
        f"no test has `{name}` in its name"
        if name
        else "there is no test here; `suasion explain test` shows one"
    )


def run(
    out: Output, rules: CheckedRules, name: str, coverage: bool, oracle: bool, facts: Path | None
) -> Tested:
    """The tests of one rule set that are asked for. With an error in it none is run, as it means nothing yet."""
    diagnose(out, rules.diagnostics, rules.sources)
    texts = Texts(rules.sources.values())
    tested = Tested(rules.path, texts, in_full=coverage, wrong=bool(rules.count("error")))
    ruleset = rules.compiled.ruleset
    if tested.wrong or ruleset is None:
        return tested
    cases, known = rules.cases.cases, {}
    if facts is not None:
        told = read_cases(rules.compiled, ruleset, str(facts), lines_of_file(facts))
        tested.wrong = diagnose_lines(out, told)
        tested.texts = Texts([*rules.sources.values(), told.source])
        cases, known = told.cases.cases, dict(told.facts)
    asked = [each for each in cases if name.casefold() in each.case.name.casefold()]
    if coverage or (facts is None and not name):
        tested.coverage = Coverage(with_lone_plans(ruleset))
    tested.results = run_cases(ruleset, asked, tested.texts, oracle, tested.coverage, known)
    return tested


def diagnose_lines(out: Output, told: FactsCases) -> bool:
    """Report what is wrong with cases from JSON; whether there is an error."""
    diagnose_faults(out, told.source.name, told.faults)
    diagnose(out, told.cases.diagnostics, {told.source.name: told.source})
    return bool(told.faults) or any(each.severity == "error" for each in told.cases.diagnostics)


# ---- what is shown


def show(console: Console, tested: Iterable[Tested]) -> None:
    for each in tested:
        for role, text in lines(each):
            console.print(text, style=STYLES[role])


def lines(tested: Tested) -> Iterator[Line]:
    report = Report(tested.texts)
    for result in tested.results:
        if not result.passed:
            yield from report.failed(result)
            yield "note", ""
    if tested.coverage and tested.in_full:
        yield from coverage_lines(tested.coverage, tested.texts)
    yield "title", summary(tested)
    hint = coverage_hint(tested.coverage) if tested.coverage and tested.results else None
    if hint and not tested.in_full:
        yield "note", f"{hint}: see --coverage"


def summary(tested: Tested) -> str:
    """`rescue.sua: 3 of 4 tests passed, 12 expectations`."""
    if tested.wrong and not tested.results:
        return f"{tested.path}: not run; mend what is wrong first"
    passed = sum(result.passed for result in tested.results)
    expectations = sum(result.expectations for result in tested.results)
    tests = counted(len(tested.results), "test")
    disagreed = sum(bool(result.disagreements) for result in tested.results)
    bugs = f"; EVALUATORS DISAGREE in {counted(disagreed, 'test')}" if disagreed else ""
    return f"{tested.path}: {passed} of {tests} passed, {counted(expectations, 'expectation')}{bugs}"


def as_json(tested: Tested) -> dict[str, Any]:
    found: dict[str, Any] = {
        "path": str(tested.path),
        "passed": bool(tested.results) and all(result.passed for result in tested.results),
        "tests": [result_json(result, tested.texts) for result in tested.results],
    }
    if tested.coverage and tested.in_full:
        found["coverage"] = coverage_json(tested.coverage, tested.texts)
    return found
