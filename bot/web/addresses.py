"""Which IP addresses are public: the only ones we connect to.

A list of our own, because the standard library's answer depends on its version and calls some addresses global that lead
back inside (3.11 does so for 64:ff9b::7f00:1 and 2002:7f00:1::, which carry 127.0.0.1). From the registries of special
addresses (IANA), and the addresses at which clouds answer their own machines.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

CLOSED_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a carrier's NAT; one cloud's metadata
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # one cloud's inside, on an address that looks public
        "169.254.0.0/16",  # this link; most clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocols
        "192.0.2.0/24",  # examples
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # examples
        "203.0.113.0/24",  # examples
        "224.0.0.0/4",  # many at once
        "240.0.0.0/4",  # not given out; broadcast
    )
)
GIVEN_OUT_6 = IPv6Network("2000::/3")
"""All that is public in version 6 lies in here."""
CLOSED_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocols, with Teredo
        "2001:db8::/32",  # examples
        "2002::/16",  # 6to4: version 4 inside, relays anywhere
        "3fff::/20",  # examples
    )
)
INSIDE = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa")
"""Endings of names that mean another machine in every house."""
CARRIERS_OF_4 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
"""Version 4 in the last 32 bits: mapped, and behind the NAT64 of a network that has version 6 only."""


def is_public(address: str) -> bool:
    """Tell whether a numeric address is one that anybody on the Internet can reach. What is no address is not."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_4(parsed) if isinstance(parsed, IPv4Address) else _is_public_6(parsed)


def is_public_host(host: str) -> bool:
    """Tell by the look of a host's name or number whether it can be on the public web: `localhost` and `printer.lan` cannot."""
    bare = host.strip("[]").rstrip(".").casefold()
    try:
        ip_address(bare)
    except ValueError:
        return "." in bare and not bare.endswith(INSIDE)
    return is_public(bare)


def _is_public_4(address: IPv4Address) -> bool:
    return not any(address in network for network in CLOSED_4)


def _is_public_6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    if any(address in network for network in CARRIERS_OF_4):
        return _is_public_4(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in GIVEN_OUT_6 and not any(address in network for network in CLOSED_6)
