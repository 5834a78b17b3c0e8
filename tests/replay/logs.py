"""Logs for replays, as files: rules, and people who are asked about."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from compiler.driver import compile_ruleset
from compiler.facts_from_json import Reader
from compiler.manifest import OfDecide
from dsl.source import Source
from server.adapters.log.archive import ParquetArchive
from server.adapters.log.columns import SCHEMA
from server.adapters.log.names import new_name
from server.adapters.log.parquet import ParquetSink, write_file
from server.adapters.log.rows import RecordWriter, Row
from server.ports import Record, RuleFiles
from server.replay.open_loop import OpenJob
from server.replay.tally import Tally
from server.usecases.active_rules import Serving

DECIDE = "best"
NOON = "2026-03-02T12:00:00Z"
SHOP = """\
settings { timezone "Europe/Berlin"  currency EUR }
profile user { id: text key  country: text optional  tier: int optional }
event cart { sku: text  price: money EUR }
event order { total: money EUR }
list staff
crowd german { user.country is "de" }
policy gentle default { cap push 2 in any 7 days }
plan nudge {
  on cart wait 1 hour unless order
  once per sku
  send push "nudge"
  value 2 EUR
}
plan hello {
  for german
  send email "hello"
  value 1 EUR
}
decide best { among nudge, hello  rank by value then by listed order }
"""
CART = {"event": "cart", "event_id": "e1", "time": "2026-03-02T10:00:00Z"}
CART |= {"fields": {"sku": "a", "price": {"amount": "9.00", "currency": "EUR"}}}


def serving(text: str) -> Serving:
    source = Source("rules.sua", text)
    compiled = compile_ruleset([source])
    assert compiled.ruleset is not None, compiled.diagnostics
    return Serving.of(compiled.ruleset, [source])


def files(text: str) -> RuleFiles:
    return RuleFiles((Source("rules.sua", text),))


def rows(text: str, documents: Iterable[dict[str, Any]]) -> list[Row]:
    """What a server of these rules puts on record that knows this and is asked for the best plan."""
    of, write = serving(text), RecordWriter(mask=True)
    manifest, read = of.manifest(OfDecide(DECIDE)), Reader(of.ruleset, recorded=True)
    made = []
    for number, document in enumerate(documents):
        facts = read.read_facts({"now": NOON, **document}).value
        user = str(facts.user.get("id", f"u{number}"))
        cut = manifest.cut(facts)
        answer = of.program.decide(DECIDE, facts)
        asked = {"decide": DECIDE}
        record = Record(
            *(
                f"d{number}",
                "match_plan",
                asked,
                user,
                of.version,
                of.ruleset,
                manifest,
                cut,
                answer,
                (),
                (),
                1,
            )
        )
        made.append(write(record))
    return made


def store(directory: Path, made: Iterable[Row], *texts: str) -> ParquetArchive:
    """A log with a file of these rows, and the rules."""
    for text in texts:
        ParquetSink(directory).keep(serving(text).version, files(text))
    write_file(pa.Table.from_pylist(list(made), SCHEMA), directory / f"{new_name('decisions')}.parquet")
    return ParquetArchive(directory)


def replayed(archive: ParquetArchive, base: str, candidate: str) -> Tally:
    """What two texts answer, in this process."""
    texts = {serving(text).version: files(text) for text in (base, candidate)}
    work = OpenJob(archive, serving(base).version, serving(candidate).version, texts)()
    tally = Tally()
    for part in archive.parts():
        tally.merge(work(part))
    return tally


def altered(row: Row, **facts: Any) -> Row:
    """A row with other facts; None takes one out."""
    document = {**orjson.loads(row["facts"]), **facts}
    known = {name: value for name, value in document.items() if value is not None}
    return {**row, "facts": orjson.dumps(known).decode()}
