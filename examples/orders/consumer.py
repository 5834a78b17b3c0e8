"""Takes orders of one channel off RabbitMQ, and sends: `python consumer.py AMQP_URL CHANNEL [HOST:PORT]`.

`send` stands for the channel's own way of sending. All the rest is the protocol that every consumer keeps: Dispatch, send, Confirm or
Fail, and acknowledge last.
"""

import asyncio
import json
import sys
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

from suasion_client import AsyncClient, Confirm, Conflict, Contact, Dispatch, Fail, NotFound


async def send(order: dict[str, Any]) -> bool:
    """Whether it went out."""
    print(f"{order['channel']} to {order['user_id']}: {order['content']}", flush=True)
    return True


async def handle(suasion: AsyncClient, message: AbstractIncomingMessage) -> None:
    """One order. If this dies at any point, the broker delivers it again, to whoever comes."""
    order = json.loads(message.body)
    contact = await dispatched(suasion, order["contact_id"])
    if contact is not None:
        what = Confirm if await send(order) else Fail
        await suasion.ask(what(contact.id, contact.fencing_token))
    await message.ack()


async def dispatched(suasion: AsyncClient, id: str) -> Contact | None:
    """It may go out now; None if it may not any more, or was dispatched before: then it may be out already.

    Each try is a request of its own. Under the name of one before, that one's answer would come again, and a second message go out.
    """
    try:
        return await suasion.ask(Dispatch(id))
    except (Conflict, NotFound):
        return None


async def main(url: str, channel_name: str, server: str = "127.0.0.1:50051") -> None:
    async with AsyncClient(server) as suasion, await aio_pika.connect_robust(url) as connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=20)
        queue = await channel.get_queue(f"suasion.default.orders.{channel_name}")
        async with queue.iterator() as orders:
            async for message in orders:
                await handle(suasion, message)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
