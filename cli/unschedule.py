"""`suasion unschedule`: call off that a version is to decide at a time."""

from suasion.v1 import rule_set_service_pb2 as pb

from cli.asking import asks
from cli.client import Client
from cli.output import HUMAN, OutputOption
from cli.releasing import finish, whole
from cli.reviewing import ReasonOption, VersionArgument


@asks()
def command(
    client: Client, version: VersionArgument, reason: ReasonOption = "", out: OutputOption = HUMAN
) -> None:
    """Call off what `suasion activate VERSION --at INSTANT` has set. `suasion schedules` lists what is to come.

    Ends with 3 if no time is set, with 4 if no server answers.
    """
    version = whole(client, version)
    request = pb.RuleSetServiceUnscheduleRequest(version=version, reason=reason)
    finish(out, client.call(client.rules.Unschedule, request), f"version {version} is not scheduled any more")
