"""Webhooks: Telegram posts each update to us, and hears 2xx when that has taken effect.

    post ─▶ secret? ─▶ small enough? ─▶ begin (in its person's order) ─▶ wait until it is done ─▶ 200
                                                                                       └─ the database is away ─▶ 503

A forged post costs a comparison and changes nothing. Nothing here looks at the path, the name of the host or where a post came
from, so any proxy may stand in front. Telegram serves an update again until it hears 2xx, and holds back the next one of the same
chat meanwhile: hence also what cannot be read is answered with 200, once it is in the log.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import web
from telegram import Update

from bot.contract import Host
from bot.doors.telegram.incoming import KINDS
from bot.doors.telegram.library import TelegramBot
from bot.errors import DatabaseAway

log = structlog.get_logger("doors.telegram")

SECRET = "X-Telegram-Bot-Api-Secret-Token"
LARGEST = 1024 * 1024
"""Bytes of one post; Telegram's are a few thousand."""
CONNECTIONS = 40
"""How many posts Telegram may have on their way at once."""
AGAIN = {"Retry-After": "1"}
LAST_POSTS = 1.0
"""Seconds that stopping gives to answers on their way out."""
REMEMBERED = "telegram.webhook"

Begin = Callable[[Update], "asyncio.Task[None]"]


@dataclass(frozen=True, slots=True)
class WebhookPlace:
    """Where Telegram posts to (`url`), and where we listen for it: `host` and `port`, behind whatever passes the posts on.

    Without a `secret` one is derived from the token: the same in every process, and nobody else's guess.
    """

    url: str
    host: str
    port: int
    secret: str = field(default="", repr=False)

    def secret_for(self, token: str) -> str:
        """What every post must carry."""
        return self.secret or hmac.new(token.encode(), b"webhook", hashlib.sha256).hexdigest()


class Webhook:
    """The server. `begin` handles an update in its order; a post that is repeated while that lasts waits for the same end."""

    def __init__(self, bot: TelegramBot, place: WebhookPlace, begin: Begin) -> None:
        self._bot = bot
        self._place = place
        self._secret = place.secret_for(bot.token).encode()
        self._begin = begin
        self._open: dict[int, asyncio.Task[None]] = {}
        self._runner: web.AppRunner | None = None
        self._closing = False

    async def start(self) -> None:
        """Listen. Raises OSError where the port is taken."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_POSTS, handle_signals=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._place.host, self._place.port, reuse_port=False).start()
        self._closing = False
        log.info("telegram.webhook_listens", host=self._place.host, port=self._place.port)

    def close(self) -> None:
        """Take no post any more; Telegram offers it again."""
        self._closing = True

    async def stop(self) -> None:
        """Close the port, when what was taken has ended."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _take(self, request: web.Request) -> web.Response:
        shown = request.headers.get(SECRET, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self._secret):
            return web.Response(status=403)
        body = await request.read()  # refused with 413 where it is too large
        if self._closing:
            return web.Response(status=503, headers=AGAIN)
        task = self._task_of(body)
        if task:
            await asyncio.wait([task])
            # we stop, or cannot write: it did not take effect
            if task.cancelled() or isinstance(task.exception(), DatabaseAway):
                return web.Response(status=503, headers=AGAIN)
        return web.Response()

    def _task_of(self, body: bytes) -> asyncio.Task[None] | None:
        """The task that handles an update; None for one that can only be passed over."""
        try:
            raw: dict[str, Any] = json.loads(body)
            number = int(raw["update_id"])
            if number in self._open:
                return self._open[number]
            task = self._begin(self._bot.read(raw))
        except Exception:  # it would be served for a day, and hold up its chat
            log.exception("telegram.update_unreadable", bytes=len(body))
            return None
        self._open[number] = task
        task.add_done_callback(lambda _: self._open.pop(number, None))
        return task


async def set_webhook(bot: TelegramBot, host: Host, place: WebhookPlace) -> None:
    """Tell Telegram where we listen, if that is not what it knows already. Raises TelegramError."""
    secret = place.secret_for(bot.token)
    wanted = hashlib.sha256(json.dumps([bot.id, place.url, secret, KINDS, CONNECTIONS]).encode()).hexdigest()[:32]
    info = await bot.get_webhook_info()
    if info.url == place.url and await host.remembered(REMEMBERED) == wanted:
        return
    await bot.set_webhook(place.url, secret_token=secret, allowed_updates=KINDS, max_connections=CONNECTIONS)
    await host.remember(REMEMBERED, wanted)
    log.info("telegram.webhook_set", waiting=info.pending_update_count)
