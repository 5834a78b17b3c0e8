"""The shop's customers shop, and what a server decides about them is done."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from datetime import timedelta
from itertools import islice
from pathlib import Path

from examples.retail.live import RULES, Board, console, run
from examples.retail.shopping import OPENING, customers, events
from suasion_client import Client, ContactState, History
from tests.server.test_process import Serve, serve

__all__ = ["serve"]
ROOT = Path(__file__).resolve().parents[2]
USERS = [each.user for each in customers(40, 3)]


def test_the_same_seed_is_the_same_shopping_in_the_order_of_time() -> None:
    first, again = (list(islice(events(USERS, 3), 2000)) for _ in range(2))
    assert first == again != list(islice(events(USERS, 4), 2000))
    assert [each.time for each in first] == sorted(each.time for each in first)
    assert len({each.id for each in first}) == 2000
    assert {each.type for each in first} >= {
        "page_view",
        "order_created",
        "order_paid",
        "refund",
        "complaint",
    }


def test_orders_are_placed_before_they_are_paid_and_paid_before_they_come_back() -> None:
    seen: dict[str, set[str]] = {"page_view": set(), "order_created": set(), "order_paid": set()}
    before = {"order_created": "page_view", "order_paid": "order_created", "refund": "order_paid"}
    for each in islice(events(USERS, 3), 2000):
        order = each.fields.get("order")
        if order and each.type in before:
            assert order in seen[before[each.type]]
        if order and each.type in seen:
            seen[each.type].add(order)


def test_what_is_summed_up_is_what_the_server_has_written_down(serve: Serve) -> None:
    address, board = serve(str(RULES), "--clock", "events", "--no-access-log").address, Board(console())
    asyncio.run(run(address, 300, 30.0, 40, 3, board))
    with Client(address, seconds=30) as suasion:
        kept = [each for user in USERS for each in suasion.ask(History(user, most=1000)).contacts]
    assert board.events == 300
    became, sent = board.sums["became of it"], board.sums["verdict"]["send"]
    assert sent == became.total() > 0
    assert became["too late"] * 10 < sent
    for state in (ContactState.CONFIRMED, ContactState.FAILED):
        assert became[state] == sum(each.state is state for each in kept)
    assert not any(each.user == USERS[0] and each.plan == "new_season" for each in kept)  # do_not_contact


def test_it_brings_its_own_server_and_ends_with_the_time_of_the_events() -> None:
    command = [sys.executable, "examples/retail/live.py", "--events", "9999", "--days", "0.2", "--seed", "3"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr
    assert "\x1b" not in done.stdout
    found = re.search(r"^(\d+) events", done.stdout, re.MULTILINE)
    early = [each for each in islice(events(USERS, 3), 9999) if each.time < OPENING + timedelta(days=0.2)]
    assert found and int(found[1]) == len(early)
