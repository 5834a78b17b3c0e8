"""A collector of OpenTelemetry that takes whatever it is sent, and keeps nothing. Prints its address."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import uvloop


class Takes(grpc.GenericRpcHandler):
    """Any method; an empty message is the answer of each."""

    def service(self, details: grpc.HandlerCallDetails) -> Any:
        return grpc.unary_unary_rpc_method_handler(take)


async def take(request: bytes, context: Any) -> bytes:
    return b""


async def main() -> None:
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Takes(),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"127.0.0.1:{port}", flush=True)
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    uvloop.run(main())
