"""What feeds published very long ago is forgotten, and nothing of it returns as news."""

from __future__ import annotations

from datetime import timedelta

from bot.store import feed_items
from tests.feeds.newsroom import BEGAN, Newsroom, article, rss


async def test_only_what_is_both_old_and_far_behind_is_forgotten(newsroom: Newsroom) -> None:
    newsroom.publish(rss(*(article(n) for n in range(6, 0, -1))))
    newsroom.publish(rss(article(1)), host="quiet.example")
    await newsroom.follow()
    await newsroom.follow("http://quiet.example/feed")
    await newsroom.visit()
    newsroom.publish(rss(*(article(n) for n in range(10, 4, -1))))
    await newsroom.visit(days=400)
    since = BEGAN + timedelta(days=200)
    async with newsroom.database.write() as session:
        assert await feed_items.forget(session, BEGAN - timedelta(days=1), 100, keep=6) == 0
        assert await feed_items.forget(session, since, 100, keep=10) == 0
        assert await feed_items.forget(session, since, 3, keep=6) == 3
        assert await feed_items.forget(session, since, 100, keep=6) == 1
        assert await feed_items.forget(session, since, 100, keep=6) == 0
        assert await feed_items.forget(session, since, 100, keep=2) == 2, "what is younger stays, however much it is"
    assert len(await newsroom.fates(2)) == 1
    newsroom.publish(rss(*(article(n) for n in range(10, 6, -1))), etag='"again"')
    before = await newsroom.titles()
    await newsroom.visit(days=2)
    assert await newsroom.titles() == before
