"""`suasion new`: a folder with rules to start from."""

import shutil
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.exit_codes import ExitCode, Failure
from cli.output import HUMAN, OutputOption

TEMPLATES = Path(__file__).parent / "templates"


class Template(StrEnum):
    SHOP = "shop"
    MINIMAL = "minimal"


def command(
    name: Annotated[Path, typer.Argument(metavar="NAME", help="The folder to make.", show_default=False)],
    template: Annotated[
        Template,
        typer.Option(
            "--template",
            help="`shop`: carts, orders, scores, three plans; `minimal`: one of each construct.",
        ),
    ] = Template.SHOP,
    out: OutputOption = HUMAN,
) -> None:
    """Start a rule set.

    Makes the folder NAME with rules that check and pass their tests, explained by remarks, and with facts to try
    them on.
    """
    files = copied(TEMPLATES / template, name)

    def show(console: Console) -> None:
        for file in files:
            console.print(file)
        console.print(f"\nnext:\n{next_steps(name)}")

    out.finish({"path": name, "template": template, "files": files}, show)


def copied(source: Path, target: Path) -> list[str]:
    """Copy a template into a new folder. Raises Failure where something is in the way."""
    try:
        shutil.copytree(source, target)
    except FileExistsError as error:
        raise Failure(
            f"`{target}` is there already", hint="choose another name", code=ExitCode.CONFLICT
        ) from error
    except OSError as error:
        raise Failure(f"cannot make `{target}`: {(error.strerror or 'unknown reason').lower()}") from error
    return [str(path) for path in sorted(target.iterdir())]


def next_steps(name: Path) -> str:
    rules = name / "rules.sua"
    steps = {
        f"./suasion check {rules}": "what is wrong with them",
        f"./suasion test {rules}": "the tests at their end",
        f"./suasion eval {rules} --facts {name / 'facts.jsonl'}": "what they decide for two or three users",
    }
    return "\n".join(f"  {step}\n      {does}" for step, does in steps.items())
