"""`suasion doctor`: what is wrong with a set-up."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from cli import doctor_findings as here
from cli import doctor_services as services
from cli.asking import asks
from cli.bus import DEFAULT_LINE, LinesOption, RabbitmqOption
from cli.client import Client
from cli.doctor_broker import rabbitmq as broker
from cli.doctor_findings import Finding, State
from cli.doctor_server import server as look_at
from cli.exit_codes import ExitCode
from cli.output import HUMAN, OutputOption
from cli.stores import MYSQL, STORES, RedisOption, database_of


@asks(seconds=5.0)
def command(
    client: Client,
    context: typer.Context,
    store: Annotated[
        str | None,
        typer.Option(
            "--store", metavar=STORES, help="Look at the store of `serve --store`.", show_default=False
        ),
    ] = None,
    redis: RedisOption = None,
    rabbitmq: RabbitmqOption = None,
    lines: LinesOption = DEFAULT_LINE,
    listen: Annotated[
        str | None,
        typer.Option(
            "--listen",
            metavar="HOST:PORT",
            help="Look whether a server could listen there.",
            show_default=False,
        ),
    ] = None,
    out: OutputOption = HUMAN,
) -> None:
    """Look for what is wrong with this machine, a server and what it stands on; each finding has a way out.

    A server that nobody names may be away. Ends with 1 if something is wrong or doubtful, with 4 if a server that is named does not answer.
    """
    findings = [
        *on_this_machine(store, client.workspace, listen),
        *(services.redis_server(redis) if redis else ()),
        *(broker(rabbitmq, client.workspace, lines.split(",")) if rabbitmq else ()),
        *look_at(client, wanted=is_said(context, "server")),
    ]
    well = all(each.state is State.OK for each in findings)
    code = ExitCode.CLEAN if well else ExitCode.FINDINGS
    out.finish([asdict(each) for each in findings], lambda console: show(console, findings), code)


def is_said(context: typer.Context, option: str) -> bool:
    """By a flag, a variable or the file."""
    source = context.get_parameter_source(option)
    return source is not None and source.name != "DEFAULT"


def on_this_machine(store: str | None, workspace: str, listen: str | None) -> Iterator[Finding]:
    for check in (here.python, here.pins, here.time_zones, here.clock, here.settings):
        yield from check()
    if store:
        yield from (
            services.mariadb(database_of(store, workspace)) if store.startswith(MYSQL) else here.store(store)
        )
    if listen:
        yield from here.port(listen)


def show(console: Console, findings: list[Finding]) -> None:
    for each in findings:
        console.print(f"{each.state:<9} {each.about}: {each.message}")
        if each.way_out:
            console.print(f"          {each.way_out}")
