"""Lays out 10,000 generated rule sets: twice is as once, and content hash and comments stay.

Nine minutes of one core, spread over all: `python -m tests.dsl.full [rule sets]`. Prints every rule set that changed, and exits
1 when there is one. Its last result is in docs/claims.md.

Half are rule sets that check, the others trees of every kind of node; each with comments and blanks between any words.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from multiprocessing import Pool

from compiler.driver import compile_ruleset, content_hash
from dsl.format import format_file
from dsl.parse import parse
from dsl.source import Source
from tests.agreement.rulesets import rules, whole
from tests.dsl.comments import comments, strewn
from tests.dsl.trees import Trees, text_of


def generated(seed: int) -> str:
    makers = (
        whole,
        lambda seed: text_of(Trees(seed).file()),
        rules,
        lambda seed: text_of(Trees(seed).file()),
    )
    return strewn(makers[seed % 4](seed), random.Random(seed))


def hash_of(text: str, seed: int) -> str:
    """As a version is named; trees that do not check are hashed all the same."""
    source = Source("generated.sua", text)
    if seed % 2:
        parsed = parse(source)
        assert not parsed.diagnostics, seed
        return content_hash([parsed.file], {})
    ruleset = compile_ruleset([source]).ruleset
    assert ruleset, seed
    return ruleset.hash


def changes(seed: int) -> list[str]:
    """What laying out changed that it should not have."""
    text = generated(seed)
    once = format_file(Source("generated.sua", text))
    held = {
        "left as it was": once == text,
        "not stable": format_file(Source("generated.sua", once)) != once,
        "another hash": hash_of(once, seed) != hash_of(text, seed),
        "other comments": comments(once) != comments(text),
    }
    return [what for what, is_so in held.items() if is_so]


def main(count: int) -> int:
    found: Counter[str] = Counter()
    with Pool() as pool:
        for seed, what in enumerate(pool.imap(changes, range(count), chunksize=20)):
            found.update(what)
            print(*(f"seed {seed}: {each}" for each in what), sep="\n", end="\n" if what else "")
            if sys.stderr.isatty():
                print(f"\r{seed + 1:,} rule sets", end="", file=sys.stderr)
    print(f"{count:,} rule sets: {dict(found) or 'all stable, with their hash and their comments'}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
