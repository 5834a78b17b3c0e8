"""TLS from files that may be exchanged while the server runs."""

from __future__ import annotations

import logging
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

log = logging.getLogger("suasion.access")


class TlsUnusable(Exception):
    """A certificate, its key or an authority cannot be used. The text says which, and why."""


@dataclass(slots=True)
class Tls:
    """`certificate` (with those that lead to its authority) and `key` are the server's, in PEM; `client_ca` is who vouches for
    clients, None if they need no certificate. All are read again when a client connects after they have changed; what cannot be
    used then leaves what was."""

    certificate: Path
    key: Path
    client_ca: Path | None = None
    _seen: tuple[int, ...] = field(default=(), init=False)

    def credentials(self) -> grpc.ServerCredentials:
        """Raises TlsUnusable."""
        self._seen = self._changes()
        wanted = self.client_ca is not None
        return grpc.dynamic_ssl_server_credentials(self._read(), self._anew, wanted)

    def _anew(self) -> Any:
        """What is to be used from now on; None for what was."""
        try:
            changes = self._changes()
            if changes == self._seen:
                return None
            self._seen = changes
            return self._read()
        except TlsUnusable as error:
            log.error({"event": "tls", "error": str(error)})
            return None

    def _files(self) -> list[Path]:
        return [self.certificate, self.key, *([self.client_ca] if self.client_ca else [])]

    def _changes(self) -> tuple[int, ...]:
        try:
            return tuple(file.stat().st_mtime_ns for file in self._files())
        except OSError as error:
            raise TlsUnusable(f"cannot read `{error.filename}`: {error.strerror}") from error

    def _read(self) -> Any:
        try:
            certificate, key, *authority = (file.read_bytes() for file in self._files())
        except OSError as error:
            raise TlsUnusable(f"cannot read `{error.filename}`: {error.strerror}") from error
        self._require_fit()
        return grpc.ssl_server_certificate_configuration([(key, certificate)], *authority)

    def _require_fit(self) -> None:
        """gRPC would find out at the first client, and tell nobody."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(
                self.certificate, self.key, password=lambda: ""
            )  # else OpenSSL asks the terminal
        except ssl.SSLError as error:
            raise TlsUnusable(
                f"`{self.certificate}` and `{self.key}` are no certificate with its key"
            ) from error
        if self.client_ca is None:
            return
        try:
            context.load_verify_locations(self.client_ca)
        except ssl.SSLError as error:
            raise TlsUnusable(f"`{self.client_ca}` is no certificate of an authority") from error
