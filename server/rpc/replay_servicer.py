"""ReplayService on the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing

from suasion.v1 import replay_service_pb2 as pb
from suasion.v1.replay_service_pb2_grpc import ReplayServiceServicer

from server.rpc.calls import Context
from server.rpc.convert.releases import version_from
from server.rpc.convert.replays import how_from, replayed_to
from server.usecases.replays import Replays


class ReplayServicer(ReplayServiceServicer):
    def __init__(self, replays: Replays) -> None:
        self._replays = replays

    async def Replay(self, request: pb.ReplayRequest, context: Context) -> AsyncIterator[pb.ReplayResponse]:
        base, candidate = version_from("base", request.base), version_from("candidate", request.candidate)
        closed = how_from(request)
        async with aclosing(self._replays(base, candidate, closed, request.coverage)) as found:
            async for each in found:
                yield replayed_to(each)
