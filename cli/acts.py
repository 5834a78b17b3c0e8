"""What was done with versions, as a server tells it."""

from typing import Annotated, Any, NoReturn

import typer
from google.protobuf.json_format import MessageToDict
from rich.console import Console
from suasion.v1 import rule_set_service_pb2 as pb

from cli.client import Client
from cli.output import Output
from cli.releasing import SHORT, users
from dsl.text import visible

MostOption = Annotated[
    int, typer.Option("--most", metavar="N", min=1, help="Of the newest ones, at most so many.")
]
SERVING = (pb.DEED_ACTIVATED, pb.DEED_RESTORED)


def show_acts(client: Client, version: str, most: int, out: Output) -> NoReturn:
    """Those with a version, or with all if it is empty."""
    request = pb.RuleSetServiceListAuditRequest(version=version)
    acts = list(client.pages(client.rules.ListAudit, request, "acts", most))

    def show(console: Console) -> None:
        console.print("\n".join(map(line, acts)) or "nothing was done")

    out.finish([MessageToDict(each, preserving_proto_field_name=True) for each in acts], show)


def line(act: Any) -> str:
    """`2026-03-02 09:00:00 UTC  4fa3b2c1d2e3  activated for crowd beta by bea, release 3: the spring plans`."""
    deed = pb.Deed.Name(act.deed).removeprefix("DEED_").lower().replace("_", " ")
    by = f" by {visible(act.actor)}" if act.actor else ""
    whom = f" for {users(act.release)}" if act.deed in SERVING and act.release.rest_version else ""
    release = f", release {act.epoch}" if act.epoch else ""
    why = f": {visible(act.reason)}" if act.reason else ""
    time = f"{act.act_time.ToDatetime():%Y-%m-%d %H:%M:%S} UTC"
    return f"{time}  {act.version[:SHORT]}  {deed}{whom}{by}{release}{why}"
