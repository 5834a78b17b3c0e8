"""crowd and score statements → IR."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from compiler.checked import ir
from compiler.checked.comparisons import algebra, constant
from compiler.checked.expressions import Typing, as_number
from compiler.checked.mending import mend
from compiler.checked.scope import Lookups
from compiler.checked.wording import called
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
    lines = [names.attempt(lambda c=c: score_line(typing, c)) for c in written]  # type: ignore[misc]
    type_ = NUMBER if any(line and line.points.type.kind is Kind.NUMBER for line in lines) else INT
    bands = grades(typing, node, type_)
    names.require_whole()
    return ir.Score(
        names.scope.qualify(node.name.text),
        doc_of(node.doc),
        node.name.span,
        type_,
        tuple(of_type(line, type_) for line in lines if line),
        bands,
    )


def score_line(typing: Typing, clause: ast.Points) -> ir.ScoreLine:
    points, condition = typing.names.together(
        lambda: points_of(typing, clause.points),
        lambda: typing.condition(clause.condition) if clause.condition else None,
    )
    return ir.ScoreLine(clause.sign, points, condition, clause.span)


def points_of(typing: Typing, node: ast.Expr) -> ir.Expr:
    points = typing.value(node)
    if points.type.kind not in (Kind.INT, Kind.NUMBER):
        message = f"points are a number, this is {called(points.type)}"
        raise typing.refuse_with("S303", message, node.span, mend(node, points.type, NUMBER))
    return points


def of_type(line: ir.ScoreLine, type_: Type) -> ir.ScoreLine:
    """The line with its points in the type of the score."""
    if line.points.type == type_:
        return line
    return replace(line, points=as_number(line.points, line.span))


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
    """From the highest threshold down, and a last one for the rest."""
    require_once(typing, clause.bands)
    *upper, last = clause.bands
    for band in upper:
        if band.threshold is None:
            raise typing.names.refuse(
                "S405", f"`{band.grade.text} below` takes all the rest", band.span, "write it last"
            )
    if last.threshold is not None:
        raise typing.names.refuse(
            "S405", "which grade is below all of these?", last.span, "add a last one, as in `, C below`"
        )
    for (before, after), band in zip(pairwise(bands[:-1]), upper[1:], strict=True):
        if not after.threshold < before.threshold:  # type: ignore[operator]
            raise typing.names.refuse(
                "S405",
                f"grade `{after.grade}` is never given",
                band.span,
                f"`{before.grade}` takes all from {before.threshold}; write the highest threshold first",
            )


def require_once(typing: Typing, bands: tuple[ast.Band, ...]) -> None:
    seen: set[str] = set()
    for band in bands:
        if band.grade.text in seen:
            message = f"grade `{band.grade.text}` stands here twice"
            raise typing.names.refuse("S404", message, band.grade.span, "give one of them another name")
        seen.add(band.grade.text)
