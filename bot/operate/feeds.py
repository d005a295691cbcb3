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
from bot.feeds.adopt import MOST, Imported, adopt_feeds, import_feeds
from bot.feeds.opml import read_opml, write_opml
from bot.operate.command_line import MISFIT, CommandParser, add_command, catalog_file
from bot.operate.database import open_database
from bot.settings import read_settings
from bot.store import feeds

Result = TypeVar("Result")


def add_commands(parser: CommandParser) -> None:
    """Add the subcommands of `trilha feeds`."""
    commands = parser.add_commands()

    add_command(
        commands,
        "export",
        "write the feeds as OPML, for any feed reader",
        run=_export,
        more="Those that curators followed in the chat, and those of the catalog.",
        examples=("trilha feeds export > feeds.opml",),
    )

    into = add_command(
        commands,
        "import",
        "follow the feeds of an OPML file",
        run=_import,
        more="What is followed already stays as it is. The first visits are made by `trilha run`.",
        examples=("trilha feeds import feeds.opml", "trilha feeds import feeds.opml --topic python"),
    )
    into.add_argument("file", type=Path, metavar="FILE.opml", help="a list of feeds, as feed readers export it")
    into.add_argument("--topic", metavar="ID", help="the topic of those whose category names none")


def _export(_: argparse.Namespace) -> int:
    async def give(session: AsyncSession) -> str:
        if not await feeds.all_of(session):  # before the first start the database knows none yet
            await adopt_feeds(session, read_catalog(catalog_file()).feeds, Present().now())
        followed = await feeds.all_of(session)
        if not followed:
            print(
                "No feed is followed: `/follow` in the chat, or `feeds:` in the catalog, names some.", file=sys.stderr
            )
        return write_opml(followed)

    sys.stdout.write(_with_database(give))
    return 0


def _import(given: argparse.Namespace) -> int:
    topics = {topic.id for topic in read_catalog(catalog_file()).topics}
    if given.topic and given.topic not in topics:
        print(f"No topic is called {given.topic}. There are: {', '.join(sorted(topics))}.", file=sys.stderr)
        return MISFIT
    try:
        handed_in = read_opml(given.file.read_bytes()[:LARGEST_DOCUMENT])
    except OSError as error:
        print(f"{given.file}: {(error.strerror or 'cannot be read').lower()}", file=sys.stderr)
        return MISFIT
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
        async with open_database(read_settings()) as database, database.write() as session:
            return await work(session)

    return asyncio.run(run())
