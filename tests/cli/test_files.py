"""Files that a verb writes: the old one stands until the new one is whole."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cli.files import replacing, write

ROOT = Path(__file__).parents[2]
KILLED = """
import signal
import sys
from pathlib import Path
from cli.files import replacing

with replacing(Path(sys.argv[1])) as tell:
    tell(b"new" * 100_000)
    print("written", flush=True)
    signal.pause()
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text("old")
    return file


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_who_is_killed_leaves_the_old_one(old: Path, by: signal.Signals) -> None:
    command = [sys.executable, "-c", KILLED, str(old)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writer:
        assert writer.stdout is not None and writer.stdout.readline() == b"written\n"
        writer.send_signal(by)
    assert old.read_text() == "old"


def test_what_fails_leaves_the_old_one_and_nothing_beside(old: Path) -> None:
    with pytest.raises(KeyError), replacing(old) as tell:
        tell(b"new" * 100_000)
        raise KeyError
    assert [file.read_text() for file in old.parent.iterdir()] == ["old"]


def test_the_new_one_has_the_rights_of_the_old_one_and_is_where_a_link_points(old: Path) -> None:
    old.chmod(0o640)
    link = old.with_name("link")
    link.symlink_to(old)
    write(link, "new")
    assert link.is_symlink() and old.read_text() == "new" and stat.S_IMODE(old.stat().st_mode) == 0o640
    fresh, plain = old.with_name("fresh"), old.with_name("plain")
    write(fresh, "new")
    plain.touch()
    assert fresh.stat().st_mode == plain.stat().st_mode
