"""Tests in the language as documents to lay out."""

from __future__ import annotations

from collections.abc import Callable

from dsl import ast
from dsl.ast import Entry, Node
from dsl.layout import Break, Doc, Group, Indent
from dsl.printing.declarations import block, constant, words
from dsl.printing.expressions import Printer, arguments, before, expr, listed


def test(node: ast.Test) -> Doc:
    return block(words("test", node.name), [(one, TEST[type(one)](one)) for one in node.clauses], node, True)


def given(word: str) -> Callable[[ast.GivenUser | ast.GivenInput], Doc]:
    return lambda node: (f"given {word} ", entries(node.entries, node.span.end_line))


def entries(parts: tuple[Entry, ...], end_line: int) -> Doc:
    """`{ id: "u1", tier: plus }`; the brace is closed on or before `end_line` of the source."""
    if not parts:
        return Group(("{", Break(end_line, inside=2), "}"))
    items = listed([(one, (f"{one.name.text}: ", expr(one.value))) for one in parts])
    return Group(("{", Indent(2, (before(parts[0]), items)), Break(end_line, inside=2), "}"))


def happens(node: ast.Happens) -> Doc:
    inner = entries(node.entries, node.time.span.line)
    return (f"happens {node.event.text} ", inner, f" at {node.time.lexeme}")


def expect(node: ast.Expect) -> Doc:
    return Group(Indent(4, ("expect unknown " if node.unknown else "expect ", expr(node.condition))))


def given_sent(node: ast.GivenSent) -> Doc:
    key = f"for {constant(node.key)}" if node.key else None
    tags = ", ".join(one.text for one in node.tags) or "nothing" if node.tags is not None else None
    head = words(
        "given sent",
        node.channel,
        "by",
        node.plan,
        key,
        tags and f"tagged {tags}",
        "held out" if node.held_out else None,
    )
    return f"{head} at {node.time.lexeme}"


def expect_plan(node: ast.ExpectPlan) -> Doc:
    decide = f"in {node.decide.text}" if node.decide else None
    head = words("expect plan", node.plan, decide, node.verdict, node.channel, node.content)
    time = f"{'for' if node.verdict == 'scheduled' else 'until'} {node.time.lexeme}" if node.time else None
    because = "because " + ", ".join(map(cause, node.because)) if node.because else None
    to = f"to {node.to.text}" if node.to else None
    rank = constant(node.rank) if node.rank else None
    return Group((words(head, time, because, to, rank), arguments(node.arguments)))


def cause(node: ast.Cause) -> str:
    return f"{node.kind.text} of {node.owner.text}" if node.owner else node.kind.text


def expect_decide(node: ast.ExpectDecide) -> Doc:
    link = None if node.verdict in ("waits", "holds out") else "is"
    return words("expect", node.decide, link, node.verdict, node.plan)


TEST: dict[type[Node], Printer] = {
    ast.GivenUser: given("user"),
    ast.GivenInput: given("input"),
    ast.GivenMember: lambda node: words("given user", "not" if node.negated else None, "in", node.group),
    ast.GivenHeldOut: lambda node: words("given user held out of", node.scope),
    ast.GivenSent: given_sent,
    ast.GivenUsed: lambda node: words("given used", node.amount.lexeme, "of budget", node.budget),
    ast.GivenUnavailable: lambda node: words("given unavailable", node.what),
    ast.GivenKnownSince: lambda node: words("given", node.event, "known since", node.time.lexeme),
    ast.GivenOccurrence: lambda node: words(
        "given", node.plan, "open for" if node.open else "ended for", node.event
    ),
    ast.Happens: happens,
    ast.Now: lambda node: words("now", node.time.lexeme),
    ast.Reserve: lambda node: words("reserve", node.decide),
    ast.Expect: expect,
    ast.ExpectPlan: expect_plan,
    ast.ExpectDecide: expect_decide,
}
