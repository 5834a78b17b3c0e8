"""`suasion test --review` and `--accept`: expectations that fail after a change of the rules, looked at and rewritten."""

import shlex
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console

from cli.exit_codes import ExitCode, Failure
from cli.files import write
from cli.output import Format, Output
from cli.rule_sets import CheckedRules, all_checked, counted, diagnose
from compiler.cases.accepted import Proposal, accepted, proposals
from compiler.cases.report import Report
from compiler.cases.texts import Texts
from dsl.format import format_file
from dsl.source import Source
from dsl.text import visible

STYLES = {"expected": "red", "got": "green"}


@dataclass(frozen=True, slots=True)
class Question:
    """An expectation that fails, and what its test could say instead."""

    path: Path
    proposal: Proposal
    texts: Texts

    @property
    def name(self) -> str:
        return self.proposal.case.case.name

    @property
    def command(self) -> str:
        """Accepts all of its test from a shell."""
        return shlex.join(["suasion", "test", "--accept", self.name, str(self.path)])

    def show(self, console: Console) -> None:
        case = self.proposal.case
        console.print(f"{self.name}  ({case.place_of(case.case.span)})", style="bold")
        for role, text in Report(self.texts).failure(self.proposal.failure, case.case.zone):
            console.print(text, style=STYLES.get(role, ""))
        for line in self.proposal.text.split("\n"):
            console.print(f"  it could say: {line}")

    def as_json(self) -> dict[str, Any]:
        failure = self.proposal.failure
        told = {
            "test": self.name,
            "place": str(failure.place),
            "expected": failure.expected,
            "got": failure.got,
        }
        return {**told, "instead": self.proposal.text, "command": self.command}


def review(paths: Sequence[Path], asked: str, together: bool, out: Output) -> NoReturn:
    """Ask of each what is to become of it; without a terminal, say how it would be accepted."""
    rules = list(all_checked(paths, together))
    questions = [each for one in rules for each in of(one, out) if asked.casefold() in each.name.casefold()]
    if not (sys.stdin.isatty() and out.notes.is_terminal) or out.format is Format.JSON:
        finish(questions, out)
    answers = {id(each): answer for each, answer in interruptible(questions, out.notes)}
    chosen = [each for each in questions if answers.get(id(each)) == "accept"]
    rewrite(rules, chosen)
    words = Counter(PAST[answers.get(id(each), "skip")] for each in questions)
    text = ", ".join(f"{count} {word}" for word, count in words.items()) or "every expectation comes true"
    clean = len(chosen) == len(questions)
    out.finish(
        dict(words), lambda console: console.print(text), ExitCode.CLEAN if clean else ExitCode.FINDINGS
    )


def accept(paths: Sequence[Path], names: Collection[str], together: bool, out: Output) -> NoReturn:
    """Rewrite what fails in the tests of these names."""
    rules = list(all_checked(paths, together))
    questions = [each for one in rules for each in of(one, out)]
    known = {test.name.value for one in rules for test, _, _ in one.compiled.tests}
    for name in names:
        if name not in known:
            raise Failure(
                f"there is no test `{name}`", hint="name it whole; `suasion test --review` lists what fails"
            )
    chosen = [each for each in questions if each.name in names]
    rewrite(rules, chosen)
    text = f"{counted(len(chosen), 'expectation')} rewritten" if chosen else "every expectation comes true"
    out.finish([each.as_json() for each in chosen], lambda console: console.print(text))


def of(rules: CheckedRules, out: Output) -> Iterator[Question]:
    """The failing expectations of a rule set. Ends the run where it has an error."""
    if rules.count("error") or rules.compiled.ruleset is None:
        diagnose(out, rules.diagnostics, rules.sources)
        out.finish(None, lambda console: console.print("mend what is wrong first"), ExitCode.FINDINGS)
    texts = Texts(rules.sources.values())
    for each in proposals(rules.compiled, rules.cases.cases, texts):
        yield Question(rules.path, each, texts)


def finish(questions: Sequence[Question], out: Output) -> NoReturn:
    """Show all, and the commands that would accept them."""

    def show(console: Console) -> None:
        for each in questions:
            each.show(console)
        for command in dict.fromkeys(each.command for each in questions):
            console.print(command, soft_wrap=True)
        if not questions:
            console.print("every expectation comes true")

    code = ExitCode.FINDINGS if questions else ExitCode.CLEAN
    out.finish([each.as_json() for each in questions], show, code)


# ---- at a terminal

MEANINGS: Mapping[str, str] = {
    "accept": "what it could say is written into the test",
    "reject": "the test is right, and stays: mend the rules",
    "skip": "the test stays, for another time",
    "quit": "ask no more; what was accepted is written",
}
KEYS: Mapping[str, str] = {**{word[0]: word for word in MEANINGS}, **{word: word for word in MEANINGS}}
PAST: Mapping[str, str] = {"accept": "accepted", "reject": "rejected", "skip": "skipped"}


def interruptible(questions: Sequence[Question], console: Console) -> list[tuple[Question, str]]:
    """What is said of all; of an interruption that it has done nothing."""
    try:
        return list(answered(questions, console))
    except KeyboardInterrupt:
        console.print("\nnothing was written")
        raise


def answered(questions: Iterable[Question], console: Console) -> Iterator[tuple[Question, str]]:
    """What is said of each, until nobody wants to say more."""
    for number, each in enumerate(questions):
        each.show(console)
        if not number:
            explain(console)
        answer = asked_for(console)
        if answer == "quit":
            return
        yield each, answer


def asked_for(console: Console) -> str:
    """Whoever has no more to type wants to quit."""
    while True:
        try:
            said = console.input("accept, reject, skip or quit? ").strip().lower()
        except EOFError:
            console.print()
            return "quit"
        if said in KEYS:
            return KEYS[said]
        console.print(f"`{visible(said)}` is none of them" if said else "one of them, or its first letter")
        explain(console)


def explain(console: Console) -> None:
    for word, meaning in MEANINGS.items():
        console.print(f"  {word[0]}  {word}: {meaning}")


def rewrite(rules: Sequence[CheckedRules], chosen: Iterable[Question]) -> None:
    """Put what was accepted into its files; one in the one layout stays in it."""
    by_file: defaultdict[str, list[Proposal]] = defaultdict(list)
    for each in chosen:
        by_file[each.proposal.case.file].append(each.proposal)
    sources = {name: source for one in rules for name, source in one.sources.items()}
    for name, accepting in by_file.items():
        before = sources[name]
        after = accepted(before.text, accepting)
        laid_out = format_file(before) == before.text
        write(Path(name), format_file(Source(name, after)) if laid_out else after)
