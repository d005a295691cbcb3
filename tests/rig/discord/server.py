"""The whole Discord: one loopback server for REST and gateway, and discord.py pointed at it."""

from __future__ import annotations

from typing import Any, Self

import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.rig.bell import Bell
from tests.rig.discord.faults import Effect, Fault
from tests.rig.discord.gateway import Gateway
from tests.rig.discord.people import Person
from tests.rig.discord.rest import PREFIX, Rest
from tests.rig.discord.world import World

TOKEN = "NzAwMQ.canary.discord-token-of-the-tests"


class DiscordServer:
    """Started and stopped at will; its world outlives that. While it is started, discord.py calls it."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.world = World()
        self.bell = Bell()
        self.rest = Rest(self.world, self.bell, token)
        self.gateway = Gateway(self.world, self.bell, token)
        self._runner: web.AppRunner | None = None
        self.port = 0
        self._before: tuple[str, Any] | None = None
        self._people = 0

    async def start(self) -> None:
        """Serve, on the same port as before."""
        app = self.rest.application()
        app.router.add_get("/gateway/", self.gateway.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = self.rest.gateway_url = f"ws://127.0.0.1:{self.port}/gateway/"
        if self._before is None:
            self._before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
        Route.BASE = f"http://127.0.0.1:{self.port}{PREFIX}"
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.gateway.url)

    async def stop(self) -> None:
        """Refuse connections; the world stays."""
        if self._runner:
            await self.gateway.cut("reset")
            await self._runner.cleanup()
            self._runner = None

    async def end(self) -> None:
        """Stop for good and let discord.py call the real one again, as it was."""
        await self.stop()
        if self._before:
            Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self._before
        assert not self.rest.broken, self.rest.broken

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.end()

    def person(self, name: str, locale: str = "pt-BR") -> Person:
        """Somebody new."""
        self._people += 1
        return Person(self, 9000 + self._people, name, locale)

    def fault(self, effect: Effect, *, method: str = "POST", path: str = "/channels/", times: int = 1) -> None:
        """Let the next such calls meet this instead."""
        self.rest.faults.append(Fault(effect, method, path, times))

    def count(self, method: str, path: str) -> int:
        """How many calls of that kind came."""
        return sum(call[0] == method and call[1].startswith(path) for call in self.rest.calls)
