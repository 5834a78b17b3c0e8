"""`suasion doctor`: what is wrong with a set-up."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from cli import doctor_findings as here
from cli.doctor_findings import Finding, State
from cli.doctor_server import server as look_at
from cli.exit_codes import ExitCode
from cli.output import HUMAN, OutputOption

USUAL = "127.0.0.1:50051"


def command(
    store: Annotated[
        str | None,
        typer.Option(
            "--store", metavar="sqlite:PATH", help="Look at the store of `serve --store`.", show_default=False
        ),
    ] = None,
    listen: Annotated[
        str | None,
        typer.Option(
            "--listen",
            metavar="HOST:PORT",
            help="Look whether a server could listen there.",
            show_default=False,
        ),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(
            "--server",
            metavar="HOST:PORT",
            help=f"A server that has to answer; {USUAL} is asked, too, but may be away.",
            show_default=False,
        ),
    ] = None,
    out: OutputOption = HUMAN,
) -> None:
    """Look for what is wrong with this machine, a store and a server; each finding has a way out.

    Ends with 1 if something is wrong or doubtful, with 4 if a server that has to answer does not.
    """
    findings = list(looked_at(store, listen, server))
    well = all(each.state is State.OK for each in findings)
    code = ExitCode.CLEAN if well else ExitCode.FINDINGS
    out.finish([asdict(each) for each in findings], lambda console: show(console, findings), code)


def looked_at(store: str | None, listen: str | None, server: str | None) -> Iterator[Finding]:
    for check in (here.python, here.pins, here.time_zones, here.clock):
        yield from check()
    if store:
        yield from here.store(store)
    if listen:
        yield from here.port(listen)
    yield from look_at(server or USUAL, wanted=server is not None)


def show(console: Console, findings: list[Finding]) -> None:
    for each in findings:
        console.print(f"{each.state:<9} {each.about}: {each.message}")
        if each.way_out:
            console.print(f"          {each.way_out}")
