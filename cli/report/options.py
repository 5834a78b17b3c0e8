"""Options of a report."""

from pathlib import Path
from typing import Annotated

import typer

MaxChangeOption = Annotated[
    str | None,
    typer.Option(
        "--max-change",
        metavar="SHARE",
        help="Fail where more users are treated differently: `2%`.",
        show_default=False,
    ),
]
FailOnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        metavar="MOVE",
        help="Fail where a decision goes so: `send→block`, `send->*`, `plan:coupon→*`. May be said again.",
        show_default=False,
    ),
]
CoverageOption = Annotated[
    bool, typer.Option("--coverage", help="Count what conditions and limits of the candidate answer.")
]
JunitOption = Annotated[
    Path | None,
    typer.Option("--junit", metavar="FILE", help="Write it as JUnit XML, too.", show_default=False),
]
HtmlOption = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write it as a page, too.", show_default=False)
]
ChangedOption = Annotated[
    Path | None,
    typer.Option(
        "--changed",
        metavar="FILE",
        help="Write each decision that changed as a line of JSON: user, both answers, and what is to blame.",
        show_default=False,
    ),
]
