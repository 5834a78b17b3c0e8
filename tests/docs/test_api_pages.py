"""docs/api is what the protos say, with an example of every call. That the examples run is seen by `test_pages.py`."""

from __future__ import annotations

from tests.docs.api_pages import EXAMPLES, FOLDER, pages, read_protos


def test_they_are_fresh() -> None:
    for name, text in pages().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, "run `python -m tests.docs.api_pages`"


def test_every_call_has_an_example() -> None:
    services = [service for file in read_protos().files for service in file.service]
    calls = {f"{service.name}.{method.name}" for service in services for method in service.method}
    for kind in ("py", "sh"):
        assert {path.stem for path in EXAMPLES.glob(f"*.{kind}")} == calls
