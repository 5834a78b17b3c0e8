"""Serving, from the store that is opened to the signal that asks to end."""

import asyncio
import json
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass

from cli.bus import BusOf
from cli.exit_codes import ExitCode, Failure
from cli.output import Format, Output
from dsl.collector import keep_for_good
from server.ports import By, DecisionLog, RuleFiles, Stores, StoreUnavailable
from server.rpc.endpoint import Access, CannotListen, Endpoint, address_of, is_this_machine
from server.rpc.limits import Limits
from server.rpc.pages import Pages
from server.rpc.tls import TlsUnusable
from server.rpc.transports import Transport
from server.telemetry import telemetry
from server.usecases.failures import Failures
from server.usecases.refusals import Refusal
from server.usecases.release_refusals import NotApproved, PlansWouldBeDropped
from server.wiring import Service
from server.workspaces import Workspaces

SWITCH_SECONDS = 0.0005
"""After which a thread that stores or exports has to let the event loop go on. A call may wait for that many times over: by Python's own
5 ms it would take a tenth of a second while a batch is on its way."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where and how it is listened: the options of those names."""

    listen: str
    metrics: str | None
    otlp: str | None
    access: Access
    transport: Transport
    approvals: bool | None
    linger: float
    limits: Limits
    failures: Failures
    worker: int
    """Its number among processes that share the address; 0 if none do."""


async def serve(
    stores: Mapping[str, Stores],
    clock: str,
    keep: int,
    rules: RuleFiles | None,
    listening: Listening,
    log: Callable[[str], DecisionLog],
    bus: BusOf,
    out: Output,
) -> None:
    """Serve until a signal asks to end. `stores`, `log` and `bus` are those of each workspace. `keep`: microseconds."""
    sys.setswitchinterval(SWITCH_SECONDS)
    async with AsyncExitStack() as last:
        told = telemetry(listening.otlp) if listening.otlp or listening.metrics else None
        if told:
            last.push_async_callback(asyncio.to_thread, told.close)
        workspaces = await Workspaces.build(
            stores,
            log,
            bus,
            clock=clock,
            keep=keep,
            access=listening.access,
            approvals=listening.approvals,
            transport=listening.transport,
            limits=listening.limits,
            failures=listening.failures,
            telemetry=told,
        )
        linger = 0.0
        try:
            versions = [
                await prepared(service, rules, listening, out) for service in workspaces.services.values()
            ]
            keep_for_good()
            address = await workspaces.start(listening.listen)
            if told and listening.metrics:
                pages = await Pages.start(
                    listening.metrics, workspaces.endpoint, told.registry, listening.worker
                )
                last.push_async_callback(pages.stop)
                out.notes.print(f"pages: http://{pages.address}/metrics, /healthz, /readyz")
            asked = asked_to_end(workspaces.endpoint, listening.worker)
            if listening.worker < 2:
                say_who_may_come(listening, out)
            say_ready(out, address, versions[0])
            linger = listening.linger if await asked is signal.SIGTERM else 0.0
        except (CannotListen, TlsUnusable) as error:
            raise Failure(str(error)) from error
        finally:
            await workspaces.stop(linger)


def asked_to_end(endpoint: Endpoint, worker: int) -> asyncio.Future[signal.Signals]:
    """The first signal that asks to end; a second one is in a hurry. A worker ends with its parent, who holds its stdin."""
    loop = asyncio.get_running_loop()
    asked: asyncio.Future[signal.Signals] = loop.create_future()
    hurrying: set[asyncio.Task[None]] = set()

    def ask(number: signal.Signals) -> None:
        if not asked.done():
            asked.set_result(number)
        elif not hurrying:
            hurrying.add(loop.create_task(endpoint.hurry()))

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, ask, each)

    def ask_alone() -> None:
        loop.remove_reader(sys.stdin)
        ask(signal.SIGTERM)

    if worker:
        loop.add_reader(sys.stdin, ask_alone)
    return asked


async def prepared(
    service: Service, rules: RuleFiles | None, listening: Listening, out: Output
) -> str | None:
    """Lets a workspace serve what it should, says what is odd about it, and returns the version that decides."""
    version = await activate(service, rules)
    if service.releases.failure is not None:
        out.notes.print(f"warning: degraded: {service.releases.failure.message}")
    elif listening.worker < 2:
        await warn_of_empty_lists(service, out)
    return version


async def activate(service: Service, rules: RuleFiles | None) -> str | None:
    """The version that decides: that of the rules, or the one that did when the store was last used."""
    try:
        if rules is not None:
            return (
                await service.releases.activate_files(rules, By(reason="named at the start"))
            ).version.name
        release = await service.releases.resume()
    except PlansWouldBeDropped as refusal:
        hint = "serve what is in the store, then `suasion activate RULES --retire-plans`"
        raise Failure(refusal.message, hint=hint, code=ExitCode.CONFLICT) from refusal
    except NotApproved as refusal:
        hint = "serve what is in the store, then submit, approve and activate it; or say `--no-approvals`"
        raise Failure(refusal.message, hint=hint, code=ExitCode.CONFLICT) from refusal
    except Refusal as refusal:
        raise Failure(refusal.message, hint="name the rules: `suasion serve RULES`") from refusal
    except StoreUnavailable as error:
        raise Failure(f"cannot use the store: {error}") from error
    return release.version if release else None


async def warn_of_empty_lists(service: Service, out: Output) -> None:
    """Nobody is known to be on a list, or off it, before it is loaded. A store that does not answer is told of elsewhere."""
    names: list[str] = []
    with suppress(StoreUnavailable):
        names = await service.lists_never_loaded()
    if names:
        text = (
            f"never loaded: {', '.join(names)}; who is on it is unknown until `suasion ask members LIST FILE`"
        )
        out.notes.print(f"note: {text}")


def say_who_may_come(listening: Listening, out: Output) -> None:
    """Where it is not as one should think."""
    access = listening.access
    if access.tokens is None:
        whom = "whoever comes" if access.insecure else "whoever is on this machine"
        out.notes.print(f"note: no keys: {whom} may do everything (docs/security.md)")
    elif access.tls is None and not is_this_machine(address_of(listening.listen)[0]):
        out.notes.print(
            "note: no TLS: tokens can be read on the way, unless something in front of it has one"
        )


def say_ready(out: Output, address: str, version: str | None) -> None:
    """One line on stdout, for whoever waits for it."""
    data = {"address": address, "version": version}
    ready = json.dumps({"ok": True, "data": data, "diagnostics": []})
    print(ready if out.format is Format.JSON else f"listening on {address}", flush=True)
    if version is None:
        out.notes.print("no rules are active: activate some, or start with `suasion serve RULES`")
