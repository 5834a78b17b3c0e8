"""`suasion serve`: answer over gRPC."""

import logging
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from cli.access import (
    ApprovalsOption,
    InsecureOption,
    ReflectionOption,
    TlsCertOption,
    TlsClientCaOption,
    TlsKeyOption,
    TokenAudienceOption,
    TokenIssuerOption,
    TokenKeysOption,
    require_safe,
    tls,
    tokens,
)
from cli.bus import DEFAULT_LINE, LinesOption, RabbitmqOption, bus_of
from cli.exit_codes import ExitCode, Failure
from cli.failures import OnFailureOption, PatienceOption, failures
from cli.output import HUMAN, OutputOption
from cli.recording import LogDaysOption, LogFullOption, LogOption, LogPrivateOption, LogSpillOption, logged
from cli.releasing import rule_files
from cli.serving import Listening, serve
from cli.stores import STORES, RedisOption, all_opened
from cli.workers import become_parent
from server import logs
from server.ports import DEFAULT_WORKSPACE, WhenFull
from server.ports.access import WORKSPACE
from server.proxies.guarding import READ_SECONDS
from server.rpc.endpoint import Access, CannotListen, hold
from server.rpc.limits import Limits, LimitsNotUnderstood
from server.rpc.transports import Transport
from server.usecases.housekeeping import DAY, EVENTS
from server.wiring import AUDIENCE, CLOCKS

ALONE = (Transport.GRPCIO.value, Transport.NATIVE.value)
LOG_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


RulesArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="RULES",
        help="Files, and directories of `.sua` files, that make up one rule set; the one last active in the "
        "store if left out.",
        show_default=False,
    ),
]
ListenOption = Annotated[str, typer.Option("--listen", metavar="HOST:PORT", help="Port 0 is a free one.")]
StoreOption = Annotated[
    str, typer.Option("--store", metavar=STORES, help="Where facts and versions are kept.")
]
LastGoodOption = Annotated[
    Path | None,
    typer.Option(
        "--last-good",
        metavar="DIR",
        help="Keep there what serves, for a start on which the store cannot be read; beside the SQLite file, or in `.suasion`, if left out.",
        show_default=False,
    ),
]
KeepOption = Annotated[
    int,
    typer.Option(
        "--keep",
        metavar="DAYS",
        min=1,
        help="So long events are kept at least; longer, as far back as a kept version of the rules looks.",
    ),
]
ClockOption = Annotated[
    str,
    typer.Option("--clock", metavar="system|events", help="`events`: now is the greatest event time seen."),
]
WorkspacesOption = Annotated[
    str,
    typer.Option(
        "--workspaces",
        metavar="NAME,NAME…",
        help="Serve these, each with rules and facts of its own (docs/security.md).",
    ),
]
AccessLogOption = Annotated[
    bool, typer.Option("--access-log/--no-access-log", help="A line of JSON on stderr for each call.")
]
LogLevelOption = Annotated[
    str,
    typer.Option(
        "--log-level", metavar="|".join(LOG_LEVELS), help="What is logged on stderr: this and worse."
    ),
]
OtlpOption = Annotated[
    str | None,
    typer.Option(
        "--otlp",
        metavar="HOST:PORT",
        help="Send spans and metrics to this collector; `https://HOST:PORT` with TLS. Off if left out.",
        show_default=False,
    ),
]
MetricsOption = Annotated[
    str | None,
    typer.Option(
        "--metrics",
        metavar="HOST:PORT",
        help="Show `/metrics` (Prometheus), `/healthz` and `/readyz` over HTTP there. Off if left out.",
        show_default=False,
    ),
]
LingerOption = Annotated[
    float,
    typer.Option(
        "--linger",
        metavar="SECONDS",
        min=0.0,
        help="How long calls are still taken after SIGTERM, while health says that the end is near.",
    ),
]
LimitsOption = Annotated[
    Path | None,
    typer.Option(
        "--limits",
        metavar="FILE",
        help="Let so many calls a second in as it says; read anew when it changes (docs/operating.md).",
        show_default=False,
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        min=1,
        help="Serve in so many processes at one address (docs/operating.md). In this one alone if left out.",
        show_default=False,
    ),
]
GrpcOption = Annotated[
    str,
    typer.Option(
        "--grpc",
        metavar="|".join(ALONE),
        help="What speaks gRPC. `native`: pygrpc-native, for single calls at half the cost, without TLS and `--workers`.",
    ),
]
WorkerOption = Annotated[int, typer.Option("--worker", hidden=True)]
ResumeOption = Annotated[bool, typer.Option("--resume", hidden=True)]


