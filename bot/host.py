"""What the doors may ask of the house: to answer, to wait their turn, to be heard by the owners, to keep a small fact."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import structlog

from bot.catalog.entry import Catalog
from bot.chat import Address, Answer, Incoming, MessageRef
from bot.commands.completing import complete
from bot.conversation import Conversation
from bot.delivery.notices import tell_owners
from bot.delivery.pace import Pace
from bot.errors import DatabaseAway, DeliveryError, Unauthorized
from bot.i18n.words import spoken, words_in
from bot.settings import Settings
from bot.store import remembered
from bot.store.database import Database
from bot.store.trouble import came_of_its_absence

log = structlog.get_logger("app")


class AppHost:
    """The `Host` of every door. `fail` ends the process: a platform does not know us any more."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        conversation: Conversation,
        catalog: Callable[[], Catalog],
        paces: Mapping[str, Pace],
        now: Callable[[], datetime],
        fail: Callable[[DeliveryError], None],
    ) -> None:
        self._settings = settings
        self._database = database
        self._conversation = conversation
        self._catalog = catalog
        self._paces = paces
        self._now = now
        self._fail = fail

    async def answer(self, incoming: Incoming) -> Answer | None:
        """Take one update in, at most once, and say what to show. Raises DatabaseAway."""
        return await self._conversation.answer(incoming)

    async def not_taken(self, incoming: Incoming) -> Answer:
        """What to say where the database stayed away and nothing comes again."""
        return await self._conversation.not_taken(incoming)

    async def is_there(self) -> bool:
        """Whether the database is there, as far as a few seconds tell."""
        return await self._database.is_there()

    async def rendered(self, incoming: Incoming, sent: tuple[MessageRef, ...]) -> None:
        """The answer is on the person's screen. Where that cannot be written down, it would be given again if it were asked for again."""
        try:
            await self._conversation.rendered(incoming, sent)
        except Exception as error:
            if not came_of_its_absence(error):
                raise
            log.warning("update.not_noted", key=incoming.key, reason=type(error).__name__)

    async def reply_turn(self, address: Address) -> None:
        """Wait until a reply may go there."""
        await self._paces[address.platform].reply_turn(address)

    def silence(self, platform: str) -> float:
        """For how many seconds more the platform wants silence."""
        return self._paces[platform].silence

    def slow_down(self, platform: str, seconds: float) -> None:
        """The platform asked for silence."""
        self._paces[platform].slow_down(seconds)

    async def alert(self, what: str, /, **facts: str) -> None:
        """Tell the log and the owners what needs a person; a platform that no longer knows our token ends the process."""
        log.error(f"alert.{what}", **facts)
        if what.endswith(".unauthorized"):
            self._fail(Unauthorized(facts.get("reason", what)))
            return
        async with self._database.write() as session:
            await tell_owners(session, self._settings.owners, what, facts, self._now())

    async def complete(self, command: str, typed: str, language: str | None) -> tuple[str, ...]:
        """What the words after a command could become."""
        words = words_in(spoken(language, self._settings.default_language))
        return complete(self._catalog(), words, command, typed)

    async def remembered(self, name: str) -> str | None:
        """A small fact of a door's own."""
        async with self._database.read() as session:
            return await remembered.recall(session, name)

    async def remember(
        self, name: str, value: str, *, owner: str | None = None, lasts: timedelta | None = None
    ) -> None:
        """Keep such a fact; it leaves with its owner, and when its time is over. Raises DatabaseAway."""
        until = self._now() + lasts if lasts is not None else None
        async with _told_apart(), self._database.write() as session:
            await remembered.remember(session, name, value, owner=owner, until=until)

    async def all_remembered(self, beginning: str) -> dict[str, str]:
        """Every such fact whose name begins so."""
        async with self._database.read() as session:
            return await remembered.recall_all(session, beginning)

    async def forget(self, name: str) -> None:
        """Keep such a fact no longer. Raises DatabaseAway."""
        async with _told_apart(), self._database.write() as session:
            await remembered.forget(session, name)

    def now(self) -> datetime:
        """The present instant, UTC."""
        return self._now()


@asynccontextmanager
async def _told_apart() -> AsyncIterator[None]:
    """A door knows no errors of the database, only that it is away."""
    try:
        yield
    except Exception as error:
        if came_of_its_absence(error):
            raise DatabaseAway(type(error).__name__) from error
        raise
