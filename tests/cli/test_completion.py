"""What `suasion completion` prints completes, in the shells that are here."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.ask import QUESTIONS
from cli.exit_codes import ExitCode
from cli.main import VERBS, application


def script(shell: str) -> str:
    result = CliRunner().invoke(application(["completion"]), ["completion", shell])
    assert result.exit_code == ExitCode.CLEAN
    return result.stdout


def require(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} is here to read it")


def completed(*words: str) -> set[str]:
    """What bash offers for the last word."""
    line = " ".join(f"'{word}'" for word in ("suasion", *words))
    ask = f'COMP_WORDS=({line}); COMP_CWORD={len(words)}; _suasion; printf "%s\\n" "${{COMPREPLY[@]}}"'
    done = subprocess.run(
        ["bash", "-c", f"{script('bash')}\n{ask}"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_bash_completes_verbs_questions_and_options() -> None:
    assert completed("") == set(VERBS)
    assert completed("c") == {"check", "completion"}
    assert completed("ask", "") >= set(QUESTIONS)
    assert completed("serve", "rules.sua", "--lis") == {"--listen"}
    assert completed("serve", "--access") == {"--access-log"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_verb_stands_in_the_script_and_the_shell_reads_it(shell: str) -> None:
    text = script(shell)
    assert [verb for verb in VERBS if verb not in text] == []
    require(shell)
    subprocess.run([shell, "-n"], input=text, text=True, check=True)


IN_ZSH = """
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=($1 \\$fpath); autoload -Uz compinit; compinit -u -D; print RE''ADY"
zpty -w shell "shown() { print -r -- \\"<\\$BUFFER>\\" }; zle -N shown; bindkey '^X' shown; print RE''ADY"
zpty -r shell line '*READY*READY*'
zpty -w -n shell "$2"$'\\t\\C-x'
zpty -r shell line '*>*'
print -rn -- ${${line##*<}%%>*}
"""
"""What stands in the line of a shell at a terminal once the tabulator was pressed."""


@pytest.mark.parametrize(
    ("typed", "then"),
    [
        ("suasion comp", "suasion completion "),
        ("suasion ask cr", "suasion ask crowds "),
        ("./suasion serve rules.sua --lis", "./suasion serve rules.sua --listen "),
    ],
)
def test_zsh_completes_verbs_questions_and_options(tmp_path: Path, typed: str, then: str) -> None:
    require("zsh")
    (tmp_path / "_suasion").write_text(script("zsh"), encoding="utf-8")
    done = subprocess.run(
        ["zsh", "-f", "-s", str(tmp_path), typed], input=IN_ZSH, capture_output=True, text=True
    )
    assert done.stdout == then


def test_fish_completes_verbs_questions_and_options(tmp_path: Path) -> None:
    require("fish")
    (tmp_path / "suasion.fish").write_text(script("fish"), encoding="utf-8")

    def offered(line: str) -> set[str]:
        ask = f"source {tmp_path}/suasion.fish; complete -C {line!r}"
        environment = {**os.environ, "HOME": str(tmp_path)}
        done = subprocess.run(
            ["fish", "-c", ask], env=environment, capture_output=True, text=True, check=True
        )
        return {each.partition("\t")[0] for each in done.stdout.splitlines()}

    assert offered("suasion c") == {"check", "completion"}
    assert offered("suasion ask cr") == {"crowds"}
    assert offered("./suasion serve rules.sua --lis") == {"--listen"}


def test_another_shell_is_refused() -> None:
    result = CliRunner().invoke(application(["completion"]), ["completion", "tcsh"])
    assert result.exit_code == ExitCode.USAGE and "bash, zsh, fish" in result.stderr
