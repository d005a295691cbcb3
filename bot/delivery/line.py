"""Whether a platform answers at all: a call whose answer is lost costs a message its certainty, so nothing is sent into a silence.

After a call without an answer we knock, and until somebody answers every message waits as if there were no connection (which the pace
looks after). A message that is in doubt already has one call left; it goes only where the platform was heard a moment ago.
"""

from __future__ import annotations

import asyncio
from time import monotonic

import structlog

from bot.contract import Door
from bot.errors import DeliveryError, Failing, NotRendered, NotSent, SlowDown, Uncertain

log = structlog.get_logger("delivery")

FRESH = 1.0
"""Seconds for which a platform counts as being there after it was heard."""
KNOCK_AGAIN = 2.0
"""Seconds between two knocks at a platform that does not answer."""
LONG_AGO = float("-inf")


class Line:
    """The line to one platform. `note` every call that ended; `answers` before the next one."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._silent = False
        self._heard_at = LONG_AGO
        self._unheard_at = LONG_AGO
        self._knocking = asyncio.Lock()

    def note(self, error: DeliveryError | None) -> None:
        """A call ended: with an answer (None, or what the platform says), without one, or without having begun."""
        if isinstance(error, (Uncertain, Failing)):
            self._silent = True
        elif _is_answer(error):
            self._silent = False
            self._heard_at = monotonic()

    @property
    def is_silent(self) -> bool:
        """Whether the last call that ended had no answer."""
        return self._silent

    async def answers(self, *, surely: bool = False) -> bool:
        """Whether a message may go; `surely` asks for a sign of life of this moment."""
        if not self._in_question(surely):
            return True
        async with self._knocking:
            if not self._in_question(surely):  # somebody else knocked meanwhile
                return True
            return monotonic() - self._unheard_at >= KNOCK_AGAIN and await self._knock()

    def _in_question(self, surely: bool) -> bool:
        return self._silent or (surely and monotonic() - self._heard_at > FRESH)

    async def _knock(self) -> bool:
        try:
            await self._door.knock()
        except DeliveryError as error:
            if not _is_answer(error):
                self._unheard_at = monotonic()
                log.info("delivery.nobody_answers", platform=self._door.platform, reason=error.reason)
                return False
        self.note(None)
        return True


def _is_answer(error: DeliveryError | None) -> bool:
    """Whether the platform itself said something: yes, or what it did not like."""
    return isinstance(error, SlowDown) or not isinstance(error, (Uncertain, Failing, NotSent, NotRendered))