def command(
    rules: RulesArgument = None,
    listen: ListenOption = "127.0.0.1:50051",
    workspaces: WorkspacesOption = DEFAULT_WORKSPACE,
    store: StoreOption = "memory",
    redis: RedisOption = None,
    rabbitmq: RabbitmqOption = None,
    lines: LinesOption = DEFAULT_LINE,
    last_good: LastGoodOption = None,
    keep: KeepOption = EVENTS // DAY,
    clock: ClockOption = "system",
    reflection: ReflectionOption = False,
    token_keys: TokenKeysOption = None,
    token_audience: TokenAudienceOption = AUDIENCE,
    token_issuer: TokenIssuerOption = None,
    tls_cert: TlsCertOption = None,
    tls_key: TlsKeyOption = None,
    tls_client_ca: TlsClientCaOption = None,
    insecure: InsecureOption = False,
    approvals: ApprovalsOption = None,
    access_log: AccessLogOption = True,
    log_level: LogLevelOption = "info",
    otlp: OtlpOption = None,
    metrics: MetricsOption = None,
    linger: LingerOption = 1.0,
    limits: LimitsOption = None,
    patience: PatienceOption = READ_SECONDS,
    on_failure: OnFailureOption = None,
    grpc: GrpcOption = Transport.GRPCIO.value,
    workers: WorkersOption = None,
    worker: WorkerOption = 0,
    resume: ResumeOption = False,
    log: LogOption = "",
    log_full: LogFullOption = WhenFull.DROP,
    log_private: LogPrivateOption = "mask",
    log_spill: LogSpillOption = None,
    log_days: LogDaysOption = 30.0,
    out: OutputOption = HUMAN,
) -> None:
    """Answer over gRPC until SIGTERM or SIGINT; what is under way is finished then. A second signal ends at once.

    Prints `listening on HOST:PORT` once it answers. With `--workers`, SIGHUP exchanges all processes, one after the other.
    """
    require_words(clock, log_level)
    known = tokens(token_keys, token_audience, token_issuer)
    access = Access(known, tls(tls_cert, tls_key, tls_client_ca), reflect=reflection, insecure=insecure)
    require_safe(access, listen, approvals)
    transport, names = transport_of(grpc, access, shared=bool(workers)), names_of(workspaces, rules)
    limited, bus = limits_of(limits), bus_of(rabbitmq, lines)
    if workers and not worker:
        share(workers, listen, store, clock, log_level)
    served = rule_files(rules, out) if rules and not resume else None
    logs.to_stderr(LOG_LEVELS[log_level], access=access_log)
    listening = Listening(
        listen, metrics, otlp, access, transport, approvals, linger, limited, failures(on_failure), worker
    )
    kept = logged(log, log_full, log_private, log_spill, log_days)
    stores = all_opened(names, store, redis, last_good, patience, clock)
    uvloop.run(serve(stores, clock, keep * DAY, served, listening, kept, bus, out))
    raise typer.Exit(ExitCode.CLEAN)


def require_words(clock: str, log_level: str) -> None:
    """Raises Failure."""
    require_known("clock", clock, CLOCKS)
    require_known("level", log_level, LOG_LEVELS)


def require_known(what: str, name: str, names: Iterable[str]) -> None:
    """Raises Failure."""
    if name not in names:
        raise Failure(f"`{name}` is no {what}", hint=f"{what}s: {', '.join(names)}")


# ---- by what, and by how many processes


def transport_of(name: str, access: Access, *, shared: bool) -> Transport:
    """Raises Failure."""
    require_known("gRPC", name, ALONE)
    if name == Transport.NATIVE and (shared or access.tls):
        lacking = "processes that share an address" if shared else "TLS"
        hint = "leave out `--grpc native`" + (
            "" if shared else ", or let a gateway speak TLS (docs/gateway.md)"
        )
        raise Failure(f"`--grpc native` knows no {lacking}", hint=hint)
    if name == Transport.NATIVE and not find_spec("pygrpc_native"):
        raise Failure("`--grpc native` wants the package `pygrpc-native`, which is not installed")
    return Transport.SHARED if shared else Transport(name)


def share(workers: int, listen: str, store: str, clock: str, log_level: str) -> None:
    """Become the parent of processes at one address. Raises Failure."""
    require_shareable(store, clock)
    become_parent(workers, held(listen), LOG_LEVELS[log_level])


def require_shareable(store: str, clock: str) -> None:
    """What one process keeps to itself, the others do not know of."""
    if store == "memory":
        raise Failure("`--workers` needs a store that processes share", hint="say `--store sqlite:PATH`")
    if clock != "system":
        raise Failure("`--workers` needs the system's clock", hint="leave out `--clock`")


def held(listen: str) -> str:
    """The address, with a port; held for the workers for as long as the process lives, so that nobody else gets it."""
    try:
        return hold(listen)
    except CannotListen as error:
        raise Failure(str(error)) from error


# ---- what is served


def names_of(workspaces: str, rules: list[Path] | None) -> list[str]:
    """Raises Failure."""
    names = list(dict.fromkeys(workspaces.split(",")))
    for name in names:
        if not WORKSPACE.fullmatch(name):
            hint = "it begins with a letter; small letters, digits and _ follow, 32 signs in all"
            raise Failure(f"`{name}` is no name of a workspace", hint=hint)
    if rules and len(names) > 1:
        hint = "serve without rules, then `suasion activate RULES --workspace NAME`"
        raise Failure("rules that are named at the start are those of one workspace", hint=hint)
    return names


# ---- who may come, and how often


def limits_of(file: Path | None) -> Limits:
    try:
        return Limits(file)
    except LimitsNotUnderstood as error:
        raise Failure(str(error), hint="docs/operating.md shows such a file") from error
