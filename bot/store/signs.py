"""Signs of life: a number that grows with each of them, in the database and, after it, in a file of the data folder.

A backup holds the number of its own instant. So a database that knows fewer signs than the file beside it is an earlier state of
itself, whoever put it back and however. The file is named after the database, which gets another name when that is known: the folder
may have served several, and each process has its own.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import private, remembered

NAME, COUNT = "database.name", "database.signs"


class Sign(NamedTuple):
    """Of which database, and its how many-th."""

    database: str
    number: int


async def give(session: AsyncSession) -> Sign:
    """One more sign of life; `keep` it when it is committed."""
    called = await name(session)
    if called is None:
        await remembered.remember(session, NAME, called := token_hex(8))
    await remembered.count(session, COUNT)
    return Sign(called, int(await remembered.recall(session, COUNT) or 0))


async def name(session: AsyncSession) -> str | None:
    """What it is called; None where it never lived."""
    return await remembered.recall(session, NAME)


async def last(session: AsyncSession) -> Sign | None:
    """The last one that the database knows of; None where it never lived."""
    called, number = await name(session), await remembered.recall(session, COUNT)
    return Sign(called, int(number)) if called and number else None


async def begin_anew(session: AsyncSession) -> None:
    """From now on it is another database: what the files know is of the one before."""
    await remembered.forget(session, NAME)


def keep(folder: Path, sign: Sign) -> bool:
    """Write a sign down beside the database. False where nothing can be written: then `trilha restored` is the only way to tell."""
    place = _place(folder, sign.database)
    part = place.with_name(f"{place.name}.{os.getpid()}")
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with open(part, "w", opener=private.opener) as file:
            file.write(str(sign.number))
        part.replace(place)
        return True
    return False


def kept(folder: Path, database: str) -> int | None:
    """The number of the last sign that was written down of a database; None where there is none that can be read."""
    try:
        return int(_place(folder, database).read_text("ascii"))
    except (OSError, ValueError):
        return None


def _place(folder: Path, database: str) -> Path:
    return folder / f"signs-of-life.{database}"
