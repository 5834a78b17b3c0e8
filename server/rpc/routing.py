"""Which servicer answers a call: that of its method, in its workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import grpc

from server.rpc.access import admission
from server.rpc.calls import Around, Behaviour, Context, Proceed, behaviour_of, handler_with
from server.usecases.refusals import UnknownWorkspace

Register: TypeAlias = Callable[[Any, Any], None]
"""The generated function that adds a servicer to a server."""


class Routes(grpc.GenericRpcHandler):
    """Offers methods to a server; each call gets what is given, outermost first, around it.

    gRPC's own interceptors would be asked anew at every call.
    """

    def __init__(self, in_order: Sequence[Around]) -> None:
        self._in_order = in_order
        self._handlers: dict[str, Any] = {}
        self._by_workspace: dict[str, dict[str, Behaviour]] = {}

    def add(self, workspace: str, servicer: object, register: Register) -> None:
        """Let a servicer answer in a workspace."""
        collected = Collected()
        register(servicer, collected)
        for method, handler in collected.handlers.items():
            behaviours = self._by_workspace.setdefault(method, {})
            behaviours[workspace] = behaviour_of(handler)
            self._handlers[method] = handler_with(handler, method, routed(behaviours), self._nested)

    def service(self, details: grpc.HandlerCallDetails) -> Any:
        """The handler of a method; None for a strange one."""
        return self._handlers.get(details.method)

    def by_service(self) -> Mapping[str, dict[str, Any]]:
        """The handlers of each service, by the names of its methods."""
        services: dict[str, dict[str, Any]] = {}
        for path, handler in self._handlers.items():
            _, service, method = path.split("/")
            services.setdefault(service, {})[method] = handler
        return services

    def _nested(self, proceed: Proceed) -> Proceed:
        for around in reversed(self._in_order):
            proceed = inside(around, proceed)
        return proceed


class Collected:
    """A server to generated code: it keeps the handlers of a servicer."""

    def __init__(self) -> None:
        self.handlers: dict[str, Any] = {}

    def add_generic_rpc_handlers(self, _: Sequence[grpc.GenericRpcHandler]) -> None:
        """Nothing: generated code registers the same methods below."""

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Any]) -> None:
        self.handlers |= {f"/{service}/{name}": handler for name, handler in handlers.items()}


def routed(behaviours: Mapping[str, Behaviour]) -> Behaviour:
    """What a method does in the workspace of the call."""

    def behave(request: Any, context: Context) -> Any:
        workspace = admission.get().workspace
        if workspace not in behaviours:
            raise UnknownWorkspace(workspace)
        return behaviours[workspace](request, context)

    return behave


def inside(around: Around, proceed: Proceed) -> Proceed:
    return lambda call: around(call, proceed)
