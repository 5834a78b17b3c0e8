"""`suasion demo`, through its real server on a free port."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import grpc

from cli.demo_questions import Client, send
from cli.purchases import PUBLISHED, purchases
from server.stores import memory_stores
from server.wiring import Service
from tests.docs.demo_picture import PICTURE, texts

ROOT = Path(__file__).resolve().parents[2]
SUASION = [sys.executable, "-m", "cli.main", "demo"]
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("SUASION_")},
    "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'protos'}",
    "PYTHONTZPATH": "",
}


@cache
def told() -> dict[str, Any]:
    done = subprocess.run(
        [*SUASION, "--format", "json"], capture_output=True, text=True, env=ENVIRONMENT, cwd=ROOT, check=True
    )
    envelope = json.loads(done.stdout)
    assert envelope["ok"] and envelope["diagnostics"] == []
    data: dict[str, Any] = envelope["data"]
    return data


def test_all_purchases_are_recorded_once() -> None:
    assert told()["events"] == {"recorded": 6919, "repeated": 0}


def test_crowds_are_as_published() -> None:
    found = {each["crowd"]: each["customers"] for each in told()["repeats"]}
    assert found == PUBLISHED
    assert all(each["customers"] == each["published"] for each in told()["repeats"])


def test_each_customer_has_one_best_plan_or_none() -> None:
    assert sum(told()["best_plans"].values()) == told()["customers"] == 2357


def reasons(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from answer.get("reasons", ())
    for plan in answer.get("plans", ()):
        yield from plan.get("reasons", ())


def test_a_handful_of_best_plans_each_with_reasons_and_lines() -> None:
    assert len(told()["matched"]) == 5
    assert {answer["plan"] for answer in told()["matched"].values()} == {
        "thank_you",
        "new_releases",
        "come_back",
        "second_chance",
    }
    for answer in told()["matched"].values():
        assert all(reason["text"] and ":" in reason["location"] for reason in reasons(answer))
        losers = [plan for plan in answer["plans"] if plan["plan"] != answer["plan"]]
        assert all(plan["reasons"] for plan in losers)


def test_a_send_a_wait_for_the_morning_and_a_block() -> None:
    send, wait, block = (each["answer"] for each in told()["contacts"])
    assert send["verdict"] == "VERDICT_SEND"
    assert (wait["verdict"], wait["untilTime"]) == (
        "VERDICT_WAIT",
        "1998-07-01T13:00:00Z",
    )  # 09:00 in New York
    assert [reason["code"] for reason in wait["reasons"]] == ["quiet"]
    assert block["verdict"] == "VERDICT_BLOCK"
    assert [reason["code"] for reason in block["reasons"]] == ["never"]


def test_the_stream_can_be_sent_again() -> None:
    async def twice() -> tuple[int, int, int, int]:
        service = await Service.build(memory_stores(), clock="events")
        async with grpc.aio.insecure_channel(await service.start("127.0.0.1:0")) as channel:
            client, events = Client(channel), purchases()
            first = await send(client, events, lambda done: None)
            again = await send(client, events, lambda done: None)
        await service.stop()
        return first.recorded, first.repeated, again.recorded, again.repeated

    assert asyncio.run(twice()) == (6919, 0, 0, 6919)


def test_keep_leaves_it_serving_until_it_is_interrupted() -> None:
    command = [*SUASION, "--keep", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(
        command, env=ENVIRONMENT, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None and demo.stderr is not None
        said = next(line for line in demo.stderr if "until Ctrl-C" in line)
        address = next(word for word in said.split() if word.startswith("127.0.0.1:"))
        with grpc.insecure_channel(address) as channel:
            grpc.channel_ready_future(channel).result()
        demo.send_signal(signal.SIGINT)
        shown, _ = demo.communicate()
        assert demo.returncode == 0
    assert without_blanks(shown) == without_blanks("".join(texts(PICTURE.read_text(encoding="utf-8")))), (
        "docs/demo.svg is not of this demo: python -m tests.docs.demo_picture"
    )


def without_blanks(text: str) -> str:
    return "".join(text.split())


def test_an_address_that_cannot_be_had_is_said_so() -> None:
    done = subprocess.run(
        [*SUASION, "--listen", "198.51.100.1:1"], capture_output=True, text=True, env=ENVIRONMENT, cwd=ROOT
    )
    assert done.returncode == 2
    assert "cannot listen on `198.51.100.1:1`" in done.stderr
    assert done.stdout == ""
