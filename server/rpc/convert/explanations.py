"""What an answer was made of."""

from __future__ import annotations

from collections.abc import Iterator

from suasion.v1 import answer_pb2 as pb

from compiler.explain.node import Node
from server.rpc.convert.reasons import ANSWERS
from server.rpc.convert.values import json_of


def explanation_to(whole: Node) -> list[pb.ExplainedPart]:
    return [part_to(depth, node) for depth, node in in_depth(whole)]


def in_depth(whole: Node) -> Iterator[tuple[int, Node]]:
    """Every part behind what it is a part of, with its depth."""
    pending = [(0, whole)]
    while pending:
        depth, node = pending.pop()
        yield depth, node
        pending += [(depth + 1, part) for part in reversed(node.parts)]


def part_to(depth: int, node: Node) -> pb.ExplainedPart:
    margin = node.margin
    return pb.ExplainedPart(
        depth=depth,
        kind=node.kind,
        text=node.text,
        location=str(node.place or ""),
        answer=ANSWERS[node.answer] if node.is_condition else pb.ANSWER_UNSPECIFIED,
        value_json="" if node.is_condition else json_of(node.type, node.value),
        gap=node.gap or "",
        needs=margin.needs if margin else "",
        needs_by=(margin.by or "") if margin else "",
        looked_at=[
            pb.LookedAt(
                type=each.event,
                in_window_count=each.in_window,
                taken_count=each.taken,
                unknown_count=each.unknown,
            )
            for each in node.taken
        ],
        left_out_count=node.left_out,
        same_as_location=str(node.same_as or ""),
    )
