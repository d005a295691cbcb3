"""`trilha owner`, and the start of a bot that nobody owns: a code that makes whoever enters it first an owner."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from secrets import token_urlsafe

import structlog

from bot.clock import Present
from bot.logs import is_text
from bot.operate.database import open_database
from bot.settings import Settings
from bot.states import Role
from bot.store import invitations, people
from bot.store.database import Database

log = structlog.get_logger("app")

MINUTES = 15
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
        await invitations.make(session, code, Role.OWNER, uses=1, until=now + timedelta(minutes=MINUTES), by=None)
    return code


async def invite_an_owner(database: Database, settings: Settings, now: datetime) -> None:
    """Where nobody owns the bot: show the operator a code, as lines to read, or as one of the log's where only a machine reads them.

    Where the log is JSON, a container keeps both together, and lines that are none would break whoever reads it. A code is good once.
    """
    if await is_owned(database, settings):
        return
    code = await new_code(database, now)
    if is_text(settings) or sys.stdout.isatty():
        print(how_to_use(code), flush=True)
    else:
        log.warning(
            "owner.missing", how="send this to the bot in private, and you own it", send=_said(code), minutes=MINUTES
        )


async def print_code(settings: Settings) -> int:
    """Make one and say how it is used; 0."""
    async with open_database(settings) as database:
        print(how_to_use(await new_code(database, Present().now())))
    return 0


def how_to_use(code: str) -> str:
    """What the operator reads on a terminal."""
    return f"To own this bot, send it within {MINUTES} minutes, in private:\n\n    {_said(code)}\n"


def _said(code: str) -> str:
    return f"/start {code}"
