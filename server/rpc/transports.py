"""What speaks gRPC on the wire, and within which bounds (ADR 13)."""

from __future__ import annotations

from enum import StrEnum

import grpc

from server.rpc.interceptors import LARGEST
from server.rpc.routing import Routes

LARGEST_ANSWER = 64 * 2**20
MOST_CALLS_AT_ONCE = 1000
MOST_OF_A_CONNECTION = 100
"""Calls: who floods a connection waits by themselves, and others need not wait behind."""

BOUNDS = (
    ("grpc.max_receive_message_length", max(LARGEST.values())),
    ("grpc.max_send_message_length", LARGEST_ANSWER),
    ("grpc.max_concurrent_streams", MOST_OF_A_CONNECTION),
    ("grpc.keepalive_time_ms", 60_000),  # so that a watcher whose machine is gone is found out
)
OF_GRPCIO = (
    *BOUNDS,
    (
        "grpc.http.overload_protection",
        0,
    ),  # else calls above that are refused, rather than wait at their client
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),  # clients may ask the same of us
)
ALONE = (
    *OF_GRPCIO,
    ("grpc.so_reuseport", 0),  # else a second server on the same port would silently take half of the calls
)
SHARED = (
    *OF_GRPCIO,
    ("grpc.so_reuseport", 1),
    (
        "grpc.max_connection_age_ms",
        300_000,
    ),  # so that connections find their way to processes that came later
)


class Transport(StrEnum):
    """How a server is made."""

    GRPCIO = "grpcio"
    """Alone at its address."""
    SHARED = "shared"
    """By grpcio, at an address at which other processes listen, too."""
    NATIVE = "native"
    """By pygrpc-native, in Rust: single calls cost half as much. Without TLS, alone at its address."""

    @property
    def pushes_back(self) -> bool:
        """Carries what tells gRPC's own retries when to come again. The native one never ends a call with such a trailer."""
        return self is not Transport.NATIVE


def made(transport: Transport) -> grpc.aio.Server:
    """A server that does not yet listen. Raises ImportError if pygrpc-native is wanted and was not installed."""
    if transport is Transport.NATIVE:
        return native()
    options = SHARED if transport is Transport.SHARED else ALONE
    return grpc.aio.server(options=options, maximum_concurrent_rpcs=MOST_CALLS_AT_ONCE)


def offer(transport: Transport, server: grpc.aio.Server, routes: Routes) -> None:
    """Once all methods are known. grpcio looks at each that is registered by itself whenever a call comes, pygrpc-native takes no others."""
    if transport is not Transport.NATIVE:
        server.add_generic_rpc_handlers((routes,))
        return
    for name, handlers in routes.by_service().items():
        server.add_registered_method_handlers(name, handlers)


def native() -> grpc.aio.Server:
    import pygrpc_native.aio  # there are no wheels of it for every machine

    server: grpc.aio.Server = pygrpc_native.aio.server(options=BOUNDS)
    return server
