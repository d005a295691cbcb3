"""What one chat takes: hardly more than a message a second, and a group so many a minute."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from bot.chat import Address

MINUTE = 60.0
LONG_AGO = float("-inf")
CHATS_KEPT = 10_000
"""How many chats are remembered before those that are free again are forgotten."""


class Chats:
    """When each chat takes another message. `monotonic` tells seconds that only grow; bulk keeps a gap of `gap` of them.

    `per_minute` says of a place how many messages a minute it takes at most, replies included; None where nobody counts them.
    """

    def __init__(self, gap: float, monotonic: Callable[[], float], per_minute: Callable[[Address], int | None]) -> None:
        self._gap = gap
        self._now = monotonic
        self._per_minute = per_minute
        self._free: dict[str, float] = {}
        self._went: dict[str, deque[float]] = {}

    def __len__(self) -> int:
        return len(self._free)

    def free_at(self, address: Address) -> float:
        """When the next bulk message may go to a place."""
        return max(self._free.get(address.chat, LONG_AGO), self.room_at(address))

    def room_at(self, address: Address) -> float:
        """When a place takes another message at all, by what went there in the last minute or will go."""
        most = self._per_minute(address)
        went = self._went.get(address.chat)
        return went[-most] + MINUTE if most and went and len(went) >= most else LONG_AGO

    def note(self, address: Address, at: float) -> None:
        """Something goes to a chat at an instant; the next bulk message there waits."""
        chat = address.chat
        if self._per_minute(address):
            went = self._went.setdefault(chat, deque())
            while went and went[0] <= self._now() - MINUTE:
                went.popleft()
            went.append(at)
        self._free[chat] = max(self._free.get(chat, LONG_AGO), at + self._gap)
        if len(self._free) > CHATS_KEPT:
            self._forget()

    def _forget(self) -> None:
        now = self._now()
        self._free = {chat: free for chat, free in self._free.items() if free > now}
        self._went = {chat: went for chat, went in self._went.items() if went[-1] > now - MINUTE}
