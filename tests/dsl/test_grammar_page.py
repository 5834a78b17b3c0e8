"""docs/language/grammar.md says what the parser reads."""

import re
from pathlib import Path

from dsl.diagnostics import render_all
from dsl.grammar import parser
from dsl.parse import ParseCache, parse
from dsl.source import Source

PAGE = (Path(__file__).parents[2] / "docs" / "language" / "grammar.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
RULES = "\n".join(text for kind, text in BLOCKS if not kind)


def test_its_examples_can_be_read() -> None:
    examples = [text for kind, text in BLOCKS if kind == "sua"]
    assert len(examples) >= 4
    for text in examples:
        source = Source("grammar.md", text)
        found = parse(source, ParseCache()).diagnostics
        assert not found, render_all(found, [source])


def test_it_has_the_keywords_of_the_parser_and_no_others() -> None:
    keywords = set(parser().lexer.keywords)
    written = set(re.findall(r'"([a-z]+)"', RULES))
    # types and verdicts of a decide are names to the parser; what stands in the table of operators is shown in use
    assert written - keywords == {"money", "choice", "set"}
    for word in keywords - written:
        assert re.search(rf"`[^`]*\b{word}\b[^`]*`", PAGE), word
