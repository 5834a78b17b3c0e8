"""`suasion archive`: put a version away."""

from suasion.v1 import rule_set_service_pb2 as pb

from cli.asking import asks
from cli.client import Client
from cli.output import HUMAN, OutputOption
from cli.releasing import finish, whole
from cli.reviewing import ReasonOption, VersionArgument, state


@asks()
def command(
    client: Client, version: VersionArgument, reason: ReasonOption = "", out: OutputOption = HUMAN
) -> None:
    """Put away a version that serves nobody.

    Publishing its files brings it back, as one that nobody has approved.

    Ends with 3 if it stands elsewhere on its way, with 4 if no server answers.
    """
    version = whole(client, version)
    request = pb.RuleSetServiceArchiveRequest(version=version, reason=reason)
    answer = client.call(client.rules.Archive, request)
    finish(out, answer, f"version {version} is {state(answer.review)}")
