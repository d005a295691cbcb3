"""`trilha owner`, and the start of a bot that nobody owns: a code that makes whoever enters it first an owner."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_urlsafe

from bot.clock import Present
from bot.operate.database import open_database
from bot.settings import Settings
from bot.store import invitations, people
from bot.store.database import Database

LASTS = timedelta(minutes=15)
BEGINNING = "owner-"


async def is_owned(database: Database, settings: Settings) -> bool:
    """Does anybody own the bot, by the settings or by their role?"""
    if settings.owners:
        return True
    async with database.read() as session:
        return bool(await people.owners(session, ()))


async def new_code(database: Database, now: datetime) -> str:
    """A code of 128 bits, good once and for a quarter of an hour, in place of the one before. Only its digest is kept."""
    code = BEGINNING + token_urlsafe(16)
    async with database.write() as session:
        await invitations.make(session, code, invitations.OWNER, uses=1, until=now + LASTS, by=None)
    return code


async def print_code(settings: Settings) -> int:
    """Make one and say how it is used; 0."""
    async with open_database(settings) as database:
        print(how_to_use(await new_code(database, Present().now())))
    return 0


def how_to_use(code: str) -> str:
    """What the operator reads; it goes to the terminal and never into the log."""
    return f"To own this bot, send it within 15 minutes, in private:\n\n    /start {code}\n"
