"""RuleSetService on the wire."""

from __future__ import annotations

from suasion.v1 import rule_set_service_pb2 as pb
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceServicer

from server.rpc.calls import Context
from server.rpc.checks import identifier, refusal
from server.rpc.convert.releases import (
    activated_to,
    compared_to,
    published_to,
    rolled_back_to,
    share_from,
    standing_to,
    version_from,
)
from server.rpc.convert.rules import diagnostics_to, rule_set_to, rules_from, shown_to
from server.rpc.paging import page_of, place_from, size_from, token_to
from server.usecases.releases import Releases
from server.usecases.rule_sets import RuleSets


class RuleSetServicer(RuleSetServiceServicer):
    def __init__(self, rule_sets: RuleSets, releases: Releases) -> None:
        self._rule_sets = rule_sets
        self._releases = releases

    async def Check(
        self, request: pb.RuleSetServiceCheckRequest, context: Context
    ) -> pb.RuleSetServiceCheckResponse:
        checked = await self._rule_sets.check(rules_from(request.sources))
        diagnostics, dropped = diagnostics_to(checked.diagnostics, checked.compiled.sources)
        ruleset = checked.compiled.ruleset
        return pb.RuleSetServiceCheckResponse(
            valid=checked.valid,
            diagnostics=diagnostics,
            dropped_diagnostic_count=dropped,
            rule_set=rule_set_to(ruleset) if ruleset else None,
        )

    async def Publish(
        self, request: pb.RuleSetServicePublishRequest, context: Context
    ) -> pb.RuleSetServicePublishResponse:
        rules = rules_from(request.sources)
        return published_to(await self._rule_sets.publish(rules, validate_only=request.validate_only))

    async def List(
        self, request: pb.RuleSetServiceListRequest, context: Context
    ) -> pb.RuleSetServiceListResponse:
        size = size_from(request.page_size)
        listed = await self._rule_sets.list(place_from(request.page_token), size + 1)
        page, last = page_of(listed, size)
        return pb.RuleSetServiceListResponse(
            versions=map(standing_to, page),
            next_page_token=token_to((last.kept.time, last.kept.version)) if last else "",
        )

    async def Get(
        self, request: pb.RuleSetServiceGetRequest, context: Context
    ) -> pb.RuleSetServiceGetResponse:
        shown = await self._rule_sets.show(request.version or None)
        return shown_to(shown, include_sources=request.include_sources)

    async def Diff(
        self, request: pb.RuleSetServiceDiffRequest, context: Context
    ) -> pb.RuleSetServiceDiffResponse:
        before, after = version_from("before", request.before), version_from("after", request.after)
        return compared_to(await self._rule_sets.compare(before, after))

    async def Activate(
        self, request: pb.RuleSetServiceActivateRequest, context: Context
    ) -> pb.RuleSetServiceActivateResponse:
        share, retire = share_from(request), request.retire_plans
        match request.WhichOneof("version_or_sources"):
            case "sources":
                rules = rules_from(request.sources)
                return activated_to(await self._releases.activate_files(rules, share, retire_plans=retire))
            case "version":
                name = identifier("version", request.version)
                return activated_to(await self._releases.activate(name, share, retire_plans=retire))
            case _:
                raise refusal("version_or_sources", "one of `version` and `sources` is required")

    async def Rollback(
        self, request: pb.RuleSetServiceRollbackRequest, context: Context
    ) -> pb.RuleSetServiceRollbackResponse:
        return rolled_back_to(await self._releases.roll_back(request.epoch or None))

    async def Revoke(
        self, request: pb.RuleSetServiceRevokeRequest, context: Context
    ) -> pb.RuleSetServiceRevokeResponse:
        name = identifier("version", request.version)
        revoked = await self._releases.revoke(name, end_waiting=request.end_waiting)
        return pb.RuleSetServiceRevokeResponse(moved_count=revoked.moved, ended_count=revoked.ended)
