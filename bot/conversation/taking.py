"""One update takes effect, once, in one transaction with its key and its answer; where that met trouble it is tried again, or told of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cards.easel import Easel
from bot.cards.mistake import shortened
from bot.catalog.entry import Catalog
from bot.chat import Answer, Incoming, MessageRef, dump_answer, load_answer
from bot.commands.ask import Ask
from bot.condition import Here
from bot.conversation.heard import heard, is_for_us
from bot.conversation.shown import remember_shown
from bot.conversation.sorry import Sorry
from bot.errors import DatabaseAway, DatabaseUnwritable, DocumentUnread, FeedUnreadable
from bot.feeds.opml import FeedList
from bot.i18n.words import spoken, words_in
from bot.routing import look
from bot.settings import Settings
from bot.states import Role
from bot.store import outbox, people, questions, updates
from bot.store.catalog import was_bumped
from bot.store.database import Database
from bot.store.feed_searches import was_asked
from bot.store.tables import Person
from bot.store.trouble import came_of_its_absence, is_collision

log = structlog.get_logger("conversation")

TRIES = 5
"""How often an update is tried that fails as if the database were away while that is there."""


class Conversation:
    """Answers people. It sends nothing itself and knows no platform."""

    def __init__(
        self,
        database: Database,
        catalog: Callable[[], Catalog],
        settings: Settings,
        now: Callable[[], datetime],
        easel: Easel,
        follow_catalog: Callable[[], Awaitable[object]],
        read_list: Callable[[bytes], Awaitable[FeedList]],
        look_for_feeds: Callable[[], None],
        here: Callable[[], Here],
    ) -> None:
        """`follow_catalog` is called after an update that changed the catalog, so that whoever asks next gets the new one.

        `read_list` finds the feeds in a file that a curator sent; it raises FeedUnreadable where that takes too much. `look_for_feeds`
        is called after an update that asked for a search, so that nobody waits for the next round of them. `here` tells what
        this process knows of itself.
        """
        self._database = database
        self._catalog = catalog
        self._settings = settings
        self._now = now
        self._easel = easel
        self._follow_catalog = follow_catalog
        self._read_list = read_list
        self._look_for_feeds = look_for_feeds
        self._here = here
        self._sorry = Sorry(database, settings.default_language)
        self._salt: bytes | None = None

    async def answer(self, incoming: Incoming) -> Answer | None:
        """Let an update take effect, once, and say what to show; None if that is on the screen already. Raises DatabaseAway."""
        try:
            return await self._take_in(incoming)
        except DatabaseAway:
            raise
        except DatabaseUnwritable:
            log.warning("update.not_taken", key=incoming.key)
            return await self._only_look(incoming) or await self._sorry.say(incoming, "mistake.unwritten")
        except Exception:
            log.exception("update.failed", key=incoming.key)
            return await self._apologise(incoming)

    async def not_taken(self, incoming: Incoming) -> Answer:
        """What to say where the database stayed away and nothing comes again: that it did not count."""
        return await self._sorry.say_soon(incoming, "mistake.away")

    async def _take_in(self, incoming: Incoming) -> Answer | None:
        """Take an update in; again where the database went away and is back already, which nobody need be told.

        Its key makes that safe, also after a COMMIT whose end nobody heard. What fails time after time while the database is there is a
        mistake of ours. Raises DatabaseAway.
        """
        tries = 0
        while True:
            try:
                return await self._try(incoming)
            except DatabaseUnwritable:
                raise
            except Exception as error:
                tries += 1
                if not await self._database.is_there():  # whatever it was, it could not even be written down
                    raise DatabaseAway(type(error).__name__) from error
                if not came_of_its_absence(error) or tries == TRIES:
                    raise
            log.info("update.taken_again", key=incoming.key)

    async def _try(self, incoming: Incoming) -> Answer | None:
        """Take an update in; once more where it met another transaction."""
        handed_in = await self._look_into(incoming) if incoming.document else None
        try:
            return await self._take_and_commit(incoming, handed_in)
        except DBAPIError as error:
            if not is_collision(error):
                raise
            log.info("update.taken_again", key=incoming.key)
            return await self._take_and_commit(incoming, handed_in)

    async def rendered(self, incoming: Incoming, sent: tuple[MessageRef, ...]) -> None:
        """The answer is on the screen, as these messages.

        Cards among them are remembered, for they change when somebody decides; and those that ask for a line, for it may come as a reply
        to them at any time. Should their person be linked with another at that moment, it is tried again.
        """
        key = await self._key(incoming)
        try:
            await self._note_rendered(incoming, key, sent)
        except DBAPIError as error:
            if not is_collision(error):
                raise
            log.info("update.noted_again", key=incoming.key)
            await self._note_rendered(incoming, key, sent)

    async def _note_rendered(self, incoming: Incoming, key: updates.Key, sent: tuple[MessageRef, ...]) -> None:
        async with self._database.write() as session:
            if shown := await updates.rendered(session, key):
                await remember_shown(session, shown, incoming, sent, self._settings.default_language, self._now())

    async def _look_into(self, incoming: Incoming) -> FeedList | str | None:
        """What is in the file somebody sent, or the word for why that cannot be told.

        It is fetched before the transaction begins, for curators alone, and not again where the platform serves the update once more.
        """
        key = await self._key(incoming)
        async with self._database.read() as session:
            person = await people.find(session, incoming.address.platform, incoming.sender.id, lock=False)
            answered = await updates.find(session, key)
        if answered or incoming.document is None or incoming.edited or self._role(person, incoming) < Role.CURATOR:
            return None
        try:
            return await self._read_list(await incoming.document.read())
        except (DocumentUnread, FeedUnreadable) as error:
            log.info("update.document_unread", key=incoming.key, reason=error.reason)
            return error.reason

    async def _take_and_commit(self, incoming: Incoming, handed_in: FeedList | str | None) -> Answer | None:
        key = await self._key(incoming)
        async with self._database.write() as session:
            answer = await self._take(session, incoming, key, handed_in)
        if was_bumped(session):
            await self._take_up_decision()
        if was_asked(session):
            self._look_for_feeds()
        return await self._easel.finish_answer(answer) if answer else None

    async def _take_up_decision(self) -> None:
        """Let what was decided count at once; should that fail, the next pulse tries again and the decision stands."""
        try:
            await self._follow_catalog()
        except Exception:
            log.exception("catalog.not_followed")

    async def _key(self, incoming: Incoming) -> updates.Key:
        """What names an update in the database."""
        if self._salt is None:
            async with self._database.write() as session:
                salt = await updates.salt(session)
            self._salt = salt
        return updates.key_of(incoming.key, self._salt)

    async def _take(
        self, session: AsyncSession, incoming: Incoming, key: updates.Key, handed_in: FeedList | str | None
    ) -> Answer | None:
        """Take an update in once: give what it was answered before, or answer it and keep that."""
        before = await updates.find(session, key)
        if before is not None:
            return load_answer(before.answer) if before.answer else None
        if not is_for_us(incoming) and not await people.exists_as(
            session, incoming.address.platform, incoming.sender.id
        ):
            return Answer()  # nothing is kept of somebody who never spoke to us
        person = await self._meet(session, incoming)
        ask = replace(self._ask(session, incoming, person), handed_in=handed_in)
        return await self._keep(ask, key, _settle(await heard(ask), incoming))

    def _ask(self, session: AsyncSession, incoming: Incoming, person: Person) -> Ask:
        return Ask(
            incoming=incoming,
            person=person,
            role=self._role(person, incoming),
            words=words_in(person.language),
            rest="",
            session=session,
            catalog=self._catalog(),
            settings=self._settings,
            now=self._now(),
            here=self._here,
        )

    async def _only_look(self, incoming: Incoming) -> Answer | None:
        """Where nothing can be written down: the answer to a command that changes nothing; None to all else, and where that fails too."""
        with suppress(Exception):
            async with self._database.read() as session:
                person = await people.find(session, incoming.address.platform, incoming.sender.id, lock=False)
                answer = await look(self._ask(session, incoming, person)) if person else None
            return _settle(answer, incoming) if answer else None
        return None

    async def _keep(self, ask: Ask, key: updates.Key, answer: Answer) -> Answer:
        """Write down what the answer asks, what it tells others, and the answer itself, which the door may need once more."""
        incoming, person, session = ask.incoming, ask.person, ask.session
        if answer.ask:
            await questions.ask(session, person.id, incoming.address, answer.ask, ask.now)
        if answer.also:
            await outbox.put_notices(session, answer.also, ask.now)
            answer = replace(answer, also=())
        still_there = await people.exists(session, person.id)
        if still_there:
            answer = replace(answer, menu=str(self._role(person, incoming)))
        updates.add(
            session,
            key,
            person_id=person.id if still_there else None,
            at=ask.now,
            answer=dump_answer(answer),
        )
        log.info("update.answered", key=incoming.key)
        return answer

    async def _meet(self, session: AsyncSession, incoming: Incoming) -> Person:
        """The person who spoke, added if they are new."""
        sender, platform = incoming.sender, incoming.address.platform
        person = await people.find(session, platform, sender.id)
        language = spoken(sender.language, self._settings.default_language)
        name = _clean_name(sender.name)
        if person is None:
            return await people.add(session, platform, sender.id, name=name, language=language, now=self._now())
        if name != person.name and len(await people.identities(session, person.id)) == 1:
            person.name = name  # of linked accounts they would take turns in saying it
        if not person.language_chosen and sender.language:
            person.language = language
        return person

    def _role(self, person: Person | None, incoming: Incoming) -> Role:
        if (incoming.address.platform, incoming.sender.id) in self._settings.owners:
            return Role.OWNER
        return person.role if person else Role.LEARNER

    async def _apologise(self, incoming: Incoming) -> Answer:
        """Say that it went wrong, and write the update down so that it is not tried for ever."""
        sorry = await self._sorry.say(incoming, "mistake.ours")
        try:
            key = await self._key(incoming)
            async with self._database.write() as session:
                updates.add(session, key, person_id=None, at=self._now(), answer=dump_answer(sorry))
        except Exception:  # the database itself is in trouble: the person still gets the apology
            log.exception("update.not_recorded", key=incoming.key)
        return sorry


def _settle(answer: Answer, incoming: Incoming) -> Answer:
    """An edit is an edit only where a button was pressed; elsewhere it is a message of its own."""
    if answer.edit is not None and incoming.on is None:
        return replace(answer, edit=None, say=(answer.edit, *answer.say))
    return answer


def _clean_name(name: str) -> str:
    """A name fit for a greeting: one line, no control or direction characters, not a page long."""
    visible = "".join(character if character.isprintable() else " " for character in name)
    return shortened(" ".join(visible.split())) or "…"
