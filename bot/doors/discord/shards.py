"""How a connection that was lost is had again: with its session, and soon.

Of the library's two clients only the one without shards goes on asking for its session when Discord cannot be reached at once; the other
begins a new one, and what people wrote meanwhile is never served. And its pauses grow to a quarter of an hour.
"""

from __future__ import annotations

import discord.shard
from discord.backoff import ExponentialBackoff
from discord.gateway import ReconnectWebSocket

RESUMES = 6
"""How often a lost session is asked for before a new one is begun; by then Discord has forgotten it, or the address to ask is gone."""
LONGEST_EXPONENT = 5
"""Up to 32 seconds between two tries."""


class Shard(discord.shard.Shard):
    """The library's, which asks for its session first."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self._tries = 0
        self._backoff: ExponentialBackoff[bool] = ExponentialBackoff()
        self._backoff._max = LONGEST_EXPONENT

    def launch(self) -> None:
        """Connected: the next cut begins to count anew."""
        self._tries = 0
        super().launch()

    async def reconnect(self) -> None:
        """Connect again after a pause."""
        self._tries += 1
        if self._tries > RESUMES:
            await super().reconnect()
        else:
            await self.reidentify(ReconnectWebSocket(self.id, resume=True))
