"""The turns of one platform: who may send when, bulk and replies together."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from bot.chat import Address
from bot.delivery.pace.chats import Chats
from bot.delivery.pace.places import Places
from bot.delivery.pace.quiet import Quiet

MOST = 30
"""What a platform lets a bot send in any sliding second, over all chats, replies included (Telegram's FAQ)."""
ROOM = 2
"""Places of those that bulk leaves to replies, so that nobody who speaks waits for a crowd."""
CHAT_GAP = 1.1
"""Seconds between two messages to one chat: a second (Telegram's FAQ), and how differently long two ways to the platform may be."""
CATCH_UP = 4
"""How many turns that the process was too busy for may follow at once."""
A_MOMENT = 0.001
"""Seconds for which nobody goes to sleep."""
TRY_GAP = 1.0
"""Seconds between the messages with which it is tried whether a platform is there again."""
LONG_AGO = float("-inf")


class Turn:
    """A place among those that may go within a second, and in its chat. Who leaves the block without having begun gives it back."""

    __slots__ = ("_address", "_begun", "_chats", "_second")

    def __init__(self, second: Places, chats: Chats, address: Address) -> None:
        self._second = second
        self._chats = chats
        self._address = address
        self._begun = False

    def begin(self) -> None:
        """The call begins now."""
        self._begun = True
        self._second.begins()
        self._chats.begins(self._address)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._begun:
            self._second.give_back()
            self._chats.give_back(self._address)


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
        self._now = monotonic
        self._sleep = sleep
        self._second = Places(most or max(MOST, math.ceil(per_second) + CATCH_UP + 1), monotonic, soon=self._gap)
        self._chats = Chats(chat_gap, monotonic, per_minute)
        self._quiet = Quiet(monotonic)
        self._next = LONG_AGO
        self.when_silent: Callable[[float], None] = lambda _: None
        """Called when a silence begins, or turns out to be longer, with its seconds."""
        self._line = asyncio.Lock()
        self._line_of_replies = asyncio.Lock()

    async def bulk_turn(self, address: Address) -> Turn | None:
        """The turn of a message nobody waits for; None as long as its chat takes none yet.

        That one is put aside until `chat_free`, so that a chat with its own gap, or a group that had its fill, holds up nobody else.
        """
        async with self._line:
            while self._chats.until_free(address, now := self._now()) <= 0:
                if (wait := self._until_next(now)) <= 0:
                    return self._take_turn(address, now)
                await self._sleep(wait)
        return None

    async def chat_free(self, address: Address) -> None:
        """Wait until a chat takes another message of bulk."""
        while (wait := self._chats.until_free(address, self._now())) > 0:
            await self._sleep(wait)

    async def reply_turn(self, address: Address) -> None:
        """Wait only while the platform wants silence, the place had its fill, or others took every place of the last second.

        Replies take room from bulk, not the other way round.
        """
        self._next = max(self._now(), self._next) + self._gap
        while not await self._reply_goes(address):
            while (wait := self._until_room(address)) > 0:
                await self._sleep(wait)

    def slow_down(self, seconds: float) -> None:
        """Nothing goes for that long, from anybody."""
        is_longer = seconds > self.silence
        self._quiet.slow_down(seconds)
        self._next = max(self._next, self._quiet.ends_at)
        if is_longer:
            self.when_silent(seconds)

    def unreached(self) -> None:
        """Nothing can be brought there just now: bulk holds still instead of trying with each of its messages. Replies go on trying."""
        self._quiet.unreached()
        self._next = max(self._next, self._quiet.ends_at)

    def reached(self) -> None:
        """The platform answered: it is there."""
        self._quiet.reached()

    @property
    def silence(self) -> float:
        """How many seconds of silence are left; not more than 0 where nothing is silent."""
        return self._quiet.silence

    @property
    def rest(self) -> float:
        """How many seconds bulk still waits, for the end of a silence or of a hold; not more than 0 where it does not."""
        return self._quiet.ends_at - self._now()

    def _take_turn(self, address: Address, now: float) -> Turn:
        """A place among those of the second, and room behind it."""
        self._second.take()
        gap = max(self._gap, TRY_GAP) if self._quiet.is_tried else self._gap
        self._next = max(self._next, now - CATCH_UP * self._gap) + gap
        self._chats.take(address)
        return Turn(self._second, self._chats, address)

    async def _reply_goes(self, address: Address) -> bool:
        """Take the next place of the second and call; False where the chat takes nothing by then, which must hold up nobody else."""
        if self._until_room(address) > 0:
            return False
        async with self._line_of_replies:
            while (wait := max(self.silence, self._second.until_free(self._now()))) > 0:
                await self._sleep(wait)
            if self._chats.until_room(address, self._now()) > 0:
                return False
            self._second.take()
            self._second.begins()
            self._chats.reply(address)
            return True

    def _until_room(self, address: Address) -> float:
        """Seconds until a reply may go, for the platform's silence and its chat; not more than 0 if it may."""
        return max(self.silence, self._chats.until_room(address, self._now()))

    def _until_next(self, now: float) -> float:
        """Seconds until bulk may go on. To sleep for a moment only would take longer than the moment; the turns after it make up for it."""
        wait = self._next - now
        return max(
            wait if wait > A_MOMENT else 0.0, self._quiet.ends_at - now, self._second.until_free(now, leaving=ROOM)
        )
