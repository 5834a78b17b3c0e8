"""The pins: what runs is what is tested, and nothing of it comes unnamed."""

import re
import sys
import sysconfig
import zoneinfo
from pathlib import Path

import tzdata

ROOT = Path(__file__).resolve().parents[2]


def pins(name: str) -> dict[str, str]:
    """Each requirement of the file with the block of hashes that it is pinned to."""
    text = (ROOT / name).read_text()
    return dict(
        re.findall(r"^(\S.*?==.*?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.MULTILINE)
    )


def test_every_requirement_is_pinned_with_hashes():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text().splitlines()
        requirements = [line for line in lines if line and not line.startswith(("#", " "))]
        assert len(requirements) == len(pins(name)) > 20


def test_tests_run_on_the_pins_of_the_service():
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()


def test_no_pin_names_an_index_or_a_place():
    for path in ROOT.glob("requirements*"):
        assert not re.search(r"://|--(extra-)?index-url|--find-links|@ file", path.read_text())


def test_zones_come_from_the_pinned_package():
    assert zoneinfo.TZPATH == ()
    pinned = next(pin for pin in pins("requirements.txt") if pin.startswith("tzdata=="))
    assert pinned == f"tzdata=={tzdata.__version__}"


def test_no_installed_package_hides_a_folder_of_ours():
    installed = {path.stem for path in Path(sysconfig.get_path("purelib")).iterdir()}
    ours = {path.name for path in ROOT.iterdir() if path.is_dir()} | {"suasion"}
    assert not (installed - {"suasion"}) & ours
    assert not sys.stdlib_module_names & ours
