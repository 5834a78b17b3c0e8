"""Functions of network addresses."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from compiler.builtins.function import Function, Overload
from compiler.types import CONDITION, Answer, Kind, Present

_MAPPED = IPv6Network("::ffff:0:0/96")  # RFC 4291, section 2.5.5.2


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An IPv4-mapped address is the IPv4 address that it carries."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _network(text: str) -> IPv4Network | IPv6Network:
    network = ip_network(text)
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        mapped = network.network_address.ipv4_mapped
        return IPv4Network((int(mapped or 0), network.prefixlen - _MAPPED.prefixlen))
    return network


def in_network(*texts: str) -> Callable[[str], Answer]:
    """Whether an address lies in one of the networks; unknown for a text that is no address."""
    networks = tuple(_network(text) for text in texts)

    def contained(text: str) -> Answer:
        address = _address(text)
        return None if address is None else any(address in network for network in networks)

    return contained


def complain_of_network(position: int, text: Present) -> str | None:
    """A network is written with the length of its prefix, and without bits behind it."""
    written = str(text)
    try:
        network = ip_network(written, strict=False)
    except ValueError:
        network = None
    if network is None or written.rpartition("/")[2].isdigit() != ("/" in written):
        return "not an address or network; write `192.0.2.7`, `10.0.0.0/8` or `2001:db8::/32`"
    if network != _exact(written):
        return f"this network begins at another address; write `{network}`"
    return None


def _exact(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None


NETWORK_FUNCTIONS = (
    Function(
        "in_network",
        "yes if the IPv4 or IPv6 address lies in one of the networks or is one of the addresses (literals); "
        "unknown when the text is no address; an IPv4 address mapped into IPv6 counts as itself",
        'in_network("10.1.2.3", "192.168.0.0/16", "10.0.0.0/8")',
        (
            Overload(
                (Kind.TEXT, Kind.TEXT),
                CONDITION,
                in_network,
                rest=Kind.TEXT,
                constants=frozenset({1, 2}),
                complain=complain_of_network,
            ),
        ),
    ),
)
