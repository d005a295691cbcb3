"""Looks host names up in threads of its own, so that a name server that does not answer makes nothing else wait.

The loop's own `getaddrinfo` shares a handful of threads with everything else that is done beside the loop, and Python waits for those
when the process ends. A look-up cannot be interrupted; ours are daemons, which the end of the process does not wait for.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from aiohttp.abc import AbstractResolver, ResolveResult

Resolve = Callable[[str, int], Awaitable[Sequence[tuple[str, int]]]]
"""Gives the numeric addresses of a host with the port to use there. Raises OSError for a name that nobody has."""
Addresses = list[tuple[str, int]]


class HostNames:
    """Asks the system for addresses, so many names at once. A look-up that nobody waits for any more holds its place until it is over."""

    def __init__(self, at_once: int) -> None:
        self._places = asyncio.Semaphore(at_once)

    async def look_up(self, host: str, port: int) -> Addresses:
        """The numeric addresses of a host. Raises OSError for a name that nobody has, UnicodeError for what is no name."""
        await self._places.acquire()
        found: asyncio.Future[Addresses] = asyncio.get_running_loop().create_future()
        asking = threading.Thread(target=self._ask, args=(host, port, found), name="hostnames", daemon=True)
        try:
            asking.start()
        except RuntimeError as error:  # the system gives us no thread more
            self._places.release()
            raise OSError(str(error)) from error
        return await found

    def _ask(self, host: str, port: int, found: asyncio.Future[Addresses]) -> None:
        """In the thread."""
        outcome: Addresses | Exception
        try:
            asked = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
            outcome = [(str(where[0]), port) for *_, where in asked]
        except Exception as error:
            outcome = error
        with suppress(RuntimeError):  # the loop is closed: nobody is left to be told
            found.get_loop().call_soon_threadsafe(self._tell, found, outcome)

    def _tell(self, found: asyncio.Future[Addresses], outcome: Addresses | Exception) -> None:
        self._places.release()
        if found.done():
            return
        if isinstance(outcome, Exception):
            found.set_exception(outcome)
        else:
            found.set_result(outcome)


class Resolver(AbstractResolver):
    """What aiohttp asks for the addresses of a host."""

    def __init__(self, look_up: Resolve) -> None:
        self._look_up = look_up

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Every address of a host, each once. Raises OSError."""
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=its_port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST,
            )
            for address, its_port in dict.fromkeys(await self._look_up(host, port))
        ]

    async def close(self) -> None:
        """Nothing is held."""
