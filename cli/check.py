"""`suasion check`: what is wrong with rules."""

from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console

from cli.exit_codes import ExitCode
from cli.output import HUMAN, OutputOption
from cli.rule_sets import CheckedRules, PathsArgument, TogetherOption, all_checked, counted, diagnose

DEFINED = ("crowds", "scores", "policies", "campaigns", "plans", "decides")
SINGULAR = {"policies": "policy"}


def command(
    paths: PathsArgument,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings are findings, too.")] = False,
    together: TogetherOption = False,
    out: OutputOption = HUMAN,
) -> None:
    """Read rules and report what is wrong with them.

    Each file is a rule set by itself, also all below a directory. Ends with 1 if there is an error.
    """
    reports = []
    for rules in all_checked(paths, together):
        diagnose(out, rules.diagnostics, rules.sources)
        reports.append(report(rules))

    def show(console: Console) -> None:
        for each in reports:
            console.print(summary(each))

    wrong = any(each["errors"] or (strict and each["warnings"]) for each in reports)
    out.finish(reports, show, ExitCode.FINDINGS if wrong else ExitCode.CLEAN)


def report(rules: CheckedRules) -> dict[str, object]:
    """Findings, version, and how much the rule set defines."""
    found: dict[str, object] = {
        "path": str(rules.path),
        "errors": rules.count("error"),
        "warnings": rules.count("warning"),
        "version": rules.version,
    }
    ruleset = rules.compiled.ruleset
    if ruleset is not None:
        found |= {kind: len(getattr(ruleset, kind)) for kind in DEFINED}
    return found | {"tests": len(rules.compiled.tests)}


def summary(found: Mapping[str, object]) -> str:
    """`rescue.sua: no errors, 1 warning; 3 crowds, 2 plans, 4 tests; version 3f2a…`."""
    findings = [counted_in(found, word) for word in ("errors", "warnings") if found[word]]
    defined = [counted_in(found, word) for word in (*DEFINED, "tests") if found.get(word)]
    version = f"version {found['version']}" if found["version"] else "not fit to serve"
    holds = ", ".join(defined) or ("" if found["errors"] else "empty")
    parts = [", ".join(findings) or "nothing wrong", holds, version]
    return f"{found['path']}: {'; '.join(filter(None, parts))}"


def counted_in(found: Mapping[str, object], word: str) -> str:
    number = found[word]
    assert isinstance(number, int)
    return counted(number, SINGULAR.get(word, word.removesuffix("s")), word)
