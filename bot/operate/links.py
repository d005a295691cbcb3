"""`trilha links check`: visit every link of the catalog once, politely; what was visited lately is not visited again."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter

from bot.clock import Present
from bot.curation.visits import Visitor
from bot.live_catalog import LiveCatalog
from bot.operate.command_line import CommandParser, add_command, catalog_file
from bot.operate.database import open_database
from bot.settings import read_settings
from bot.states import LinkState
from bot.store import links
from bot.web.fetch import Fetcher

EVERY = 100_000


def add_commands(parser: CommandParser) -> None:
    """Add the subcommands of `trilha links`."""
    commands = parser.add_commands()
    add_command(
        commands,
        "check",
        "visit every link of the catalog once, politely",
        run=lambda given: asyncio.run(check_links()),
        more="It begins where it was stopped, for what was visited lately is left alone. Ends with 1 where a link is dead, and names it; "
        "a running bot then goes on visiting by itself.",
        examples=("trilha links check",),
    )


async def check_links(web: Fetcher | None = None) -> int:
    """Visit what was not visited lately, and say what was found; 0 where nothing is dead."""
    catalog_file()
    settings = read_settings()
    seen: Counter[LinkState] = Counter()
    async with web or Fetcher(contact=settings.contact) as fetcher, open_database(settings) as database:
        live = LiveCatalog(database, settings, Present().now)
        live.read()
        await live.begin()  # before the first start the database knows no entry yet
        visitor = Visitor(database, lambda: live.catalog, fetcher, Present().now)
        total = len(await visitor.waiting())

        def tell(resource_id: str, state: LinkState) -> None:
            seen[state] += 1
            _progress(sum(seen.values()), total, resource_id)

        await visitor.go(EVERY, tell)
        async with database.read() as session:
            counts = await links.counts(session)
            dead = await links.dead_ids(session)
    if total and sys.stderr.isatty():
        print(file=sys.stderr)
    print(f"{total} links visited. " + ", ".join(f"{counts.get(state, 0)} {state}" for state in LinkState) + ".")
    for resource_id in sorted(dead):
        print(f"dead: {resource_id}")
    return 1 if dead else 0


def _progress(done: int, total: int, name: str) -> None:
    """A bar that redraws itself where somebody looks, and a line now and then where nobody does."""
    if sys.stderr.isatty():
        filled = 30 * done // total
        print(
            f"\r[{'#' * filled}{'.' * (30 - filled)}] {done}/{total} {name:<50.50}", end="", file=sys.stderr, flush=True
        )
    elif done == total or done % 50 == 0:
        print(f"{done} of {total} links visited", file=sys.stderr)
