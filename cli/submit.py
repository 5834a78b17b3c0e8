"""`suasion submit`: ask others to approve a version."""

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
    """Ask others to approve a version. Publish it first: `suasion publish RULES`.

    Ends with 3 if it stands elsewhere on its way, with 4 if no server answers.
    """
    version = whole(client, version)
    request = pb.RuleSetServiceSubmitRequest(version=version, reason=reason)
    answer = client.call(client.rules.Submit, request)
    finish(out, answer, f"version {version} is {state(answer.review)}")
