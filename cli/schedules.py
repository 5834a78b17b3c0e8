"""`suasion schedules`: which versions are to decide, and when."""

from suasion.v1 import rule_set_service_pb2 as pb

from cli.asking import asks
from cli.client import Client
from cli.output import HUMAN, OutputOption
from cli.releasing import finish, schedule_text


@asks()
def command(client: Client, out: OutputOption = HUMAN) -> None:
    """List the versions that are to decide at a time that was set, the earliest first.

    Ends with 4 if no server answers.
    """
    answer = client.call(client.rules.ListSchedules, pb.RuleSetServiceListSchedulesRequest())
    finish(out, answer, "\n".join(map(schedule_text, answer.schedules)) or "nothing is scheduled")
