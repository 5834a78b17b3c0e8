"""JSON Lines from a file or from stdin, and what is wrong with single lines."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from cli.exit_codes import Failure
from cli.output import Output
from compiler.wire.errors import FactError, FactsError

STDIN = Path("-")


def lines_of_file(path: Path) -> Iterator[bytes]:
    """The lines of a file as they come, without their ends; `-` is stdin. Raises Failure if it cannot be read."""
    try:
        with sys.stdin.buffer if path == STDIN else path.open("rb") as file:
            for line in file:
                yield line.rstrip(b"\r\n")
    except OSError as error:
        raise Failure(f"cannot read `{path}`: {(error.strerror or 'unknown reason').lower()}") from error


def diagnose_faults(out: Output, file: str, faults: Mapping[int, FactsError]) -> None:
    """Report lines that cannot be read, each of their errors with its path inside the line."""
    for number, fault in faults.items():
        for error in fault.errors:
            out.diagnose(record(file, number, error), f"error: {file}:{number}: {error}")
        if fault.dropped:
            out.notes.print(f"{file}:{number}: and {fault.dropped} more errors in this line")


def record(file: str, number: int, error: FactError) -> dict[str, object]:
    return {
        "severity": "error",
        "file": file,
        "line": number,
        "path": error.path,
        "message": error.message,
    }
