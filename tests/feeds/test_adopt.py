"""The catalog's list of feeds and the chat's: what the file gives, what curators do, and what stays of both."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.catalog.entry import Feed as Entry
from bot.feeds.adopt import Imported, adopt_feeds, import_feeds
from bot.feeds.opml import FeedList, Outline
from bot.store import feeds
from bot.store.database import Database
from bot.store.tables import Feed
from tests.house import MONDAY_NOON

NOW = MONDAY_NOON
TREES = "https://trees.example/feed"


def listed(url: str = TREES, **facts: str) -> Entry:
    return Entry.model_validate({"url": url, "title": "Trees", "topic": "charts", **facts})


async def adopt(database: Database, *entries: Entry, now: datetime = NOW) -> None:
    async with database.write() as session:
        await adopt_feeds(session, entries, now)


async def hand_in(database: Database, *urls: str) -> Imported:
    async with database.write() as session:
        return await import_feeds(session, FeedList(tuple(Outline(url, "Mine") for url in urls)), (), None, NOW)


async def there(database: Database) -> dict[str, tuple[str, str | None]]:
    """Every feed by its address: its state and topic."""
    async with database.read() as session:
        found = await feeds.all_of(session, ("active", "paused", "unfollowed", "dropped"))
        return {feed.url: (feed.state, feed.topic) for feed in found}


async def changed(database: Database, **columns: str) -> None:
    """A curator did something to the first feed."""
    async with database.write() as session:
        feed = await session.get_one(Feed, 1)
        feeds.set_columns(feed, **columns)
        if "topic" in columns:
            feeds.audit(session, None, "feed_topic", feed.id, NOW, dict(columns))


async def test_the_files_feeds_come_change_and_go(database: Database) -> None:
    await adopt(database, listed())
    assert await there(database) == {TREES: ("active", "charts")}
    await adopt(database, listed(topic="models"))
    assert await there(database) == {TREES: ("active", "models")}
    await adopt(database)
    assert await there(database) == {TREES: ("dropped", "models")}
    await adopt(database, listed(), now=NOW + timedelta(days=1))
    assert await there(database) == {TREES: ("active", "charts")}


async def test_what_a_curator_did_stays(database: Database) -> None:
    await adopt(database, listed())
    for columns in ({"state": "paused"}, {"topic": "models"}, {"state": "unfollowed"}):
        await changed(database, **columns)
        await adopt(database, listed())
    assert await there(database) == {TREES: ("unfollowed", "models")}


async def test_what_left_the_file_and_was_handed_in_stays(database: Database) -> None:
    await adopt(database, listed())
    await adopt(database)
    assert (await hand_in(database, TREES)).followed == 1
    await adopt(database)
    assert (await there(database))[TREES][0] == "active"


async def test_a_channel_of_the_file_is_visited_at_its_feed_and_known_by_its_page(database: Database) -> None:
    page = "https://www.youtube.com/channel/UCYO_jab_esuFRV4b17AJtAw"
    await adopt(database, listed(page))
    await adopt(database, listed(page))
    [url] = await there(database)
    assert url == "https://www.youtube.com/feeds/videos.xml?playlist_id=UULFYO_jab_esuFRV4b17AJtAw"
    assert (await hand_in(database, page, url)).known == 2


async def test_a_list_gives_its_own_addresses(database: Database) -> None:
    of_the_week = "https://www.reddit.com/r/MachineLearning/top/.rss?t=week"
    assert (await hand_in(database, of_the_week)).followed == 1
    assert list(await there(database)) == [of_the_week]
