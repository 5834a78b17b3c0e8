"""nginx with the configuration of `deploy/nginx`, on ports of its own."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path

from cli.private.packages import program
from cli.private.program import HOST, Program

CONFIGURATION = Path(__file__).parents[2] / "deploy" / "nginx" / "suasion.conf"
LISTENS, SERVERS = "127.0.0.1:50050", ("127.0.0.1:50051", "127.0.0.1:50052")
AROUND = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 4096; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/suasion.conf;
}}
"""


class Nginx(Program):
    """Before two servers."""

    name = "nginx"

    def __init__(self, directory: Path, servers: Sequence[str], text: str | None = None) -> None:
        super().__init__(directory)
        self.address = f"{HOST}:{self.port}"
        text = CONFIGURATION.read_text(encoding="utf-8") if text is None else text
        for there, here in zip((LISTENS, *SERVERS), (self.address, *servers), strict=True):
            assert there in text
            text = text.replace(there, here)
        self.private("suasion.conf", text)
        self.private("nginx.conf", AROUND.format(folder=self.directory))

    def command(self) -> Sequence[str]:
        return [program("nginx"), "-c", str(self.directory / "nginx.conf")]

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0
