"""Functions of versions."""

from __future__ import annotations

from compiler.builtins.function import Function, Overload
from compiler.types import VERSION, Kind
from compiler.versions import parse_version

VERSION_FUNCTIONS = (
    Function(
        "version",
        "the text as a version of SemVer 2.0.0, which orders by precedence and without regard to build "
        'metadata; missing when it is none; where a version is compared, a constant is written without: `"1.10.0"`',
        'version("1.10.0") > "1.9.3"',
        (Overload((Kind.TEXT,), VERSION, parse_version),),
    ),
)
