"""Names in quotes, and texts without."""

from __future__ import annotations

import re

from dsl.diagnostics import Diagnostic
from dsl.findings import amiss, instead
from dsl.stop import Stop
from dsl.text import quoted

BARE = re.compile(r"[^\s{}\"#,]+")
DESCRIPTION = re.compile(r"[^\n{}\"#=]*[^\s{}\"#=](?=\s*[{=])")


def quoted_name(stop: Stop) -> Diagnostic | None:
    """`crowd "hot cart" {`."""
    if stop.found.kind != "text" or "NAME" not in stop.could:
        return None
    inner = stop.found.text.strip('"').replace("/", "." if stop.statement == "use" else "/")
    name = re.sub(r"[^\w.]+", "_", inner, flags=re.ASCII).strip("_")
    message = f"{quoted(stop.found.text)} is a text, a name stands here"
    if not re.fullmatch(r"[A-Za-z_][\w.]*", name):
        return amiss("S019", message, stop.span(stop.found), "names are written without quotes")
    label = f"names are written without quotes: `{name}`"
    return instead("S019", message, stop.text, stop.found.start, stop.found.end, label, name)


def unquoted_text(stop: Stop) -> Diagnostic | None:
    """`send push nudge`, `timezone Europe/Berlin`, `crowd hot Big cart {`."""
    if stop.found.kind not in ("name", "number") or "STRING" not in stop.could or "NAME" in stop.could:
        return None
    bare = DESCRIPTION.match(stop.text, stop.start)
    if bare is None and stop.could == {"STRING"}:
        bare = BARE.match(stop.text, stop.start)
    is_far = "\n" in stop.text[stop.previous().end : stop.start]
    if bare is None or is_far or not stop.could <= {"STRING", "{", "=", "was", "default"}:
        return None
    message = f"{quoted(bare[0])} should be a text in quotes"
    return instead("S019", message, stop.text, *bare.span(), f'write `"{bare[0]}"`', f'"{bare[0]}"')


def modifier_after_text(stop: Stop) -> Diagnostic | None:
    """`plan x "words" was y`."""
    if stop.previous().kind != "text" or stop.found.text not in ("was", "default") or "{" not in stop.could:
        return None
    message = f"`{stop.found.text}` cannot stand behind the text"
    return amiss("S001", message, stop.span(stop.found), "it comes before the text in quotes")
