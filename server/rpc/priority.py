"""Which calls go first when there are too many: those that are about more than marketing, as the rules say it, and those that lead
on what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from suasion.v1 import decision_service_pb2 as pb

from compiler.checked.ir import RuleSet
from server.rpc.access import admission
from server.rpc.calls import Call, Unreadable
from server.rpc.turns import GoesFirst
from server.usecases.active_rules import ActiveRules


def about_decide(rules: RuleSet, request: Any) -> bool:
    """A plan of some other kind may be the answer."""
    decides = [request.decide] if request.decide else rules.decides
    plans = (plan for name in decides if name in rules.decides for plan in rules.decides[name].plans)
    return any(rules.plans[plan].kind != "marketing" for plan in plans)


def about_contact(rules: RuleSet, request: Any) -> bool:
    if request.HasField("message"):
        return request.message.kind in (pb.MESSAGE_KIND_TRANSACTIONAL, pb.MESSAGE_KIND_LEGAL)
    return request.plan in rules.plans and rules.plans[request.plan].kind != "marketing"


def never(rules: RuleSet, request: Any) -> bool:
    return False


ASKING: Mapping[str, Callable[[RuleSet, Any], bool]] = {
    "/suasion.v1.DecisionService/Decide": about_decide,
    "/suasion.v1.DecisionService/MatchPlan": about_decide,
    "/suasion.v1.DecisionService/CheckContact": about_contact,
    "/suasion.v1.ContactService/Reserve": about_contact,
    "/suasion.v1.DecisionService/CheckCrowds": never,
    "/suasion.v1.DecisionService/ListCrowds": never,
    "/suasion.v1.DecisionService/BatchDecide": never,
    "/suasion.v1.DecisionService/BatchCheckContact": never,
    "/suasion.v1.DecisionService/BatchCheckCrowds": never,
    "/suasion.v1.DecisionService/BatchListCrowds": never,
}
"""Of the methods that ask for something new, whether a request is about more than marketing."""


def by_rules(workspaces: Mapping[str, ActiveRules]) -> GoesFirst:
    """Goes by the active rules of the workspace; what they do not know is about marketing, and so is what cannot be
    read."""

    def goes_first(call: Call) -> bool:
        asking = ASKING.get(call.method)
        if asking is None:
            return True
        if isinstance(call.request, Unreadable):
            return False
        active = workspaces.get(admission.get().workspace)
        return (
            active is not None
            and active.release is not None
            and asking(active.all()[-1].ruleset, call.request)
        )

    return goes_first
