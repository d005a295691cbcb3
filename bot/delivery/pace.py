"""How fast we speak: a bulk message waits for its turn, a reply hardly ever, and a platform that asks for silence gets it.

python-telegram-bot's own limiter lets a burst through and lifts a flood pause early (measured: 59 sends in one second), hence ours.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from bot.chat import Address

MOST = 30
"""What a platform lets a bot send in any sliding second, over all chats, replies included (Telegram's FAQ)."""
ROOM = 2
"""Places of those that bulk leaves to replies, so that nobody who speaks waits for a crowd."""
WINDOW = 1.1
"""Seconds that a message takes one of the places: a second, and how differently long two ways to the platform may be."""

CHAT_GAP = 1.0
"""Seconds between two messages to one chat (Telegram's FAQ: one a second)."""
CATCH_UP = 4
"""How many turns that the process was too busy for may follow at once."""
A_MOMENT = 0.001
"""Seconds for which nobody goes to sleep."""
MINUTE = 60.0
LONG_AGO = float("-inf")
FIRST_HOLD, LONGEST_HOLD = 1.0, 10.0
"""Seconds that bulk waits when a platform is not there; twice as long each time, until something reaches it again."""
TRY_GAP = 1.0
"""Seconds between the messages with which that is tried."""
CHATS_KEPT = 10_000
"""How many chats are remembered before those that are free again are forgotten."""


class Turn:
    """A place among those that may go within a second. It counts from the turn until `WINDOW` after `begin`, whenever that comes.

    Who leaves the block without having begun gives the place back.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._begun = False

    def begin(self) -> None:
        """The call begins now."""
        self._begun = True
        self._pace.begins()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._begun:
            self._pace.give_back()


class Pace:
    """The turns of one platform: evenly spaced, and never more than `most` in any sliding second, bulk and replies together.

    A message of the crowd has a place before its row is taken, so that no row stands as on its way while it only waits; and it keeps
    the place until a second after its call began. So it does not matter how long taking it took: a slow commit brings the calls
    behind it together, but not more of them than there are places.

    `monotonic` tells seconds that only grow, `sleep` waits for some of them; it may come back early. `per_minute` says of a place how
    many messages a minute it takes at most, replies included, such as a group; None where the platform does not count them.
    """

    def __init__(
        self,
        per_second: float,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        *,
        most: int | None = None,
        chat_gap: float = CHAT_GAP,
        per_minute: Callable[[Address], int | None] = lambda _: None,
    ) -> None:
        self._gap = 1 / per_second
        self._chat_gap = chat_gap
        self._now = monotonic
        self._sleep = sleep
        self._most = most or max(MOST, math.ceil(per_second) + CATCH_UP + 1)
        self._begun: deque[float] = deque()
        self._reserved = 0
        self._line = asyncio.Lock()
        self._line_of_replies = asyncio.Lock()
        self._next = LONG_AGO
        self._silent_until = LONG_AGO
        self._held_until = LONG_AGO
        self._hold = FIRST_HOLD
        self._chats: dict[str, float] = {}
        self._per_minute = per_minute
        self._minutes: dict[str, deque[float]] = {}

    async def bulk_turn(self, address: Address) -> Turn | None:
        """The turn of a message nobody waits for; None as long as its chat takes none yet.

        That one is put aside until `chat_free`, so that a chat with its own gap, or a group that had its fill, holds up nobody else.
        """
        async with self._line:
            while self._free_at(address) <= self._now():
                if (wait := self._until_next()) <= 0:
                    return self._take_turn(address)
                await self._sleep(wait)
        return None

    async def chat_free(self, address: Address) -> None:
        """Wait until a chat takes another message of bulk."""
        while (gap := self._free_at(address) - self._now()) > 0:
            await self._sleep(gap)

    async def reply_turn(self, address: Address) -> None:
        """Wait only while the platform wants silence, the place had its fill, or others took every place of the last second.

        Replies take room from bulk, not the other way round.
        """
        now = self._now()
        self._next = max(now, self._next) + self._gap
        at = max(now, self._silent_until, self._room_at(address))
        self._keep_gap(address, at)
        while (wait := max(self.silence, at - self._now())) > 0:
            await self._sleep(wait)
        async with self._line_of_replies:
            while (wait := max(self.silence, self._until_free(self._most))) > 0:
                await self._sleep(wait)
            self._reserved += 1
            self.begins()

    def begins(self) -> None:
        """One of those with a place calls now."""
        self._reserved -= 1
        self._begun.append(self._now())

    def give_back(self) -> None:
        """One of those with a place does not call."""
        self._reserved -= 1

    def slow_down(self, seconds: float) -> None:
        """Nothing goes for that long, from anybody."""
        self._silent_until = max(self._silent_until, self._now() + seconds)
        self._next = max(self._next, self._silent_until)

    def unreached(self) -> None:
        """Nothing can be brought there just now: bulk holds still instead of trying with each of its messages. Replies go on trying."""
        now = self._now()
        if now >= self._held_until:  # those that were on their way together failed for one reason
            self._held_until = now + self._hold
            self._next = max(self._next, self._held_until)
            self._hold = min(self._hold * 2, LONGEST_HOLD)

    def reached(self) -> None:
        """The platform answered: it is there."""
        self._hold = FIRST_HOLD

    @property
    def silence(self) -> float:
        """How many seconds of silence are left; not more than 0 where nothing is silent."""
        return self._silent_until - self._now()

    @property
    def rest(self) -> float:
        """How many seconds bulk still waits, for the end of a silence or of a hold; not more than 0 where it does not."""
        return max(self._silent_until, self._held_until) - self._now()

    def _take_turn(self, address: Address) -> Turn:
        """A place among those of the second, and room behind it."""
        now = self._now()
        self._reserved += 1
        gap = self._gap if self._hold == FIRST_HOLD else max(self._gap, TRY_GAP)
        self._next = max(self._next, now - CATCH_UP * self._gap) + gap
        self._keep_gap(address, now)
        return Turn(self)

    def _until_next(self) -> float:
        """Seconds until bulk may go on. To sleep for a moment only would take longer than the moment; the turns after it make up for it."""
        wait = self._next - self._now()
        return max(wait if wait > A_MOMENT else 0.0, self.rest, self._until_free(self._most - ROOM))

    def _until_free(self, places: int) -> float:
        """Seconds until one of so many places is free; none if one is. Where only the reserved are in the way, one looks again soon."""
        now = self._now()
        while self._begun and self._begun[0] <= now - WINDOW:
            self._begun.popleft()
        over = len(self._begun) + self._reserved - places
        if over < 0:
            return 0.0
        return self._begun[over] + WINDOW - now if over < len(self._begun) else self._gap

    def _free_at(self, address: Address) -> float:
        """When the next bulk message may go to a place."""
        return max(self._chats.get(address.chat, LONG_AGO), self._room_at(address))

    def _room_at(self, address: Address) -> float:
        """When a place takes another message, by what went there in the last minute or will go."""
        most = self._per_minute(address)
        went = self._minutes.get(address.chat)
        return went[-most] + MINUTE if most and went and len(went) >= most else LONG_AGO

    def _keep_gap(self, address: Address, at: float) -> None:
        """Something goes to a chat at an instant; the next bulk message there waits."""
        chat = address.chat
        if self._per_minute(address):
            went = self._minutes.setdefault(chat, deque())
            while went and went[0] <= self._now() - MINUTE:
                went.popleft()
            went.append(at)
        self._chats[chat] = max(self._chats.get(chat, LONG_AGO), at + self._chat_gap)
        if len(self._chats) > CHATS_KEPT:
            now = self._now()
            self._chats = {chat: free for chat, free in self._chats.items() if free > now}
            self._minutes = {chat: went for chat, went in self._minutes.items() if went[-1] > now - MINUTE}
