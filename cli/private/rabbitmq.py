"""A RabbitMQ of our own, with what Erlang needs to find it."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from cli.private.packages import program
from cli.private.program import HOST, Program

USER = "suasion"
GREETING = b"AMQP\x00\x00\x09\x01"
METHOD_FRAME = b"\x01"
"""What a server that takes work begins its answer with; others greet back, or close."""


class NameServer(Program):
    """Erlang's `epmd`. Without one of its own, a RabbitMQ starts the system's, which outlives it."""

    name = "epmd"

    def command(self) -> Sequence[str]:
        return [program("epmd"), "-port", str(self.port), "-address", HOST]

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            socket.create_connection((HOST, self.port)).close()
            return True
        return False


class RabbitMq(Program):
    name = "RabbitMQ"

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._names = NameServer(directory / "names")

    def spawn(self) -> None:
        self._names.start()
        super().spawn()

    def kill(self) -> None:
        super().kill()
        self._names.kill()

    def command(self) -> Sequence[str]:
        self.private("rabbitmq.conf", self._settings())
        self.private("enabled_plugins", "[].\n")
        return [program("rabbitmq-server")]

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "HOME": str(self.directory),  # Erlang keeps its cookie there
            "RUNNING_UNDER_SYSTEMD": "true",  # or a shell stands between us and the server
            "ERL_EPMD_PORT": str(self._names.port),
            "RABBITMQ_NODENAME": "suasion@localhost",
            "RABBITMQ_DIST_PORT": str(self.port_called("distribution")),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_CONFIG_FILE": str(self.directory / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.directory / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.directory / "data"),
            "RABBITMQ_LOG_BASE": str(self.directory),
            "RABBITMQ_PID_FILE": str(self.directory / "pid"),
        }

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection((HOST, self.port)) as connection:
            connection.sendall(GREETING)
            return connection.recv(1) == METHOD_FRAME
        return False

    @property
    def url(self) -> str:
        return f"amqp://{USER}:{self.password}@{HOST}:{self.port}/"

    def _settings(self) -> str:
        lines = (
            f"listeners.tcp.1 = {HOST}:{self.port}",
            f"default_user = {USER}",
            f"default_pass = {self.password}",
            "log.console = false",
            "log.file = rabbitmq.log",
            "log.file.level = warning",
        )
        return "\n".join(lines) + "\n"
