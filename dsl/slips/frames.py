"""What is opened and not closed, and what no statement starts with."""

from __future__ import annotations

from dsl.diagnostics import Diagnostic, suggest
from dsl.findings import amiss, instead
from dsl.split import STATEMENT_WORDS
from dsl.stop import CLOSER, END, Stop
from dsl.text import quoted

THE_STATEMENTS = f"statements start with {', '.join(STATEMENT_WORDS[:-1])} or {STATEMENT_WORDS[-1]}"
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
    opener, found = stop.opener, stop.found
    if opener is None or CLOSER[opener.text] not in stop.could:
        return None
    if found.kind != END and found.text not in CLOSER.values():
        return None
    wanted = CLOSER[opener.text]
    ends = "the statement ends" if found.kind == END else f"{quoted(found.text)} comes"
    notes = ("a word such as `crowd` or `plan` in column 1 ends a statement: indent what belongs to it",)
    label = f"no `{wanted}` closes this before {ends}"
    return amiss(
        "S009", f"`{opener.text}` is not closed", stop.span(opener), label, *(notes if wanted == "}" else ())
    )


def never_opened(stop: Stop) -> Diagnostic | None:
    if stop.found.text not in CLOSER.values() or stop.opener is not None:
        return None
    span, message = stop.span(stop.found), f"`{stop.found.text}` closes nothing"
    return amiss("S009", message, span, "nothing is open here", fix=(span, ""))
