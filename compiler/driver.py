"""From `.sua` texts to a checked rule set, and from that to the program that serves it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from threading import Condition
from typing import TYPE_CHECKING

from cachetools import LRUCache, cached

from compiler.checked import ir
from compiler.checked.from_ast import CheckedFiles, check
from compiler.checked.invariants import require_promises
from compiler.checked.modules import Library
from compiler.checked.scope import Scope
from compiler.checked.world import CheckCache
from dsl import ast
from dsl.collector import collector_paused
from dsl.diagnostics import Diagnostic
from dsl.parse import ParseCache, parse
from dsl.source import Source

if TYPE_CHECKING:
    from compiler.decision.program import Program

EDITION = "2026"
"""Of the language: part of every hash."""
STDLIB = Path(__file__).resolve().parent.parent / "stdlib"
PROGRAMS = 32
"""Compiled programs kept, least recently used dropped."""
MOST_NAMED = 1000
"""Modules beside a rule set that are looked through where one is not found."""


@dataclass(slots=True)
class Caches:
    """What makes the next check of nearly the same text quick. Thread-safe; share one among all checks of a process."""

    parsed: ParseCache
    checked: CheckCache

    @classmethod
    def new(cls) -> Caches:
        return cls(ParseCache(), CheckCache())


SHARED = Caches.new()


@dataclass(frozen=True, slots=True)
class Compiled:
    """`ruleset` is None when a diagnostic is an error. `sources` are the given ones and the modules used, by name."""

    ruleset: ir.RuleSet | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    checked: CheckedFiles

    @property
    def tests(self) -> tuple[tuple[ast.Test, Scope, int], ...]:
        return self.checked.tests


class Modules:
    """The library of one compilation: the standard library, and files beside the rule set; parsed once each.

    `beside`: by name, `team/common.sua`, files that are at hand as text.
    """

    def __init__(self, caches: Caches, roots: Sequence[Path], beside: Mapping[str, Source]) -> None:
        self.caches = caches
        self.roots = roots
        self.beside = beside
        self.sources: dict[str, Source] = {}
        self.diagnostics: list[Diagnostic] = []

    def __call__(self, module: str) -> ast.File | None:
        source = self.read(module)
        if source is None:
            return None
        self.sources[source.name] = source
        parsed = parse(source, self.caches.parsed)
        self.diagnostics += parsed.diagnostics
        return parsed.file

    def read(self, module: str) -> Source | None:
        name = f"{module.replace('.', '/')}.sua"
        if name in self.beside and not module.startswith("std."):
            return self.beside[name]
        path = self.find(module)
        return Source(name, path.read_text(encoding="utf-8")) if path else None

    def names(self) -> list[str]:
        """Modules that can be used; of folders beside the rule set, those not far below."""
        found = [f"std.{named(path, STDLIB)}" for path in STDLIB.glob("**/*.sua")]
        beside = (
            named(path, root)
            for root in self.roots
            for below in ("*/*.sua", "*/*/*.sua")
            for path in root.glob(below)
        )
        return [name for name in (*found, *islice(beside, MOST_NAMED)) if not name.endswith("_test")]

    def find(self, module: str) -> Path | None:
        """`std.lifecycle` in the standard library, any other below one of the roots."""
        head, *rest = module.split(".")
        candidates = (
            [STDLIB.joinpath(*rest)]
            if head == "std" and rest
            else [root.joinpath(head, *rest) for root in self.roots]
        )
        return next((path for stem in candidates if (path := stem.with_suffix(".sua")).is_file()), None)


def named(path: Path, root: Path) -> str:
    """The name by which a rule set uses a file below a root."""
    return ".".join(path.relative_to(root).with_suffix("").parts)


@collector_paused()
def compile_ruleset(
    sources: Iterable[Source],
    roots: Sequence[Path] = (),
    caches: Caches = SHARED,
    beside: Iterable[Source] = (),
) -> Compiled:
    """Parse and check texts as one rule set.

    `use a.b` finds `a/b.sua` among the files `beside`, else in the folders `roots`; `use std.…` is always the standard
    library.
    """
    given = list(sources)
    parsed = [parse(source, caches.parsed) for source in given]
    modules: Library = Modules(caches, roots, {source.name: source for source in beside})
    assert isinstance(modules, Modules)
    broken = [(one.keyword or "", one.name or "") for each in parsed for one in each.broken]
    checked = check([each.file for each in parsed], modules, caches.checked, broken, modules.names)
    diagnostics = (
        *(finding for each in parsed for finding in each.diagnostics),
        *modules.diagnostics,
        *checked.diagnostics,
    )
    named = {source.name: source for source in given} | modules.sources
    ruleset = None
    if checked.ruleset is not None and not any(each.severity == "error" for each in diagnostics):
        hash = content_hash([each.file for each in parsed], checked.modules)
        ruleset = replace(checked.ruleset, hash=hash, layout=layout(named.values()))
        for definition, parts in checked.fresh:
            require_promises(ruleset, definition, parts)
    return Compiled(ruleset, diagnostics, named, checked)


def content_hash(files: Sequence[ast.File], modules: Mapping[str, ast.File]) -> str:
    """SHA-256 over the language's edition and the trees of all files and of the modules that they use.

    Layout, comments and the order and names of the files do not matter; the order of statements in a file does.
    """
    digest = hashlib.sha256(EDITION.encode())
    texts = sorted(text_of(file) for file in files)
    texts += [f"module {name}\n{text_of(modules[name])}" for name in sorted(modules)]
    for text in texts:
        digest.update(b"\x1e" + text.encode())
    return digest.hexdigest()


def layout(sources: Iterable[Source]) -> bytes:
    digest = hashlib.sha256()
    for source in sources:
        digest.update(f"\x1e{source.name}\x1f{source.text}".encode("utf-8", "surrogatepass"))
    return digest.digest()


def text_of(file: ast.File) -> str:
    return "\n".join(placed.canonical for placed in file.statements)


_programs: LRUCache[tuple[str, bytes], Program] = LRUCache(PROGRAMS)


@cached(_programs, key=lambda ruleset: (ruleset.hash, ruleset.layout), condition=Condition())
def program(ruleset: ir.RuleSet) -> Program:
    """The compiled program of a rule set, from a cache by content and layout, as it says where things stand; threads that ask together compile once."""
    from compiler.decision.program import compile_program  # which whoever only checks rules need not load

    return compile_program(ruleset)
