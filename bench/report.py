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
        self.ratios = Table(
            "How many times as fast as zen-engine's fastest form",
            ("what", "rules", "given to both", "times", "wanted", "zen's form"),
        )
        self.forms = Table("zen-engine's forms, slowest rule last", ("form", "times the fastest"))
        self.costs = Table("Compiling 10,000 crowds", ("step", "seconds"))
        self.notes: list[str] = []

    def ratio(
        self, what: str, rules: int, given: str, times: Times, zen: Sequence[str], ours: str, wanted: str = ""
    ) -> None:
        fastest = times.fastest(zen)
        ratio = times.ratio(fastest, ours)
        micro = f"{times.typical(ours) * 1e6:.1f} and {times.typical(fastest) * 1e6:.1f} µs"
        self.ratios.add(what, f"{rules:,}", given, f"{ratio:.1f}", wanted, fastest)
        print(f"    {micro}")

    def note(self, text: str) -> None:
        self.notes.append(text)
        print(text, flush=True)

    def write(self) -> None:
        words = f"Python {platform.python_version()}, zen-engine {version('zen-engine')}. "
        measured = "\n".join(
            [
                words + " ".join(self.notes) + "\n",
                *(table.text() for table in (self.ratios, self.forms, self.costs)),
            ]
        )
        before, _, rest = README.read_text(encoding="utf-8").partition(START)
        after = rest.partition(END)[2]
        README.write_text(f"{before}{START}\n\n{measured}\n{END}{after}", encoding="utf-8")
