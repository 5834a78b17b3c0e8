"""What must hold, whatever dies: each claim at the size that its caller wants. They raise AssertionError where it does not."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import grpc
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from suasion.v1 import answer_pb2, contact_pb2, contact_service_pb2
from suasion.v1 import decision_service_pb2 as pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1.subject_pb2 import Subject

from tests.reliability.places import Mortal, Place
from tests.reliability.process import DOWN, PAUSE, Client, Server

RULES = Path(__file__).parent / "rules.sua"
SEND, BLOCK = answer_pb2.VERDICT_SEND, answer_pb2.VERDICT_BLOCK
Grant: TypeAlias = Callable[[Client, str, str], Awaitable[Any]]
"""What asks a server about a user, and answers with a verdict."""
BATCH = 50
"""Events of a call."""
WAIT_SECONDS = 7200
"""For all that is due; nobody waits for ever."""
PAID = 5
"""One of so many orders is paid at once."""


@asynccontextmanager
async def servers(place: Place, number: int) -> AsyncIterator[list[tuple[Server, Client]]]:
    """Processes at one place, each with a client."""
    processes = [Server(RULES, place) for _ in range(number)]
    for process in processes:
        await process.start()
    pairs = [(each, Client(each.address)) for each in processes]
    try:
        yield pairs
    finally:
        for process, client in pairs:
            await client.close()
            await process.stop()


async def decide(client: Client, decide: str, user: str, **more: Any) -> pb.DecideResponse:
    request = pb.DecideRequest(subject=Subject(user_id=user), decide=decide, **more)
    answer: pb.DecideResponse = await until_uncontended(client.decisions.Decide, request)
    return answer


async def reserve(client: Client, plan: str, user: str) -> contact_service_pb2.ReserveResponse:
    request = contact_service_pb2.ReserveRequest(subject=Subject(user_id=user), plan=plan)
    answer: contact_service_pb2.ReserveResponse = await until_uncontended(client.contacts.Reserve, request)
    return answer


async def until_uncontended(call: Any, request: Any) -> Any:
    """Ask again where too much happened to the user at once, as the error says to: nothing was taken."""
    while True:
        try:
            return await call(request, timeout=60)
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.ABORTED:
                raise


async def cap_is_exact(place: Place, grant: Grant, of: str, cap: int, callers: int, processes: int) -> None:
    """Callers ask for one user at once until each was refused: the cap is granted, not one more. `grant` is `decide`, `of` a
    decide; or `reserve`, and a plan."""
    async with servers(place, processes) as pairs:

        async def ask(client: Client) -> int:
            granted = 0
            while (await grant(client, of, "u1")).verdict == SEND:
                granted += 1
            return granted

        asked = (ask(pairs[each % processes][1]) for each in range(callers))
        assert sum(await asyncio.gather(*asked)) == cap
    assert place.rows("select count(*) from contacts") == [(cap,)]


async def budget_is_exact(place: Place, name: str, budget: int, processes: int) -> None:
    """One decider more than there are vouchers, at once over several processes: the last gets the next plan."""
    async with servers(place, processes) as pairs:
        asked = (decide(pairs[each % processes][1], name, f"u{each}") for each in range(budget + 1))
        plans = Counter(each.plan for each in await asyncio.gather(*asked))
    assert sorted(plans.values()) == [1, budget] and plans["hello"] == 1


async def refusals_keep_nothing(place: Place, refusals: int, callers: int, processes: int, seed: int) -> str:
    """Callers ask for a contact under three limits and a budget, about more users than the budget is for, until it was refused so
    often: what was granted is there and has its part of the budget, nothing else is, and all of it is back once leases have ended."""
    dice, lease = random.Random(seed), Duration(seconds=2)
    verdicts: Counter[int] = Counter()
    async with servers(place, processes) as pairs:

        async def ask(client: Client) -> None:
            while verdicts[BLOCK] < refusals:
                user = Subject(user_id=f"u{dice.randrange(40)}")
                request = contact_service_pb2.ReserveRequest(
                    subject=user, plan="strictly", lease_duration=lease
                )
                verdicts[(await until_uncontended(client.contacts.Reserve, request)).verdict] += 1

        await asyncio.gather(*(ask(pairs[each % processes][1]) for each in range(callers)))
        assert place.rows("select count(*) from contacts") == [(verdicts[SEND],)]
        held = "select count(*) from contacts where state = 'reserved'"
        spent = "select coalesce(sum(amount), 0) from spending"
        begun = time.monotonic()
        async with asyncio.timeout(WAIT_SECONDS):
            while (found := place.rows(f"select ({held}), ({spent})")) != [(0, 0)]:
                ((held_now, spent_now),) = found
                assert held_now == spent_now <= 20
                await asyncio.sleep(PAUSE)
        back = time.monotonic() - begun
    assert sum(verdicts.values()) == verdicts[SEND] + verdicts[BLOCK]
    return f"{verdicts[BLOCK]:,} refused, {verdicts[SEND]:,} granted, all back {back:.1f} s behind the last"


async def failures_give_back_once(place: Place, name: str, budget: int, failing: int, processes: int) -> None:
    """All of a budget is granted; some sends fail, which each of two processes is told at once: so many are granted again."""
    async with servers(place, processes) as pairs:
        clients = [client for _, client in pairs]
        granted = await decided_at_once(clients, name, "u", budget)
        assert "hello" not in {each.plan for each in granted}
        await asyncio.gather(*(fail_twice(clients, each.contact.contact_id) for each in granted[:failing]))
        again = Counter(each.plan for each in await decided_at_once(clients, name, "v", failing + 1))
    assert sorted(again.values()) == [1, failing] and again["hello"] == 1
    spent = "select sum(amount) from spending where owner <> 'plan hello'"
    assert place.rows(spent) == [(budget,)]


async def decided_at_once(
    clients: list[Client], name: str, user: str, number: int
) -> list[pb.DecideResponse]:
    """What is decided about so many users, over all processes."""
    asked = (decide(clients[each % len(clients)], name, f"{user}{each}") for each in range(number))
    return await asyncio.gather(*asked)


async def fail_twice(clients: list[Client], contact: str) -> None:
    """Dispatch through one process, and tell of the failure through it and another."""
    request = contact_service_pb2.DispatchRequest(contact_id=contact, request_id=f"d-{contact}")
    token = (await clients[0].contacts.Dispatch(request, timeout=60)).contact.fencing_token
    failed = contact_service_pb2.FailRequest(contact_id=contact, fencing_token=token)
    answers = await asyncio.gather(*(each.contacts.Fail(failed, timeout=60) for each in clients[:2]))
    assert {each.contact.state for each in answers} == {contact_pb2.CONTACT_STATE_FAILED}


async def kills_lead_nobody_astray(place: Place, users: int, at_once: int, kills: int, seed: int) -> None:
    """Contacts are led to their outcome while the server, and what it rests on, is killed at random, each call
    again until it is answered: there is one for each user, dispatched once, with the outcome that was told; the budget holds what was confirmed."""
    process = Server(RULES, place)
    await process.start()
    client = Client(process.address)
    numbers = iter(range(users))

    async def lead() -> None:
        for number in numbers:
            await led(client, number)

    dice = random.Random(seed)
    async with asyncio.TaskGroup() as tasks:
        for mortal in (process, *place.mortals):
            tasks.create_task(kill_at_random(mortal, kills, dice))
        for _ in range(at_once):
            tasks.create_task(lead())
    await client.close()
    await process.stop()
    became = "select state, token, count(*), count(distinct user_id) from contacts group by state, token order by state"
    failed, confirmed = users // 2, users - users // 2
    assert place.rows(became) == [("confirmed", 1, confirmed, confirmed), ("failed", 1, failed, failed)]
    assert place.rows("select sum(amount) from spending where owner = 'plan gift'") == [(confirmed,)]


async def led(client: Client, number: int) -> None:
    """From the reservation to the outcome: every other one fails."""
    wish = contact_service_pb2.ReserveRequest(
        subject=Subject(user_id=f"u{number}"), plan="gift", request_id=f"r{number}"
    )
    id = (await granted(client, wish)).contact.contact_id
    dispatch = contact_service_pb2.DispatchRequest(contact_id=id, request_id=f"d{number}")
    token = (await client.until_answered(client.contacts.Dispatch, dispatch)).contact.fencing_token
    told = {"contact_id": id, "fencing_token": token}
    if number % 2:
        await client.until_answered(client.contacts.Fail, contact_service_pb2.FailRequest(**told))
    else:
        await client.until_answered(client.contacts.Confirm, contact_service_pb2.ConfirmRequest(**told))


async def granted(client: Client, wish: contact_service_pb2.ReserveRequest) -> Any:
    """Asked again where a store failed that a budget could be looked up in: then it is blocked, and nothing is kept of it."""
    while not (answer := await client.until_answered(client.contacts.Reserve, wish)).HasField("contact"):
        assert answer.verdict == BLOCK and answer.provenance.degraded
    return answer


async def crashes_leak_nothing(place: Place, times: int) -> None:
    """The server is killed before or behind a dispatch: given back, or UNCERTAIN; the budget holds what may have gone out."""
    process = Server(RULES, place)
    client = Client(process.address)
    lease = Duration(seconds=1)
    contacts = []
    for each in range(2 * times):
        await process.start()
        answer = await client.until_answered(
            client.decisions.Decide,
            pb.DecideRequest(
                subject=Subject(user_id=f"u{each}"),
                decide="offer",
                lease_duration=lease,
                request_id=f"r{each}",
            ),
        )
        assert answer.plan == "voucher"
        contacts.append(answer.contact.contact_id)
        if each % 2:
            request = contact_service_pb2.DispatchRequest(
                contact_id=contacts[-1], lease_duration=lease, request_id=f"d{each}"
            )
            await client.until_answered(client.contacts.Dispatch, request)
        await process.kill()
    await process.start()
    for each, contact in enumerate(contacts):
        wanted = contact_pb2.CONTACT_STATE_UNCERTAIN if each % 2 else contact_pb2.CONTACT_STATE_RELEASED
        await settled(client, f"u{each}", contact, wanted)
    await client.close()
    await process.stop()
    assert place.rows("select sum(amount) from spending where owner = 'plan voucher'") == [(times,)]
    assert place.rows("select count(*), count(distinct user_id) from contacts") == [(2 * times, 2 * times)]


async def settled(client: Client, user: str, contact: str, wanted: int) -> None:
    """The user's only contact comes to this state once its lease has ended."""
    async with asyncio.timeout(30):
        while True:
            request = contact_service_pb2.HistoryRequest(user_id=user)
            (found,) = (await client.until_answered(client.contacts.History, request)).contacts
            assert found.contact_id == contact
            if found.state == wanted:
                return
            assert found.state in (contact_pb2.CONTACT_STATE_RESERVED, contact_pb2.CONTACT_STATE_DISPATCHED)
            await asyncio.sleep(PAUSE)


