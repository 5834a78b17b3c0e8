"""What the service is measured against: a server of grpc.aio whose one method does nothing. Prints its address."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import uvloop
from google.protobuf.empty_pb2 import Empty


async def nothing(request: Empty, context: Any) -> Empty:
    return Empty()


async def main() -> None:
    server = grpc.aio.server()
    handler = grpc.unary_unary_rpc_method_handler(nothing, Empty.FromString, Empty.SerializeToString)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("bench.Empty", {"Call": handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"127.0.0.1:{port}", flush=True)
    await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    uvloop.run(main())
