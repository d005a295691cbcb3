"""The gate every connection passes: a name is looked up once, and a socket opens only to an address that was checked.

The check stands twice. At the lookup it refuses a name of whose addresses any leads inside, whatever the others are. At the socket
it sees the very address that is about to be connected to, also where a number stood in the link and nothing was looked up; so no
second lookup can slip another one in.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from aiohttp.abc import ResolveResult

from bot.hostnames import Resolve, Resolver

Allowed = Callable[[str], bool]
"""Says of a numeric address whether it may be connected to."""


class Closed(OSError):
    """The gate lets nobody through to this address."""


class Gate(Resolver):
    """Looks names up and opens sockets, for public addresses only."""

    def __init__(self, allowed: Allowed, resolve: Resolve) -> None:
        super().__init__(resolve)
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Every address of a host. Raises Closed if any of them leads inside."""
        found = await super().resolve(host, port, family)
        for one in found:
            self._check(one["host"])
        return found

    def open_socket(self, where: tuple[Any, ...]) -> socket.socket:
        """A socket for an address that is about to be connected to. Raises Closed."""
        family, kind, protocol, _, address = where
        self._check(str(address[0]))
        return socket.socket(family, kind, protocol)

    def _check(self, address: str) -> None:
        if not self._allowed(address):
            raise Closed(f"{address} is no public address")
