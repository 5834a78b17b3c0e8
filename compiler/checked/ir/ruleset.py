"""A whole rule set."""

from __future__ import annotations

from collections.abc import Mapping

from compiler.checked.ir.definitions import Crowd, EventDef, FieldDef, Policy, Score, Settings
from compiler.checked.ir.plans import Campaign, Decide, Plan
from dsl.frozen import dataclass
from dsl.source import Place, Span


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version, immutable. Mappings are in the order of the text, crowds and scores after those that they need."""

    hash: str
    """Lower-case hex SHA-256 of canonical source, the standard library used, and the language edition."""
    settings: Settings
    user_key: str | None
    """The attribute marked `key`."""
    user_zone: str | None
    """The first attribute of type timezone."""
    attributes: Mapping[str, FieldDef]
    inputs: Mapping[str, FieldDef]
    events: Mapping[str, EventDef]
    lists: Mapping[str, str]
    """Name -> doc."""
    crowds: Mapping[str, Crowd]
    scores: Mapping[str, Score]
    policies: Mapping[str, Policy]
    campaigns: Mapping[str, Campaign]
    plans: Mapping[str, Plan]
    decides: Mapping[str, Decide]
    origins: Mapping[str, tuple[str, int]]
    """Definition key -> (file, line of its statement)."""
    layout: bytes = b""
    """SHA-256 of the files as they are: rule sets of one hash differ in it where something stands elsewhere."""

    def place(self, key: str, span: Span) -> Place:
        """Where a span of the definition `key` stands in its file."""
        file, line = self.origins[key]
        return Place(file, Span(span.line + line - 1, span.column, span.end_line + line - 1, span.end_column))
