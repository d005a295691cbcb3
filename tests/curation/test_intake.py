"""What comes in is recognised at once, by whatever name it goes, and never twice."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from bot.catalog.entry import Catalog
from bot.catalog.file import read_catalog
from bot.curation.intake import FromFeed, FromPerson, New, Taken, TakenAs, take_all_in, take_in
from bot.store import people
from bot.store.database import Database
from bot.store.tables import Suggestion, Voice
from tests.house import SMALL_CATALOG

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CATALOG = read_catalog(SMALL_CATALOG)


class Desk:
    """Two people and a feed who bring links."""

    def __init__(self, database: Database, ana: int, bruno: int) -> None:
        self.database = database
        self.ana, self.bruno = FromPerson(ana, "Ana"), FromPerson(bruno, "Bruno")
        self.feed = FromFeed("7", "A blog")

    async def takes(self, url: str, source: FromPerson | FromFeed, catalog: Catalog = CATALOG, why: str = "") -> Taken:
        async with self.database.write() as session:
            return await take_in(session, catalog, New(url, source, why), NOW)

    async def count(self, table: type[Suggestion] | type[Voice]) -> int | None:
        async with self.database.read() as session:
            return await session.scalar(select(func.count()).select_from(table))

    async def set_state(self, state: str) -> None:
        async with self.database.write() as session:
            for row in await session.scalars(select(Suggestion)):
                row.state = state


@pytest.fixture
async def desk(database: Database) -> Desk:
    async with database.write() as session:
        ids = [
            (await people.add(session, "terminal", name, name=name, language="en", now=NOW)).id
            for name in ("ana", "bruno")
        ]
    return Desk(database, *ids)


async def test_a_new_link_waits(desk: Desk) -> None:
    taken = await desk.takes("https://jalammar.github.io/illustrated-transformer/", desk.ana, why="clear\u202e  words")
    assert taken.kind is TakenAs.NEW
    assert taken.suggestion
    assert taken.suggestion.state == "waiting"


async def test_the_same_link_by_another_name_is_a_second_voice(desk: Desk) -> None:
    first = await desk.takes("https://jalammar.github.io/illustrated-transformer/", desk.ana)
    second = await desk.takes("http://www.jalammar.github.io/illustrated-transformer?utm_source=x", desk.bruno)
    third = await desk.takes("jalammar.github.io/illustrated-transformer#top", desk.feed)
    assert [second.kind, third.kind] == [TakenAs.SECOND_VOICE] * 2
    assert first.suggestion_id == second.suggestion_id == third.suggestion_id
    assert await desk.count(Voice) == 3


async def test_the_same_voice_counts_once(desk: Desk) -> None:
    for source in (desk.ana, desk.feed):
        await desk.takes("https://example.net/x", source)
        again = await desk.takes("https://example.net/x", source)
        assert again.kind is TakenAs.ALREADY_YOURS
    assert await desk.count(Voice) == 2


async def test_what_the_catalog_holds_is_said_and_not_queued(desk: Desk) -> None:
    taken = await desk.takes("example.org/what-is-data/?utm_campaign=mail", desk.ana)
    assert (taken.kind, taken.resource_id) == (TakenAs.IN_CATALOG, "what-is-data")
    assert await desk.count(Suggestion) == 0


async def test_what_was_rejected_before_stays_rejected(desk: Desk) -> None:
    await desk.takes("https://example.net/x", desk.ana)
    await desk.set_state("rejected")
    assert (await desk.takes("https://example.net/x", desk.bruno)).kind is TakenAs.REJECTED_BEFORE
    assert await desk.count(Voice) == 1


@pytest.mark.parametrize("state", ["withdrawn", "closed", "approved"])
async def test_what_left_the_queue_or_the_catalog_may_come_again(desk: Desk, state: str) -> None:
    await desk.takes("https://example.net/x", desk.ana)
    await desk.set_state(state)
    taken = await desk.takes("https://example.net/x", desk.bruno)
    assert taken.kind is TakenAs.NEW
    assert taken.suggestion
    assert taken.suggestion.state == "waiting"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hello",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://user@example.org/",
        "https://example.org/" + "x" * 3000,
        "https://exam\u202eple.org/",
        "ftp://example.org/a",
        "tg://user?id=1",
    ],
)
async def test_what_is_no_link_is_not_taken(desk: Desk, url: str) -> None:
    assert (await desk.takes(url, desk.ana)).kind is TakenAs.NOT_A_LINK
    assert await desk.count(Suggestion) == 0


async def test_ten_at_once_make_one_row_and_ten_voices(desk: Desk) -> None:
    feeds = [FromFeed(str(number), f"Feed {number}") for number in range(10)]
    taken = await asyncio.gather(*(desk.takes("https://example.net/same", feed) for feed in feeds))
    assert sorted(one.kind for one in taken) == [TakenAs.NEW] + [TakenAs.SECOND_VOICE] * 9
    assert await desk.count(Suggestion) == 1
    assert await desk.count(Voice) == 10


async def test_many_links_at_once_are_taken_as_one_after_the_other_would_be(desk: Desk) -> None:
    await desk.takes("https://example.org/no", desk.ana)
    await desk.set_state("rejected")
    other = FromFeed("8", "Another blog")
    news = [
        New("https://example.org/b", desk.feed),
        New("https://www.example.org/b?utm_source=x", other),
        New("https://example.org/b", desk.feed),
        New("https://example.org/no", desk.feed),
        New("not a link", desk.feed),
        New("https://example.org/a", other),
    ]
    async with desk.database.write() as session:
        taken = await take_all_in(session, CATALOG, news, NOW)
        assert [one.kind.value for one in taken] == [
            "new",
            "second_voice",
            "already_yours",
            "rejected_before",
            "not_a_link",
            "new",
        ]
        assert taken[0].suggestion_id == taken[1].suggestion_id
        assert (taken[0].suggestion_id or 0) < (taken[5].suggestion_id or 0)  # the queue keeps the order
        assert await take_all_in(session, CATALOG, [], NOW) == []
    assert await desk.count(Voice) == 4


async def test_numbers_follow_each_other_whatever_came_twice(desk: Desk) -> None:
    """A row that is refused takes a number all the same, on both engines, so none is tried that is there already."""
    links = [f"https://example.net/{number}" for number in range(1, 5)]
    for url in (links[0], links[0], f"{links[0]}?utm_source=x", links[1], links[0]):
        await desk.takes(url, desk.ana)
    async with desk.database.write() as session:
        await take_all_in(session, CATALOG, [New(url, desk.bruno) for url in links[:3] * 2], NOW)
    taken = await desk.takes(links[3], desk.feed)
    assert taken.suggestion_id == 4
