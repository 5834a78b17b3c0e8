"""`suasion reject`: reject a version."""

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
    """Reject a version that was submitted, or take back that it was approved. Say why with --reason.

    Ends with 3 if it stands elsewhere on its way, with 4 if no server answers.
    """
    version = whole(client, version)
    request = pb.RuleSetServiceRejectRequest(version=version, reason=reason)
    answer = client.call(client.rules.Reject, request)
    finish(out, answer, f"version {version} is {state(answer.review)}")
