"""The flood limits: how many messages a bot may send, and the 429 when it sends more.

Sources: the bots FAQ ("My bot is hitting limits") and `sendMessage.allow_paid_broadcast`. The real limits
vary and are not exact; these are the published ones, held strictly.
"""

import math
from collections import defaultdict, deque
from dataclasses import dataclass

from .refusal import too_many_requests


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages in any sliding second over all chats (free or paid), a second in a chat, a minute in a group.

    `chat_burst` messages may go to one chat at once before `chat_per_second` counts. Replies count like any
    message, which is stricter than the real server is said to be.
    """

    per_second: int = 30
    paid_per_second: int = 1000
    chat_per_second: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20


class Throttle:
    """Counts accepted messages against the limits; times are seconds of one monotonic clock."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._free: deque[float] = deque()
        self._paid: deque[float] = deque()
        self._groups: dict[int, deque[float]] = defaultdict(deque)
        self._chats: dict[int, tuple[float, float]] = {}

    def admit(self, chat_id: int, now: float, *, paid: bool = False) -> None:
        """Count one message. Raises `Refused` (429) and counts nothing if that is one too many."""
        limits = self.limits
        everybody = self._paid if paid else self._free
        wait = _wait(everybody, limits.paid_per_second if paid else limits.per_second, 1.0, now)
        if chat_id < 0:
            wait = max(wait, _wait(self._groups[chat_id], limits.group_per_minute, 60.0, now))
        tokens = self._tokens(chat_id, now)
        if tokens < 1:
            wait = max(wait, (1 - tokens) / limits.chat_per_second)
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._chats[chat_id] = (tokens - 1, now)
        everybody.append(now)
        if chat_id < 0:
            self._groups[chat_id].append(now)

    def _tokens(self, chat_id: int, now: float) -> float:
        """What is left of the chat's burst."""
        tokens, since = self._chats.get(chat_id, (float(self.limits.chat_burst), now))
        return min(self.limits.chat_burst, tokens + (now - since) * self.limits.chat_per_second)


def _wait(window: deque[float], most: int, seconds: float, now: float) -> float:
    """How long until the window has room; 0 if it has."""
    while window and window[0] <= now - seconds:
        window.popleft()
    return 0.0 if len(window) < most else window[0] + seconds - now
