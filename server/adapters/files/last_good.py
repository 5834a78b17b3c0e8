"""What served last, in a file of two lines: SHA-256 of the second, and that as JSON."""

from __future__ import annotations

import asyncio
import json
import os
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

from server.adapters import rule_files
from server.ports import FilesDamaged, LastGood, Release, StoreUnavailable
from server.whole_files import whole


class FileLastGoodStore:
    """One file, exchanged as a whole, so that it is there and complete at any instant."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def keep(self, last_good: LastGood) -> None:
        body = json.dumps(document_of(last_good), ensure_ascii=False).encode("utf-8", "surrogatepass")
        try:
            await asyncio.to_thread(exchange, self._path, b"%s\n%s\n" % (digest(body), body))
        except OSError as error:
            raise StoreUnavailable(f"cannot write `{self._path}`: {words(error)}") from error

    async def read(self) -> LastGood | None:
        try:
            content = await asyncio.to_thread(self._path.read_bytes)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable(f"cannot read `{self._path}`: {words(error)}") from error
        checksum, _, body = content.removesuffix(b"\n").partition(b"\n")
        if checksum != digest(body):
            raise FilesDamaged(f"`{self._path}`")
        return last_good_of(json.loads(body.decode("utf-8", "surrogatepass")), f"`{self._path}`")


def digest(body: bytes) -> bytes:
    return sha256(body).hexdigest().encode()


def words(error: OSError) -> str:
    return (error.strerror or "unknown reason").lower()


def exchange(path: Path, content: bytes) -> None:
    """Put a file in place of another at one instant, durable on return."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole(path) as file:
        os.fchmod(file.fileno(), 0o600)  # as the store's own file
        file.write(content)


def document_of(last_good: LastGood) -> dict[str, Any]:
    release = last_good.release
    return {
        "release": [
            release.epoch,
            release.version,
            release.time,
            release.of,
            str(release.share),
            release.rest,
            release.crowd,
        ],
        "rules": {version: rule_files.written(rules) for version, rules in last_good.rules.items()},
    }


def last_good_of(document: dict[str, Any], what: str) -> LastGood:
    epoch, version, time, of, share, rest, *crowd = document["release"]  # one of earlier releases has none
    rules = {name: rule_files.read(files, what) for name, files in document["rules"].items()}
    release = Release(epoch, version, time, of, Fraction(share), rest, crowd=next(iter(crowd), None))
    return LastGood(release, rules)
