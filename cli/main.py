"""The command line: `suasion VERB …`, one file per verb.

A new verb is a line in `VERBS` and a file `cli/<verb>.py` with a function `command`, which takes typer's
parameters, `out: OutputOption = HUMAN` among them. Only the verb that was asked for is imported.
"""

import functools
import importlib
import os
import shlex
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from errno import EDQUOT, EFBIG, EIO, ENOSPC, EROFS
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from cli import config
from cli.exit_codes import ExitCode, Failure
from cli.output import Format, Output, without_passwords
from dsl.version import ENGINE_VERSION

Command = Callable[..., None]
INTERRUPTED = 130
NO_ROOM = frozenset({EDQUOT, EFBIG, EIO, ENOSPC, EROFS})
ROOT = Path(__file__).resolve().parent.parent

VERBS = {
    "check": "Read rules and report what is wrong with them.",
    "fmt": "Write rules in the one true layout.",
    "test": "Run the tests that stand in rules.",
    "explain": "Explain an error code, or why a user gets what they get.",
    "tree": "Draw the decision tree of a crowd or a plan.",
    "eval": "Decide for users from a file, without a server.",
    "serve": "Answer over gRPC.",
    "up": "Start a whole set-up on this machine, and serve on it.",
    "ask": "Put a question to a server.",
    "publish": "Keep a version on a server.",
    "submit": "Ask others to approve a version.",
    "approve": "Approve a version that somebody else has written.",
    "reject": "Reject a version.",
    "activate": "Let a version decide.",
    "schedules": "List the versions that are to decide at a time.",
    "unschedule": "Call off that a version is to decide at a time.",
    "rollback": "Let decide again who did before.",
    "revoke": "Take a version out of use for good.",
    "archive": "Put a version away.",
    "history": "Say what was done with a version.",
    "audit": "Say what was done with all versions, by whom and why.",
    "versions": "List the versions that a server keeps.",
    "diff": "Say what two versions do not mean alike.",
    "watch": "Follow what a server decides when waiting plans come due.",
    "log": "Ask what was decided, and decide it again.",
    "record": "Make an event history of any files, for replays.",
    "replay": "Say what another version would have answered.",
    "token": "Sign a token for development.",
    "doctor": "Look for what is wrong with a set-up.",
    "demo": "Stream real purchases through a server and show what it decides.",
    "new": "Start a rule set.",
    "completion": "Complete verbs and options in a shell.",
}


def main() -> None:
    """Run what the arguments of the process ask for and end the process (see `ExitCode`)."""
    arguments = sys.argv[1:]
    try:
        with reporting(Output(Format.HUMAN)):
            application(arguments)(arguments, prog_name="suasion")
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except KeyboardInterrupt:  # before a verb has begun
        sys.exit(INTERRUPTED)
    except OSError:  # nor can it be told
        sys.exit(ExitCode.USAGE)


@contextmanager
def reporting(out: Output) -> Iterator[None]:
    """Turns a `Failure`, and any exception that is a bug of ours, into words and an exit code."""
    try:
        yield
    except (typer.Exit, typer.Abort, typer.TyperException, BrokenPipeError):
        raise
    except Failure as failure:
        out.fail(failure)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            no_room(error)
        out.fail(bug(error))


def no_room(error: OSError) -> NoReturn:
    """Ends the run with what is no bug: a full disk. Told on stderr in either format, as it may be stdout that has no room."""
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115 # else what it holds is tried again when the process ends
    Output(Format.HUMAN).fail(Failure(f"cannot write: {(error.strerror or 'unknown reason').lower()}"))


def bug(error: Exception) -> Failure:
    """What a user is told about an unforeseen exception; SUASION_DEBUG=1 prints its traceback too."""
    if os.environ.get("SUASION_DEBUG") == "1":
        traceback.print_exception(error)
    return Failure(
        f"suasion {ENGINE_VERSION} has a bug, at {last_line_of_ours(error)} ({type(error).__name__})",
        hint="nothing is wrong with what you wrote; please report it with the files, the command "
        f"`{without_passwords(shlex.join(['suasion', *sys.argv[1:]]))}` and what it prints with SUASION_DEBUG=1 set",
        code=ExitCode.BUG,
    )


def last_line_of_ours(error: Exception) -> str:
    """The innermost `file:line` of this project that `error` passed through."""
    frames = traceback.extract_tb(error.__traceback__)
    last = next((frame for frame in reversed(frames) if is_ours(Path(frame.filename))), frames[-1])
    return f"{os.path.relpath(last.filename, ROOT)}:{last.lineno}"


def is_ours(path: Path) -> bool:
    return path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / ".venv")


def application(arguments: Sequence[str]) -> typer.Typer:
    """The typer application for these arguments: the verb that they name in full, a line for the rest."""
    path = config.find(Path.cwd())
    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings={
            "help_option_names": ["--help", "-h"],
            "obj": config.read(path, VERBS) if path else config.Settings(),
        },
    )
    app.callback(help="The right plan, to the right person, and never one message too many.")(options)
    asked = next((argument for argument in arguments if not argument.startswith("-")), None)
    for verb, line in VERBS.items():
        app.command(verb, short_help=line, cls=config.Configured)(
            load(verb) if verb == asked else placeholder
        )
    return app


def loaded(verb: str) -> Any:
    """The command of a verb, with its options."""
    group: Any = typer.main.get_command(application([verb]))
    return group.commands[verb]


def print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"suasion {ENGINE_VERSION}")
        raise typer.Exit


def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=print_version,
            is_eager=True,
            help="Print the version and end.",
        ),
    ] = False,
) -> None:
    """The options of `suasion` itself."""


def placeholder() -> None:
    """Stands in the list of verbs for one that was not asked for."""


def load(verb: str) -> Command:
    """The function of `cli/<verb>.py`, its failures and our bugs reported in the format asked for."""
    command: Command = importlib.import_module(f"cli.{verb}").command

    @functools.wraps(command)
    def reported(*, out: Output, **arguments: Any) -> None:
        with reporting(out):
            command(out=out, **arguments)

    return reported


if __name__ == "__main__":
    main()
