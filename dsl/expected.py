"""What could stand at a place, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

VALUE = frozenset({"NAME", "NUMBER", "SHARE", "STRING", "DATETIME", "true", "false", "(", "-", "min", "max"})
CONDITION = VALUE | {
    *("did", "not", "pick", "time"),
    *("count", "sum", "average", "distinct", "first", "last"),
}
COMPARISON = frozenset({"COMPARE", "is", "in", "not"})
ARITHMETIC = frozenset({"+", "-", "*", "/", "otherwise"})
WINDOW = frozenset({"within", "ever", "from"})
UNITS = ("second", "minute", "hour", "day", "week")
DURATION_UNITS = frozenset(form for unit in UNITS for form in (unit, f"{unit}s"))
CLAUSES = {
    "settings": frozenset({"timezone", "currency", "week", "rate"}),
    "score": frozenset({"add", "take", "grade"}),
    "policy": frozenset({"quiet", "cap", "cooldown", "block", "allow", "never"}),
    "campaign": frozenset({"holdout", "budget", "once"}),
    "plan": frozenset(
        {
            "for",
            "on",
            "kind",
            "tagged",
            "part",
            "completes",
            "once",
            "count",
            "let",
            "send",
            "obey",
            "expires",
            "budget",
        }
        | {"propensity", "context", "lever", "priority", "needs", "value", "cost"}
    ),
    "decide": frozenset({"among", "holdout", "rank", "at"}),
    "test": frozenset({"given", "happens", "now", "reserve", "expect"}),
}
"""The words that open the clauses of each statement."""
GROUPS = (
    (CLAUSES["plan"], "another clause"),
    (CLAUSES["test"], "another line of the test"),
    (CONDITION, "a condition or a value"),
    (CONDITION - {"not", "pick"}, "a value"),
    (VALUE - {"NAME", "min", "max"}, "a value"),
    (COMPARISON, "a comparison such as `>=`, `is` or `in`"),
    (ARITHMETIC, None),
    (WINDOW, "a window such as `within 7 days`"),
    (DURATION_UNITS, "a unit of time such as `days`"),
)
"""Words that are named together, if all of them could stand there; the first group that fits takes them."""
NEVER_NAMED = frozenset({".", "("})  # unless nothing else could stand there
NAMED = {
    "NAME": "a name",
    "STRING": "a text in quotes",
    "NUMBER": "a number",
    "SHARE": "a share such as `5%`",
    "DATETIME": "a date such as `2026-03-01`",
    "CLOCK": "a time such as `21:00`",
    "CODE": "a currency such as `EUR`",
    "$END": "the end of the statement",
}
SHOWN = 8


def phrases(could: frozenset[str]) -> list[str]:
    """What could stand there, groups of words by what they make, the end of the statement last."""
    return sorted(
        phrases_of(could), key=lambda phrase: (phrase == NAMED["$END"], phrase.startswith("`"), phrase)
    )


def phrases_of(could: frozenset[str]) -> Iterator[str]:
    left = set(could)
    for words, phrase in GROUPS:
        if words <= left:
            left -= words
            if phrase:
                yield phrase
    named = left - NEVER_NAMED if could - NEVER_NAMED else left
    yield from (NAMED.get(word, f"`{word}`") for word in named)


def one_of(could: frozenset[str]) -> str:
    """`a name, `when` or `}``; only so many that one reads them."""
    every = phrases(could)
    listed = every[:SHOWN] + (["…"] if len(every) > SHOWN else [])
    return " or ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)
