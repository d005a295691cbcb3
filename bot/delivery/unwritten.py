"""Looks now and then whether the database can be written, and tells the owners when it cannot: the outbox is no way to tell them then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import structlog

from bot.chat import Address, Message
from bot.contract import Door
from bot.delivery.pace import Pace
from bot.errors import DeliveryError
from bot.i18n.words import words_in
from bot.settings import PlatformId
from bot.store import people, remembered, signs
from bot.store.database import Database
from bot.store.trouble import TROUBLE

log = structlog.get_logger("delivery")

LOOK = timedelta(seconds=5)
PROOF = timedelta(minutes=1)
"""How often something is written to see whether it can be: nobody may speak for hours before the next dose. In trouble each look does."""
PROVED = "database.written"


class Unwritten:
    """Proves and tells. Every process proves for its own `/health`, the one that leads tells, once a day."""

    def __init__(
        self,
        database: Database,
        doors: Mapping[str, Door],
        paces: Mapping[str, Pace],
        owners: Sequence[PlatformId],
        now: Callable[[], datetime],
        leads: Callable[[], bool],
        folder: Path,
    ) -> None:
        """`folder` is the data folder: a sign of life is kept there that no backup of the database takes along."""
        self._database = database
        self._folder = folder
        self._doors, self._paces = doors, paces
        self._owners = owners
        self._now, self._leads = now, leads
        self._proved_at: datetime | None = None
        self._told_on: date | None = None

    async def look(self) -> None:
        """Prove it where it is time to, and tell of trouble that nobody was told of today."""
        now = self._now()
        in_trouble = self._database.writing.trouble is not None
        if in_trouble or self._proved_at is None or not self._proved_at <= now < self._proved_at + PROOF:
            self._proved_at = now
            await self.prove()
        trouble = self._database.writing.trouble
        if trouble and self._leads() and self._told_on != now.date():
            self._told_on = now.date()
            await self._tell(trouble)

    async def prove(self) -> None:
        """Write something. What comes of it stands in `database.writing`; a database that is away is told of elsewhere."""
        with suppress(*TROUBLE):
            async with self._database.write() as session:
                await remembered.remember(session, PROVED, self._now().isoformat())
                sign = await signs.give(session)
            signs.keep(self._folder, sign)
            self._database.writing.proved()

    async def _tell(self, trouble: str) -> None:
        async with self._database.read() as session:
            owners = [
                (Address(one.platform, one.platform_id), person.language)
                for one in await people.owners(session, self._owners)
                if one.platform in self._doors and (person := await people.get(session, one.person_id))
            ]
        for address, language in owners:
            said = Message(words_in(language).text("alert.unwritten", reason=trouble[:200]))
            await self._paces[address.platform].reply_turn(address)
            try:
                await self._doors[address.platform].send(address, said, nonce=f"unwritten:{self._told_on}")
            except DeliveryError as error:
                log.warning("delivery.owner_not_told", platform=address.platform, reason=error.reason)
