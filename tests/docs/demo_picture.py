"""Runs the demo and keeps what it shows as docs/demo.svg: `python -m tests.docs.demo_picture`."""

from __future__ import annotations

import contextlib
import html
import io
import re
from pathlib import Path

import typer
from rich.console import Console

from cli import demo
from cli.demo_answers import WIDTH
from cli.output import Format, Output
from tests.docs.pages import ROOT

FONT = re.compile(r"^ *@font-face \{.*?^ *\}\n", re.MULTILINE | re.DOTALL)
"""Fetched from elsewhere; the reader's own monospace font does."""
PICTURE = ROOT / "docs" / "demo.svg"


def picture() -> str:
    """What the demo shows on a terminal with colours."""
    out = Output(Format.HUMAN)
    out.data = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
    )
    with contextlib.suppress(typer.Exit):
        demo.command(keep=False, listen=None, out=out)
    return FONT.sub("", out.data.export_svg(title="./suasion demo", unique_id="demo"))


def texts(svg: str) -> list[str]:
    """What stands in a picture, below its title."""
    found = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    return [html.unescape(text) for text in found[1:]]


def main(path: Path = PICTURE) -> None:
    path.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
