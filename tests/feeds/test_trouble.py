"""Feeds that move, fail, go and fall silent: visited less, never lost, told of once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web
from sqlalchemy import select

from bot.feeds import poll
from bot.feeds.notices import tell
from bot.store import feed_visits, people
from bot.store.tables import FeedHost, Suggestion
from tests.feeds.newsroom import Newsroom, article, rss
from tests.rig.deaf import Deaf


async def moved_for_good(request: web.Request) -> web.Response:
    if request.path == "/feed":
        return web.Response(status=301, headers={"Location": "/new"})
    return web.Response(body=rss(article(1)), headers={"ETag": '"1"'})


async def test_a_feed_that_moved_is_believed_the_third_time(newsroom: Newsroom) -> None:
    newsroom.net.site("blog.example", moved_for_good)
    await newsroom.follow()
    for _ in range(2):
        await newsroom.visit(hours=2)
        assert (await newsroom.feed()).url == "http://blog.example/feed"
    await newsroom.visit(hours=2)
    assert (await newsroom.feed()).url == "http://blog.example/new"
    await newsroom.visit(hours=2)
    assert newsroom.requests()[-1].path == "/new"
    assert newsroom.requests()[-1].headers["If-None-Match"] == '"1"'
    assert len(await newsroom.titles()) == 1


async def test_a_feed_that_moved_to_one_we_follow_ends(newsroom: Newsroom) -> None:
    newsroom.net.site("blog.example", moved_for_good)
    await newsroom.follow()
    await newsroom.follow("http://blog.example/new")
    for _ in range(3):
        await newsroom.visit(hours=2)
    assert (await newsroom.feed()).state == "doubled"
    assert (await newsroom.feed(2)).state == "active"


async def test_gone_is_told_once_and_the_feed_is_left_alone(newsroom: Newsroom) -> None:
    await _with_a_curator(newsroom)
    newsroom.fail(410)
    await newsroom.follow()
    await newsroom.visit()
    assert (await newsroom.feed()).state == "gone"
    assert await newsroom.visit(days=5) == 0
    assert await newsroom.told() == ["feed_news.gone"]


@pytest.mark.parametrize("status", [404, 500])
async def test_a_failing_feed_is_visited_less_and_comes_alive(newsroom: Newsroom, status: int) -> None:
    await _with_a_curator(newsroom)
    newsroom.fail(status)
    await newsroom.follow()
    began = newsroom.time
    while newsroom.time - began < timedelta(days=6):
        await newsroom.visit_when_due()
    assert 8 <= len(newsroom.requests()) <= 12
    assert await newsroom.told() == ["feed_news.failing"]
    newsroom.publish(rss(article(1)))
    await newsroom.visit(days=1)
    feed = await newsroom.feed()
    assert (feed.failures, feed.failing_told_at, feed.problem) == (0, None, None)
    assert await newsroom.titles() == ["Article 1"]


async def test_a_page_where_a_feed_was_is_a_failure_and_forgets_nothing(newsroom: Newsroom) -> None:
    newsroom.publish(rss(article(1)), etag='"1"')
    await newsroom.follow()
    await newsroom.visit()
    newsroom.publish(b"<html><body>We are being repaired", etag='"2"')
    await newsroom.visit(hours=2)
    feed = await newsroom.feed()
    assert (feed.problem, feed.etag) == ("no_feed", '"1"')
    newsroom.publish(rss(article(1), article(2)), etag='"3"')
    await newsroom.visit(hours=3)
    assert await newsroom.titles() == ["Article 1", "Article 2"]


async def test_a_failing_host_is_left_alone_and_tried_with_one_feed(newsroom: Newsroom) -> None:
    """A platform answers 404 for everything for four days, as it has: no channel is disabled, and curators hear of the host."""
    await _with_a_curator(newsroom)
    tube = "www.youtube.com"
    newsroom.publish(rss(article(1)), host=tube)
    newsroom.publish(rss(article(2)))
    for number in range(10):
        await newsroom.follow(f"http://{tube}/feeds/videos.xml?channel_id=UC{number:022}")
    await newsroom.follow()
    await newsroom.visit()
    newsroom.fail(404, host=tube)
    before = len(newsroom.requests(tube))
    for _ in range(4 * 24):
        await newsroom.visit(hours=1)
    assert len(newsroom.requests(tube)) - before < 40  # ten feeds, four days: 960 visits without a fault
    assert await newsroom.told() == ["feed_news.host"]
    assert {(await newsroom.feed(number)).state for number in range(1, 11)} == {"active"}
    assert (await newsroom.feed(11)).failures == 0
    newsroom.publish(rss(article(1), article(3)), host=tube)
    for _ in range(26):
        await newsroom.visit(hours=1)
    async with newsroom.database.read() as session:
        assert (await session.scalars(select(FeedHost))).first() is None
    assert {(await newsroom.feed(number)).failures for number in range(1, 11)} == {0}


async def test_a_quiet_feed_is_told_once_until_it_speaks_again(newsroom: Newsroom) -> None:
    await _with_a_curator(newsroom)
    weekly = [article(n, date=newsroom.time - timedelta(days=7 * (9 - n))) for n in range(9)]
    newsroom.publish(rss(*weekly))
    await newsroom.follow()
    for _ in range(21):
        await newsroom.visit(days=1)
    assert await newsroom.told() == []
    for _ in range(20):
        await newsroom.visit(days=1)
    assert await newsroom.told() == ["feed_news.quiet"]
    newsroom.publish(rss(article(50, date=newsroom.time)))
    for _ in range(60):
        await newsroom.visit(days=1)
    assert await newsroom.told() == ["feed_news.quiet"] * 2


async def test_a_feed_of_which_nothing_is_taken_is_proposed_for_removal_once(newsroom: Newsroom) -> None:
    await _with_a_curator(newsroom)
    await newsroom.follow(most_a_day=50)
    newsroom.publish(rss(article(0)))
    await newsroom.visit()
    newsroom.publish(rss(*(article(n) for n in range(12))))
    await newsroom.visit(days=1)
    async with newsroom.database.write() as session:
        for row in await session.scalars(select(Suggestion)):
            row.state = "rejected"
    for _ in range(3):
        await newsroom.visit(days=1)
    assert await newsroom.told() == ["feed_news.removal"]


@pytest.mark.parametrize(("status", "stated", "hours"), [(429, "36000", 10), (503, "7200", 2), (429, "", 4)])
async def test_the_wish_to_be_left_alone_is_obeyed(newsroom: Newsroom, status: int, stated: str, hours: int) -> None:
    newsroom.fail(status, **({"Retry_After": stated} if stated else {}))
    await newsroom.follow()
    await newsroom.visit()
    assert await newsroom.visit(hours=hours, minutes=-1) == 0
    assert await newsroom.visit(hours=hours / 10, minutes=2) == 1


async def test_a_server_without_validators_is_not_read_twice_for_the_same_bytes(newsroom: Newsroom) -> None:
    newsroom.net.page("blog.example", rss(article(1)))
    await newsroom.follow()
    await newsroom.visit()
    digest = (await newsroom.feed()).digest
    await newsroom.visit(hours=2)
    assert (await newsroom.feed()).digest == digest
    assert len(await newsroom.titles()) == 1


async def _with_a_curator(newsroom: Newsroom) -> None:
    from bot.store import people

    async with newsroom.database.write() as session:
        person = await people.add(session, "terminal", "carla", name="Carla", language="en", now=newsroom.time)
        person.role = "curator"


async def test_a_host_none_of_whose_feeds_we_follow_any_more_is_forgotten(newsroom: Newsroom) -> None:
    await _with_a_curator(newsroom)
    await newsroom.follow(state="unfollowed")
    long_ago = newsroom.time - timedelta(days=4)
    async with newsroom.database.write() as session:
        session.add(FeedHost(host="blog.example", failures=9, failing_since=long_ago, paused_until=long_ago))
    await newsroom.visit(hours=2)
    assert await newsroom.told() == []
    async with newsroom.database.read() as session:
        assert (await session.scalars(select(FeedHost))).all() == []


async def test_news_of_a_host_with_a_long_name_reach_every_curator(newsroom: Newsroom) -> None:
    await _with_a_curator(newsroom)
    async with newsroom.database.write() as session:
        second = await people.add(session, "terminal", "dora", name="Dora", language="en", now=newsroom.time)
        second.role = "curator"
        await tell(
            session, (), "feed_news.host", f"{'long-' * 40}.example", {"host": "x", "n": 1, "all": 1}, newsroom.time
        )
    assert await newsroom.told() == ["feed_news.host"] * 2


async def test_while_one_feed_of_a_host_in_trouble_is_tried_the_others_wait(newsroom: Newsroom) -> None:
    """Also for another claim of the same round, or of another process."""
    for number in range(4):
        await newsroom.follow(f"http://blog.example/{number}")
    now = newsroom.time
    async with newsroom.database.write() as session:
        session.add(FeedHost(host="blog.example", failures=1, failing_since=now, paused_until=now))
    claimed = []
    for _ in range(3):
        async with newsroom.database.write() as session:
            claimed += await feed_visits.claim(session, now, timedelta(hours=1), 10)
    assert [(one.id, one.host_in_trouble) for one in claimed] == [(1, True)]


async def test_a_visit_that_does_not_hear_of_the_end_is_told_again(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    await newsroom.follow()
    deaf = Deaf()
    monkeypatch.setattr(newsroom.web, "get", deaf)
    going = asyncio.create_task(newsroom.visit())
    await deaf.begun.wait()
    await asyncio.wait_for(asyncio.shield(newsroom.poller.stop()), 30)
    assert deaf.ended
    await going


async def test_visits_that_a_database_is_away_for_are_not_tried_one_by_one(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would wait as long as all of them, and whoever stops waits for that."""
    newsroom.publish(rss(article(1)))
    for number in range(5):
        await newsroom.follow(f"http://blog.example/{number}")
    asked = 0

    async def away(*_: object) -> None:
        nonlocal asked
        asked += 1
        raise ConnectionResetError("the server went away")

    monkeypatch.setattr(poll, "record", away)
    await newsroom.visit()
    assert asked <= 5, "once for those that were ready together"
    monkeypatch.undo()
    await newsroom.poller.take_over()
    assert await newsroom.visit() == 5, "they are visited again"


async def test_visits_that_are_cut_off_twice_are_written_down_all_the_same(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock cuts a pulse off, and tells it again where it is not over soon."""
    newsroom.publish(rss(article(1)))
    await newsroom.follow("http://blog.example/1")
    await newsroom.follow("http://other.example/2")
    get, deaf = newsroom.web.get, Deaf(times=2)

    async def one_of_two(url: str, *given: object, **named: object) -> object:
        return await (deaf() if "other" in url else get(url, *given, **named))  # type: ignore[arg-type]

    monkeypatch.setattr(newsroom.web, "get", one_of_two)
    going = asyncio.create_task(newsroom.visit())
    await deaf.begun.wait()
    for _ in range(2):
        going.cancel()
        await asyncio.sleep(0)
    await asyncio.wait([going], timeout=30)
    assert going.cancelled()
    assert not [task for task in asyncio.all_tasks() if "_write_down" in repr(task.get_coro())]
