"""What `suasion completion` prints completes, in the shells that are here."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from typer.testing import CliRunner

from cli.ask import QUESTIONS
from cli.exit_codes import ExitCode
from cli.main import VERBS, application


def script(shell: str) -> str:
    result = CliRunner().invoke(application(["completion"]), ["completion", shell])
    assert result.exit_code == ExitCode.CLEAN
    return result.stdout


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
    assert completed("serve", "rules.sua", "--li") == {"--listen", "--linger", "--limits"}
    assert completed("serve", "--access") == {"--access-log"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_verb_stands_in_the_script_and_the_shell_reads_it(shell: str) -> None:
    text = script(shell)
    assert [verb for verb in VERBS if verb not in text] == []
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} is here to read it")
    subprocess.run([shell, "-n"], input=text, text=True, check=True)


def test_another_shell_is_refused() -> None:
    result = CliRunner().invoke(application(["completion"]), ["completion", "tcsh"])
    assert result.exit_code == ExitCode.USAGE and "bash, zsh, fish" in result.stderr
