"""Collects what was measured, prints it, and writes it into `bench/README.md` between two marks."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from bench.timing import Times

README = Path(__file__).with_name("README.md")
START, END = "<!-- measured: start -->", "<!-- measured: end -->"


@dataclass(slots=True)
class Table:
    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        self.rows.append(cells)
        print(" · ".join(cells), flush=True)

    def text(self) -> str:
        lines = [self.columns, tuple("---" for _ in self.columns), *self.rows]
        return f"### {self.title}\n\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


class Report:
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.ratios = Table(
            "How many times as fast as zen-engine",
            ("what", "rules", "both are given", "times as fast", "wanted", "zen-engine's form"),
        )
        self.forms = Table("zen-engine's forms", ("names of those of 1,000 rules that hold", "time"))
        self.costs = Table("Compiling 10,000 crowds", ("step", "seconds"))
        self.edits = Table("Checking a script of 10,000 lines again", ("after", "milliseconds", "slowest"))

    def ratio(
        self,
        what: tuple[str, int, str],
        times: Times,
        ours: str,
        zens: Sequence[str],
        wanted: int | None = None,
    ) -> None:
        """`what`: the question, the number of rules, and what both sides are given. zen's fastest form counts."""
        question, rules, given = what
        form = times.fastest(zens)
        ratio = f"{times.ratio(form, ours):.1f}"
        self.ratios.add(question, f"{rules:,}", given, ratio, f"{wanted}" if wanted else "", form)

    def note(self, text: str) -> None:
        self.notes.append(text)
        print(text, flush=True)

    def write(self) -> None:
        engines = f"Python {platform.python_version()}, zen-engine {version('zen-engine')}."
        tables = (self.ratios, self.forms, self.costs, self.edits)
        measured = "\n".join([" ".join([engines, *self.notes]) + "\n", *(table.text() for table in tables)])
        before, _, rest = README.read_text(encoding="utf-8").partition(START)
        after = rest.partition(END)[2]
        README.write_text(f"{before}{START}\n\n{measured}\n{END}{after}", encoding="utf-8")
