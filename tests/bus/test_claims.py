"""What must hold between broker and store, in sizes that take seconds; `python -m tests.bus.full` takes the whole."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from cli.private.rabbitmq import RabbitMq
from tests.bus import claims
from tests.bus.broker import as_json
from tests.bus.conftest import Shop
from tests.server.conftest import Run
from tests.stores import SHARED, Open


@pytest.mark.parametrize("stores", SHARED, indirect=True)
def test_two_relays_send_each_order_in_order(stores: Open, rabbitmq_url: str, name: str) -> None:
    asyncio.run(claims.relays_lose_nothing(stores, rabbitmq_url, name, number=640, seed=0))


def test_a_saturated_channel_leaves_others_alone(shop: Shop, run: Run) -> None:
    run(claims.saturated_channel_leaves_others_alone(shop, backlog=500))


def test_what_kills_us_each_time_ends_among_the_dead_letters_alone(
    stores: Open, rabbitmq_url: str, name: str, run: Run
) -> None:
    made, _ = claims.failing(stores())

    async def story() -> Any:
        shop = await Shop.open(lambda: made, rabbitmq_url, name)
        told = ["e1", "bad", "e2"]
        await asyncio.gather(*(shop.broker.tell(as_json(claims.created(id, "u1"))) for id in told))
        await shop.until("recorded", 2)
        letter = await shop.broker.next("dead")
        await shop.close()
        return letter

    letter = run(story())
    assert b'"bad"' in letter.body
    (death,) = letter.headers["x-death"]
    assert death["reason"] == "delivery_limit"


def test_while_the_store_is_away_events_wait_and_none_is_a_dead_letter(
    stores: Open, rabbitmq_url: str, name: str, run: Run
) -> None:
    made, store = claims.failing(stores())

    async def story() -> None:
        shop = await Shop.open(lambda: made, rabbitmq_url, name)
        store.away = True
        await asyncio.gather(*(shop.broker.tell(as_json(claims.created(f"e{n}", "u1"))) for n in range(50)))
        await asyncio.sleep(1)  # not waited for: so long it is tried again
        assert shop.figure("recorded") == 0
        store.away = False
        await shop.until("recorded", 50)
        assert (await (await shop.broker.until_there("dead")).declare()).message_count == 0
        await shop.close()

    run(story())


def test_what_was_taken_is_finished_at_the_end_and_the_rest_is_left(
    stores: Open, rabbitmq_url: str, name: str, run: Run
) -> None:
    async def story() -> int:
        first = await Shop.open(stores, rabbitmq_url, name)
        told = [as_json(claims.created(f"e{number}", f"u{number}")) for number in range(600)]
        telling = asyncio.gather(*(first.broker.tell(each) for each in told))
        while not first.figure("recorded"):
            await asyncio.sleep(0.001)
        await first.running.stop()
        await telling
        await first.broker.close()
        second = await Shop.open(stores, rabbitmq_url, name, rules=None)
        await second.until("recorded", 600 - first.figure("recorded"))
        again = second.figure("known")
        await second.close()
        return int(again)

    assert run(story()) == 0, "nothing was left half-way"


def test_a_broker_that_dies_loses_nothing(
    shop: Shop, rabbitmq_server: RabbitMq, rabbitmq_url: str, name: str, run: Run, tmp_path: Path
) -> None:
    run(
        claims.broker_deaths_lose_nothing(
            shop, rabbitmq_server, rabbitmq_url, name, events=400, kills=1, seed=0
        )
    )
