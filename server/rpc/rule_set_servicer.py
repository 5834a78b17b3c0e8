"""RuleSetService on the wire."""

from __future__ import annotations

from suasion.v1 import rule_set_service_pb2 as pb
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceServicer

from server.rpc.calls import Context
from server.rpc.checks import refusal
from server.rpc.convert.rules import activated_to, diagnostics_to, rule_set_to, rules_from, shown_to
from server.usecases.rule_sets import RuleSets


class RuleSetServicer(RuleSetServiceServicer):
    def __init__(self, rule_sets: RuleSets) -> None:
        self._rule_sets = rule_sets

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
            rule_set=rule_set_to(ruleset, None, active=False) if ruleset else None,
        )

    async def Activate(
        self, request: pb.RuleSetServiceActivateRequest, context: Context
    ) -> pb.RuleSetServiceActivateResponse:
        match request.WhichOneof("version_or_sources"):
            case "sources":
                return activated_to(await self._rule_sets.activate(rules_from(request.sources)))
            case "version":
                return activated_to(await self._rule_sets.activate_version(request.version))
            case _:
                raise refusal("version_or_sources", "one of `version` and `sources` is required")

    async def Get(
        self, request: pb.RuleSetServiceGetRequest, context: Context
    ) -> pb.RuleSetServiceGetResponse:
        shown = await self._rule_sets.show(request.version or None)
        return shown_to(shown, include_sources=request.include_sources)
