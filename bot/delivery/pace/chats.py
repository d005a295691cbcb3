"""What one chat takes: hardly more than a message a second, and a group so many a minute."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat import Address
from bot.delivery.pace.places import Places

MINUTE = 61.0
"""Seconds that a message takes one of a group's places: a minute, and how differently long two ways to the platform may be."""
SOON = 0.1
"""Seconds after which one looks again whether a message that has its turn has begun to go."""
LONG_AGO = float("-inf")
ON_ITS_WAY = float("inf")
CHATS_KEPT = 10_000
"""How many chats are remembered before those that are free again are forgotten."""


class Chats:
    """When each chat takes another message. `monotonic` tells seconds that only grow; bulk keeps a gap of `gap` of them.

    What counts is when a call begins, not when it had its turn: the row in between may take long to be taken. Until then its chat
    takes nothing else of bulk, and it has one of its group's places.

    `per_minute` says of a place how many messages a minute it takes at most, replies included; None where nobody counts them.
    """

    def __init__(self, gap: float, monotonic: Callable[[], float], per_minute: Callable[[Address], int | None]) -> None:
        self._gap = gap
        self._now = monotonic
        self._per_minute = per_minute
        self._free: dict[str, float] = {}
        self._minutes: dict[str, Places] = {}

    def __len__(self) -> int:
        return len(self._free)

    def until_free(self, address: Address, now: float) -> float:
        """Seconds until bulk had better ask again for a place; not more than 0 where it may have its turn."""
        free = self._free.get(address.chat, LONG_AGO)
        wait = max(self._gap, SOON) if free == ON_ITS_WAY else free - now
        return max(wait, self.until_room(address, now))

    def until_room(self, address: Address, now: float) -> float:
        """Seconds until a place takes another message at all, by what went there in the last minute or is about to; 0 if it does."""
        minute = self._minutes.get(address.chat)
        return minute.until_free(now) if minute else 0.0

    def take(self, address: Address) -> None:
        """A message of bulk has its turn: the chat takes no other before it begins, or is given back."""
        self._note(address, ON_ITS_WAY)
        if minute := self._minute_of(address):
            minute.take()

    def begins(self, address: Address) -> None:
        """The one that had its turn calls now."""
        self._free[address.chat] = self._now() + self._gap
        if minute := self._minutes.get(address.chat):
            minute.begins()

    def give_back(self, address: Address) -> None:
        """The one that had its turn does not call."""
        self._free[address.chat] = self._now() + self._gap  # for a reply may have gone there meanwhile
        if minute := self._minutes.get(address.chat):
            minute.give_back()

    def reply(self, address: Address) -> None:
        """A reply calls now."""
        if minute := self._minute_of(address):
            minute.take()
            minute.begins()
        self._note(address, max(self._free.get(address.chat, LONG_AGO), self._now() + self._gap))

    def _note(self, address: Address, free: float) -> None:
        self._free[address.chat] = free
        if len(self._free) > CHATS_KEPT:
            self._forget()

    def _minute_of(self, address: Address) -> Places | None:
        most = self._per_minute(address)
        if most is None:
            return None
        if address.chat not in self._minutes:
            self._minutes[address.chat] = Places(most, self._now, SOON, MINUTE)
        return self._minutes[address.chat]

    def _forget(self) -> None:
        now = self._now()
        self._free = {chat: free for chat, free in self._free.items() if free > now}
        self._minutes = {chat: minute for chat, minute in self._minutes.items() if not minute.are_all_free(now)}
