"""docs/messages.md: its rules, its names, its example of an order, and the consumer that it shows."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from typing import Any

from google.protobuf.json_format import Parse
from suasion.v1 import contact_pb2
from suasion.v1.contact_service_pb2 import HistoryRequest

from server.adapters.rabbitmq.names import DELIVERIES, Names
from server.ports import DEFAULT_WORKSPACE, Way
from server.stores import memory_stores
from server.wiring import rabbitmq
from tests.bus.broker import Broker
from tests.docs.pages import ROOT, blocks
from tests.server.conftest import Run, Running

PAGE = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
RULES = next(block.text for block in blocks(PAGE) if block.language == "sua")


def test_the_names_are_those_of_the_page() -> None:
    names = Names(DEFAULT_WORKSPACE)
    told = {*re.findall(r"^\| `(suasion\.default[^`]+)`", PAGE, re.MULTILINE)}
    ways = {names.way(way) for way in Way}
    assert told == {names.events, names.line("LINE"), names.channel("CHANNEL"), names.dead, *ways}
    assert f"is delivered {DELIVERIES} times" in PAGE


def test_the_order_that_is_shown_can_be_read() -> None:
    shown = next(block.text for block in blocks(PAGE) if block.language == "json")
    assert Parse(shown, contact_pb2.Contact()).channel == "sms"


def test_an_event_as_shown_is_sent_by_the_consumer_that_is_shown(rabbitmq_url: str, run: Run) -> None:
    found = re.search(r'`(\{"event": .*?\}\})`', PAGE)
    assert found is not None
    event = json.loads(found[1])
    event["time"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 1))

    async def story() -> tuple[bytes, Any]:
        bus = rabbitmq(rabbitmq_url, ["orders"])
        running = await Running.start(memory_stores(), bus=bus)
        await running.client.activate(RULES)
        broker = await Broker.connect(rabbitmq_url, DEFAULT_WORKSPACE)
        await broker.until_there("orders.sms")
        await broker.tell(json.dumps(event).encode(), "orders")
        consumer = await asyncio.create_subprocess_exec(
            *(sys.executable, ROOT / "examples" / "orders" / "consumer.py", rabbitmq_url, "sms"),
            running.address,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'protos'}"},
            stdout=asyncio.subprocess.PIPE,
        )
        assert consumer.stdout is not None
        async with asyncio.timeout(60):
            line = await consumer.stdout.readline()
            while (contact := await newest(running)).state != contact_pb2.CONTACT_STATE_CONFIRMED:
                await asyncio.sleep(0.02)
        consumer.terminate()
        await consumer.wait()
        await broker.close()
        await running.stop()
        return line, contact

    line, contact = run(story())
    assert line == b"sms to u1: remind\n"
    assert contact.fencing_token == 1


async def newest(running: Running) -> Any:
    (contact,) = (await running.client.contacts.History(HistoryRequest(user_id="u1"))).contacts
    return contact
