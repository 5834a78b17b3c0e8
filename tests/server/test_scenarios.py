"""Scenarios 1 to 9 over gRPC: what a server that was told of them decides is what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from suasion.v1 import fact_service_pb2 as facts_pb

from compiler.cases import case
from compiler.cases.from_ast import check_cases
from compiler.driver import compile_ruleset, program
from dsl.source import Source
from tests.server.clock import SetClock
from tests.server.conftest import Run, Running
from tests.server.retell import BEYOND_CALLERS, Told
from tests.stores import SERVED

FILES = sorted((Path(__file__).parents[1] / "scenarios").glob("*.sua"))
LEFT_OUT = {
    "a budget that cannot be read stops marketing",
    "a payment that nobody can look up: not sent",
    "bookings that cannot be looked up: unknown never sends",
    "touches that cannot be read stop marketing alone",
    "with a zone that cannot be read, that of the settings, too",
}
"""Cases that speak of what a caller cannot bring about."""


@pytest.mark.parametrize("store", SERVED)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_server_decides_what_the_scenario_says(
    path: Path, store: str, request: pytest.FixtureRequest, tmp_path: Path, run: Run
) -> None:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    compiled = compile_ruleset([source])
    assert compiled.ruleset is not None
    compared = 0
    for number, placed in enumerate(check_cases(compiled).cases):
        if any(isinstance(line, BEYOND_CALLERS) for line in placed.case.lines):
            assert placed.case.name in LEFT_OUT
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        clock = SetClock("2026-01-01T00:00:00+00:00")
        running = run(Running.start(SERVED[store](request, folder)(), clock=clock, timers=False))
        run(running.client.activate(source.text, source.name))
        for name in compiled.ruleset.lists:
            run(running.client.facts.LoadList(facts_pb.LoadListRequest(list=name)))
        evaluator = program(compiled.ruleset)
        told = Told.of(compiled.ruleset, evaluator, placed.case, running, clock)
        for line in placed.case.lines:
            if not isinstance(line, case.Expectation):
                run(told.line(line))
                continue
            for decide in compiled.ruleset.decides:
                server, story = run(told.decide(decide, reserve=False))
                assert server == story, f"{placed.case.name}, before line {line.span.line}"
                compared += 1
        run(running.stop())
    assert compared
