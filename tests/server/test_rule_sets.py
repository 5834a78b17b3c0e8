"""Versions: what is checked, what serves, what is kept."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
from suasion.v1 import decision_service_pb2 as decisions_pb
from suasion.v1 import rule_set_service_pb2 as pb

from dsl.source import Source
from server.ports import RuleFiles
from tests.server.conftest import RULES, Run, Running, refused
from tests.server.messages import error_info, status_of, subject

BROKEN = RULES.replace("did not order_paid", "did not order_payed")
OTHER = "profile user { id: text key  vip: flag optional }\ncrowd vips { user.vip }\n"


def sources(*files: tuple[str, str]) -> pb.Sources:
    return pb.Sources(files=[pb.SourceFile(name=name, text=text) for name, text in files])


def check(server: Running, run: Run, text: str) -> Any:
    request = pb.RuleSetServiceCheckRequest(sources=sources(("shop.sua", text)))
    return run(server.client.rules.Check(request))


def get(server: Running, run: Run, **request: Any) -> Any:
    return run(server.client.rules.Get(pb.RuleSetServiceGetRequest(**request)))


def test_rules_that_compile_are_said_to_with_what_they_declare(bare: Running, run: Run) -> None:
    answer = check(bare, run, RULES)
    assert answer.valid and not answer.rule_set.active
    assert [each.code for each in answer.diagnostics] == [
        "W410"
    ]  # `loose` is for messages that no plan sends
    assert [(each.name, each.location) for each in answer.rule_set.plans] == [
        ("nudge", "shop.sua:31"),
        ("hello", "shop.sua:37"),
        ("coupon", "shop.sua:42"),
    ]
    assert {each.name for each in answer.rule_set.lists} == {"staff", "do_not_contact"}
    assert (
        next(each for each in answer.rule_set.lists if each.name == "staff").doc
        == "Employees, loaded by hand"
    )


def test_checking_keeps_nothing(bare: Running, run: Run) -> None:
    version = check(bare, run, RULES).rule_set.version
    error = run(refused(bare.client.rules.Get(pb.RuleSetServiceGetRequest(version=version))))
    assert error.code() is grpc.StatusCode.NOT_FOUND


def test_broken_rules_are_an_answer_of_check(bare: Running, run: Run) -> None:
    answer = check(bare, run, BROKEN)
    assert not answer.valid and not answer.HasField("rule_set")
    finding = answer.diagnostics[0]
    assert (finding.severity, finding.file, finding.line) == (pb.SEVERITY_ERROR, "shop.sua", 18)
    assert "order_payed" in finding.message and finding.code in finding.rendered


def test_findings_beyond_the_first_ones_are_counted(bare: Running, run: Run) -> None:
    answer = check(bare, run, "".join(f"crowd c{n} {{ user.x{n} }}\n" for n in range(120)))
    assert len(answer.diagnostics) == 50 and answer.dropped_diagnostic_count >= 70


def test_a_broken_version_leaves_the_old_one_serving(shop: Running, run: Run) -> None:
    before = get(shop, run).rule_set.version
    error = run(refused(shop.client.activate(BROKEN)))
    assert error.code() is grpc.StatusCode.INVALID_ARGUMENT
    status = status_of(error)
    assert error_info(status).reason == "RULES_DO_NOT_COMPILE"
    assert get(shop, run).rule_set.version == before
    answer = run(shop.client.decisions.ListCrowds(decisions_pb.ListCrowdsRequest(subject=subject())))
    assert answer.provenance.version == before


def test_activation_goes_back_and_forth_by_version(shop: Running, run: Run) -> None:
    first = get(shop, run).rule_set
    second = run(shop.client.activate(OTHER))
    assert second.previous_version == first.version and second.rule_set.epoch == first.epoch + 1
    request = pb.RuleSetServiceActivateRequest(version=first.version)
    third = run(shop.client.rules.Activate(request))
    assert third.previous_version == second.rule_set.version
    assert third.rule_set.version == first.version and third.rule_set.epoch == first.epoch + 2
    shown = get(shop, run, version=second.rule_set.version)
    assert not shown.rule_set.active and shown.rule_set.epoch == first.epoch + 1


def test_the_text_of_a_version_is_kept_as_it_was(bare: Running, run: Run) -> None:
    files = (("b.sua", "# é🎈\r\n" + RULES), ("a.sua", "crowd plus { user.tier is plus }\n"))
    run(bare.client.rules.Activate(pb.RuleSetServiceActivateRequest(sources=sources(*files))))
    shown = get(bare, run, include_sources=True)
    assert [(file.name, file.text) for file in shown.sources.files] == list(files)
    assert not get(bare, run).HasField("sources")


def test_modules_come_with_the_files_that_use_them(bare: Running, run: Run) -> None:
    both = sources(("main.sua", "use team.common\n" + OTHER))
    both.modules.add(name="team/common.sua", text="crowd all_of_them { user.vip or not user.vip }\n")
    activated = run(bare.client.rules.Activate(pb.RuleSetServiceActivateRequest(sources=both)))
    assert [each.name for each in activated.rule_set.crowds] == ["vips", "common.all_of_them"]
    version = activated.rule_set.version
    again = run(bare.client.rules.Activate(pb.RuleSetServiceActivateRequest(version=version)))
    assert again.rule_set.version == version
    shown = get(bare, run, include_sources=True)
    assert [file.name for file in shown.sources.modules] == ["team/common.sua"]


def test_a_module_of_a_rule_set_does_not_stand_in_for_the_standard_library(bare: Running, run: Run) -> None:
    fake = sources(("main.sua", "use std.lifecycl\n" + OTHER))
    fake.modules.add(name="std/lifecycl.sua", text="")
    assert not run(bare.client.rules.Check(pb.RuleSetServiceCheckRequest(sources=fake))).valid


def test_a_version_is_named_by_its_content_and_not_by_its_layout(bare: Running, run: Run) -> None:
    first = run(bare.client.activate(OTHER)).rule_set.version
    again = run(bare.client.activate("# a remark\n\n" + OTHER.replace("  vip", "\n  vip"))).rule_set.version
    assert first == again


def test_warnings_come_with_an_activation(bare: Running, run: Run) -> None:
    answer = run(bare.client.activate(OTHER + "crowd odd { user.vip and not user.vip }\n"))
    assert all(each.severity == pb.SEVERITY_WARNING for each in answer.diagnostics)


def test_decisions_go_on_through_64_activations_each_with_one_version(shop: Running, run: Run) -> None:
    versions = [OTHER + f'plan p{n} {{ send push "{n}" }}\ndecide only {{ among p{n} }}\n' for n in range(8)]

    async def activate(n: int) -> tuple[str, int, str]:
        answer = await shop.client.activate(versions[n % 8])
        return f"p{n % 8}", answer.rule_set.epoch, answer.rule_set.version

    async def decide(n: int) -> tuple[str, str]:
        request = decisions_pb.MatchPlanRequest(subject=subject(f"u{n}"), decide="only")
        answer = await shop.client.decisions.MatchPlan(request)
        return answer.plans[0].plan, answer.provenance.version

    async def both() -> tuple[list[Any], list[Any]]:
        await activate(0)
        work = [each for n in range(64) for each in (activate(n), decide(n))]
        done = await asyncio.gather(*work)
        return done[::2], done[1::2]

    activated, decided = run(both())
    plan_of = {version: plan for plan, _, version in activated}
    assert [plan_of[version] for _, version in decided] == [plan for plan, _ in decided]
    assert len({epoch for _, epoch, _ in activated}) == 64
    last = max(activated, key=lambda each: each[1])
    assert get(shop, run).rule_set.version == last[2]


def test_a_version_that_compiles_to_another_one_is_not_served(shop: Running, run: Run) -> None:
    serving = get(shop, run).rule_set.version
    kept = RuleFiles((Source("shop.sua", OTHER),))
    run(shop.stores.rules.put("f" * 64, kept, 0))  # as an older standard library would have named it
    error = run(refused(shop.client.rules.Activate(pb.RuleSetServiceActivateRequest(version="f" * 64))))
    assert error.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert error_info(status_of(error)).reason == "VERSION_NOT_REPRODUCIBLE"
    assert get(shop, run).rule_set.version == serving


def test_broken_tests_are_found_and_stop_nothing(bare: Running, run: Run) -> None:
    text = OTHER + 'test "odd" { now 2026-03-01 expect user in nowhere }\n'
    answer = check(bare, run, text)
    assert not answer.valid and "nowhere" in answer.diagnostics[0].message
    assert answer.HasField("rule_set") and run(bare.client.activate(text)).rule_set.active


def test_the_facts_that_a_version_knows_of_are_shown(shop: Running, run: Run) -> None:
    schema = get(shop, run).schema
    assert schema.user_key == "id"
    assert [(each.name, each.type, each.optional, each.default_json) for each in schema.attributes] == [
        ("id", "text", False, ""),
        ("timezone", "timezone", False, '"UTC"'),
        ("country", "text", True, ""),
        ("tier", "choice(free, plus, pro)", True, ""),
        ("email_ok", "flag", False, "false"),
    ]
    assert [(each.name, each.type) for each in schema.inputs] == [("page", "text")]
    assert {each.name: [(one.name, one.type) for one in each.fields] for each in schema.events} == {
        "cart_add": [("sku", "text"), ("price", "money EUR")],
        "order_paid": [("total", "money EUR")],
    }
