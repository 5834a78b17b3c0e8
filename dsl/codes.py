"""Every code that a diagnostic can carry, with its title; `docs/errors/<code>.md` explains it.

S0xx the text cannot be read, S1xx it breaks a limit or the frame of a file, S2xx names, S3xx types,
S4xx what a rule means, S5xx tests, W… warnings.
"""

SYNTAX = {
    "S001": "the statement cannot be read",
}

LIMITS = {
    "S101": "the file is too large",
}

NAMES: dict[str, str] = {}

TYPES: dict[str, str] = {}

MEANING: dict[str, str] = {}

TESTS: dict[str, str] = {}

WARNINGS: dict[str, str] = {}

CODES = SYNTAX | LIMITS | NAMES | TYPES | MEANING | TESTS | WARNINGS
