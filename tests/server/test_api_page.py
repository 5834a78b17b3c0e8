"""docs/api.md says what the server does."""

from __future__ import annotations

import re
from pathlib import Path

from suasion.v1 import (
    contact_service_pb2,
    decision_service_pb2,
    fact_service_pb2,
    replay_service_pb2,
    rule_set_service_pb2,
    status_service_pb2,
)

from cli.ask import QUESTIONS
from cli.ask_call import CALLS
from cli.main import VERBS
from server.rpc.errors import BUG, KINDS

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_error_stands_in_the_table() -> None:
    rows = re.findall(r"^\| ([A-Z_]+) \| `([A-Z_]+)` \|", PAGE, flags=re.MULTILINE)
    assert set(rows) == {(kind.code.name, kind.reason) for kind in (*KINDS.values(), BUG)}


def test_every_call_stands_in_the_table() -> None:
    services = (
        contact_service_pb2,
        decision_service_pb2,
        fact_service_pb2,
        replay_service_pb2,
        rule_set_service_pb2,
        status_service_pb2,
    )
    methods = {
        method.name
        for module in services
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    }
    assert set(re.findall(r"^\| (?:\w+Service )?\| `(\w+)` \|", PAGE, flags=re.MULTILINE)) == methods


def test_every_call_is_reached_from_a_shell_as_the_table_says() -> None:
    for method, line in re.findall(
        r"^\| (?:\w+Service )?\| `(\w+)` \| `([^`]+)` \|", PAGE, flags=re.MULTILINE
    ):
        verb, *words = line.split()
        assert verb in VERBS, method
        assert verb != "ask" or words[0] in QUESTIONS, method
        assert words[:1] != ["call"] or words[1] in CALLS, method
