"""`trilha feeds …`: lists of feeds in and out, as other readers write and read them (OPML)."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.file import read_catalog
from bot.chat import LARGEST_DOCUMENT
from bot.clock import Present
from bot.feeds.adopt import MOST, Imported, import_feeds
from bot.feeds.opml import read_opml, write_opml
from bot.settings import read_settings
from bot.store import feeds
from bot.store.database import Database
from bot.store.migrate import migrate

Result = TypeVar("Result")


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands of `trilha feeds`."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    out = commands.add_parser("export", help="write the feeds as OPML, for any feed reader")
    out.set_defaults(run=_export)

    into = commands.add_parser(
        "import", help="follow the feeds of an OPML file; what is followed already stays as it is"
    )
    into.add_argument("file", type=Path, metavar="FILE.opml")
    into.add_argument("--topic", help="the topic of those whose category names none")
    into.set_defaults(run=_import)


def _export(_: argparse.Namespace) -> int:
    async def give(session: AsyncSession) -> str:
        followed = await feeds.all_of(session)
        if not followed:
            print("No feed yet: those of the catalog are followed from the first `trilha run` on.", file=sys.stderr)
        return write_opml(followed)

    sys.stdout.write(_with_database(give))
    return 0


def _import(given: argparse.Namespace) -> int:
    topics = {topic.id for topic in read_catalog(read_settings().catalog).topics}
    if given.topic and given.topic not in topics:
        print(f"No topic is called {given.topic}. There are: {', '.join(sorted(topics))}.", file=sys.stderr)
        return 2
    try:
        handed_in = read_opml(given.file.read_bytes()[:LARGEST_DOCUMENT])
    except OSError as error:
        print(f"{given.file}: {(error.strerror or 'cannot be read').lower()}", file=sys.stderr)
        return 2
    if not handed_in.outlines and not handed_in.refused:
        print(f"{given.file} names no feed; `trilha feeds export` shows what such a file looks like.", file=sys.stderr)
        return 1

    async def take(session: AsyncSession) -> Imported:
        return await import_feeds(session, handed_in, topics, given.topic, Present().now())

    done = _with_database(take)
    print(f"{done.followed} followed now, {done.known} followed already.", file=sys.stderr)
    for address, reason in done.refused:
        print(f"Refused ({reason}): {address}", file=sys.stderr)
    if done.no_room:
        print(f"{done.no_room} more had no room: {MOST} feeds are all we follow.", file=sys.stderr)
    return 0


def _with_database(work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    """Do something in one transaction; a running bot on the same database may go on."""

    async def run() -> Result:
        database = Database(read_settings().database)
        try:
            await migrate(database)
            async with database.write() as session:
                return await work(session)
        finally:
            await database.close()

    return asyncio.run(run())
