"""`suasion approve`: approve a version that somebody else has written."""

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
    """Approve a version that was submitted, as somebody who has neither published nor submitted it.

    It stands for exactly these rules: what was changed has another name.

    Ends with 3 if it stands elsewhere on its way, with 4 if no server answers.
    """
    version = whole(client, version)
    request = pb.RuleSetServiceApproveRequest(version=version, reason=reason)
    answer = client.call(client.rules.Approve, request)
    finish(out, answer, f"version {version} is {state(answer.review)}")
