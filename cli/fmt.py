"""`suasion fmt`: rules in the one true layout."""

import difflib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.exit_codes import ExitCode, Failure
from cli.files import write
from cli.output import HUMAN, Output, OutputOption
from cli.rule_sets import SUFFIX, counted, source
from dsl.diagnostics import Diagnostic, arrange, as_json, render
from dsl.format import format_file
from dsl.parse import parse
from dsl.source import Source

STDIN = Path("-")
PathsArgument = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILES|DIRS|-",
        help="Files, directories (all `.sua` files below them), or `-` for stdin to stdout.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True)
class Layout:
    """A file as it is and as it should be; `unread` says what cannot be read and stays as it is."""

    path: Path
    source: Source
    formatted: str
    unread: tuple[Diagnostic, ...]

    @property
    def is_changed(self) -> bool:
        return self.formatted != self.source.text

    @property
    def diff(self) -> str:
        before, after = self.source.text.splitlines(), self.formatted.splitlines()
        names = (str(self.path), f"{self.path} in the one layout")
        return "".join(f"{line}\n" for line in difflib.unified_diff(before, after, *names, lineterm=""))


def command(
    paths: PathsArgument,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; end with 1 if a file would change.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
    out: OutputOption = HUMAN,
) -> None:
    """Write rules in the one true layout.

    Statements that cannot be read stay as they are and are reported. Ends with 1 if there is one, and with --check or
    --diff if a file would change.
    """
    layouts = [laid_out(one) for one in sources(paths)]
    only_look = check or diff
    for layout in layouts:
        report(out, layout)
        if layout.is_changed and layout.path != STDIN and not only_look:
            write(layout.path, layout.formatted)
    changed = [layout for layout in layouts if layout.is_changed]

    def show(console: Console) -> None:
        for layout in changed if diff else ():
            console.file.write(layout.diff)
        for layout in layouts if not only_look else ():
            console.file.write(layout.formatted if layout.path == STDIN else "")
        out.notes.print(summary(changed, len(layouts), only_look))

    wrong = any(layout.unread for layout in layouts) or (only_look and changed)
    data = [{"path": str(one.path), "changed": one.is_changed, "text": one.formatted} for one in layouts]
    out.finish(data, show, ExitCode.FINDINGS if wrong else ExitCode.CLEAN)


def sources(paths: Sequence[Path]) -> Iterator[tuple[Path, Source]]:
    """Each file once, in the order named; those of a directory in the order of their names."""
    for file in dict.fromkeys(file for path in paths for file in files(path)):
        yield file, Source("<stdin>", sys.stdin.read()) if file == STDIN else source(file)


def files(path: Path) -> Sequence[Path]:
    if path == STDIN or not path.is_dir():
        return [path]
    found = sorted(each for each in path.rglob(f"*{SUFFIX}") if each.is_file())
    if not found:
        raise Failure(f"there is no `{SUFFIX}` file below `{path}`")
    return found


def laid_out(file: tuple[Path, Source]) -> Layout:
    path, text = file
    return Layout(path, text, format_file(text), parse(text).diagnostics)


def report(out: Output, layout: Layout) -> None:
    shown, left_out = arrange(layout.unread)
    colour = out.notes.is_terminal and not out.notes.no_color
    for diagnostic in shown:
        out.diagnose(as_json(diagnostic), render(diagnostic, layout.source, colour) + "\n")
    if left_out:
        out.notes.print(left_out)


def summary(changed: Sequence[Layout], files: int, only_look: bool) -> str:
    """`changed a.sua, b.sua; 3 files as they should be`."""
    names = ", ".join(str(one.path) for one in changed)
    verb = "would change" if only_look else "changed"
    fine = f"{counted(files - len(changed), 'file')} in the one layout"
    said = [f"{verb} {names}"] if changed else []
    return "; ".join([*said, *([] if len(changed) == files else [fine])])
