"""`suasion completion`: what a shell needs to complete the verbs and their options.

The script is made once and asks nobody while you type; make it anew after an update.
"""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

import typer

from cli.ask import QUESTIONS
from cli.exit_codes import Failure
from cli.output import HUMAN, OutputOption

WORDS = {"ask": tuple(QUESTIONS), "completion": ("bash", "zsh", "fish"), "log": ("query", "verify", "erase")}
"""What may stand first behind a verb, where that is none of the user's own words."""


@dataclass(frozen=True, slots=True)
class Verb:
    """`options`: by name, such as `--format`, its line of help."""

    name: str
    help: str
    words: tuple[str, ...]
    options: Mapping[str, str]


def command(
    shell: Annotated[
        str, typer.Argument(metavar="bash|zsh|fish", help="For which shell.", show_default=False)
    ],
    out: OutputOption = HUMAN,
) -> None:
    """Print what completes the verbs and their options.

    bash: `suasion completion bash >> ~/.bashrc`

    zsh: `suasion completion zsh > DIRECTORY/_suasion`, a directory of `$fpath`

    fish: `suasion completion fish > ~/.config/fish/completions/suasion.fish`
    """
    if shell not in SHELLS:
        raise Failure(f"`{shell}` is no shell that is known here", hint=f"there are {', '.join(SHELLS)}")
    script = "\n".join(SHELLS[shell](list(verbs()))) + "\n"
    out.finish(script, lambda console: console.print(script, end=""))


def verbs() -> Iterator[Verb]:
    """All of them. Takes the second that loading them takes."""
    from cli.main import VERBS, loaded  # which loads this file by name

    for name, line in VERBS.items():
        options = {
            flag: parameter.help or ""
            for parameter in loaded(name).params
            if parameter.param_type_name == "option"
            for flag in (*parameter.opts, *parameter.secondary_opts)
            if flag.startswith("--")
        }
        yield Verb(name, line, WORDS.get(name, ()), options)


def bash(verbs: list[Verb]) -> Iterator[str]:
    yield "_suasion() {"
    yield "  local word=${COMP_WORDS[COMP_CWORD]} words"
    yield "  case $COMP_CWORD:${COMP_WORDS[1]} in"
    yield f"    1:*) words={shlex.quote(' '.join(each.name for each in verbs))} ;;"
    for each in verbs:
        if each.words:
            yield f"    2:{each.name}) words={shlex.quote(' '.join([*each.words, *each.options]))} ;;"
        yield f"    *:{each.name}) words={shlex.quote(' '.join(each.options))} ;;"
    yield "  esac"
    yield '  COMPREPLY=($(compgen -W "$words" -- "$word"))'
    yield "}"
    yield "complete -o default -F _suasion suasion ./suasion"


def zsh(verbs: list[Verb]) -> Iterator[str]:
    yield "#compdef suasion ./suasion"
    yield "local -a verbs"
    yield "case $CURRENT:$words[2] in"
    yield f"  2:*) verbs=({described(verbs)}); _describe verb verbs ;;"
    for each in verbs:
        if each.words:
            yield f"  3:{each.name}) compadd -- {' '.join(each.words)}; _files ;;"
        yield f"  *:{each.name}) compadd -- {' '.join(each.options)}; _files ;;"
    yield "esac"


def described(verbs: list[Verb]) -> str:
    return " ".join(shlex.quote(f"{each.name}:{each.help}") for each in verbs)


def fish(verbs: list[Verb]) -> Iterator[str]:
    for each in verbs:
        yield f"complete -c suasion -n __fish_use_subcommand -f -a {each.name} -d {quoted(each.help)}"
        here = f"-n '__fish_seen_subcommand_from {each.name}'"
        if each.words:
            yield f"complete -c suasion {here} -a {quoted(' '.join(each.words))}"
        for flag, help in each.options.items():
            yield f"complete -c suasion {here} -l {flag.removeprefix('--')} -d {quoted(help)}"


def quoted(text: str) -> str:
    """As fish quotes."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


SHELLS: Mapping[str, Callable[[list[Verb]], Iterator[str]]] = {"bash": bash, "zsh": zsh, "fish": fish}
