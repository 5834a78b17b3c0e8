"""Rule sets named on the command line: each file is one by itself, also below a directory that is named.

With `--together` a directory is one rule set of all the `.sua` files directly in it. `use folder.name` finds
`folder/name.sua` beside the file, or in that directory.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli.exit_codes import Failure
from cli.output import Format, Output
from compiler.cases.from_ast import CheckedCases, check_cases
from compiler.driver import Compiled, compile_ruleset
from dsl.diagnostics import LIMIT, Diagnostic, arrange, as_json, render
from dsl.source import Source

SUFFIX = ".sua"
PathsArgument = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILES|DIRS",
        help="Rule sets: each file is one by itself, also all below a directory.",
        show_default=False,
    ),
]
TogetherOption = Annotated[
    bool, typer.Option("--together", help="The `.sua` files of a directory are one rule set.")
]


@dataclass(frozen=True, slots=True)
class CheckedRules:
    """One rule set, checked with its tests. `path` is as the user named it."""

    path: Path
    compiled: Compiled
    cases: CheckedCases

    @property
    def sources(self) -> Mapping[str, Source]:
        return self.compiled.sources

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return *self.compiled.diagnostics, *self.cases.diagnostics

    def count(self, severity: str) -> int:
        return sum(each.severity == severity for each in dict.fromkeys(self.diagnostics))

    @property
    def version(self) -> str | None:
        """The content hash; None where there is an error in the rules or in their tests."""
        ruleset = self.compiled.ruleset
        return ruleset.hash if ruleset is not None and not self.count("error") else None


def checked(path: Path) -> CheckedRules:
    """Read and check a rule set. Raises Failure for what cannot be read."""
    root = path if path.is_dir() else path.parent
    compiled = compile_ruleset([source(file) for file in files(path)], [root])
    return CheckedRules(path, compiled, check_cases(compiled))


def files(path: Path, below: str = "") -> Sequence[Path]:
    """The path itself, or the files in a directory, in order of their names; with `**/` also in its folders."""
    if not path.is_dir():
        return [path]
    found = sorted(each for each in path.glob(f"{below}*{SUFFIX}") if each.is_file())
    if not found:
        raise Failure(f"there is no `{SUFFIX}` file in `{path}`", hint=hint_for(path))
    return found


def hint_for(path: Path) -> str | None:
    deeper = next(path.rglob(f"*{SUFFIX}"), None)
    return f"there is one in `{deeper.parent}`" if deeper else None


def source(path: Path) -> Source:
    try:
        return Source(str(path), path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Failure(
            f"`{path}` is not UTF-8, at line {line}", hint="save it as UTF-8 in your editor"
        ) from error
    except OSError as error:
        raise Failure(f"cannot read `{path}`: {(error.strerror or 'unknown reason').lower()}") from error


def diagnose(out: Output, found: Sequence[Diagnostic], sources: Mapping[str, Source]) -> None:
    """Report findings: sorted, each once; for people at most so many, and how many more there are."""
    shown, left_out = arrange(found, LIMIT if out.format is Format.HUMAN else len(found))
    colour = out.notes.is_terminal and not out.notes.no_color
    for diagnostic in shown:
        place = diagnostic.place
        text = render(diagnostic, sources.get(place.file) if place else None, colour)
        out.diagnose(as_json(diagnostic), text + "\n")
    if left_out:
        out.notes.print(left_out)


def all_checked(paths: Sequence[Path], together: bool) -> Iterator[CheckedRules]:
    """Each rule set once, in the order named."""
    for path in dict.fromkeys(paths):
        alone = [path] if together or not path.is_dir() else files(path, "**/")
        yield from map(checked, alone)


def counted(number: int, word: str, plural: str | None = None) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {word if number == 1 else plural or word + 's'}"
