"""What claiming costs the database, and that what it writes past the unit of work is what a command would have written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.delivery.claim import Alarm, claim_due
from bot.store import catalog as kept_catalog
from bot.store import doses
from bot.store.database import Database
from bot.store.tables import Dose, Offer, Outgoing, Subscription
from tests.delivery.crowd import FIRST_DAY, FIRST_DUE, crowd
from tests.house import SMALL_CATALOG

DAY = timedelta(days=1)


@pytest.fixture
async def catalog(database: Database) -> Catalog:
    """The small catalog, adopted long ago."""
    catalog = read_catalog(SMALL_CATALOG)
    async with database.write() as session:
        await kept_catalog.adopt(session, catalog.resources, FIRST_DUE - 90 * DAY)
    return catalog


async def claim(database: Database, catalog: Catalog, limit: int = 100, after: timedelta = timedelta()) -> list[Alarm]:
    async with database.write() as session:
        return (await claim_due(session, catalog, ["terminal"], FIRST_DUE + after, limit)).alarms


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


@pytest.mark.parametrize("after", [timedelta(), 2 * DAY])
async def test_many_cost_the_database_no_more_statements_than_few(
    database: Database, catalog: Catalog, after: timedelta
) -> None:
    await crowd(database, 63)
    with statements(database) as for_few:
        assert len(await claim(database, catalog, 3, after)) == 3
    with statements(database) as for_many:
        assert len(await claim(database, catalog, 60, after)) == 60
    assert len(for_many) == len(for_few)


async def test_a_claim_writes_dose_offer_and_row_and_moves_on(database: Database, catalog: Catalog) -> None:
    await crowd(database, 2)
    alarms = await claim(database, catalog)
    async with database.read() as session:
        kept = {dose.subscription_id: dose for dose in await session.scalars(select(Dose))}
        offers = {offer.dose_id: offer.resource_id for offer in await session.scalars(select(Offer))}
        rows = {row.subscription_id: row for row in await session.scalars(select(Outgoing))}
        moved = (await session.execute(select(Subscription.next_day, Subscription.next_due_at))).all()
    assert sorted(alarm.name for alarm in alarms) == [f"dose:{number}:{FIRST_DAY}" for number in (1, 2)]
    for number in (1, 2):
        dose, row = kept[number], rows[number]
        assert (dose.day, dose.number, dose.due_at, dose.outcome, dose.put_off, dose.news) == (
            FIRST_DAY, 0, FIRST_DUE, None, False, [],
        )  # fmt: skip
        assert dose.why["trail"] == "first-steps"
        assert offers[dose.id] == dose.resource_id == "what-is-data"
        assert (row.dose_id, row.state, row.attempts, row.facts) == (dose.id, "due", 0, {})
    assert moved == [(FIRST_DAY + DAY, FIRST_DUE + DAY)] * 2


async def test_a_dose_that_is_there_already_is_refused_by_its_key(database: Database, catalog: Catalog) -> None:
    await crowd(database, 2)
    await claim(database, catalog)
    async with database.read() as session:
        again = list(await session.scalars(select(Dose)))
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            await doses.store(session, again, FIRST_DUE)
