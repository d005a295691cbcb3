"""What people hear where it went wrong: in their language, also where the database cannot say which that is."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.chat import Answer, Incoming
from bot.i18n.words import spoken, words_in
from bot.store import people
from bot.store.database import Database

LANGUAGE_WITHIN = 0.5
"""Seconds for the question what language somebody chose, where the database may be silent."""


class Sorry:
    """Says it in the language that somebody chose, or in that of their client."""

    def __init__(self, database: Database, default_language: str) -> None:
        self._database = database
        self._default = default_language

    async def say(self, incoming: Incoming, key: str) -> Answer:
        """One sentence, by its key in the words of every language."""
        return _said(await self._language_of(incoming), key)

    async def say_soon(self, incoming: Incoming, key: str) -> Answer:
        """The same where the database may be silent: it is not waited for, though it knows alone what language they chose."""
        asking = asyncio.create_task(self.say(incoming, key))
        try:
            await asyncio.wait([asking], timeout=LANGUAGE_WITHIN)
            if asking.done():
                return asking.result()
        finally:
            asking.cancel()
        return _said(self._language_of_client(incoming), key)

    async def _language_of(self, incoming: Incoming) -> str:
        with suppress(Exception):  # it is the trouble that we are about to tell of
            async with self._database.read() as session:
                person = await people.find(session, incoming.address.platform, incoming.sender.id, lock=False)
            if person:
                return person.language
        return self._language_of_client(incoming)

    def _language_of_client(self, incoming: Incoming) -> str:
        return spoken(incoming.sender.language, self._default)


def _said(language: str, key: str) -> Answer:
    return Answer(say=(words_in(language).message(key),))