async def cancellations_mix_nothing_up(place: Place, calls: int, at_once: int, seed: int) -> None:
    """Calls are cancelled at random, at whatever point they have come to: every answer is about its own user, whose name
    only the store knows."""
    users = [f"u{each}" for each in range(50)]
    dice = random.Random(seed)
    answered = 0
    async with servers(place, 1) as ((_, client),):
        profiles = [
            facts_pb.Profile(user_id=user, attributes_json=f'{{"nick": "nick of {user}"}}'.encode())
            for user in users
        ]
        await client.facts.UpsertProfiles(facts_pb.UpsertProfilesRequest(profiles=profiles))

        async def ask(count: int) -> int:
            finished = 0
            for _ in range(count):
                user = dice.choice(users)
                request = pb.MatchPlanRequest(subject=Subject(user_id=user), decide="hellos")
                call = client.decisions.MatchPlan(request)
                if dice.random() < 0.5:
                    await asyncio.sleep(dice.random() * 0.02)
                    call.cancel()
                try:
                    (attempt,) = (await call).attempts
                except asyncio.CancelledError:
                    continue
                assert attempt.arguments[0].value_json == f'"nick of {user}"'
                finished += 1
            return finished

        answered = sum(await asyncio.gather(*(ask(calls // at_once) for _ in range(at_once))))
    assert calls // 4 < answered < calls, answered


async def kills_lose_nothing(place: Place, events: int, kills: int, seed: int) -> None:
    """Events come in and reminders come due while the server, and what it rests on, is killed at random, each so many times:
    each acknowledged event is there, each unpaid order is reminded of once, no paid one is, and whoever watches hears of each."""
    dice = random.Random(seed)
    process = Server(RULES, place)
    await process.start()
    client, watcher = Client(process.address), Client(process.address)
    heard: Counter[str] = Counter()
    orders = [f"o{each}" for each in range(events)]
    unpaid = {f"remind/order={order}" for each, order in enumerate(orders) if each % PAID}
    async with asyncio.timeout(WAIT_SECONDS), asyncio.TaskGroup() as tasks:
        for mortal in (process, *place.mortals):
            tasks.create_task(kill_at_random(mortal, kills, dice))
        tasks.create_task(watch(watcher, heard, unpaid))
        for start in range(0, events, BATCH):
            await client.until_answered(client.facts.RecordEvents, batch(orders, start))
            await asyncio.sleep(dice.random() * 0.1)
    await client.close()
    await watcher.close()
    await process.stop()
    paid = events - len(unpaid)
    assert place.rows("select count(*) from events") == [(events + paid,)]
    assert place.rows("select count(*), count(distinct occurrence) from contacts") == [
        (len(unpaid), len(unpaid))
    ]
    assert set(heard) == unpaid


def batch(orders: list[str], start: int) -> facts_pb.RecordEventsRequest:
    """Orders that were created just now, one of PAID of them paid at the same instant and a microsecond."""
    request = facts_pb.RecordEventsRequest()
    now = time.time_ns() // 1000
    for each in range(start, min(start + BATCH, len(orders))):
        types = ("order_created",) if each % PAID else ("order_created", "order_paid")
        for offset, type in enumerate(types):
            request.events.append(
                facts_pb.Event(
                    event_id=f"{orders[each]}-{type}",
                    type=type,
                    user_id=f"u{each % 997}",
                    event_time=Timestamp(seconds=now // 10**6, nanos=(now + offset) % 10**6 * 1000),
                    fields_json=f'{{"order": "{orders[each]}"}}'.encode(),
                )
            )
    return request


async def kill_at_random(mortal: Mortal, kills: int, dice: random.Random) -> None:
    for _ in range(kills):
        await asyncio.sleep(dice.random())
        await mortal.kill()
        await mortal.start()


async def watch(client: Client, heard: Counter[str], wanted: set[str]) -> None:
    """Until all wanted were heard of; goes on behind the last id when the server was away."""
    place = 0
    while set(heard) != wanted:
        try:
            async for each in client.decisions.Watch(pb.WatchRequest(after_id=place)):
                assert each.id > place
                place = each.id
                if each.decision.verdict == SEND:
                    heard[each.decision.contact.occurrence] += 1
                if set(heard) == wanted:
                    return
        except grpc.aio.AioRpcError as error:
            if error.code() not in DOWN:
                raise
            await asyncio.sleep(PAUSE)
