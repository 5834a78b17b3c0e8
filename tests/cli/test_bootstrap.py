"""./suasion makes its environment: where it stands, once, whole, and anew when the pins change.

The tree here pins nothing, so that no index is asked; making and keeping the environment is the real thing.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Tree:
    """A copy of the bootstrap, in a path with a space; its `cli.main` says what runs it, and where."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.venv = path / ".venv"
        self.pins = path / "requirements.txt"
        (path / "cli").mkdir(parents=True)
        shutil.copy(ROOT / "suasion", path)
        shutil.copy(ROOT / "cli" / "environment.sh", path / "cli")
        (path / "cli" / "__init__.py").touch()
        (path / "cli" / "main.py").write_text(
            "import sys, os, zoneinfo; print(sys.prefix, os.getcwd(), zoneinfo.TZPATH, sys.argv[1:])"
        )
        self.pins.write_text("# nothing\n")

    def start(self, here: Path, **variables: str) -> "subprocess.Popen[str]":
        environment = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"} | variables
        command = [self.path / "suasion", "one", "two words"]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=here, env=environment, stdout=pipe, stderr=pipe, text=True)

    def run(self, here: Path, **variables: str) -> tuple[str, str]:
        """What ./suasion says on stdout and on stderr."""
        process = self.start(here, **variables)
        said = process.communicate()
        assert process.returncode == 0, said
        return said


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return Tree(tmp_path_factory.mktemp("boot") / "a tree")


def installs(errors: str) -> int:
    return errors.count("installing")


def test_two_starts_at_once_make_one_environment_and_the_third_none(tree, tmp_path):
    shutil.rmtree(tree.venv, ignore_errors=True)
    both = [tree.start(tmp_path, HOME="", PYTHONPATH=str(tmp_path)) for _ in range(2)]
    said = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum(installs(errors) for _, errors in said) == 1
    assert said[0][0] == said[1][0] == f"{tree.venv} {tmp_path} () ['one', 'two words']\n"
    assert tree.run(tmp_path, HOME="/nonexistent")[1] == ""


def test_a_folder_of_the_caller_is_not_taken_for_ours(tree, tmp_path):
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli" / "main.py").write_text("print('a stranger')")
    assert "stranger" not in tree.run(tmp_path)[0]


def test_changed_pins_are_installed_in_the_environment_that_stands(tree, tmp_path):
    tree.run(tmp_path)
    (tree.venv / "kept").touch()
    tree.pins.write_text("# nothing yet\n")
    assert installs(tree.run(tmp_path)[1]) == 1
    assert (tree.venv / "kept").exists()


def test_an_environment_left_half_made_is_made_anew(tree, tmp_path):
    tree.run(tmp_path)
    (tree.venv / "unfinished").touch()
    (tree.venv / "leftover").touch()
    assert installs(tree.run(tmp_path)[1]) == 1
    assert not (tree.venv / "leftover").exists()


def test_an_old_python_alone_is_refused_with_what_to_install(tree, tmp_path):
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("bash", "env", "dirname", "readlink"):
        (tools / name).symlink_to(shutil.which(name) or pytest.fail(f"no {name}"))
    script = f"source '{tree.path}/cli/environment.sh'; pythons=(python3.old); find_python"
    done = subprocess.run(["bash", "-c", script], env={"PATH": str(tools)}, capture_output=True, text=True)
    assert done.returncode == 70
    assert "Python 3.11" in done.stderr and "apt install python3" in done.stderr
