"""Addresses and networks, by RFC 4632 and RFC 4291."""

from __future__ import annotations

import pytest

from compiler.builtins import FUNCTIONS

OVERLOAD = FUNCTIONS["in_network"].overloads[0]


@pytest.mark.parametrize(
    ("address", "networks", "expected"),
    [
        ("10.1.2.3", ("10.0.0.0/8",), True),
        ("11.1.2.3", ("10.0.0.0/8",), False),
        ("11.1.2.3", ("10.0.0.0/8", "11.1.2.3"), True),
        ("10.255.255.255", ("10.0.0.0/8",), True),
        ("2001:db8::abcd", ("2001:db8::/32",), True),
        ("2001:DB8:0:0:0:0:0:abcd", ("2001:db8::abcd",), True),
        ("2001:db9::", ("2001:db8::/32", "10.0.0.0/8"), False),
        ("::ffff:10.1.2.3", ("10.0.0.0/8",), True),
        ("10.1.2.3", ("::ffff:10.0.0.0/104",), True),
        ("10.1.2.3", ("::/0",), False),
        ("::1", ("0.0.0.0/0",), False),
        ("1.2.3.4", ("0.0.0.0/0",), True),
        ("01.2.3.4", ("0.0.0.0/0",), None),
        ("1.2.3", ("0.0.0.0/0",), None),
        ("1.2.3.4/32", ("0.0.0.0/0",), None),
        (" 1.2.3.4", ("0.0.0.0/0",), None),
        ("", ("0.0.0.0/0",), None),
    ],
)
def test_contains(address: str, networks: tuple[str, ...], expected: bool | None) -> None:
    assert OVERLOAD.bound(networks)(address) is expected


@pytest.mark.parametrize("network", ["10.0.0.0/8", "10.0.0.1", "2001:db8::/32", "::1", "::ffff:10.0.0.0/104"])
def test_takes(network: str) -> None:
    assert OVERLOAD.complain(1, network) is None


@pytest.mark.parametrize(
    "network", ["", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/255.0.0.0", "bad::cidr", "10/8"]
)
def test_refuses_what_is_no_network(network: str) -> None:
    complaint = OVERLOAD.complain(1, network)
    assert complaint is not None
    assert complaint.startswith("not an address or network; write ")


def test_shows_where_a_network_begins() -> None:
    assert OVERLOAD.complain(2, "10.1.2.3/8") == "this network begins at another address; write `10.0.0.0/8`"
