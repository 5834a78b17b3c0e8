"""Tests in the language as documents to lay out."""

from __future__ import annotations

from dsl import ast
from dsl.ast import Entry, Node
from dsl.layout import Break, Doc, Group, Indent
from dsl.printing.declarations import block, words
from dsl.printing.expressions import Printer, before, expr, listed


def test(node: ast.Test) -> Doc:
    return block(words("test", node.name), [(one, TEST[type(one)](one)) for one in node.clauses], node, True)


def entries(parts: tuple[Entry, ...]) -> Doc:
    """`{ id: "u1", tier: plus }`."""
    if not parts:
        return "{ }"
    items = listed([(one, (f"{one.name.text}: ", expr(one.value))) for one in parts])
    return Group(("{", Indent(2, (before(parts[0]), items)), Break(parts[-1].span.end_line), "}"))


def happens(node: ast.Happens) -> Doc:
    return (f"happens {node.event.text} ", entries(node.entries), f" at {node.time.lexeme}")


def expect(node: ast.Expect) -> Doc:
    return Group(Indent(4, ("expect unknown " if node.unknown else "expect ", expr(node.condition))))


def expect_plan(node: ast.ExpectPlan) -> Doc:
    because = "because " + ", ".join(one.text for one in node.because) if node.because else None
    preposition = "for" if node.verdict == "scheduled" else "until"
    time = f"{preposition} {node.time.lexeme}" if node.time else None
    tail = (because, time) if node.verdict == "blocked" else (time, because)
    return words("expect plan", node.plan, node.verdict, node.channel, node.content, *tail)


def expect_decide(node: ast.ExpectDecide) -> Doc:
    link = "is" if node.verdict in ("nothing", "blocked") else None
    return words("expect", node.decide, link, node.verdict, node.plan)


TEST: dict[type[Node], Printer] = {
    ast.GivenUser: lambda node: ("given user ", entries(node.entries)),
    ast.GivenInput: lambda node: ("given input ", entries(node.entries)),
    ast.GivenMember: lambda node: words("given user", "not" if node.negated else None, "in", node.group),
    ast.GivenHeldOut: lambda node: words("given user held out of", node.scope),
    ast.GivenSent: lambda node: words("given sent", node.channel, "by", node.plan, "at", node.time.lexeme),
    ast.GivenUsed: lambda node: words("given used", node.amount.lexeme, "of budget", node.budget),
    ast.GivenUnavailable: lambda node: words("given unavailable", node.what),
    ast.GivenKnownSince: lambda node: words("given", node.event, "known since", node.time.lexeme),
    ast.Happens: happens,
    ast.Now: lambda node: words("now", node.time.lexeme),
    ast.Reserve: lambda node: words("reserve", node.decide),
    ast.Expect: expect,
    ast.ExpectPlan: expect_plan,
    ast.ExpectDecide: expect_decide,
}
