"""A Redis of our own, and a cluster of three."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import redis

from cli.private.packages import program
from cli.private.program import HOST, NotStarted, Program, become

SETTINGS = {
    "bind": HOST,
    "appendonly": "yes",
    "save": '""',
    "maxmemory": "256mb",
    "maxmemory-policy": "volatile-lru",
}
SLOTS = ((0, 5_460), (5_461, 10_922), (10_923, 16_383))
"""Of each of the three nodes, first and last."""


class Redis(Program):
    name = "Redis"

    def __init__(
        self, directory: Path, settings: Mapping[str, str] | None = None, password: str | None = None
    ) -> None:
        """`settings`: of redis.conf, beside SETTINGS."""
        super().__init__(directory, password)
        self._settings = {**SETTINGS, **(settings or {})}

    def command(self) -> Sequence[str]:
        own = {"port": self.port, "requirepass": self.password, "masterauth": self.password}
        lines = (f"{name} {value}\n" for name, value in {**self._settings, **own}.items())
        return [program("redis-server"), str(self.private("redis.conf", "".join(lines)))]

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.ConnectionError:  # it is loading what it kept, if it is there at all
            return False

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{HOST}:{self.port}"

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)


class ClusterNode(Redis):
    name = "Redis Cluster"

    def __init__(self, directory: Path, password: str | None) -> None:
        super().__init__(directory, {"cluster-enabled": "yes", "cluster-node-timeout": "2000"}, password)
        self.bus = self.port_called("bus")
        self._settings["cluster-port"] = str(self.bus)

    def ask(self, command: str, *arguments: object) -> Any:
        with self.client() as client:
            return client.execute_command(f"CLUSTER {command}", *arguments)

    @property
    def well(self) -> bool:
        """Whether it knows of a node for each slot."""
        return bool(self.ask("INFO")["cluster_state"] == "ok")


class RedisCluster:
    """Three masters; each of `nodes` can be killed, and started again."""

    def __init__(self, directory: Path) -> None:
        first = ClusterNode(directory / "1", None)
        self.nodes = [first, *(ClusterNode(directory / name, first.password) for name in ("2", "3"))]

    @property
    def url(self) -> str:
        """Of one node, which tells of the others."""
        return self.nodes[0].url

    def start(self) -> None:
        """Returns once every node answers for all slots. Raises NotInstalled, NotStarted."""
        for node in self.nodes:
            if not node.running:
                node.spawn()
        for node in self.nodes:
            node.await_answer()
        self._join()
        if not become(lambda: all(node.well for node in self.nodes)):
            raise NotStarted(f"Redis Cluster did not come together; `{self.nodes[0].log}` says why")

    def _join(self) -> None:
        """Once: a cluster knows itself again, wherever its nodes are."""
        for node, (first, last) in zip(self.nodes, SLOTS, strict=True):
            if not int(node.ask("INFO")["cluster_slots_assigned"]):
                node.ask("ADDSLOTSRANGE", first, last)
        for node in self.nodes[1:]:
            node.ask("MEET", HOST, self.nodes[0].port, self.nodes[0].bus)

    @property
    def running(self) -> bool:
        return all(node.running for node in self.nodes)

    def stop(self) -> None:
        for node in self.nodes:
            node.stop()
