"""`trilha chat`: the whole bot in a terminal, with a clock that can be moved.

Without a terminal it takes lines from a pipe, or plays a short tour where that touches nothing: in a scratch folder.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import nullcontext
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from bot.app import App
from bot.doors.terminal import PipedReader, TerminalDoor, converse, is_name, tour
from bot.errors import SettingsError
from bot.i18n.showing import show_date
from bot.i18n.words import words_in
from bot.learning.timetable import find_zone
from bot.logs import set_up
from bot.operate.folder import must_hold_a_database
from bot.settings import Settings, tell_what_has_no_effect
from bot.states import Role
from bot.store import people, subscriptions, updates

PLATFORM = "terminal"


class Powers:
    """What a person on their own laptop may do: move the time, give roles."""

    def __init__(self, app: App) -> None:
        self._app = app

    def now(self) -> datetime:
        """The bot's present instant."""
        return self._app.now()

    async def forward(self, by: timedelta) -> None:
        """Let time pass."""
        await self._app.forward(by)

    async def give_role(self, person_id: str, role: str) -> None:
        """Make somebody a curator, an owner or a learner, also before they ever spoke."""
        settings = self._app.settings
        async with self._app.database.write() as session:
            if not await people.give_role(session, PLATFORM, person_id, Role(role)):
                person = await people.add(
                    session,
                    PLATFORM,
                    person_id,
                    name=person_id.capitalize(),
                    language=settings.default_language,
                    now=self._app.now(),
                )
                person.role = Role(role)

    async def zone_of(self, person_id: str) -> tzinfo:
        """Where somebody lives, as far as the bot knows."""
        async with self._app.database.read() as session:
            person = await people.find(session, PLATFORM, person_id)
            subscription = await subscriptions.of_person(session, person.id) if person else None
        return find_zone(subscription.zone if subscription else self._app.settings.default_zone)


async def chat(settings: Settings, *, person: str, language: str | None, scratch: bool) -> int:
    """Talk until the person leaves; 0, or 1 when the tour did not get where it should.

    Raises SettingsError for a name that is none, or where there can be no database.
    """
    if not is_name(person):
        raise SettingsError(("--as: a name has letters, digits, spaces, - or ., up to 40 of them, such as bruno.",))
    quiet = settings.model_copy(update={"log_level": "ERROR"} if settings.log_level == "INFO" else {})
    set_up(quiet)
    if not scratch:
        tell_what_has_no_effect(settings)
    with tempfile.TemporaryDirectory(prefix="trilha-") if scratch else nullcontext(settings.data_dir) as folder:
        if scratch:
            quiet = quiet.model_copy(update={"data_dir": Path(folder), "database_url": None})
        must_hold_a_database(quiet)
        door = TerminalDoor()
        app = App(quiet, [door])
        await app.start()
        try:
            speaks = language or settings.default_language
            await _tell_of_time_ahead(app, speaks)
            return await _talk(app, door, Path(folder), person, speaks, plays_a_tour=scratch)
        finally:
            await app.stop()


async def _talk(app: App, door: TerminalDoor, folder: Path, person: str, language: str, *, plays_a_tour: bool) -> int:
    """Take what is typed or comes from a pipe, or play the tour where nobody is at a terminal."""
    is_piped = not sys.stdin.isatty()
    if is_piped and plays_a_tour:
        return await tour(door, app.host, Powers(app), words_in, scratch=folder, language=language)
    await converse(
        door,
        app.host,
        Powers(app),
        words_in,
        scratch=folder,
        person=person,
        language=language,
        reader=PipedReader(sys.stdin) if is_piped else None,
    )
    return 0


async def _tell_of_time_ahead(app: App, language: str) -> None:
    """Who moved the time in an earlier chat finds themselves before what came then; nothing says so but this."""
    async with app.database.read() as session:
        newest = await updates.newest(session)
    if newest and newest > app.now():
        day = show_date(newest.date(), language)
        print(words_in(language).say("terminal.time_ahead", day=day))
