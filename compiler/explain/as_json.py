"""Explanations as JSON values."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from compiler.cases.texts import ANSWERS
from compiler.explain.node import Node, gaps
from compiler.wire.writing import write_value


def explained_json(node: Node) -> dict[str, Any]:
    """The tree; and for what is not known, why."""
    why = [{"gap": each.gap, "text": each.text, "place": _place(each)} for each in gaps(node)]
    return {**node_json(node), **({"unknown_because": why} if why else {})}


def node_json(node: Node) -> dict[str, Any]:
    """A part: `answer` of a condition, `value` of anything else; what does not apply is left out."""
    found: dict[str, Any] = {"kind": node.kind, "text": node.text, "place": _place(node)}
    if node.is_condition:
        found["answer"] = ANSWERS[node.answer]
    else:
        found |= {"type": str(node.type), "value": write_value(node.type, node.value)}
    found |= {
        "gap": node.gap if node.is_open else None,
        "needs": None if node.margin is None else asdict(node.margin),
        "events": [asdict(each) for each in node.taken],
        "left_out": node.left_out,
        "same_as": None if node.same_as is None else str(node.same_as),
        "parts": [node_json(part) for part in node.parts],
    }
    return {
        name: part for name, part in found.items() if part not in (None, [], 0) or name in ("place", "value")
    }


def _place(node: Node) -> str | None:
    return None if node.place is None else str(node.place)
