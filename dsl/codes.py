"""Every code that a diagnostic can carry, with its title; `docs/errors/<code>.md` explains it.

S0xx the text cannot be read, S1xx it breaks a limit or the frame of a file, S2xx names, S3xx types,
S4xx what a rule means, S5xx tests, W… warnings.
"""

SYNTAX = {
    "S001": "the statement cannot be read",
    "S003": "`except` beside `and` or `or` can be read in two ways",
    "S004": "no such date or time",
    "S005": "a number that cannot stand here",
    "S006": "a mark is said twice",
}

LIMITS = {
    "S101": "the file is too large",
    "S102": "a statement is too long",
    "S103": "too much stands inside each other",
    "S104": "a number has too many digits",
    "S105": "a text is too long",
    "S106": "a name is too long",
    "S107": "too many statements follow each other without a new line",
}

NAMES: dict[str, str] = {}

TYPES: dict[str, str] = {}

MEANING: dict[str, str] = {}

TESTS: dict[str, str] = {}

WARNINGS: dict[str, str] = {}

CODES = SYNTAX | LIMITS | NAMES | TYPES | MEANING | TESTS | WARNINGS
