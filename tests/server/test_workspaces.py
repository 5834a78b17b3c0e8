"""Workspaces side by side on one server: whatever has the same name in two of them is two things."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from suasion.v1 import contact_service_pb2 as contacts_pb
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import fact_service_pb2 as facts_pb
from suasion.v1 import rule_set_service_pb2 as pb
from suasion.v1 import status_service_pb2 as status_pb
from suasion.v1.status_service_pb2_grpc import StatusServiceStub

from server.adapters.log.sinks import NoLog
from server.rpc.endpoint import Access
from server.stores import mariadb_stores, memory_stores, sqlite_stores
from server.telemetry import telemetry
from server.wiring import jwt_tokens
from server.workspaces import Workspaces
from tests.server.clock import SetClock
from tests.server.conftest import Client, Run, refused
from tests.server.decide_shop import TEN
from tests.server.messages import error_info, event, profile, record, status_of, subject
from tests.server.papers import secret_file, token

RULES = """
profile user {{ id: text key  tier: text optional }}
event paid {{ }}
list staff
crowd payers {{ did paid ever }}
policy once default {{ cap push 1 per day }}
plan hello {{ on paid  send push "{name}"  obey once }}
decide best {{ among hello }}
"""
SHOP, BANK = "shop", "bank"


def stores(kind: str, request: pytest.FixtureRequest, folder: Path, name: str) -> Any:
    if kind == "mariadb":
        url = f"{request.getfixturevalue('mariadb_url')}_{name}"
        return mariadb_stores(url, folder / f"{name}.last-good")
    return memory_stores() if kind == "memory" else sqlite_stores(folder / f"{name}.db")


class Side:
    """What one workspace answers."""

    def __init__(self, channel: grpc.aio.Channel, name: str, run: Run) -> None:
        self.channel = channel
        self.client = Client(channel)
        self.headers = (("suasion-workspace", name),)
        self.run = run

    def ask(self, method: Any, request: Any) -> Any:
        return self.run(method(request, metadata=self.headers))

    def activate(self, name: str) -> str:
        files = [pb.SourceFile(name="rules.sua", text=RULES.format(name=name))]
        request = pb.RuleSetServiceActivateRequest(sources=pb.Sources(files=files))
        version: str = self.ask(self.client.rules.Activate, request).rule_set.version
        return version

    def decide(self) -> Any:
        request = decisions_pb.DecideRequest(
            event=event("e1", "paid", "2026-03-02T10:00:00Z"), request_id="r1"
        )
        return self.ask(self.client.decisions.Decide, request)

    def known(self) -> tuple[Any, ...]:
        """All that can be asked about a user and a workspace."""
        crowds = decisions_pb.CheckCrowdsRequest(subject=subject("u1"), crowds=["payers", "staff"])
        answers = self.ask(self.client.decisions.CheckCrowds, crowds).answers
        history = self.ask(self.client.contacts.History, contacts_pb.HistoryRequest(user_id="u1"))
        staff = self.ask(self.client.facts.GetList, facts_pb.GetListRequest(list="staff"))
        versions = self.ask(self.client.rules.List, pb.RuleSetServiceListRequest()).versions
        acts = self.ask(self.client.rules.ListAudit, pb.RuleSetServiceListAuditRequest()).acts
        stub: Any = StatusServiceStub(self.channel)  # type: ignore[no-untyped-call]
        status = self.ask(stub.Status, status_pb.StatusRequest())
        return (
            [each.answer for each in answers],
            [each.contact_id for each in history.contacts],
            staff.user_count,
            [each.version for each in versions],
            [each.version for each in acts],
            [each.version for each in status.versions],
            status.last_watch_id,
        )


@pytest.fixture(params=["memory", "sqlite", "mariadb"])
def sides(request: pytest.FixtureRequest, run: Run, tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    opened = partial(stores, request.param, request, tmp_path)
    building = Workspaces.build(
        {name: opened(name) for name in (SHOP, BANK)}, lambda _: NoLog(), access=Access(), clock=SetClock(TEN)
    )
    workspaces = run(building)
    channel = grpc.aio.insecure_channel(run(workspaces.start("127.0.0.1:0")))
    yield Side(channel, SHOP, run), Side(channel, BANK, run)
    run(channel.close())
    run(workspaces.stop())


def test_nothing_crosses(sides: tuple[Side, Side]) -> None:
    shop, bank = sides
    versions = shop.activate(SHOP), bank.activate(BANK)
    empty = bank.known()
    assert empty[3:6] == ([versions[1]], [versions[1]] * 2, [versions[1]])

    shop.ask(shop.client.facts.UpsertProfiles, profile("u1", tier="gold"))
    shop.ask(shop.client.facts.LoadList, facts_pb.LoadListRequest(list="staff", user_ids=["u1"]))
    first = shop.decide()
    assert (first.plan, first.contact.content) == ("hello", SHOP)
    assert bank.known() == empty

    before = shop.known()
    other = bank.decide()  # the same user, event, request and cap, which the shop has used up
    assert (other.plan, other.contact.content) == ("hello", BANK)
    assert other.contact.contact_id != first.contact.contact_id
    assert shop.decide() == first and bank.decide() == other
    assert shop.known() == before

    dispatch = contacts_pb.DispatchRequest(contact_id=first.contact.contact_id, request_id="r2")
    error = bank.run(refused(bank.client.contacts.Dispatch(dispatch, metadata=bank.headers)))
    assert error_info(status_of(error)).reason == "UNKNOWN_CONTACT"
    get = pb.RuleSetServiceGetRequest(version=versions[0])
    error = bank.run(refused(bank.client.rules.Get(get, metadata=bank.headers)))
    assert error_info(status_of(error)).reason == "UNKNOWN_VERSION"

    erased = bank.ask(bank.client.facts.EraseUser, facts_pb.EraseUserRequest(user_id="u1"))
    assert erased.event_count == 1
    assert shop.known() == before


def test_a_stream_stays_in_its_workspace(sides: tuple[Side, Side], run: Run) -> None:
    shop, bank = sides
    shop.activate(SHOP)
    bank.activate(BANK)

    async def streamed() -> int:
        call = shop.client.facts.StreamEvents(metadata=shop.headers)
        await call.write(facts_pb.StreamEventsRequest(events=[event("e9", "paid", "2026-03-02T09:00:00Z")]))
        answer = await call.read()
        await call.done_writing()
        count: int = answer.recorded_count
        return count

    assert run(streamed()) == 1
    again = record(event("e9", "paid", "2026-03-02T09:00:00Z"))
    assert shop.ask(shop.client.facts.RecordEvents, again).recorded_count == 0
    assert bank.ask(bank.client.facts.RecordEvents, again).recorded_count == 1


def test_what_is_nowhere_is_not_found(sides: tuple[Side, Side], run: Run) -> None:
    shop, _ = sides
    for headers in ((("suasion-workspace", "nowhere"),), ()):  # none is `default`, which is not here
        error = run(refused(shop.client.rules.List(pb.RuleSetServiceListRequest(), metadata=headers)))
        assert error.code() is grpc.StatusCode.NOT_FOUND
        assert error_info(status_of(error)).reason == "UNKNOWN_WORKSPACE"


def test_health_says_yes_once_a_workspace_has_rules(sides: tuple[Side, Side], run: Run) -> None:
    shop, _ = sides
    stub: Any = health_pb2_grpc.HealthStub(shop.channel)
    asked = health_pb2.HealthCheckRequest(service="suasion.v1.DecisionService")
    before = run(stub.Check(asked)).status
    shop.activate(SHOP)
    assert [before, run(stub.Check(asked)).status] == [
        health_pb2.HealthCheckResponse.NOT_SERVING,
        health_pb2.HealthCheckResponse.SERVING,
    ]


def test_a_token_opens_the_workspaces_that_it_names(run: Run, tmp_path: Path) -> None:
    told = telemetry(None)

    async def codes() -> list[grpc.StatusCode]:
        workspaces = await Workspaces.build(
            {name: memory_stores() for name in (SHOP, BANK)},
            lambda _: NoLog(),
            access=Access(jwt_tokens([secret_file(tmp_path)])),
            telemetry=told,
        )
        channel = grpc.aio.insecure_channel(await workspaces.start("127.0.0.1:0"))
        client = Client(channel)
        bearer = ("authorization", f"Bearer {token(suasion={SHOP: ['author'], 'nowhere': ['author']})}")
        found = []
        for workspace in (SHOP, BANK, "nowhere"):
            headers = (bearer, ("suasion-workspace", workspace))
            found.append(await client.rules.List(pb.RuleSetServiceListRequest(), metadata=headers).code())
        await channel.close()
        await workspaces.stop()
        return found

    assert run(codes()) == [
        grpc.StatusCode.OK,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.NOT_FOUND,
    ]
    seen = {
        sample.labels["suasion_workspace"]
        for family in told.registry.collect()
        for sample in family.samples
        if sample.name == "suasion_facts_undeclared"
    }
    assert seen == {SHOP, BANK}
