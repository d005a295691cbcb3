"""A TCP proxy that can be slow, silent, rude or wrong: between the bot and a platform, or the bot and PostgreSQL.

    async with FaultProxy("127.0.0.1", 8081) as proxy:      or FaultProxy("/run/postgresql/.s.PGSQL.5432")
        proxy.fault = BlackHole()
        …
        proxy.heal()

A fault acts on what passes from now on, on open connections as on new ones. `swallowed` holds what was asked and
never got there whole, `lost` what was asked and whose answer never came whole, each with the instant (of the monotonic clock) at which
that was clear: whoever asked cannot tell the one from the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple, Self

from bot.ending import end

CHUNK = 65_536
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(frozen=True, slots=True)
class Latency:
    """Everything comes that much later, each way."""

    seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class Drip:
    """Answers come at so many bytes a second."""

    bytes_per_second: float = 1.0


@dataclass(frozen=True, slots=True)
class BlackHole:
    """Connections open, and nothing that is written ever arrives, either way. A connection that lost something stays dead."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Connections are reset after so many bytes of an answer."""

    after: int = 40


@dataclass(frozen=True, slots=True)
class Refused:
    """Every connection is reset as soon as it is there."""


@dataclass(frozen=True, slots=True)
class Says:
    """What is asked goes nowhere; the proxy answers by itself."""

    answer: bytes

    @classmethod
    def page(cls) -> Says:
        """502 with a web page, as a proxy in front of a dead server gives it."""
        return cls(b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n" + _length(PAGE))

    @classmethod
    def garbage(cls) -> Says:
        """200 with JSON that ends in the middle."""
        return cls(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + _length(b'{"ok":true,"result":{"mess'))


Fault = Latency | Drip | BlackHole | Reset | Refused | Says


class Kept(NamedTuple):
    """A request that got no whole answer, and since when."""

    asked: bytes
    at: float


class FaultProxy:
    """Passes bytes on between whoever connects to `port` and a host and port, or a Unix socket by its path."""

    def __init__(self, upstream: str, port: int | None = None) -> None:
        self._upstream, self._upstream_port = upstream, port
        self.fault: Fault | None = None
        self.port = 0
        self.lost: list[Kept] = []
        self.swallowed: list[Kept] = []
        self._lines: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await end(*self._lines)

    def heal(self) -> None:
        """All is well again, for what comes from now on."""
        self.fault = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "a server runs each connection in a task"
        self._lines.add(task)
        task.add_done_callback(self._lines.discard)
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await self._connect(reader, writer)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if isinstance(self.fault, Refused):
            return _reset(writer)
        try:
            if self._upstream_port is None:
                far_reader, far_writer = await asyncio.open_unix_connection(self._upstream)
            else:
                far_reader, far_writer = await asyncio.open_connection(self._upstream, self._upstream_port)
        except OSError:
            return _reset(writer)
        line = _Line(self, writer, far_writer)
        try:
            await asyncio.wait(
                {
                    asyncio.create_task(line.carry(reader, far_writer, answers=False)),
                    asyncio.create_task(line.carry(far_reader, writer, answers=True)),
                },
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            line.cut()
        return None


class _Line:
    """One connection through the proxy."""

    def __init__(self, proxy: FaultProxy, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self._proxy, self._near, self._far = proxy, near, far
        self._dead = False
        self._asked = b""
        self._answered = False

    def cut(self) -> None:
        for writer in (self._near, self._far):
            if not writer.is_closing():
                writer.close()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool) -> None:
        """Pass on what comes, until either side has enough."""
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                if not await self._pass_and_note(chunk, writer, answers=answers):
                    return

    async def _pass_and_note(self, chunk: bytes, writer: asyncio.StreamWriter, *, answers: bool) -> bool:
        """The same, and remember what was asked and of what the answer was lost. A request may come in several chunks."""
        if not answers:
            self._asked = chunk if self._answered else self._asked + chunk
        self._answered = answers
        goes_on = whole = False
        try:
            goes_on = await self._pass(chunk, writer, answers=answers)
            whole = goes_on and not self._dead and not writer.is_closing()
        finally:
            if not whole and self._asked:
                (self._proxy.lost if answers else self._proxy.swallowed).append(Kept(self._asked, monotonic()))
                self._asked = b""
        return goes_on

    async def _pass(self, chunk: bytes, writer: asyncio.StreamWriter, *, answers: bool) -> bool:
        """Pass a chunk on as the fault of the moment has it; False where that ends the connection."""
        match self._proxy.fault:
            case BlackHole():
                self._dead = True
            case Refused():
                _reset(self._near)
                return False
            case Reset(after=length) if answers:
                writer.write(chunk[:length])
                await writer.drain()
                _reset(writer)
                return False
            case Says(answer=answer) if not answers:
                self._near.write(answer)
                await self._near.drain()
                return False
            case Latency(seconds=seconds):
                await asyncio.sleep(seconds)
            case Drip() if answers:
                chunk = await self._drip(chunk, writer)
        if not self._dead:
            writer.write(chunk)
            await writer.drain()
        return True

    async def _drip(self, chunk: bytes, writer: asyncio.StreamWriter) -> bytes:
        """Let bytes through one by one while the fault lasts; give the rest."""
        for place in range(len(chunk)):
            if not isinstance(self._proxy.fault, Drip):
                return chunk[place:]
            writer.write(chunk[place : place + 1])
            await writer.drain()
            await asyncio.sleep(1 / self._proxy.fault.bytes_per_second)
        return b""


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a reset instead of a farewell."""
    connection = writer.get_extra_info("socket")
    if connection is not None and connection.family != socket.AF_UNIX:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()


def _length(body: bytes) -> bytes:
    return b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
