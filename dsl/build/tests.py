"""Tests in the language: each function builds what the rule of its name reads."""

from __future__ import annotations

from dataclasses import replace

from dsl import ast
from dsl.ast import DateTime, Expr, Name, Ref, Text
from dsl.build.spans import Part, of_type, over
from dsl.frozen import dataclass
from dsl.lexer import Token

VERDICTS_OF_A_DECISION = ("nothing", "blocked")
Entries = tuple[ast.Entry, ...]


@dataclass(frozen=True, slots=True)
class Object(ast.Node):
    """`{ … }` in a `given` or a `happens`, which may be empty."""

    entries: Entries


def object(*parts: Part) -> Object:
    return Object(over(*parts), of_type(ast.Entry, parts))


def entry(name: Name, _colon: Token, value: Expr) -> ast.Entry:
    return ast.Entry(over(name, value), name, value)


def test(word: Token, name: Text, *parts: Part) -> ast.Test:
    return ast.Test(over(word, *parts), name, of_type(ast.Clause, parts))


def given_user(word: Token, _user: Token, facts: Object) -> ast.GivenUser:
    return ast.GivenUser(over(word, facts), facts.entries)


def given_input(word: Token, _input: Token, facts: Object) -> ast.GivenInput:
    return ast.GivenInput(over(word, facts), facts.entries)


def given_member(word: Token, _user: Token, negated: Token | None, _in: Token, group: Ref) -> ast.GivenMember:
    return ast.GivenMember(over(word, group), group, negated is not None)


def given_held_out(
    word: Token, _user: Token, _held: Token, _out: Token, _of: Token, scope: Ref
) -> ast.GivenHeldOut:
    return ast.GivenHeldOut(over(word, scope), scope)


def given_sent(
    word: Token,
    _sent: Token,
    channel: Name,
    _by: Token,
    plan: Ref,
    _for: Token | None,
    key: Expr | None,
    tags: tuple[Name, ...] | None,
    held: Token | None,
    _out: Token | None,
    _at: Token,
    time: DateTime,
) -> ast.GivenSent:
    return ast.GivenSent(over(word, time), channel, plan, key, tags, time, held is not None)


def tags(_word: Token, tags: tuple[Name, ...] | Token) -> tuple[Name, ...]:
    return () if isinstance(tags, Token) else tags


def given_used(
    word: Token, _used: Token, amount: ast.Amount, _of: Token, _budget: Token, budget: Ref
) -> ast.GivenUsed:
    return ast.GivenUsed(over(word, budget), amount, budget)


def given_unavailable(word: Token, _unavailable: Token, what: Ref) -> ast.GivenUnavailable:
    return ast.GivenUnavailable(over(word, what), what)


def given_known_since(
    word: Token, event: Ref, _known: Token, _since: Token, time: DateTime
) -> ast.GivenKnownSince:
    return ast.GivenKnownSince(over(word, time), event, time)


def given_occurrence(word: Token, plan: Ref, state: Token, _for: Token, event: Text) -> ast.GivenOccurrence:
    return ast.GivenOccurrence(over(word, event), plan, state == "open", event)


def happens(word: Token, event: Ref, facts: Object | None, _at: Token, time: DateTime) -> ast.Happens:
    return ast.Happens(over(word, time), event, facts.entries if facts else (), time)


def now(word: Token, time: DateTime) -> ast.Now:
    return ast.Now(over(word, time), time)


def reserve(word: Token, decide: Ref) -> ast.Reserve:
    return ast.Reserve(over(word, decide), decide)


# ---- expectations


def expect_that(word: Token, unknown: Token | None, condition: Expr) -> ast.Expect | ast.ExpectDecide:
    span = over(word, condition)
    if unknown is None and (decided := decided_in(condition)):
        return ast.ExpectDecide(span, *decided)
    return ast.Expect(span, condition, unknown is not None)


def decided_in(condition: Expr) -> tuple[Ref, str, None] | None:
    """`best is nothing`, `best is not blocked`: verdicts, unless an attribute of the user stands before them."""
    match condition:
        case ast.Is(left=ast.RefExpr(ref=decide), right=ast.RefExpr(ref=Ref(parts=(word,))), negated=negated):
            is_verdict = word in VERDICTS_OF_A_DECISION and decide.parts[0] != "user"
            return (decide, f"not {word}" if negated else word, None) if is_verdict else None
    return None


def expect_holds_out(word: Token, decide: Ref, _holds: Token, _out: Token, plan: Ref) -> ast.ExpectDecide:
    return ast.ExpectDecide(over(word, plan), decide, "holds out", plan)


def expect_waits(word: Token, decide: Ref, waits: Token) -> ast.ExpectDecide:
    return ast.ExpectDecide(over(word, waits), decide, "waits", None)


def expect_plan(
    word: Token, _plan: Token, plan: Ref, _in: Token | None, decide: Ref | None, verdict: ast.ExpectPlan
) -> ast.ExpectPlan:
    return replace(verdict, span=over(word, verdict), plan=plan, decide=decide)


def verdict(
    words: tuple[Token, ...],
    *,
    channel: Name | None = None,
    content: Text | None = None,
    arguments: tuple[ast.Argument, ...] | None = None,
    time: DateTime | None = None,
    because: tuple[ast.Cause, ...] | None = None,
    to: Ref | None = None,
    rank: Expr | None = None,
) -> ast.ExpectPlan:
    """What is expected, of a plan that `expect_plan` fills in."""
    span = over(words[0], *words, channel, content, arguments, time, because, to, rank)
    return ast.ExpectPlan(
        span,
        Ref(span, ()),
        None,
        " ".join(words),
        channel,
        content,
        arguments or (),
        time,
        because or (),
        to,
        rank,
    )


def sends(
    word: Token,
    channel: Name | None,
    content: Text | None,
    _with: Token | None,
    arguments: tuple[ast.Argument, ...] | None,
) -> ast.ExpectPlan:
    return verdict((word,), channel=channel, content=content, arguments=arguments)


def waits(
    word: Token, _until: Token | None, time: DateTime | None, because: tuple[ast.Cause, ...] | None
) -> ast.ExpectPlan:
    return verdict((word,), time=time, because=because)


def scheduled(word: Token, _for: Token | None, time: DateTime | None) -> ast.ExpectPlan:
    return verdict((word,), time=time)


blocked = waits


def loses(word: Token, _to: Token | None, winner: Ref | None) -> ast.ExpectPlan:
    return verdict((word,), to=winner)


def ranks(word: Token, rank: Expr) -> ast.ExpectPlan:
    return verdict((word,), rank=rank)


def fell(*words: Token) -> ast.ExpectPlan:
    return verdict(words)


def because(_word: Token, *parts: Part) -> tuple[ast.Cause, ...]:
    return of_type(ast.Cause, parts)


def cause(kind: Name, _of: Token | None, owner: Ref | None) -> ast.Cause:
    return ast.Cause(over(kind, owner), kind, owner)
