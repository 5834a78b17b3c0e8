"""The pages on the language leave out no construct of the grammar."""

from __future__ import annotations

from lark import Lark

from tests.docs.pages import ROOT, blocks

GRAMMAR = (ROOT / "dsl" / "grammar.lark").read_text(encoding="utf-8")
PAGES = [ROOT / "docs" / "language" / name for name in ("README.md", "tests.md")]


def shown() -> str:
    return "\n".join(
        block.text
        for path in PAGES
        for block in blocks(path.read_text(encoding="utf-8"))
        if block.language == "sua"
    )


def constructs(parser: Lark) -> set[str]:
    """All that a tree may be made of; rules that vanish from trees, and those of the parser's own, are left out."""
    names = {
        str(rule.alias or rule.origin.name) for rule in parser.rules if not rule.options.expand1 or rule.alias
    }
    return {name for name in names if not name.startswith("_") and name != "file"}


def test_every_construct_is_shown() -> None:
    parser = Lark(f"{GRAMMAR}\nfile: statement*\n", parser="lalr", start="file", maybe_placeholders=True)
    used = {str(node.data) for node in parser.parse(shown()).iter_subtrees()}
    assert sorted(constructs(parser) - used) == []
