"""Who may call what: nothing is open to everybody but what `PUBLIC` names, and nothing to anybody that `NEEDED` lacks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Set
from contextvars import ContextVar
from typing import NamedTuple

from google.protobuf.message import Message

from server.ports import DEFAULT_WORKSPACE, Caller, Role, TokenExpired, Tokens, TokenUnusable
from server.rpc.calls import Around, Call, Proceed
from server.usecases.at_once import Work
from server.usecases.refusals import (
    MethodClosed,
    RoleMissing,
    TokenHasExpired,
    TokenMissing,
    TokenRefused,
    WorkspaceClosed,
)

TOKEN_HEADER = "authorization"
BEARER = "bearer "
WORKSPACE_HEADER = "suasion-workspace"

AUTHOR = frozenset({Role.AUTHOR})
APPROVER = frozenset({Role.APPROVER})
OPERATOR = frozenset({Role.OPERATOR})
CALLER = frozenset({Role.CALLER})
RULES = AUTHOR | APPROVER | OPERATOR
ANYONE = frozenset(Role)

PUBLIC = frozenset(
    {
        "/grpc.health.v1.Health/Check",
        "/grpc.health.v1.Health/List",
        "/grpc.health.v1.Health/Watch",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",  # it is there only if it was asked for
    }
)
NEEDED: Mapping[str, Set[Role]] = {
    "/suasion.v1.DecisionService/CheckCrowds": CALLER,
    "/suasion.v1.DecisionService/ListCrowds": CALLER,
    "/suasion.v1.DecisionService/MatchPlan": CALLER,
    "/suasion.v1.DecisionService/CheckContact": CALLER,
    "/suasion.v1.DecisionService/Decide": CALLER,
    "/suasion.v1.DecisionService/BatchDecide": CALLER,
    "/suasion.v1.DecisionService/BatchCheckCrowds": CALLER,
    "/suasion.v1.DecisionService/BatchListCrowds": CALLER,
    "/suasion.v1.DecisionService/BatchCheckContact": CALLER,
    "/suasion.v1.DecisionService/GetCrowdDictionary": CALLER,
    "/suasion.v1.DecisionService/StreamDecide": CALLER,
    "/suasion.v1.DecisionService/Watch": CALLER | OPERATOR,
    "/suasion.v1.ContactService/Reserve": CALLER,
    "/suasion.v1.ContactService/Dispatch": CALLER,
    "/suasion.v1.ContactService/Confirm": CALLER,
    "/suasion.v1.ContactService/Fail": CALLER,
    "/suasion.v1.ContactService/Release": CALLER,
    "/suasion.v1.ContactService/RecordOutcome": CALLER,
    "/suasion.v1.ContactService/History": CALLER | OPERATOR,
    "/suasion.v1.ContactService/ListUncertain": CALLER | OPERATOR,
    "/suasion.v1.FactService/UpsertProfiles": CALLER,
    "/suasion.v1.FactService/RecordEvents": CALLER,
    "/suasion.v1.FactService/StreamEvents": CALLER,
    "/suasion.v1.FactService/Backfill": CALLER | OPERATOR,
    "/suasion.v1.FactService/SetHorizon": OPERATOR,
    "/suasion.v1.FactService/ListHorizons": CALLER | OPERATOR,
    "/suasion.v1.FactService/LoadList": CALLER | OPERATOR,
    "/suasion.v1.FactService/GetList": CALLER | OPERATOR,
    "/suasion.v1.FactService/EraseUser": OPERATOR,
    "/suasion.v1.RuleSetService/Check": RULES,
    "/suasion.v1.RuleSetService/Publish": AUTHOR,
    "/suasion.v1.RuleSetService/List": RULES,
    "/suasion.v1.RuleSetService/Get": ANYONE,
    "/suasion.v1.RuleSetService/Diff": RULES,
    "/suasion.v1.RuleSetService/Activate": OPERATOR,
    "/suasion.v1.RuleSetService/Unschedule": OPERATOR,
    "/suasion.v1.RuleSetService/ListSchedules": RULES,
    "/suasion.v1.RuleSetService/Rollback": OPERATOR,
    "/suasion.v1.RuleSetService/Revoke": OPERATOR,
    "/suasion.v1.RuleSetService/Submit": AUTHOR,
    "/suasion.v1.RuleSetService/Approve": APPROVER,
    "/suasion.v1.RuleSetService/Reject": APPROVER,
    "/suasion.v1.RuleSetService/Archive": AUTHOR | OPERATOR,
    "/suasion.v1.RuleSetService/ListAudit": RULES,
    "/suasion.v1.ReplayService/Replay": RULES,
    "/suasion.v1.StatusService/Status": ANYONE,
}
"""Which roles open a method: any of those named."""


class Admission(NamedTuple):
    """In whose name, and in which workspace, a call is made. `subject` is empty where no tokens are asked for."""

    subject: str
    workspace: str


admission: ContextVar[Admission] = ContextVar("admission")
"""Of the call that is under way."""


def lets_in(tokens: Tokens | None) -> Around:
    """Lets a call through if the role that its method needs is among its caller's in the workspace. A stream ends with the token.

    `tokens` None: everybody has every role.
    """

    def with_access(call: Call, proceed: Proceed) -> Work[Message | None]:
        headers = dict(call.context.invocation_metadata() or ())
        workspace = str(headers.get(WORKSPACE_HEADER, DEFAULT_WORKSPACE))
        if call.method in PUBLIC:
            admission.set(Admission("", DEFAULT_WORKSPACE))
            return proceed(call)
        if tokens is None:
            roles_for(call.method)
            admission.set(Admission("", workspace))
            return proceed(call)
        caller = caller_of(str(headers.get(TOKEN_HEADER, "")), tokens)
        require_role(caller, workspace, call.method)
        admission.set(Admission(caller.subject, workspace))
        return while_valid(caller, call, proceed) if call.streams else proceed(call)

    return with_access


def caller_of(header: str, tokens: Tokens) -> Caller:
    """Raises TokenMissing, TokenRefused, TokenHasExpired."""
    if header[: len(BEARER)].lower() != BEARER:
        raise TokenMissing
    try:
        return tokens.read(header[len(BEARER) :].strip())
    except TokenExpired:
        raise TokenHasExpired from None
    except TokenUnusable as error:
        raise TokenRefused(str(error)) from None


def require_role(caller: Caller, workspace: str, method: str) -> None:
    """Raises WorkspaceClosed, MethodClosed, RoleMissing."""
    roles = caller.roles.get(workspace)
    if not roles:
        raise WorkspaceClosed(workspace)
    needed = roles_for(method)
    if needed.isdisjoint(roles):
        raise RoleMissing(workspace, sorted(needed))


def roles_for(method: str) -> Set[Role]:
    """Raises MethodClosed for one that is not in the table."""
    try:
        return NEEDED[method]
    except KeyError:
        raise MethodClosed from None


async def while_valid(caller: Caller, call: Call, proceed: Proceed) -> Message | None:
    try:
        async with asyncio.timeout(caller.expires - time.time()) as until:
            return await proceed(call)
    except TimeoutError:
        if until.expired():
            raise TokenHasExpired from None
        raise
