"""crowd and score statements → IR."""

from __future__ import annotations

import itertools

from compiler.checked import ir
from compiler.checked.comparisons import algebra, constant
from compiler.checked.expressions import Typing, article
from compiler.checked.scope import Lookups
from compiler.types import INT, NUMBER, Kind, Type
from dsl import ast


def doc_of(doc: ast.Text | None) -> str:
    return doc.value if doc else ""


def check_crowd(names: Lookups, node: ast.Crowd) -> ir.Crowd:
    typing = Typing(names)
    condition = algebra(typing, node.body) if node.by_algebra else typing.condition(node.body)
    return ir.Crowd(names.scope.qualify(node.name.text), doc_of(node.doc), node.name.span, condition)


def check_score(names: Lookups, node: ast.Score) -> ir.Score:
    typing = Typing(names)
    written = [clause for clause in node.clauses if isinstance(clause, ast.Points)]
    if not written:
        raise names.refuse(
            "S403",
            f"score `{node.name.text}` adds nothing",
            node.name.span,
            "add a line `add 10 points when …`",
        )
    lines = [line for line in (names.attempt(lambda c=c: score_line(typing, c)) for c in written) if line]  # type: ignore[misc]
    type_ = NUMBER if any(line.points.type.kind is Kind.NUMBER for line in lines) else INT
    bands = grades(typing, node, type_)
    return ir.Score(
        names.scope.qualify(node.name.text),
        doc_of(node.doc),
        node.name.span,
        type_,
        as_type(typing, lines, type_),
        bands,
    )


def score_line(typing: Typing, clause: ast.Points) -> ir.ScoreLine:
    points = typing.value(clause.points)
    if points.type.kind not in (Kind.INT, Kind.NUMBER):
        raise typing.names.refuse(
            "S303", f"points are a number, this is {article(points.type)}", clause.points.span
        )
    condition = typing.condition(clause.condition) if clause.condition else None
    return ir.ScoreLine(clause.sign, points, condition, clause.span)


def as_type(typing: Typing, lines: list[ir.ScoreLine], type_: Type) -> tuple[ir.ScoreLine, ...]:
    return tuple(
        ir.ScoreLine(line.sign, typing.convert(line.points, type_, line.span), line.condition, line.span)
        for line in lines
    )


def grades(typing: Typing, node: ast.Score, type_: Type) -> tuple[ir.Band, ...]:
    clauses = [clause for clause in node.clauses if isinstance(clause, ast.Grades)]
    if len(clauses) > 1:
        raise typing.names.refuse("S404", "a score has one `grade` line", clauses[1].span)
    if not clauses:
        return ()
    bands = tuple(band(typing, written, type_) for written in clauses[0].bands)
    require_falling(typing, clauses[0], bands)
    return bands


def band(typing: Typing, written: ast.Band, type_: Type) -> ir.Band:
    if written.threshold is None:
        return ir.Band(written.grade.text, None)
    wanted = NUMBER if isinstance(typing.value(written.threshold), ir.Const) else type_
    return ir.Band(written.grade.text, in_type(constant(typing, written.threshold, wanted), type_))


def in_type(threshold: object, type_: Type) -> float | int:
    """A threshold of an int score may be written 7.5: the total is compared with it as a number."""
    assert isinstance(threshold, (int, float))
    return int(threshold) if type_ == INT and float(threshold).is_integer() else threshold


def require_falling(typing: Typing, clause: ast.Grades, bands: tuple[ir.Band, ...]) -> None:
    names = [band.grade for band in bands]
    if len(set(names)) < len(names):
        raise typing.names.refuse("S404", "a grade stands here twice", clause.span)
    if bands[-1].threshold is not None or any(band.threshold is None for band in bands[:-1]):
        raise typing.names.refuse(
            "S405", "the last grade, and only it, is `… below`", clause.span, "end with `C below`"
        )
    thresholds = [band.threshold for band in bands[:-1]]
    if any(not after < before for before, after in itertools.pairwise(thresholds)):  # type: ignore[operator]
        raise typing.names.refuse("S405", "grades go from the highest threshold down", clause.span)
