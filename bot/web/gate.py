"""The gate every connection passes: a name is looked up once, and a socket opens only to an address that was checked.

The check stands twice. At the lookup it refuses a name of whose addresses any leads inside, whatever the others are. At the socket
it sees the very address that is about to be connected to, also where a number stood in the link and nothing was looked up; so no
second lookup can slip another one in.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

Allowed = Callable[[str], bool]
"""Says of a numeric address whether it may be connected to."""
Resolve = Callable[[str, int], Awaitable[Sequence[tuple[str, int]]]]
"""Gives the numeric addresses of a host with the port to use there. Raises OSError for a name that nobody has."""


class Closed(OSError):
    """The gate lets nobody through to this address."""


async def look_up(host: str, port: int) -> Sequence[tuple[str, int]]:
    """Ask the system for the addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
    )
    return [(str(where[0]), port) for *_, where in found]


class Gate(AbstractResolver):
    """Looks names up and opens sockets, for public addresses only."""

    def __init__(self, allowed: Allowed, resolve: Resolve) -> None:
        self._allowed = allowed
        self._resolve = resolve

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Every address of a host. Raises Closed if any of them leads inside."""
        found = list(dict.fromkeys(await self._resolve(host, port)))
        for address, _ in found:
            self._check(address)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=its_port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address, its_port in found
        ]

    def open_socket(self, where: tuple[Any, ...]) -> socket.socket:
        """A socket for an address that is about to be connected to. Raises Closed."""
        family, kind, protocol, _, address = where
        self._check(str(address[0]))
        return socket.socket(family, kind, protocol)

    async def close(self) -> None:
        """Nothing is held."""

    def _check(self, address: str) -> None:
        if not self._allowed(address):
            raise Closed(f"{address} is no public address")
