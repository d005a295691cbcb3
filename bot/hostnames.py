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
from functools import partial
from typing import Any, TypeVar

from aiohttp.abc import AbstractResolver, ResolveResult

Resolve = Callable[[str, int], Awaitable[Sequence[tuple[str, int]]]]
"""Gives the numeric addresses of a host with the port to use there. Raises OSError for a name that nobody has."""
Addresses = list[tuple[str, int]]
Answer = TypeVar("Answer")
AT_ONCE = 40
"""Look-ups of the loop at once: all connections to a database, and some more."""


class Asking:
    """Asks the system in a daemon thread for each question, so many at once.

    One that nobody waits for any more holds its place until it is over.
    """

    def __init__(self, at_once: int) -> None:
        self._places = asyncio.Semaphore(at_once)

    async def ask(self, question: Callable[[], Answer]) -> Answer:
        """What it answers, or raises."""
        await self._places.acquire()
        told: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        asking = threading.Thread(target=self._ask, args=(question, told), name="hostnames", daemon=True)
        try:
            asking.start()
        except RuntimeError as error:  # the system gives us no thread more
            self._places.release()
            raise OSError(str(error)) from error
        return await told

    def _ask(self, question: Callable[[], Answer], told: asyncio.Future[Answer]) -> None:
        """In the thread."""
        tell: Callable[[], None]
        try:
            tell = partial(self._tell, told, question())
        except Exception as error:
            tell = partial(self._fail, told, error)
        with suppress(RuntimeError):  # the loop is closed: nobody is left to be told
            told.get_loop().call_soon_threadsafe(tell)

    def _tell(self, told: asyncio.Future[Answer], answer: Answer) -> None:
        self._places.release()
        if not told.done():
            told.set_result(answer)

    def _fail(self, told: asyncio.Future[Answer], error: Exception) -> None:
        self._places.release()
        if not told.done():
            told.set_exception(error)


class HostNames:
    """Asks for the addresses of names, so many at once."""

    def __init__(self, at_once: int) -> None:
        self._asking = Asking(at_once)

    async def look_up(self, host: str, port: int) -> Addresses:
        """The numeric addresses of a host. Raises OSError for a name that nobody has, UnicodeError for what is no name."""
        found = await self._asking.ask(
            lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        )
        return [(str(where[0]), port) for *_, where in found]


class Loop(asyncio.SelectorEventLoop):
    """An event loop that looks names up so as well, for those who ask it: a database driver, a gateway's socket."""

    def __init__(self) -> None:
        super().__init__()
        self._asking = Asking(AT_ONCE)

    async def getaddrinfo(
        self,
        host: bytes | str | None,
        port: bytes | str | int | None,
        *,
        family: int = 0,
        type: int = 0,  # noqa: A002 (whoever asks a loop names it so)
        proto: int = 0,
        flags: int = 0,
    ) -> list[Any]:
        """As `socket.getaddrinfo`."""
        return await self._asking.ask(lambda: socket.getaddrinfo(host, port, family, type, proto, flags))


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
