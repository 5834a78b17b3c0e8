"""RuleSetService on the wire."""

from __future__ import annotations

from typing import TypeAlias

from suasion.v1 import rule_set_service_pb2 as pb
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceServicer

from server.ports import By, Deed
from server.rpc.calls import Context
from server.rpc.checks import identifier, instant, refusal
from server.rpc.convert.releases import (
    activated_to,
    compared_to,
    past_to,
    published_to,
    rolled_back_to,
    sample_from,
    schedule_to,
    standing_to,
    version_from,
    whom_from,
)
from server.rpc.convert.reviews import by_from, review_to
from server.rpc.convert.rules import diagnostics_to, rule_set_to, rules_from, shown_to
from server.rpc.paging import page_of, place_from, size_from, token_to
from server.usecases.releases import Releases
from server.usecases.reviews import Reviews
from server.usecases.rule_sets import RuleSets
from server.usecases.schedules import Schedules

Step: TypeAlias = (
    pb.RuleSetServiceSubmitRequest
    | pb.RuleSetServiceApproveRequest
    | pb.RuleSetServiceRejectRequest
    | pb.RuleSetServiceArchiveRequest
)


class RuleSetServicer(RuleSetServiceServicer):
    def __init__(
        self, rule_sets: RuleSets, reviews: Reviews, releases: Releases, schedules: Schedules
    ) -> None:
        self._rule_sets = rule_sets
        self._reviews = reviews
        self._releases = releases
        self._schedules = schedules

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
        by, only = by_from(""), request.validate_only
        return published_to(await self._rule_sets.publish(rules, by, validate_only=only))

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
        by, whom, retire = by_from(request.reason), whom_from(request), request.retire_plans
        sample = sample_from(request)
        name = await self._named(request, by)
        if sample is not None:
            return activated_to(await self._releases.shadow(name, by, sample))
        if request.HasField("activate_time"):
            due = instant("activate_time", request.activate_time)
            schedule = await self._schedules.add(name, by, due, *whom, retire_plans=retire)
            return pb.RuleSetServiceActivateResponse(schedule=schedule_to(schedule))
        return activated_to(await self._releases.activate(name, by, *whom, retire_plans=retire))

    async def _named(self, request: pb.RuleSetServiceActivateRequest, by: By) -> str:
        """The version that is meant, kept from now on."""
        match request.WhichOneof("version_or_sources"):
            case "sources":
                rules = rules_from(request.sources)
                return (await self._rule_sets.publish(rules, by, validate_only=False)).name
            case "version":
                return identifier("version", request.version)
            case _:
                raise refusal("version_or_sources", "one of `version` and `sources` is required")

    async def Unschedule(
        self, request: pb.RuleSetServiceUnscheduleRequest, context: Context
    ) -> pb.RuleSetServiceUnscheduleResponse:
        name = identifier("version", request.version)
        await self._schedules.cancel(name, by_from(request.reason))
        return pb.RuleSetServiceUnscheduleResponse()

    async def ListSchedules(
        self, request: pb.RuleSetServiceListSchedulesRequest, context: Context
    ) -> pb.RuleSetServiceListSchedulesResponse:
        schedules = await self._schedules.all()
        return pb.RuleSetServiceListSchedulesResponse(schedules=map(schedule_to, schedules))

    async def Rollback(
        self, request: pb.RuleSetServiceRollbackRequest, context: Context
    ) -> pb.RuleSetServiceRollbackResponse:
        return rolled_back_to(await self._releases.roll_back(request.epoch or None, by_from(request.reason)))

    async def Revoke(
        self, request: pb.RuleSetServiceRevokeRequest, context: Context
    ) -> pb.RuleSetServiceRevokeResponse:
        name = identifier("version", request.version)
        revoked = await self._releases.revoke(name, by_from(request.reason), end_waiting=request.end_waiting)
        return pb.RuleSetServiceRevokeResponse(moved_count=revoked.moved, ended_count=revoked.ended)

    async def Submit(
        self, request: pb.RuleSetServiceSubmitRequest, context: Context
    ) -> pb.RuleSetServiceSubmitResponse:
        return pb.RuleSetServiceSubmitResponse(review=await self._take(Deed.SUBMITTED, request))

    async def Approve(
        self, request: pb.RuleSetServiceApproveRequest, context: Context
    ) -> pb.RuleSetServiceApproveResponse:
        return pb.RuleSetServiceApproveResponse(review=await self._take(Deed.APPROVED, request))

    async def Reject(
        self, request: pb.RuleSetServiceRejectRequest, context: Context
    ) -> pb.RuleSetServiceRejectResponse:
        if not request.reason:
            raise refusal("reason", "this is required: its authors have to know")
        return pb.RuleSetServiceRejectResponse(review=await self._take(Deed.REJECTED, request))

    async def Archive(
        self, request: pb.RuleSetServiceArchiveRequest, context: Context
    ) -> pb.RuleSetServiceArchiveResponse:
        return pb.RuleSetServiceArchiveResponse(review=await self._take(Deed.ARCHIVED, request))

    async def _take(self, deed: Deed, request: Step) -> pb.Review:
        name = identifier("version", request.version)
        return review_to(await self._reviews.take(name, deed, by_from(request.reason)))

    async def ListAudit(
        self, request: pb.RuleSetServiceListAuditRequest, context: Context
    ) -> pb.RuleSetServiceListAuditResponse:
        size, place = size_from(request.page_size), place_from(request.page_token)
        before = place[0] if place else None
        listed = await self._reviews.acts(request.version or None, before, size + 1)
        page, last = page_of(listed, size)
        return pb.RuleSetServiceListAuditResponse(
            acts=map(past_to, page), next_page_token=token_to((last.act.id, "")) if last else ""
        )
