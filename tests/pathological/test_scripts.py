"""Whatever a script is, it ends with a program or with diagnostics; `full.py` says in what time and memory."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.pathological.bearing import bear
from tests.pathological.scripts import CHAINS, ENTANGLED, LISTS, MANY, NESTS, SCRIPTS, TEXTS


@pytest.mark.parametrize(
    "names", [CHAINS, NESTS, LISTS, ENTANGLED, MANY, TEXTS], ids=lambda names: next(iter(names))
)
def test_scripts_end_with_a_program_or_diagnostics(names: Iterable[str]) -> None:
    ends = dict(zip(names, bear(names), strict=True))
    assert [name for name, end in ends.items() if not end.serves and not end.codes] == []


def test_there_are_fifty() -> None:
    assert len(SCRIPTS) >= 50
