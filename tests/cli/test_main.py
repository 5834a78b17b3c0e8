"""The command line before any verb: its help, version, exit codes, formats and where defaults come from."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest
from typer.testing import CliRunner

from cli import config
from cli.exit_codes import ExitCode, Failure
from cli.main import VERBS, application
from cli.output import without_passwords

ROOT = Path(__file__).resolve().parents[2]

# A verb with an answer, a finding, a failure and a bug, as cli/check.py of a tree of its own.
VERB = """
from typing import Annotated
import typer
from cli.exit_codes import ExitCode, Failure
from cli.output import HUMAN, OutputOption

def command(port: int = 1, out: OutputOption = HUMAN) -> None:
    if port == 404:
        raise Failure("no server at `host`", hint="start one", code=ExitCode.OUT_OF_REACH)
    out.diagnose({"code": "S1"}, "warning[S1]: [odd] :smile:")
    out.finish({"port": 10 // port}, lambda console: console.print(f"port {10 // port}"), ExitCode(port % 2))
"""


@pytest.fixture
def suasion(tmp_path: Path):
    """Runs `suasion` with the verb above in the place of `check`, in an empty directory."""
    tree, here = tmp_path / "tree", tmp_path / "here"
    (tree / "cli").mkdir(parents=True)
    here.mkdir()
    (tree / "dsl").symlink_to(ROOT / "dsl")
    for file in (ROOT / "cli").glob("*.py"):
        (tree / "cli" / file.name).write_bytes(file.read_bytes())
    (tree / "cli" / "check.py").write_text(VERB)

    def run(
        *arguments: str, stdout: int | IO[str] = subprocess.PIPE, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SUASION_")}
        environment |= {"PYTHONPATH": str(tree), "PYTHONSAFEPATH": "1"} | variables
        command = [sys.executable, "-m", "cli.main", *arguments]
        streams: Any = {"stdout": stdout, "stderr": subprocess.PIPE}
        return subprocess.run(command, cwd=here, env=environment, **streams, text=True, check=False)

    return run


def test_help_lists_every_verb_and_imports_none(suasion):
    done = suasion("--help", PYTHONVERBOSE="1")
    assert done.returncode == ExitCode.CLEAN
    for verb, line in VERBS.items():
        assert verb in done.stdout and line in done.stdout
        assert f"import 'cli.{verb}'" not in done.stderr


def test_the_version_is_printed_alone(suasion):
    assert suasion("--version").stdout.startswith("suasion ")


def test_an_unknown_verb_is_a_usage_error_that_names_the_nearest(suasion):
    done = suasion("chek")
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert "'check'" in done.stderr


def test_people_get_the_answer_on_stdout_and_diagnostics_verbatim_on_stderr(suasion):
    done = suasion("check", "--port", "5")
    assert (done.returncode, done.stdout) == (ExitCode.FINDINGS, "port 2\n")
    assert done.stderr == "warning[S1]: [odd] :smile:\n"


def test_json_is_one_envelope_and_nothing_else(suasion):
    done = suasion("check", "--port", "5", "--format", "json")
    assert json.loads(done.stdout) == {"ok": False, "data": {"port": 2}, "diagnostics": [{"code": "S1"}]}
    assert done.stderr == ""


def test_a_failure_ends_with_its_code_in_either_format(suasion):
    human, envelope = suasion("check", "--port", "404"), suasion("check", "--port", "404", "--format", "json")
    assert human.returncode == envelope.returncode == ExitCode.OUT_OF_REACH
    assert human.stderr == "error: no server at `host`\nhint: start one\n"
    [diagnostic] = json.loads(envelope.stdout)["diagnostics"]
    assert diagnostic == {"severity": "error", "message": "no server at `host`", "hint": "start one"}


def test_a_bug_of_ours_shows_its_traceback_only_on_demand(suasion):
    plain, debugged = suasion("check", "--port", "0"), suasion("check", "--port", "0", SUASION_DEBUG="1")
    assert plain.returncode == debugged.returncode == ExitCode.BUG
    assert "Traceback" not in plain.stderr and "suasion check --port 0" in plain.stderr
    assert "cli/check.py:" in plain.stderr
    assert "Traceback" in debugged.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", [["check"], ["check", "--format", "json"], ["--help"], ["--version"]])
def test_a_full_disk_is_no_bug_of_ours(suasion, words, unbuffered):
    with open("/dev/full", "w") as full:
        done = suasion(*words, stdout=full, PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.endswith("error: cannot write: no space left on device\n")
    assert "Exception" not in done.stderr and "bug" not in done.stderr


def test_a_flag_beats_a_variable_beats_the_file(suasion, tmp_path):
    (tmp_path / "here" / "suasion.toml").write_text('format = "json"\n[check]\nport = 2\n')
    assert json.loads(suasion("check").stdout)["data"] == {"port": 5}
    assert json.loads(suasion("check", SUASION_CHECK_PORT="5").stdout)["data"] == {"port": 2}
    assert json.loads(suasion("check", "--port", "10", SUASION_CHECK_PORT="5").stdout)["data"] == {"port": 1}
    assert suasion("check", SUASION_FORMAT="human").stdout == "port 5\n"
    assert suasion("check", "--format", "human").stdout == "port 5\n"


def test_what_is_said_for_one_verb_beats_what_is_said_for_all(suasion, tmp_path):
    file = tmp_path / "here" / "suasion.toml"
    file.write_text('format = "json"\n[check]\nformat = "human"\n')
    assert suasion("check").stdout == "port 10\n"
    assert suasion("check", SUASION_FORMAT="json").stdout.startswith("{")
    assert suasion("check", SUASION_FORMAT="json", SUASION_CHECK_FORMAT="human").stdout == "port 10\n"


@pytest.mark.parametrize(
    ("text", "said", "way_out"),
    [
        ("[check]\nprot = 2\n", "sets `prot` for `check`, which has no such option", "did you mean `port`?"),
        ("fromat = 'json'\n", "sets `fromat`, which is no option of several verbs", "did you mean `format`?"),
        ("port = 2\n", "sets `port`, which is no option of several verbs", "there are: "),
        ("[chek]\n", "has a table `chek`, which is no verb", "did you mean `check`?"),
        ("[check]\nport = [2]\n", "sets `port` to a list", "it takes one value"),
    ],
)
def test_what_nobody_knows_in_the_file_is_refused(suasion, tmp_path, text, said, way_out):
    (tmp_path / "here" / "suasion.toml").write_text(text)
    done = suasion("check")
    assert (done.returncode, done.stdout) == (ExitCode.USAGE, "")
    assert said in done.stderr and way_out in done.stderr


def test_a_table_of_another_verb_is_its_own_affair(suasion, tmp_path):
    (tmp_path / "here" / "suasion.toml").write_text("[fmt]\nprot = 2\n")
    assert suasion("check", SUASION_FMT_PROT="2").stdout == "port 10\n"


@pytest.mark.parametrize(
    ("name", "nearest"), [("SUASION_FROMAT", "SUASION_FORMAT"), ("SUASION_CHECK_PROT", "SUASION_CHECK_PORT")]
)
def test_a_variable_that_nobody_knows_is_refused(suasion, name, nearest):
    done = suasion("check", **{name: "1"})
    assert done.returncode == ExitCode.USAGE
    assert (
        done.stderr
        == f"error: `{name}` is set, and `check` has no such option\nhint: did you mean `{nearest}`?\n"
    )


@pytest.mark.parametrize(
    "address", ["mysql://shop:secret@db/suasion", "redis://:secret@cache:6379", "amqp://shop:secret@mq/%2F"]
)
def test_no_password_is_shown(suasion, address):
    for option in ("--store", "--rabbitmq"):
        done = suasion("serve", option, f"other{address}")
        assert done.returncode == ExitCode.USAGE and "secret" not in done.stdout + done.stderr
    assert without_passwords(f"cannot use `{address}`: no").count("…") == 1


def test_colours_are_for_terminals(suasion):
    assert "\x1b[" not in suasion("--help").stdout


def test_the_nearest_file_above_holds(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / config.FILE_NAME).touch()
    (tmp_path / "a" / config.FILE_NAME).touch()
    assert config.find(inner) == tmp_path / "a" / config.FILE_NAME


@pytest.mark.parametrize(
    ("text", "said"), [("[chek]\n", "`chek`"), ("format =\n", "line 1"), ("\udcff", "suasion.toml")]
)
def test_a_wrong_file_is_a_usage_error_that_names_the_spot(tmp_path, text, said):
    path = tmp_path / config.FILE_NAME
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Failure, match=said) as caught:
        config.read(path, VERBS)
    assert caught.value.code is ExitCode.USAGE


@pytest.mark.parametrize("verb", [verb for verb in VERBS if (ROOT / "cli" / f"{verb}.py").exists()])
def test_every_verb_has_its_help(verb):
    shown = CliRunner().invoke(application([verb]), [verb, "--help"])
    assert shown.exit_code == ExitCode.CLEAN, shown.output
    assert "--format" in shown.output
