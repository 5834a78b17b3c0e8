"""Every tree prints to a text that reads as that tree; every text has one layout, which keeps its comments."""

import random
from collections.abc import Iterator

import pytest

from dsl import ast
from dsl.ast import File, Node, Statement, walk
from dsl.diagnostics import render_all
from dsl.format import format_file
from dsl.parse import parse
from dsl.source import Source
from tests.dsl.comments import comments, single_statements, strewn, tokens
from tests.dsl.trees import Trees, text_of

SEEDS = range(12)
FILES = 6  # for each seed


def files(seed: int) -> Iterator[File]:
    return (Trees(1000 * seed + number).file() for number in range(FILES))


def statements(text: str) -> list[Statement]:
    """What a text reads as; it has to be clean."""
    source = Source("trees.sua", text)
    parsed = parse(source)
    assert not parsed.diagnostics, render_all(parsed.diagnostics, [source], limit=3)
    return [placed.statement for placed in parsed.file.statements]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_printed_reads_as_the_same_tree(seed: int) -> None:
    for file in files(seed):
        assert statements(text_of(file)) == [placed.statement for placed in file.statements]


@pytest.mark.parametrize("seed", SEEDS)
def test_layout_is_stable_and_keeps_tree_and_comments(seed: int) -> None:
    dice = random.Random(seed)
    for file in files(seed):
        text = strewn(text_of(file), dice)
        formatted = format_file(Source("trees.sua", text))
        assert statements(formatted) == statements(text)
        assert comments(formatted) == comments(text)
        assert format_file(Source("trees.sua", formatted)) == formatted
        assert all(line == line.rstrip() for line in formatted.split("\n"))


def test_any_blanks_between_the_words_give_the_same_layout() -> None:
    dice = random.Random(7)
    for file in files(7):
        text = "\n".join(" ".join(tokens(one)) for one in single_statements(file))
        assert format_file(Source("trees.sua", text)) == text_of(file)
        spread = "\n".join(spaced(tokens(one), dice) for one in single_statements(file))
        assert text_of(parse(Source("trees.sua", spread)).file) == text_of(file)


def test_the_trees_hold_every_kind_of_node() -> None:
    made = {
        type(node)
        for seed in SEEDS
        for file in files(seed)
        for one in file.statements
        for node in walk(one.statement)
    }
    bases = {Node, ast.Expr, ast.Clause, ast.Statement, ast.Window}
    assert made == set(subclasses(Node)) - bases


def subclasses(kind: type[Node]) -> Iterator[type[Node]]:
    """The kinds of node in the tree's own module; dataclasses with slots leave a twin behind, which has no entry there."""
    for one in kind.__subclasses__():
        if vars(ast).get(one.__name__) is one:
            yield one
        yield from subclasses(one)


def spaced(words: list[str], dice: random.Random) -> str:
    return "".join(word + dice.choice((" ", "  ", "\t", "\n  ", "\n\n   ")) for word in words)
