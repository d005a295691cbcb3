"""What claiming a dose costs by itself: from "it is due" to its row in the outbox, on both engines, at the hour and after an outage.

    python -m bench.bench_claim

Seconds are those of the bot's process, all its threads together, so that other work on the machine does not count; the small catalog,
so that choosing weighs little (`bench/bench_dose.py` measures that). Beside it stands how often the database is asked for a part.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import event

from bench.delivery_stage import fill
from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.delivery.claim import claim_due
from bot.delivery.rounds import PART
from bot.operate.memory import keep_for_good
from bot.store import catalog as kept_catalog
from bot.store.database import Database
from tests.delivery.crowd import EIGHT_IN_SAO_PAULO, FIRST_DUE
from tests.house import SMALL_CATALOG
from tests.rig.postgres import Postgres

PEOPLE = 3_000
WARM = 3
"""Parts that are claimed before, for what is put together once."""
OUTAGE = timedelta(days=2)


async def claim_all(url: str, catalog: Catalog, late: timedelta) -> tuple[float, int]:
    """Milliseconds of the processor for a dose, and statements for a part."""
    await fill(url, PEOPLE, EIGHT_IN_SAO_PAULO, platform="terminal")
    database = Database(url)
    asked = [0]
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *_: asked.__setitem__(0, asked[0] + 1))
    async with database.write() as session:
        await kept_catalog.adopt(session, catalog.resources, FIRST_DUE - timedelta(days=90))

    async def part() -> int:
        async with database.write() as session:
            return len((await claim_due(session, catalog, ["terminal"], FIRST_DUE + late, PART)).tickets)

    for _ in range(WARM):
        asked[0] = 0
        await part()
    statements, began, claimed = asked[0], time.process_time(), 0
    while some := await part():
        claimed += some
    each = (time.process_time() - began) * 1000 / claimed
    assert claimed == PEOPLE - WARM * PART
    await database.close()
    return each, statements


async def engine(name: str, new_database: Callable[[str], str], catalog: Catalog) -> None:
    """The lines of one engine."""
    for what, late in (("at the hour", timedelta()), ("after an outage of two days", OUTAGE)):
        each, statements = await claim_all(new_database(what.split()[0]), catalog, late)
        print(f"  {name:<12} {what:<30} {each:>8.2f} ms a dose {statements:>6} statements for {PART}", flush=True)


async def main() -> None:
    """Print the table."""
    catalog = read_catalog(SMALL_CATALOG)
    keep_for_good()  # as `trilha run` does
    with tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as folder:
        await engine("SQLite", lambda name: f"sqlite:///{folder}/{name}.sqlite", catalog)
        server = Postgres(Path(folder) / "postgres")
        try:
            await engine("PostgreSQL", server.create, catalog)
        finally:
            server.close()


if __name__ == "__main__":
    asyncio.run(main())
