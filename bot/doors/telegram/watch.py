"""Whether posts still reach us: with a webhook silence looks like peace, so Telegram is asked now and then.

It notes the last failure of every post (an expired certificate, a proxy that is down) and tries it again for a day; we hear nothing.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog
from telegram import WebhookInfo

from bot.contract import Host
from bot.doors.telegram.alerts import tell_owners
from bot.doors.telegram.library import TelegramBot

log = structlog.get_logger("doors.telegram")

EVERY = 300.0
"""Seconds between two looks."""
SURELY = 30.0
"""Seconds after which trouble is looked at once more: what failed while somebody restarted us is over by then."""
RECENT = timedelta(minutes=10)
"""How old a failure may be that still means something: each post that waits is tried again every two minutes at most."""


class Watch:
    """Asks for ever, until it is cancelled. `trouble` is what two looks in a row found."""

    def __init__(self, bot: TelegramBot, host: Host, url: str, every: float = EVERY, surely: float = SURELY) -> None:
        self._bot = bot
        self._host = host
        self._url = url
        self._every, self._surely = every, surely
        self._suspected = False
        self.trouble: str | None = None

    async def run(self) -> None:
        """Look again and again."""
        while True:
            await asyncio.sleep(self._surely if self._suspected and not self.trouble else self._every)
            try:
                found = trouble_of(await self._bot.get_webhook_info(), self._url, self._host.now())
            except Exception as error:  # it cannot be asked, which whoever sends notices as well
                log.warning("telegram.webhook_not_asked", reason=str(error) or type(error).__name__)
                continue
            await self._conclude(found)

    async def _conclude(self, found: str | None) -> None:
        was = self.trouble
        self.trouble = found if self._suspected else None
        self._suspected = found is not None
        if self.trouble and not was:
            log.error("telegram.webhook_unreached", reason=self.trouble)
            await tell_owners(self._host, "telegram.deaf", reason=self.trouble)
        elif was and not found:
            log.info("telegram.webhook_again")


def trouble_of(info: WebhookInfo, url: str, now: datetime) -> str | None:
    """What keeps posts from us; None where none waits, or where nothing went wrong with them lately."""
    if info.url != url:
        return "somebody else set another webhook for this token, or took ours away"
    failed = info.last_error_date
    if not info.pending_update_count or failed is None or now - failed > RECENT:
        return None
    return info.last_error_message or "posts fail"
