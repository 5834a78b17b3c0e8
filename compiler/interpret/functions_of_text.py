"""Functions of text, versions and network addresses; each takes present values."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import re2

from compiler.types import MISSING, Answer, Kind, Value
from compiler.versions import parse_version

LONGEST = 2**20
"""Code points of the longest text that `concat` and `replace` make."""


def _bounded(text: str) -> Value:
    return text if len(text) <= LONGEST else MISSING


def _concat(*texts: str) -> Value:
    return _bounded("".join(texts))


def _replace(text: str, old: str, new: str) -> Value:
    return _bounded(text.replace(old, new)) if old else text


def _matches(text: str, pattern: str) -> bool:
    return re2.search(pattern, text) is not None


def _in_network(text: str, *networks: str) -> Answer:
    try:
        address = _plain(ip_address(text))
    except ValueError:
        return None
    return any(address in _plain_network(ip_network(network, strict=False)) for network in networks)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address in IPv6 dress (`::ffff:192.0.2.1`) counts as itself."""
    return address if isinstance(address, IPv4Address) else address.ipv4_mapped or address


def _plain_network(network: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    address = _plain(network.network_address)
    if isinstance(network, IPv4Network) or isinstance(address, IPv6Address) or network.prefixlen < 96:
        return network
    return IPv4Network((address, network.prefixlen - 96))


_BY_NAME: dict[str, Callable[..., Any]] = {
    "lower": str.lower,
    "upper": str.upper,
    "trim": str.strip,
    "length": len,
    "concat": _concat,
    "replace": _replace,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains": str.__contains__,
    "matches": _matches,
    "version": parse_version,
    "in_network": _in_network,
}
TEXTS: dict[tuple[str, Kind], Callable[..., Any]] = {
    (name, Kind.TEXT): text for name, text in _BY_NAME.items()
}
