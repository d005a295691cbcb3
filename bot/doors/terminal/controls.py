"""What the terminal needs from the house besides the door's contract: time it can move, roles it can give, sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Protocol

from bot.chat import Text

ROLES = ("learner", "curator", "owner")


class Controls(Protocol):
    """Powers that only a person on their own laptop has."""

    async def forward(self, by: timedelta) -> None:
        """Let that much time pass; returns when everything that came due meanwhile was sent."""

    async def give_role(self, person_id: str, role: str) -> None:
        """Make the terminal's person of that id one of `ROLES`, also before they ever spoke."""

    async def zone_of(self, person_id: str) -> tzinfo:
        """The zone this person lives in as far as the bot knows, else its default."""

    def now(self) -> datetime:
        """The present instant of the bot, aware."""


class Words(Protocol):
    """The sentences of one language, under `terminal.*`."""

    def text(self, key: str, **facts: str | int) -> Text:
        """The styled sentence `key`, filled."""


WordsIn = Callable[[str], Words]
