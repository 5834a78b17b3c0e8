"""Workers of a channel that are frozen (SIGSTOP) in the middle of a send, longer than their lease.

As a program, such a worker: `python -m tests.reliability.freezing SERVER SENT CONTACT…` sends each contact by the protocol of
docs/messages.md and adds it to the file SENT. It says `sending CONTACT` before it does, and does once it is told so.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import uuid
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import grpc
from google.protobuf.duration_pb2 import Duration
from suasion.v1 import contact_pb2
from suasion.v1 import contact_service_pb2 as pb

from tests.reliability.channels import REFUSED, uncertain
from tests.reliability.claims import reserve, servers
from tests.reliability.places import Place
from tests.reliability.process import PAUSE, ROOT, Client

LEASE = Duration(seconds=1)
FROZEN = 0.5
"""Of those that send, so many are frozen."""


async def frozen_send_once(place: Place, contacts: int, workers: int, seed: int) -> str:
    """Several workers want to send the same contacts. Many are frozen in the middle of it until their contact is given up as
    uncertain and the others have come to it: each contact is sent once, and its outcome is known in the end."""
    dice, sent = random.Random(seed), place.folder / "sent"
    sent.touch()
    async with servers(place, 1) as ((server, client),):
        answers = await asyncio.gather(*(reserve(client, "hello", f"u{each}") for each in range(contacts)))
        ids = [each.contact.contact_id for each in answers]
        works = (freezing(server.address, sent, ids, client, dice) for _ in range(workers))
        frozen = sum(await asyncio.gather(*works))
        states = [each.state for each in await all_of(client, contacts)]
    assert sorted(sent.read_text().split()) == sorted(ids)
    assert states == [contact_pb2.CONTACT_STATE_CONFIRMED] * contacts
    assert frozen
    return f"{contacts} sent once each, of {workers} workers one was frozen in the middle {frozen} times"


async def freezing(address: str, sent: Path, ids: list[str], client: Client, dice: random.Random) -> int:
    """One worker, from start to end; how often it was frozen."""
    frozen = 0
    process = await worker(address, sent, dice.sample(ids, len(ids)))
    assert process.stdout is not None and process.stdin is not None
    while line := await process.stdout.readline():
        if dice.random() < FROZEN:
            frozen += 1
            process.send_signal(signal.SIGSTOP)
            await given_up(client, line.split()[1].decode())
            process.send_signal(signal.SIGCONT)
        process.stdin.write(b"send\n")
    assert await process.wait() == 0
    return frozen


async def worker(address: str, sent: Path, ids: list[str]) -> Process:
    environment = {**os.environ, "PYTHONTZPATH": "", "PYTHONPATH": f"{ROOT}:{ROOT / 'protos'}"}
    command = (sys.executable, "-m", "tests.reliability.freezing", address, str(sent), *ids)
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdin=PIPE, stdout=PIPE)


async def given_up(client: Client, contact: str) -> None:
    """Once it is uncertain, and another has asked for it."""
    while contact not in {each.contact_id for each in await uncertain(client)}:
        await asyncio.sleep(PAUSE)
    assert not await dispatched(client, contact)


async def all_of(client: Client, contacts: int) -> list[contact_pb2.Contact]:
    requests = (pb.HistoryRequest(user_id=f"u{each}") for each in range(contacts))
    pages = await asyncio.gather(*(client.contacts.History(each) for each in requests))
    return [contact for page in pages for contact in page.contacts]


# ---- a worker


async def dispatched(client: Client, contact: str) -> int:
    """The fencing token; 0 if it may not go out."""
    request = pb.DispatchRequest(contact_id=contact, request_id=uuid.uuid4().hex, lease_duration=LEASE)
    try:
        answer = await client.until_answered(client.contacts.Dispatch, request)
    except grpc.aio.AioRpcError as error:
        if error.code() in REFUSED:
            return 0
        raise
    return int(answer.contact.fencing_token)


async def work(address: str, sent: Path, ids: list[str]) -> None:
    client = Client(address)
    for id in ids:
        if token := await dispatched(client, id):
            print("sending", id, flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            with sent.open("a") as file:
                file.write(f"{id}\n")
            told = pb.ConfirmRequest(contact_id=id, fencing_token=token)
            await client.until_answered(client.contacts.Confirm, told)
    await client.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]))
