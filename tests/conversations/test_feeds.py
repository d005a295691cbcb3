"""Carla follows sites, looks at what they bring, filters, pauses and unfollows; nobody else may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from sqlalchemy import select

from bot.doors.terminal import Person
from bot.feeds.decide import FAILING_LONG
from bot.store import people
from bot.store.tables import Feed, FeedItem
from tests.conftest import ENGINE, fresh_database
from tests.feeds.newsroom import article, rss
from tests.house import House, settings_for
from tests.web.internet import Internet

BLOG = "http://blog.example/feed"
TWO_FEEDS = """<html><head>
<link rel="alternate" type="application/rss+xml" title="Posts" href="/posts.xml">
<link rel="alternate" type="application/atom+xml" title="Talks" href="/talks.xml">"""


@pytest.fixture
async def net() -> AsyncIterator[Internet]:
    async with Internet() as opened:
        yield opened


@pytest.fixture
async def wired(request: pytest.FixtureRequest, tmp_path: Path, net: Internet) -> AsyncIterator[House]:
    """A house whose Internet is a small one."""
    url = fresh_database(request, ENGINE, tmp_path)
    opened = await House(settings_for(tmp_path, database_url=url), web=net.fetcher(patience=5)).open()
    yield opened
    await opened.close()


@pytest.fixture
async def carla(wired: House) -> Person:
    """Carla, who curates, in English."""
    person = wired.person("carla", "en")
    await person.says("/about")
    async with wired.app.database.write() as session:
        await people.give_role(session, "terminal", "carla", "curator")
    person.sees()
    return person


async def looked(house: House) -> None:
    """The bot looked around, which it began by itself, and says what it found."""
    async with asyncio.timeout(30):
        await house.app.duties.looked()
    await house.app.settle()


async def visited(house: House, **after: float) -> None:
    """Time passes and feeds are visited."""
    await house.forward(**after)
    await house.app.duties.poller.go()
    await house.app.settle()


async def following(house: House, net: Internet, carla: Person) -> None:
    """Carla follows the blog, and its first visit is over."""
    date = house.app.now() - timedelta(days=1)
    net.page("blog.example", rss(article(1, date=date), article(2, date=date, title="Jobs of the week")))
    await carla.says(f"/follow {BLOG} charts")
    await looked(house)
    await carla.presses("Follow")
    await visited(house)
    carla.sees()


async def test_a_feed_is_shown_before_it_is_followed(wired: House, net: Internet, carla: Person) -> None:
    net.page("blog.example", rss(*(article(n) for n in range(1, 6)), title="Trees & Forests"))
    await carla.says(f"/follow {BLOG}")
    assert "Looking around blog.example…" in carla.sees()
    await looked(wired)
    seen = carla.sees()
    assert "Trees & Forests · blog.example" in seen
    assert "· Article 5 (27 November 2025)" in seen
    assert "Article 2" not in seen
    await carla.presses("Follow")
    assert "Following Trees & Forests as #1." in carla.sees()
    await visited(wired)
    await carla.says("/feeds")
    seen = carla.sees()
    assert "#1 Trees & Forests" in seen
    assert "3 waiting, none decided yet" in seen


async def test_feeds_are_looked_after_in_the_room_by_curators_alone(wired: House, net: Internet, carla: Person) -> None:
    net.page("blog.example", rss(article(1), title="Trees & Forests"))
    await wired.person("bruno", "en").says("/about")
    room, bruno = (wired.door.person(who, chat="-100", language="en") for who in ("carla", "bruno"))
    await room.says(f"/follow {BLOG}")
    await looked(wired)
    assert "Trees & Forests · blog.example" in room.sees()
    assert carla.sees() == ""
    await bruno.presses("Follow")
    assert "curator" in bruno.sees()
    await bruno.says("/feeds")
    await bruno.says(f"/follow {BLOG}")
    await room.presses("Follow")
    assert "Following Trees & Forests as #1." in room.sees()
    await room.says("/feed 1 pause")
    await room.says("/feeds")
    assert "#1 Trees & Forests\n   paused" in room.sees()


async def test_a_search_that_a_crash_left_is_made_by_the_next_pulse(wired: House, net: Internet, carla: Person) -> None:
    net.page("blog.example", rss(article(1)))
    wired.app.conversation._look_for_feeds = lambda: None  # it dies before it looks
    await carla.says(f"/follow {BLOG}")
    assert await wired.app.duties.searcher.go() == 1
    await wired.app.settle()
    assert "A blog · blog.example" in carla.sees()


async def test_of_several_feeds_one_is_chosen(wired: House, net: Internet, carla: Person) -> None:
    async def serve(request: web.Request) -> web.Response:
        if request.path == "/":
            return web.Response(text=TWO_FEEDS, content_type="text/html")
        return web.Response(body=rss(article(1), title=request.path.strip("/")))

    net.site("blog.example", serve)
    await carla.says("/follow http://blog.example/")
    await looked(wired)
    seen = carla.sees()
    assert "I found 2 feeds there." in seen
    await carla.presses("2")
    assert "talks.xml · blog.example" in carla.sees()
    await carla.presses("Back")
    assert "1 · posts.xml" in carla.sees()
    await carla.presses("1")
    await carla.presses("Follow")
    await carla.says("/follow http://blog.example/posts.xml")
    assert "We follow that one already" in carla.sees()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://nobody.example/", "no site of that name"),
        ("http://plain.example/", "I found no feed at"),
        ("http://gone.example/", "I found no feed at"),
        ("http://127.0.0.2/", "not on the public web"),
        ("http://blog.example:8080/", "unusual port"),
    ],
)
async def test_where_there_is_no_feed_it_says_why(
    wired: House, net: Internet, carla: Person, address: str, said: str
) -> None:
    net.page("plain.example", "<p>hello")
    net.page("gone.example", "", 404)
    await carla.says(f"/follow {address}")
    await looked(wired)
    assert said in carla.sees()


@pytest.mark.parametrize("typed", ["javascript:alert(1)", "file:///etc/passwd", "…", "http://"])
async def test_what_is_no_address_is_said_back(carla: Person, typed: str) -> None:
    await carla.says(f"/follow {typed}")
    assert "isn't an address I could visit" in carla.sees()


async def test_the_address_may_follow_the_question(wired: House, net: Internet, carla: Person) -> None:
    net.page("blog.example", rss(article(1)))
    await carla.says("/follow")
    assert "What shall I follow?" in carla.sees()
    await carla.says("blog.example/feed")
    assert "Looking around" in carla.sees()


async def test_a_filter_is_shown_before_it_holds(wired: House, net: Internet, carla: Person) -> None:
    await following(wired, net, carla)
    await carla.says('/feed 1 filter -jobs -"sponsored post" >0 2/day')
    seen = carla.sees()
    assert "Of 2 items of the last month, 1 would have been hidden:" in seen
    assert "Jobs of the week (-jobs)" in seen
    await carla.presses("Leave it as it was")
    assert "Filter:" not in carla.sees()
    await carla.says("/feed 1 filter -jobs 2/day")
    await carla.presses("Keep this filter")
    await carla.says("/feed 1")
    assert "Filter: -jobs 2/day" in carla.sees()
    await carla.says("/feed 1 filter off")
    assert "All 2 items of the last month would have passed." in carla.sees()


async def test_of_two_filters_tried_at_once_each_button_keeps_its_own_or_none(
    wired: House, net: Internet, carla: Person
) -> None:
    await following(wired, net, carla)
    await carla.says("/feed 1 filter -jobs")
    await carla.says("/feed 1 filter -article")
    earlier = carla.messages[-2]
    await carla.presses("Keep this filter", on=earlier)
    assert "That filter is not the one being tried any more." in carla.sees()
    await carla.presses("Keep this filter", on=carla.messages[-2])
    assert "Filter: -article" in carla.sees()


async def test_a_number_after_the_list_is_that_feed(wired: House, net: Internet, carla: Person) -> None:
    await following(wired, net, carla)
    await carla.says("/feeds 1")
    assert carla.sees().startswith("#1 A blog\n")
    await carla.says("/feeds #1 pause")
    assert "Paused." in carla.sees()


async def test_a_filter_nobody_understands_is_said_back(wired: House, net: Internet, carla: Person) -> None:
    await following(wired, net, carla)
    await carla.says("/feed 1 filter")
    await carla.says("(a+)+$")
    assert "I don't understand “(a+)+$” in a filter." in carla.sees()
    await carla.says("-jobs")
    assert "would have been hidden" in carla.sees()


async def test_a_feed_is_paused_taken_up_and_unfollowed(wired: House, net: Internet, carla: Person) -> None:
    await following(wired, net, carla)
    await carla.says("/feed 1 pause")
    assert "Paused." in carla.sees()
    await visited(wired, days=2)
    asked = len(net.asked)
    await carla.says("/feed 1")
    assert "· paused" in carla.sees()
    await carla.presses("Resume")
    await visited(wired, minutes=1)
    assert len(net.asked) == asked + 1
    await carla.says("/feed 1 unfollow")
    await carla.presses("Yes, unfollow")
    assert "We no longer follow A blog." in carla.sees()
    await carla.says("/feeds")
    assert "We follow no feeds yet." in carla.sees()
    await carla.says("/feed 1")
    assert "There is no feed #1." in carla.sees()


async def test_what_is_unfollowed_can_be_followed_again_and_nothing_comes_twice(
    wired: House, net: Internet, carla: Person
) -> None:
    await following(wired, net, carla)
    await carla.says("/feed 1 unfollow")
    await carla.presses("Yes, unfollow")
    await carla.says(f"/follow {BLOG}")
    await looked(wired)
    await carla.presses("Follow")
    await visited(wired, hours=2)
    await carla.says("/feeds")
    assert "2 waiting" in carla.sees()


async def test_what_had_no_room_can_be_brought(wired: House, net: Internet, carla: Person) -> None:
    await following(wired, net, carla)
    await carla.says("/feed 1 filter 1/day")
    await carla.presses("Keep this filter")
    new = [article(n, date=wired.app.now() + timedelta(hours=1)) for n in range(3, 7)]
    net.page("blog.example", rss(*new))
    await visited(wired, hours=26)
    await carla.says("/feed 1")
    assert "3 more this week had no room in the day." in carla.sees()
    await carla.presses("Bring more")
    assert "3 more cards are in the queue." in carla.sees()
    await carla.says("/feed 1 more")
    assert "Nothing more waits there." in carla.sees()
    await carla.says("/idioma pt")
    await carla.says("/feed 1 mais")
    assert "Não há mais nada esperando lá." in carla.sees()


async def test_what_is_known_already_is_passed_over_where_more_is_brought(
    wired: House, net: Internet, carla: Person
) -> None:
    await following(wired, net, carla)
    await carla.says("/feed 1 filter 1/day")
    await carla.presses("Keep this filter")
    new = [article(n, date=wired.app.now() + timedelta(hours=1)) for n in range(3, 11)]
    net.page("blog.example", rss(*new))
    await visited(wired, hours=26)
    async with wired.app.database.write() as session:
        over = list(await session.scalars(select(FeedItem).where(FeedItem.fate == "over").order_by(FeedItem.id)))
        assert len(over) == 7
        for item in over[:6]:
            item.link = None
    await carla.says("/feed 1 more")
    assert "1 more card is in the queue." in carla.sees()


async def test_a_topic_is_set_by_its_name(wired: House, net: Internet, carla: Person) -> None:
    await following(wired, net, carla)
    await carla.says("/feed 1")
    await carla.presses("Topic…")
    assert "Which topic" in carla.sees()
    await carla.says("nonsense of no kind")
    assert "nonsense of no kind" in carla.sees()
    topic = wired.app.catalog.topics[1]
    await carla.says(topic.id)
    assert f"Topic: {topic.name.en}" in carla.sees()


async def test_the_list_goes_out_for_other_readers(wired: House, net: Internet, carla: Person) -> None:
    await following(wired, net, carla)
    await carla.says("/feeds opml")
    file = carla.messages[-1].message.file
    assert file
    assert file.name == "feeds.opml"
    assert f'xmlUrl="{BLOG}"'.encode() in file.content


async def test_silence_is_told_once(wired: House, net: Internet, carla: Person) -> None:
    await following(wired, net, carla)
    net.page("blog.example", "", 500)
    heard = ""
    for _ in range(8):
        await visited(wired, days=1)
        heard += carla.sees()
    assert heard.count("A blog has failed for three days: 500.") == 1
    assert timedelta(days=3) == FAILING_LONG


async def test_a_feed_that_is_gone_is_told_and_left(wired: House, net: Internet, carla: Person) -> None:
    await following(wired, net, carla)
    net.page("blog.example", "", 410)
    await visited(wired, hours=2)
    assert "A blog says it is gone for good (410)" in carla.sees()
    await carla.presses("Show it")
    assert "gone for good" in carla.sees()
    asked = len(net.asked)
    await visited(wired, days=3)
    assert len(net.asked) == asked


async def test_learners_neither_say_nor_press_any_of_it(wired: House, net: Internet, carla: Person) -> None:
    await following(wired, net, carla)
    bruno = wired.person("bruno", "en")
    for typed in (f"/follow {BLOG}", "/feeds", "/feed 1 unfollow"):
        await bruno.says(typed)
    await bruno.forges("feed:1:unfollow:yes")
    await bruno.forges("follow:1:0:yes")
    async with wired.app.database.read() as session:
        feed = await session.get(Feed, 1)
    assert feed
    assert feed.state == "active"


async def test_a_hostile_title_stays_text(wired: House, net: Internet, carla: Person) -> None:
    title = "*bold* [link](http://evil.example) <b>&amp; \u202etxt.exe"
    net.page("blog.example", rss(article(1, title=title), title=title))
    await carla.says(f"/follow {BLOG}")
    await looked(wired)
    assert "*bold* [link](http://evil.example) & txt.exe" in carla.sees()


async def test_it_speaks_portuguese_too(wired: House, net: Internet) -> None:
    net.page("blog.example", rss(article(1)))
    dora = wired.person("dora")
    await dora.says("/sobre")
    async with wired.app.database.write() as session:
        await people.give_role(session, "terminal", "dora", "curator")
    await dora.says(f"/seguir {BLOG}")
    await looked(wired)
    await dora.presses("Seguir")
    await visited(wired)
    await dora.says("/feed 1 pausa")
    assert "Pausado." in dora.sees()
    await dora.says("/feed 1 filtro -vagas")
    assert "Com -vagas" in dora.sees()
    await dora.says("/feed 1 tema")
    assert "A que tema pertencem os itens" in dora.sees()
    await dora.says("charts")
    assert "Tema: " in dora.sees()


@pytest.mark.parametrize(
    ("language", "heading", "first"),
    [
        ("en", "4 more items from feeds had no room in the day:", "A blog: Article 3 · Article 4 · Article 5 · +1"),
        ("pt_BR", "Mais 4 itens de feeds não couberam no dia:", "A blog: Article 3 · Article 4 · Article 5 · +1"),
    ],
)
async def test_the_summary_names_what_had_no_room(
    wired: House, net: Internet, carla: Person, language: str, heading: str, first: str
) -> None:
    await following(wired, net, carla)
    await carla.says("/feed 1 filter 2/day")
    await carla.presses("Keep this filter")
    room = wired.door.person("carla", chat="-100", language=language)
    await room.says("/room here")
    room.sees()
    date = wired.app.now() + timedelta(hours=1)
    net.page("blog.example", rss(*(article(n, date=date + timedelta(minutes=n)) for n in range(1, 9))))
    await visited(wired, hours=25)
    told = room.sees()
    await wired.forward(days=1)
    told += room.sees()
    assert heading in told
    assert first in told
    assert f"/feed 1 {'more' if language == 'en' else 'mais'}" in told
    await carla.says("/reject 1")
    await wired.forward(days=1)
    assert heading not in room.sees(), "what was told once is not told again"
