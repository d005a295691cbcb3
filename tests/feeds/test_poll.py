"""Visiting feeds: what is new becomes a suggestion once, and nothing else does."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import select

from bot.feeds import poll
from bot.feeds.record import record
from bot.store.tables import Suggestion, Voice
from tests.feeds.newsroom import BEGAN, Newsroom, article, rss


async def test_the_first_visit_brings_the_newest_three(newsroom: Newsroom) -> None:
    newsroom.publish(rss(*(article(n) for n in range(10, 0, -1))))
    await newsroom.follow()
    assert await newsroom.visit() == 1
    assert await newsroom.titles() == ["Article 8", "Article 9", "Article 10"]
    assert [fate for _, fate in await newsroom.fates()].count("old") == 7


async def test_an_unchanged_feed_costs_304_and_says_nothing(newsroom: Newsroom) -> None:
    newsroom.publish(rss(article(1)), etag='W/"odd one"', Last_Modified="yesterday, about noon")
    await newsroom.follow()
    await newsroom.visit()
    await newsroom.visit(hours=2)
    first, second = newsroom.requests()
    assert "If-None-Match" not in first.headers
    assert second.headers["If-None-Match"] == 'W/"odd one"'
    assert second.headers["If-Modified-Since"] == "yesterday, about noon"
    assert len(await newsroom.titles()) == 1


async def test_what_is_new_becomes_a_suggestion_with_what_the_feed_says(newsroom: Newsroom) -> None:
    newsroom.publish(rss(article(1)))
    await newsroom.follow(topic="python", language="en", minutes=12, title="Blog")
    await newsroom.visit()
    newsroom.publish(rss(article(2, text="<p>On <b>trees</b>.</p>"), article(1)))
    await newsroom.visit(hours=2)
    async with newsroom.database.read() as session:
        new = (await session.scalars(select(Suggestion).order_by(Suggestion.id.desc()))).first()
        voices = list(await session.scalars(select(Voice).order_by(Voice.suggestion_id)))
    assert new
    assert new.url == "http://blog.example/2"
    assert new.facts == {
        "title": "Article 2",
        "published": "2025-11-24",
        "language": "en",
        "minutes": 12,
        "topic": "python",
    }
    assert {voice.feed for voice in voices} == {"feed:1"}
    assert voices[-1].why == "On trees."


async def test_one_article_in_two_feeds_is_one_card_with_two_sources(newsroom: Newsroom) -> None:
    newsroom.publish(rss(article(1)))
    newsroom.publish(rss(article(1, guid="other", link="https://www.blog.example/1/?utm_source=x")), host="two.example")
    await newsroom.follow()
    await newsroom.follow("http://two.example/")
    await newsroom.visit()
    assert len(await newsroom.titles()) == 1
    async with newsroom.database.read() as session:
        assert sorted(str(voice.feed) for voice in await session.scalars(select(Voice))) == ["feed:1", "feed:2"]


async def test_more_than_a_day_has_room_for_is_kept_for_the_list(newsroom: Newsroom) -> None:
    newsroom.publish(rss(article(1)))
    await newsroom.follow(most_a_day=3)
    await newsroom.visit()
    newsroom.publish(rss(*(article(n) for n in range(1, 9))))
    await newsroom.visit(hours=30)
    assert await newsroom.titles() == ["Article 1", "Article 6", "Article 7", "Article 8"]
    assert (await newsroom.fates())[1:5] == [(f"Article {n}", "over") for n in (2, 3, 4, 5)]
    newsroom.publish(rss(*(article(n) for n in range(1, 10))))
    await newsroom.visit(hours=2)
    assert (await newsroom.fates())[-1] == ("Article 9", "over")
    newsroom.publish(rss(*(article(n) for n in range(1, 11))))
    await newsroom.visit(hours=25)
    assert (await newsroom.titles())[-1] == "Article 10"


async def test_words_and_length_and_shorts_hide(newsroom: Newsroom) -> None:
    newsroom.publish(rss(article(1, text="long enough")))
    await newsroom.follow(exclude=["sponsored post", "Vagas"], shortest=5)
    await newsroom.visit()
    newsroom.publish(
        rss(
            article(1),
            article(2, title="A Sponsored  POST!", text="long enough"),
            article(3, title="Vagás da semana", text="long enough"),
            article(4, text="tiny"),
            article(5, link="https://www.youtube.com/shorts/abcdefghijk", text="long enough"),
            article(6, title="Unsponsored posts", text="long enough"),
        )
    )
    await newsroom.visit(hours=2)
    assert (await newsroom.titles())[1:] == ["Unsponsored posts"]


async def test_what_cannot_be_linked_to_is_no_card(newsroom: Newsroom) -> None:
    newsroom.publish(rss(article(1)))
    await newsroom.follow()
    await newsroom.visit()
    odd = [
        article(2, link="javascript:alert(1)"),
        article(3, link=None),
        article(4, link="ftp://x.example/"),
        article(5, link="/relative"),
    ]
    newsroom.publish(rss(article(1), *odd))
    await newsroom.visit(hours=2)
    assert (await newsroom.titles())[1:] == ["Article 5"]
    assert dict(await newsroom.fates())["Article 2"] == "no_link"


async def test_a_page_leads_to_its_feed(newsroom: Newsroom) -> None:
    async def serve(request: web.Request) -> web.Response:
        if request.path == "/":
            page = '<html><head><link rel=alternate type="application/rss+xml" href="feed.xml"><p>hi'
            return web.Response(text=page, content_type="text/html")
        return web.Response(body=rss(article(1)))

    newsroom.net.site("blog.example", serve)
    await newsroom.follow("http://blog.example/")
    await newsroom.visit()
    assert (await newsroom.feed()).url == "http://blog.example/feed.xml"
    assert await newsroom.titles() == ["Article 1"]
    await newsroom.visit(hours=2)
    assert [request.path for request in newsroom.requests()] == ["/", "/feed.xml", "/feed.xml"]


async def test_the_next_visit_survives_a_restart(newsroom: Newsroom) -> None:
    newsroom.publish(rss(article(1)))
    await newsroom.follow()
    await newsroom.visit()
    newsroom.poller = newsroom.make_poller()
    await newsroom.poller.take_over()
    assert await newsroom.visit(minutes=59) == 0
    assert len(newsroom.requests()) == 1


async def test_two_processes_visit_each_feed_once(newsroom: Newsroom) -> None:
    newsroom.publish(rss(article(1)))
    for number in range(30):
        await newsroom.follow(f"http://blog.example/{number}")
    other = newsroom.make_poller()
    visits = await asyncio.gather(newsroom.poller.go(), other.go())
    assert sum(visits) == 30
    assert len(newsroom.requests()) == 30
    assert len(await newsroom.titles()) == 1


async def test_a_lease_that_ran_out_makes_the_late_one_write_nothing(newsroom: Newsroom) -> None:
    arrived, held = asyncio.Event(), asyncio.Event()

    async def serve(_: web.Request) -> web.Response:
        if not arrived.is_set():
            arrived.set()
            await held.wait()
        return web.Response(body=rss(article(1)))

    newsroom.net.site("blog.example", serve)
    await newsroom.follow()
    late = asyncio.create_task(newsroom.poller.go())
    await arrived.wait()
    newsroom.time += timedelta(minutes=61)
    assert await newsroom.make_poller().go() == 1
    before = (await newsroom.feed()).next_at
    held.set()
    await late
    assert (await newsroom.feed()).next_at == before
    assert len(await newsroom.titles()) == 1
    assert before > BEGAN


async def test_who_comes_too_late_with_nothing_new_writes_nothing_either(newsroom: Newsroom) -> None:
    arrived, held = asyncio.Event(), asyncio.Event()
    newsroom.publish(rss(article(1)), etag='"1"')
    await newsroom.follow()
    await newsroom.visit()

    async def serve(_: web.Request) -> web.Response:
        if not arrived.is_set():
            arrived.set()
            await held.wait()
        return web.Response(status=304, headers={"ETag": '"late"' if held.is_set() else '"in time"'})

    newsroom.net.site("blog.example", serve)
    newsroom.time += timedelta(hours=2)
    late = asyncio.create_task(newsroom.poller.go())
    await arrived.wait()
    newsroom.time += timedelta(minutes=61)
    assert await newsroom.make_poller().go() == 1
    before = await newsroom.feed()
    held.set()
    await late
    after = await newsroom.feed()
    assert (after.next_at, after.checked_at) == (before.next_at, newsroom.time)
    assert after.etag == '"in time"'


async def test_many_quiet_visits_are_each_written_down(newsroom: Newsroom) -> None:
    newsroom.publish(rss(article(1)), etag='"1"')
    for number in range(50):
        await newsroom.follow(f"http://blog.example/{number}", etag='"1"', read_at=BEGAN, failing_told_at=BEGAN)
    assert await newsroom.visit() == 50
    for number in range(1, 51):
        feed = await newsroom.feed(number)
        assert (feed.checked_at, feed.success_at, feed.etag) == (newsroom.time, newsroom.time, '"1"')
        assert (feed.lease_until, feed.failing_told_at) == (None, None)
        assert feed.next_at >= newsroom.time + timedelta(hours=1)
    assert len({(await newsroom.feed(number)).next_at for number in range(1, 51)}) > 40


async def test_nobody_is_visited_while_too_much_waits_for_the_database(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.publish(rss(article(1)))
    for number in range(20):
        await newsroom.follow(f"http://blog.example/{number}")
    begun, free = asyncio.Event(), asyncio.Event()

    async def record_when_free(*given: Any) -> None:
        begun.set()
        await free.wait()
        await record(*given)

    monkeypatch.setattr(poll, "MOST_UNWRITTEN", 5)
    monkeypatch.setattr(poll, "record", record_when_free)
    going = asyncio.create_task(newsroom.make_poller().go())
    await begun.wait()
    await asyncio.sleep(0.2)  # time enough for a sixth, were there one
    assert 1 <= len(newsroom.requests()) <= 5
    free.set()
    assert await going == 20


async def test_a_feed_that_cannot_be_written_down_spoils_no_other(newsroom: Newsroom) -> None:
    newsroom.publish(rss(article(1)))
    newsroom.publish(rss(article(2, title="x"), title="y"), host="odd.example")
    await newsroom.follow()
    await newsroom.follow("http://odd.example/", topic="t" * 60, kind="k" * 16)
    async with newsroom.database.write() as session:
        feed = await session.get(__import__("bot.store.tables", fromlist=["Feed"]).Feed, 2)
        assert feed
        feed.include = {"not": "a list"}
    await newsroom.visit()
    assert await newsroom.titles()
    assert (await newsroom.feed(2)).lease_until is None
