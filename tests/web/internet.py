"""A small Internet on loopback: many host names, one server, and a trap at every address nobody may reach.

    async with Internet() as net:
        net.site("feeds.example", handler)                 aiohttp handler
        net.raw("slow.example", talk)                      async (reader, writer): whatever bytes you like
        async with net.fetcher() as web: …

Names resolve to loopback with the port of the right server; the rule lets loopback through, and only for names of ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.web.addresses import is_public
from bot.web.fetch import Fetcher

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
LOOPBACK = "127.0.0.1"


class Internet:
    """Sites by name."""

    def __init__(self) -> None:
        self._sites: dict[str, Handler] = {}
        self._ports: dict[str, int] = {}
        self._raw: list[asyncio.Server] = []
        self.asked: list[web.Request] = []
        app = web.Application(client_max_size=0)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._server = TestServer(app)

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()
        for server in self._raw:
            server.close()

    def site(self, host: str, handler: Handler) -> None:
        """Serve a host."""
        self._sites[host] = handler
        self._ports[host] = self._server.port or 0

    def page(self, host: str, body: bytes | str, status: int = 200, **headers: str) -> None:
        """Serve one body whatever is asked for."""
        content = body.encode() if isinstance(body, str) else body

        async def give(_: web.Request) -> web.Response:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return web.Response(body=content, status=status, headers=named)

        self.site(host, give)

    async def raw(self, host: str, talk: Talk, at: str = LOOPBACK) -> None:
        """Serve a host with bytes of our own making."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await talk(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(serve, at, 0)
        self._raw.append(server)
        self._ports[host] = server.sockets[0].getsockname()[1]

    async def resolve(self, host: str, port: int) -> Sequence[tuple[str, int]]:
        """Loopback for our names."""
        if host not in self._ports:
            raise OSError(f"nobody is called {host}")
        return [(LOOPBACK, self._ports[host])]

    def allowed(self, address: str) -> bool:
        """Loopback stands for the whole Internet."""
        return address == LOOPBACK or is_public(address)

    def fetcher(self, **given: Any) -> Fetcher:
        """A fetcher whose Internet this is."""
        return Fetcher(**{"allowed": self.allowed, "resolve": self.resolve, **given})

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        host = request.host.partition(":")[0]
        if host not in self._sites:
            return web.Response(status=404)
        return await self._sites[host](request)
