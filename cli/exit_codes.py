"""How a run of `suasion` ends, for scripts that call it."""

from enum import IntEnum


class ExitCode(IntEnum):
    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    CONFLICT = 3  # an approval is missing, or somebody else was first
    OUT_OF_REACH = 4  # the server does not answer
    BUG = 70  # ours; EX_SOFTWARE of sysexits(3)


class Failure(Exception):
    """The command cannot go on.

    `message` is the reason in plain words, lower case, with the user's own text in backticks; `hint` says how
    to mend it, or is None; `code` is how the run ends.
    """

    def __init__(self, message: str, *, hint: str | None = None, code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code
