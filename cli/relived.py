"""A closed loop from a shell, and how far it is."""

from __future__ import annotations

from contextlib import closing

from cli.exit_codes import Failure
from cli.output import Output
from cli.progress import bar, ended_from_outside, tell
from server.closed_replay import ClosedJob
from server.reliving import LifeEnded
from server.replay.questions import CannotAnswer
from server.replay.report import Progress, Report
from server.usecases.refusals import InvalidRequest


def relived(job: ClosedJob, out: Output) -> Report:
    """Raises Failure."""
    try:
        with closing(job()) as found:
            begun = next(found)
            assert isinstance(begun, Progress)
            done = 0
            tell(out, 0, begun.total, "events")
            with bar(out, begun.total, "events") as advance:
                for each in found:
                    if isinstance(each, Report):
                        return each
                    advance.by(each.done - done)
                    done = each.done
    except (CannotAnswer, InvalidRequest) as error:
        raise Failure(str(error)) from error
    except LifeEnded as error:
        raise ended_from_outside() from error
    except OSError as error:
        places = f"cannot read `{job.directory}`" + (f" or write to `{job.keep}`" if job.keep else "")
        raise Failure(f"{places}: {error.strerror or type(error).__name__}") from error
    raise AssertionError("a replay ends with its report")
