"""Plans and decides."""

from __future__ import annotations

from dsl.ast.declarations import Clause, Statement
from dsl.ast.expressions import Expr
from dsl.ast.parts import Duration, Name, Node, Ref, Text, Unit
from dsl.frozen import dataclass


@dataclass(frozen=True, slots=True)
class For(Clause):
    crowd: Ref
    where: Expr | None


@dataclass(frozen=True, slots=True)
class Unless(Node):
    event: Ref
    same: Name | None
    where: Expr | None


@dataclass(frozen=True, slots=True)
class On(Clause):
    event: Ref
    where: Expr | None
    when: Expr | None
    wait: Duration | None
    unless: Unless | None


@dataclass(frozen=True, slots=True)
class KindIs(Clause):
    """`kind transactional`: marketing, transactional or legal."""

    kind: str


@dataclass(frozen=True, slots=True)
class Tagged(Clause):
    tags: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class PartOf(Clause):
    campaign: Ref


@dataclass(frozen=True, slots=True)
class Completes(Clause):
    plan: Ref


@dataclass(frozen=True, slots=True)
class CountNothing(Clause):
    pass


@dataclass(frozen=True, slots=True)
class Term(Clause):
    """One of `value cost propensity context lever priority needs` with its expression."""

    keyword: str
    expr: Expr


@dataclass(frozen=True, slots=True)
class Let(Clause):
    name: Name
    expr: Expr


@dataclass(frozen=True, slots=True)
class Argument(Node):
    name: Name
    expr: Expr


@dataclass(frozen=True, slots=True)
class Step(Node):
    """`email "discount" with percent = percent`."""

    channel: Name
    content: Text
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Send(Clause):
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Obey(Clause):
    """`obey gentle, strict`; no policy at all is `obey nothing`."""

    policies: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Expires(Clause):
    duration: Duration


@dataclass(frozen=True, slots=True)
class Plan(Statement):
    name: Name
    was: Name | None
    doc: Text | None
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Among(Clause):
    plans: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class RankBy(Clause):
    expr: Expr
    then_listed_order: bool


@dataclass(frozen=True, slots=True)
class AtMost(Clause):
    limit: int
    per: Unit


@dataclass(frozen=True, slots=True)
class Decide(Statement):
    name: Name
    doc: Text | None
    clauses: tuple[Clause, ...]
