"""Decisions about entries, on SQLite and on PostgreSQL: a decision and its version are one, and one link is one entry."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.catalog.entry import Catalog, Resource
from bot.catalog.file import read_catalog
from bot.catalog.overlay import facts_of, overlay, read_facts
from bot.errors import CatalogError
from bot.store import catalog as kept
from bot.store import entries, people
from bot.store.database import Database
from bot.store.tables import DecidedEntry
from bot.store.tables import Resource as Row

NOON = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SMALL = read_catalog(Path(__file__).parents[1] / "small_catalog.yaml")


def tree(**given: object) -> Resource:
    fields = {
        "title": "Trees",
        "url": "https://example.org/trees",
        "topic": "models",
        "kind": "article",
        "language": "en",
    }
    return read_facts("trees", fields | given)


async def adopt(database: Database, file: Catalog = SMALL) -> None:
    """What a start does."""
    async with database.write() as session:
        await entries.settle(session, file, NOON)
        live = overlay(file, await entries.changes(session)).catalog
        await kept.adopt(session, live.resources, NOON, filed=file.resources)


async def live(database: Database, file: Catalog = SMALL) -> Catalog:
    async with database.read() as session:
        return overlay(file, await entries.changes(session)).catalog


async def test_added_edited_retired_and_restored_under_one_id(database: Database) -> None:
    await adopt(database)
    async with database.write() as session:
        carla = await people.add(session, "terminal", "carla", name="Carla", language="en", now=NOON)
        added = await entries.add(session, tree(), by=carla.id, at=NOON)
        assert added.id == "trees"
    assert (await live(database)).resource("trees") is not None
    async with database.write() as session:
        assert (await entries.edit(session, "trees", {"minutes": 25}, by=carla.id, at=NOON)).minutes == 25
        assert await entries.retire(session, "trees", by=carla.id, at=NOON, why="a mistake")
        assert not await entries.retire(session, "trees", by=carla.id, at=NOON, why="twice")
    assert (await live(database)).resource("trees") is None
    await adopt(database)
    async with database.write() as session:
        assert await entries.restore(session, "trees", by=carla.id, at=NOON)
        assert not await entries.restore(session, "trees", by=carla.id, at=NOON)
        [decision] = await entries.decisions(session)
    assert decision.by == "Carla"
    entry = (await live(database)).resource("trees")
    assert entry is not None
    assert entry.minutes == 25


async def test_an_entry_of_the_file_is_edited_and_retired_too(database: Database) -> None:
    await adopt(database)
    async with database.write() as session:
        await entries.edit(session, "bars", {"minutes": 20, "author": "Ada"}, by=None, at=NOON)
        await entries.edit(session, "bars", {"author": None}, by=None, at=NOON)
        await entries.retire(session, "lines", by=None, at=NOON, why="gone")
    catalog = await live(database)
    bars = catalog.resource("bars")
    assert bars is not None
    assert (bars.minutes, bars.author) == (20, None)
    assert catalog.resource("lines") is None


async def test_what_is_not_there_or_does_not_fit_changes_nothing(database: Database) -> None:
    await adopt(database)
    for resource_id, changes in (("nothing", {"minutes": 5}), ("bars", {"minutes": 0}), ("bars", {"kind": "vidoe"})):
        with pytest.raises(CatalogError):
            async with database.write() as session:
                await entries.edit(session, resource_id, changes, by=None, at=NOON)
    async with database.write() as session:
        assert not await entries.retire(session, "nothing", by=None, at=NOON, why=None)
        assert not await entries.restore(session, "bars", by=None, at=NOON)
        assert await entries.changes(session) == []
        assert await kept.version(session) == 0


async def test_every_decision_is_a_new_version_and_one_taken_back_is_none(database: Database) -> None:
    await adopt(database)
    async with database.write() as session:
        await entries.add(session, tree(), by=None, at=NOON)
        assert kept.was_bumped(session)
    async with database.read() as session:
        assert await kept.version(session) == 1

    async def killed_before_the_commit() -> None:
        async with database.write() as session:
            await entries.retire(session, "trees", by=None, at=NOON, why=None)
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        await killed_before_the_commit()
    async with database.read() as session:
        assert await kept.version(session) == 1
        assert len(await entries.changes(session)) == 1


async def test_two_curators_add_the_same_link_at_once_and_it_is_one_entry(database: Database) -> None:
    await adopt(database)

    async def approve(title: str, url: str) -> str:
        async with database.write() as session:
            entry = read_facts("trees", facts_of(tree(title=title, url=url)))
            return (await entries.add(session, entry, by=None, at=NOON)).id

    spellings = ["https://example.org/trees", "http://www.example.org/trees/", "https://example.org/trees?utm_source=x"]
    given = await asyncio.gather(*(approve(f"Trees {number}", url) for number, url in enumerate(spellings * 2)))
    assert set(given) == {"trees"}
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(DecidedEntry)) == 1
        assert await session.scalar(select(func.count()).select_from(Row)) == len(SMALL.resources) + 1


async def test_decisions_about_one_entry_at_once_wait_for_each_other(database: Database) -> None:
    await adopt(database)

    async def decide(number: int) -> None:
        async with database.write() as session:
            await entries.add(session, tree(), by=None, at=NOON)
            await entries.edit(session, "trees", {"minutes": 5 + number}, by=None, at=NOON)
        async with database.write() as session:
            await entries.retire(session, "trees", by=None, at=NOON, why=None)
        async with database.write() as session:
            await entries.restore(session, "trees", by=None, at=NOON)

    await asyncio.gather(*(decide(number) for number in range(10)))
    async with database.read() as session:
        states = list(await session.scalars(select(DecidedEntry.state)))
    assert states == ["live"], "each of them ended by taking it back in"


async def test_two_links_with_one_title_at_once_get_two_ids(database: Database) -> None:
    await adopt(database)

    async def approve(number: int) -> str:
        async with database.write() as session:
            return (await entries.add(session, tree(url=f"https://site{number}.org/trees"), by=None, at=NOON)).id

    given = await asyncio.gather(*(approve(number) for number in range(4)))
    assert len(set(given)) == 4
    assert all(name.startswith("trees") for name in given)
    async with database.read() as session:
        assert await kept.version(session) == 4


async def test_two_curators_edit_one_entry_at_once_and_neither_is_lost(database: Database) -> None:
    await adopt(database)

    async def change(**fields: object) -> None:
        async with database.write() as session:
            await entries.edit(session, "bars", fields, by=None, at=NOON)

    await asyncio.gather(change(minutes=20), change(author="Ada"), change(title="Bars, and when"))
    bars = (await live(database)).resource("bars")
    assert bars is not None
    assert (bars.minutes, bars.author, bars.title) == (20, "Ada", "Bars, and when")


async def test_one_edits_while_the_other_retires_and_both_processes_agree(database: Database) -> None:
    await adopt(database)

    async def change() -> bool:
        try:
            async with database.write() as session:
                await entries.edit(session, "bars", {"minutes": 20}, by=None, at=NOON)
        except CatalogError:
            return False
        return True

    async def take_out() -> bool:
        async with database.write() as session:
            return await entries.retire(session, "bars", by=None, at=NOON, why=None)

    _, taken_out = await asyncio.gather(change(), take_out())
    assert taken_out
    assert (await live(database)).resource("bars") is None


async def test_a_link_that_was_taken_out_comes_back_under_its_old_id(database: Database) -> None:
    await adopt(database)
    async with database.write() as session:
        await entries.add(session, tree(), by=None, at=NOON)
        await entries.retire(session, "trees", by=None, at=NOON, why="undone")
        await entries.retire(session, "bars", by=None, at=NOON, why="old")
    async with database.write() as session:
        again = read_facts("all-about-trees", facts_of(tree(title="All about trees")))
        assert (await entries.add(session, again, by=None, at=NOON)).id == "trees"
        bars = read_facts("new-bars", facts_of(tree(title="Bars again", url="https://example.org/bars")))
        assert (await entries.add(session, bars, by=None, at=NOON)).id == "bars"
    catalog = await live(database)
    assert catalog.resource("trees").title == "All about trees"  # type: ignore[union-attr]
    assert catalog.resource("bars").title == "Bars again"  # type: ignore[union-attr]


async def test_exported_then_adopted_then_the_file_alone_counts(database: Database) -> None:
    await adopt(database)
    async with database.write() as session:
        await entries.add(session, tree(), by=None, at=NOON)
        await entries.edit(session, "bars", {"minutes": 20}, by=None, at=NOON)
        written = await entries.changes(session)
    exported = await live(database)
    async with database.write() as session:
        assert await entries.mark_exported(session, written, NOON) == 2
    assert (await live(database)).resource("trees") is not None, (
        "a process that has not read the new file still gives it out"
    )
    await adopt(database, exported)
    async with database.read() as session:
        assert await entries.changes(session) == []
    assert (await live(database)).resource("trees") is None, "the file was reverted: it is out"
    async with database.write() as session:
        edited = await entries.edit(session, "trees", {"minutes": 40}, by=None, at=NOON + timedelta(days=1))
    assert edited.minutes == 40
    again = await live(database, exported)
    assert again.resource("trees").minutes == 40  # type: ignore[union-attr]


async def test_a_change_after_the_export_was_written_is_exported_the_next_time(database: Database) -> None:
    await adopt(database)
    async with database.write() as session:
        await entries.edit(session, "bars", {"minutes": 20}, by=None, at=NOON)
        written = await entries.changes(session)
        await entries.edit(session, "bars", {"minutes": 25}, by=None, at=NOON)
        assert await entries.mark_exported(session, written, NOON) == 0


async def test_a_retired_entry_that_left_the_file_can_come_back_into_it(database: Database) -> None:
    await adopt(database)
    async with database.write() as session:
        await entries.retire(session, "bars", by=None, at=NOON, why="old")
        written = await entries.changes(session)
        await entries.mark_exported(session, written, NOON)
    without = SMALL.model_copy(update={"resources": tuple(one for one in SMALL.resources if one.id != "bars")})
    await adopt(database, without)
    async with database.write() as session:
        assert await entries.restore(session, "bars", by=None, at=NOON)
    bars = (await live(database, without)).resource("bars")
    assert bars is not None
    assert bars.title == "Bars"
