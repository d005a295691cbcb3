"""What claiming costs the database, and that what it writes past the unit of work is what a command would have written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError

from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.delivery.claim import claim_due
from bot.store import catalog as kept_catalog
from bot.store import doses
from bot.store.database import Database
from bot.store.outbox import Ticket
from bot.store.tables import Completion, Dose, Excuse, Mark, Offer, Outgoing, Schedule, Subscription
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


async def claim(database: Database, catalog: Catalog, limit: int = 100, after: timedelta = timedelta()) -> list[Ticket]:
    async with database.write() as session:
        return (await claim_due(session, catalog, ["terminal"], FIRST_DUE + after, limit)).tickets


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
    tickets = await claim(database, catalog)
    async with database.read() as session:
        kept = {dose.subscription_id: dose for dose in await session.scalars(select(Dose))}
        offers = {offer.dose_id: offer.resource_id for offer in await session.scalars(select(Offer))}
        rows = {row.subscription_id: row for row in await session.scalars(select(Outgoing))}
        moved = (await session.execute(select(Subscription.next_day, Subscription.next_due_at))).all()
    assert sorted((ticket.row_id, ticket.due) for ticket in tickets) == [(rows[one].id, FIRST_DUE) for one in (1, 2)]
    assert sorted(row.key for row in rows.values()) == [f"dose:{number}:{FIRST_DAY}:0" for number in (1, 2)]
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


class Undone(Exception):
    """What was written is taken back."""


async def a_mixed_crowd(database: Database) -> None:
    """Everything that may be the matter with somebody who is due."""
    await crowd(database, 12)
    before = [FIRST_DAY - ahead * DAY for ahead in range(1, 11)]
    facts = {"zone": "America/Sao_Paulo", "due_at": FIRST_DUE, "closes_at": FIRST_DUE, "why": {}}
    async with database.write() as session:
        people = {row.id: row for row in await session.scalars(select(Subscription))}
        await session.execute(update(Schedule).where(Schedule.subscription_id == 5).values(zone="Nowhere/Atlantis"))
        await session.execute(update(Schedule).where(Schedule.subscription_id.in_((6, 7))).values(from_day=before[1]))
        for number in (6, 7):  # two days were lost, and one of them was done after all
            people[number].next_day, people[number].next_due_at = before[1], FIRST_DUE - 2 * DAY
        done = {"key": "x", "kind": "done", "zone": "America/Sao_Paulo"}
        session.add(Completion(person_id=6, at=FIRST_DUE - DAY, day=before[0], **done))
        people[7].goal = "off"
        people[8].news = [{"kind": "milestone", "n": 7}]
        session.add(Dose(subscription_id=9, day=FIRST_DAY, resource_id="what-is-data", **facts))
        people[10].trail = "pictures"
        session.add_all(Mark(person_id=10, resource_id=name, mark="done", at=FIRST_DUE) for name in ("bars", "lines"))
        session.add_all(Dose(subscription_id=11, day=day, resource_id="what-is-data", **facts) for day in before)
        people[12].platform = "elsewhere"


async def claimed_in_parts(database: Database, catalog: Catalog, limit: int) -> list[list[tuple[object, ...]]]:
    """All that claiming in parts of this size leaves behind; then it is taken back."""
    dose = (
        Dose.subscription_id,
        Dose.day,
        Dose.number,
        Dose.resource_id,
        Dose.minutes,
        Dose.why,
        Dose.news,
        Dose.closes_at,
    )
    row = (Outgoing.key, Outgoing.kind, Outgoing.not_before, Outgoing.expires_at, Outgoing.lease_until, Outgoing.facts)
    moved = (Subscription.id, Subscription.next_day, Subscription.next_due_at, Subscription.lot, Subscription.news)
    looks = (
        select(*dose).order_by(Dose.subscription_id, Dose.day),
        select(Dose.subscription_id, Offer.place, Offer.resource_id, Offer.at)
        .join(Dose)
        .order_by(Dose.subscription_id),
        select(*row).order_by(Outgoing.key),
        select(*moved, Subscription.silent_since).order_by(Subscription.id),
        select(Excuse.subscription_id, Excuse.day, Excuse.why, Excuse.since, Excuse.until).order_by(
            Excuse.subscription_id, Excuse.day
        ),
    )
    left: list[list[tuple[object, ...]]] = []
    with suppress(Undone):
        async with database.write() as session:
            while (await claim_due(session, catalog, ["terminal"], FIRST_DUE, limit)).people:
                pass
            left = [[tuple(one) for one in await session.execute(look)] for look in looks]
            raise Undone
    return left


async def test_a_crowd_claimed_together_gets_what_each_would_get_alone(database: Database, catalog: Catalog) -> None:
    await a_mixed_crowd(database)
    together = await claimed_in_parts(database, catalog, 100)
    assert together == await claimed_in_parts(database, catalog, 1)
    assert together == await claimed_in_parts(database, catalog, 5)
    given, offers, rows, moved, excuses = together
    assert {key for key, *_ in rows} == {f"silence:11:{FIRST_DAY}"} | {
        f"dose:{number}:{FIRST_DAY}:0" for number in (1, 2, 3, 4, 6, 7, 8, 10)
    }
    assert {number for number, *_ in offers} == {1, 2, 3, 4, 6, 7, 8}
    news = {number: said for number, _, _, _, _, _, said, _ in given if said}
    lost = {"kind": "lost", "day": (FIRST_DAY - 2 * DAY).isoformat()}
    assert news == {6: [lost], 8: [{"kind": "milestone", "n": 7}]}
    assert len(excuses) == 4
    due = {number: (day, silent) for number, day, _, _, _, silent in moved}
    tomorrow = (FIRST_DAY + DAY, None)
    assert {number for number, found in due.items() if found == tomorrow} == {1, 2, 3, 4, 6, 7, 8, 9}
    assert (due[10], due[11]) == ((None, None), (None, FIRST_DUE))
