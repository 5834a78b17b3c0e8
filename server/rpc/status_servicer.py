"""StatusService on the wire."""

from __future__ import annotations

from suasion.v1 import status_service_pb2 as pb
from suasion.v1.status_service_pb2_grpc import StatusServiceServicer

from server.rpc.calls import Context
from server.rpc.convert.status import status_to
from server.usecases.status import Status


class StatusServicer(StatusServiceServicer):
    def __init__(self, status: Status) -> None:
        self._status = status

    async def Status(self, request: pb.StatusRequest, context: Context) -> pb.StatusResponse:
        return status_to(await self._status())
