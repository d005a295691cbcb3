"""Delivery of updates to a webhook: in order within a lane, again with growing delays until the bot says 2xx.

After tdlib/telegram-bot-api, WebhookActor.cpp: the first retry comes at once, then the delay doubles up to
a random one between 60 and 120 s; a `Retry-After` of the bot is honoured up to an hour. An address on this
machine may be plain HTTP and have any port, which the real server refuses.
"""

import asyncio
import random
import re
from urllib.parse import urlsplit

import aiohttp

from bot.ending import end
from tests.rig.bell import Bell

from .clock import TimeSource
from .html import JSON
from .refusal import bad_request
from .updates import Lane, Update, Updates

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PORTS = {None, 443, 80, 88, 8443}
SECRET = re.compile(r"[A-Za-z0-9_-]*\Z")
RETRY_AFTER_MAX = 3600
ANSWER_WITHIN = 10.0


class Webhook:
    """The bot's webhook; inactive while `url` is empty. `pace` multiplies every delay, `bell` rings when an update was taken."""

    def __init__(self, updates: Updates, clock: TimeSource, bell: Bell, *, pace: float) -> None:
        self.url = ""
        self._updates = updates
        self._clock = clock
        self._bell = bell
        self._pace = pace
        self._secret = ""
        self._max_connections = 40
        self._free = asyncio.Semaphore(40)
        self._lanes: dict[Lane, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._last_error: tuple[int, str] | None = None
        updates.on_push = self._start_lanes

    async def set(self, url: str, secret: str, max_connections: int) -> None:
        """Deliver there from now on. Raises `Refused` (400)."""
        _check_url(url)
        if len(secret) > 256:
            raise bad_request("secret token is too long")
        if not SECRET.match(secret):
            raise bad_request("secret token contains unallowed characters")
        await self.delete()
        self.url, self._secret, self._last_error = url, secret, None
        self._max_connections = max(1, min(max_connections, 100))
        self._free = asyncio.Semaphore(self._max_connections)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN))
        self._start_lanes()

    async def delete(self) -> None:
        """Deliver no more; what waits stays for `getUpdates`."""
        self.url = ""
        lanes, self._lanes = [*self._lanes.values()], {}
        await end(*lanes)
        if self._session:
            await self._session.close()
            self._session = None

    def as_json(self) -> JSON:
        """The Bot API's WebhookInfo."""
        info: JSON = {"url": self.url, "has_custom_certificate": False}
        info["pending_update_count"] = len(self._updates.pending())
        if self.url:
            info["max_connections"] = self._max_connections
        if self._updates.allowed:
            info["allowed_updates"] = self._updates.allowed
        if self._last_error:
            info["last_error_date"], info["last_error_message"] = self._last_error
        return info

    def _start_lanes(self) -> None:
        """Every lane in which something waits has one task that empties it."""
        if not self.url:
            return
        for update in self._updates.pending():
            if update.lane not in self._lanes:
                self._lanes[update.lane] = asyncio.create_task(self._empty(update.lane))

    async def _empty(self, lane: Lane) -> None:
        while (update := next((u for u in self._updates.pending() if u.lane == lane), None)) is not None:
            await self._deliver(update)
        self._lanes.pop(lane, None)

    async def _deliver(self, update: Update) -> None:
        """Offer one update until it is taken or expires."""
        fails, delay = 0, 1.0
        while update in self._updates.pending():
            retry_after = await self._offer(update)
            if retry_after is None:
                self._updates.forget([update])
                self._bell.ring()
                return
            if fails and not retry_after:
                delay = min(delay * 2, random.uniform(60, 120))
            fails += 1
            await asyncio.sleep((retry_after or (delay if fails > 1 else 0)) * self._pace)

    async def _offer(self, update: Update) -> float | None:
        """None if the bot took it, else after how many seconds it wants it again (0: it did not say)."""
        assert self._session
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        try:
            async with (
                self._free,
                self._session.post(self.url, json=update.as_json(), headers=headers) as answer,
            ):
                if 200 <= answer.status < 300:
                    return None
                self._note(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                wanted = answer.headers.get("Retry-After", "")
                return min(float(wanted), RETRY_AFTER_MAX) if wanted.isdecimal() else 0.0
        except (aiohttp.ClientError, TimeoutError) as problem:
            self._note(str(problem) or "Read timeout expired")
            return 0.0

    def _note(self, error: str) -> None:
        self._last_error = (int(self._clock.now().timestamp()), error)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if parts.hostname in LOOPBACK:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
