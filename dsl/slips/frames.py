"""What is opened and not closed, and what no statement starts with."""

from __future__ import annotations

from dsl.diagnostics import Diagnostic, suggest
from dsl.expected import CLAUSES
from dsl.findings import amiss, instead
from dsl.split import STATEMENT_WORDS
from dsl.stop import CLOSER, END, Stop
from dsl.text import quoted

THE_STATEMENTS = (
    f"statements start with {', '.join(STATEMENT_WORDS[:-1])} or {STATEMENT_WORDS[-1]}; comments with `#`"
)
LEFT_EDGE = (
    "a word such as `crowd` or `plan` in column 1 starts a new statement: indent what belongs to this one"
)
OTHER_WORDS = {
    "audience": "crowd",
    "class": "crowd",
    "cohort": "crowd",
    "define": "crowd",
    "group": "crowd",
    "segment": "crowd",
    "rule": "crowd",
    "import": "use",
    "include": "use",
    "user": "profile",
    "table": "profile",
    "message": "plan",
    "action": "plan",
    "treatment": "plan",
    "limit": "policy",
    "config": "settings",
    "set": "settings",
    "decision": "decide",
}


def unclosed_text(stop: Stop) -> Diagnostic | None:
    if not stop.found.text.startswith('"') or (len(stop.found.text) > 1 and stop.found.text.endswith('"')):
        return None
    label = 'put `"` where it ends; a text stays on one line'
    return amiss("S010", "a text is not closed", stop.span(stop.found), label)


def escaped_quote(stop: Stop) -> Diagnostic | None:
    text = stop.previous()
    if text.kind != "text" or not text.text.endswith('\\"') or not stop.is_joined:
        return None
    label = '`\\` means nothing here; write `""` for a quote inside a text'
    return amiss("S010", f"the text {quoted(text.text)} ends early", stop.span(text), label)


def unknown_statement(stop: Stop) -> Diagnostic | None:
    """The first word of a statement, or a word behind a complete one on a new line."""
    word = stop.found
    starts_line = "\n" in stop.text[stop.previous().end : word.start] and "$END" in stop.could
    if word.kind == END or (stop.before and not starts_line):
        return None
    message = f"no statement starts with {quoted(word.text)}"
    meant = OTHER_WORDS.get(word.text) or suggest(word.text, STATEMENT_WORDS)
    if word.kind == "name" and meant:
        return instead("S011", message, stop.text, word.start, word.end, f"did you mean `{meant}`?", meant)
    if word.text in CLOSER.values():
        return None
    return amiss("S011", message, stop.span(word), "not the start of a statement", THE_STATEMENTS)


def unclosed(stop: Stop) -> Diagnostic | None:
    """The statement ends, or something else is closed, while a brace or parenthesis is open."""
    found, opener = stop.found, stop.openers[-1] if stop.openers else None
    if opener is None or CLOSER[opener.text] not in stop.could or not ends_something(stop):
        return None
    wanted = CLOSER[opener.text]
    before = "the statement ends" if found.kind == END else f"{quoted(found.text)} comes"
    label = f"no `{wanted}` closes this before {before}"
    notes = (LEFT_EDGE,) if wanted == "}" else ()
    return amiss("S009", f"`{opener.text}` is not closed", stop.span(opener), label, *notes)


def ends_something(stop: Stop) -> bool:
    """The end, or a closing sign whose opening one stands further out."""
    return stop.found.kind == END or any(CLOSER[one.text] == stop.found.text for one in stop.openers)


def never_opened(stop: Stop) -> Diagnostic | None:
    if stop.found.text not in CLOSER.values() or ends_something(stop):
        return None
    span, message = stop.span(stop.found), f"`{stop.found.text}` closes nothing"
    return amiss("S009", message, span, "nothing is open here", fix=(span, ""))


def foreign_comment(stop: Stop) -> Diagnostic | None:
    """`// words`, `/* words */`, `-- words`."""
    sign = stop.text[stop.start : stop.start + 2]
    if sign not in ("//", "/*", "--"):
        return None
    return instead(
        "S012", f"{quoted(sign)} starts no comment", stop.text, stop.start, stop.start + 2, "write `#`", "#"
    )


def list_with_users(stop: Stop) -> Diagnostic | None:
    """`list staff { "u1" }`."""
    if stop.statement != "list" or stop.found.text not in ("{", "=", "[", "("):
        return None
    label = "a list is only named here; its users are loaded, or put in by `given user in …` in a test"
    return amiss("S001", f"`{stop.found.text}` cannot stand in a list", stop.span(stop.found), label)


def clause_of_another_statement(stop: Stop) -> Diagnostic | None:
    """`cap push 1 per day` in a plan."""
    owners = [owner for owner, clauses in CLAUSES.items() if stop.found.text in clauses]
    here = CLAUSES.get(stop.statement, frozenset())
    if not owners or stop.statement in owners or not here & stop.could or not starts_clause(stop):
        return None
    message = f"`{stop.found.text}` cannot stand in a {stop.statement}"
    named = OBEYED if stop.statement == "plan" and owners == ["policy"] else ""
    return amiss("S001", message, stop.span(stop.found), f"it belongs in a {' or '.join(owners)}{named}")


def starts_clause(stop: Stop) -> bool:
    """On a line of its own, or a word that is in use for nothing else; a plan's `at` may be plain English."""
    starts_line = "\n" in stop.text[stop.previous().end : stop.start]
    return starts_line or stop.previous().text == "{" or stop.found.text in UNMISTAKABLE


OBEYED = ", which the plan names: `obey gentle`"
UNMISTAKABLE = ("quiet", "cap", "cooldown", "never", "holdout", "among")
