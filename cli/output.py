"""Where every verb's words go: data to stdout and the rest to stderr, or all in one JSON envelope on stdout.

The envelope is `{"ok": bool, "data": any, "diagnostics": [object, …]}`; `ok` is true when the exit code is 0.
A verb takes `out: OutputOption = HUMAN`, reports through `out.diagnose` and ends with `out.finish`.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from cli.exit_codes import ExitCode, Failure


def without_passwords(text: str) -> str:
    """The text as it may be shown, where there are addresses with a password in it."""
    return re.sub(r"(?<=:)[^:/@\s]*(?=@)", "…", text)


class Format(StrEnum):
    HUMAN = "human"
    JSON = "json"


def console(*, stderr: bool = False) -> Console:
    """A console that prints a user's text as it is: no markup, emoji codes, guessed colours or wrapping.

    Colours and progress bars appear on a terminal only; `NO_COLOR` takes the colours away.
    """
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)


class Output:
    """The output of one run.

    `data` and `notes` are consoles on stdout and stderr. With `--format json` stdout belongs to the envelope;
    progress goes to `notes` in either format.
    """

    def __init__(self, format: Format) -> None:
        self.format = format
        self.data = console()
        self.notes = console(stderr=True)
        self._diagnostics: list[Mapping[str, object]] = []

    @classmethod
    def named(cls, name: str) -> "Output":
        """The output in the format called `name`; anything but `human` and `json` is a usage error."""
        if name not in set(Format):
            raise typer.BadParameter(f"`{name}` is none of {', '.join(Format)}")
        return cls(Format(name))

    def diagnose(self, record: Mapping[str, object], text: str) -> None:
        """Report one diagnostic: `text` at once for people, or `record` (of JSON's types) in the envelope."""
        if self.format is Format.JSON:
            self._diagnostics.append(record)
        else:
            self.notes.print(text)

    def finish(
        self, data: object, show: Callable[[Console], object], code: ExitCode = ExitCode.CLEAN
    ) -> NoReturn:
        """End the run with `code` and its answer: `show(stdout)` for people, or `data` in the envelope.

        What JSON has no type for (dates, decimals, paths) is written as its text.
        """
        if self.format is Format.JSON:
            envelope = {"ok": code is ExitCode.CLEAN, "data": data, "diagnostics": self._diagnostics}
            sys.stdout.write(json.dumps(envelope, default=str) + "\n")
        else:
            show(self.data)
        sys.stdout.flush()
        raise typer.Exit(code)

    def fail(self, failure: Failure) -> NoReturn:
        """End the run with what stopped it."""
        lines = [f"error: {failure.message}", *([f"hint: {failure.hint}"] if failure.hint else [])]
        record = {"severity": "error", "message": failure.message, "hint": failure.hint}
        self.diagnose(record, "\n".join(lines))
        self.finish(None, lambda _: None, failure.code)


HUMAN: Any = Format.HUMAN.value  # typer reads the default as it reads the flag
OutputOption = Annotated[
    Output,
    typer.Option(
        "--format",
        parser=Output.named,
        metavar="human|json",
        help="For people, or one JSON object on stdout.",
    ),
]
