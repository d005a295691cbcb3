"""/health: whether doses go out, on an owner's phone. The facts are those of the web page, and nobody else reaches them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot import app as app_module
from bot.cards.health import Facts, health_message, span
from bot.chat import plain
from bot.condition import Backlog, Here, Trouble, Upkeep, troubles
from bot.doors.terminal import Person
from bot.errors import NotSent
from bot.i18n.words import words_in
from bot.operate.backup import backup
from bot.operate.health import SAYS, Health
from bot.settings import Place
from bot.store import feeds
from bot.store.tables import Feed
from tests.delivery.crowd import FIRST_DUE, crowd
from tests.house import House, given_role, subscribed
from tests.operate.test_unwritable import nothing_written

DISK = 12_345_000_000


@pytest.fixture(autouse=True)
def a_disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What is left on the disk, which a test may change."""
    left = [DISK]
    usage = type("Usage", (), {"free": property(lambda _: left[0])})
    monkeypatch.setattr(app_module.shutil, "disk_usage", lambda _: usage())
    return left


async def page_of(house: House) -> list[str]:
    return await Health(house.app, Place("127.0.0.1", 0)).problems()


@pytest.mark.of_a_file
async def test_on_a_good_day_the_first_sentence_is_enough(house: House, dora: Person) -> None:
    await subscribed(house.person("ana"))
    await house.forward_to("2026-03-03 08:01")
    await dora.says("/health")
    said = dora.sees().splitlines()
    assert said[0] == "All is well. Doses go out."
    assert said[2:8] == [
        "Terminal: connected",
        "Today: 1 dose sent, nothing waits",
        "Database: takes everything in",
        "Feeds: none to visit",
        "Links: 0 dead, 9 to be visited",
        "Disk: 12.3 GB left",
    ]
    assert said[8] == "Backup: none yet; trilha backup FILE makes one"
    assert said[9].endswith("up for 20 hours")
    assert await page_of(house) == []


async def test_it_speaks_the_owners_language(house: House) -> None:
    eva = await given_role(house, "eva", "owner", "pt-BR")
    await house.app.rounds.go()
    await eva.says("/saúde")
    said = eva.sees()
    assert "Está tudo bem. As doses estão saindo." in said
    assert "Disco: 12,3 GB livres" in said


async def test_nobody_but_owners_reaches_it(house: House, carla: Person, ana: Person) -> None:
    await carla.says("/health")
    await carla.forges("health")
    said = carla.sees()
    assert "I don't know /health" in said
    assert "That is for the owners to press." in said
    await ana.says("/saude")
    assert "Não conheço /saude" in ana.sees()


async def test_a_platform_in_trouble_is_said_with_what_to_do(house: House, dora: Person) -> None:
    await house.app.rounds.go()
    house.door.trouble = "connection refused"
    await dora.says("/health")
    said = dora.sees()
    assert said.startswith("1 thing is wrong.\n⚠ Terminal does not bring me what people write: connection refused.")
    assert "look at the network and the token" in said
    assert "Terminal: in trouble, see above" in said
    assert await page_of(house) == ["terminal cannot be heard: connection refused"]
    house.door.trouble = None
    await dora.presses("Look again")
    assert dora.sees().startswith("All is well.")


@pytest.mark.parametrize(
    ("language", "head"), [("en", "Almost there.\nI have only"), ("pt-BR", "Quase pronto.\nAcabei de")]
)
def test_in_the_first_second_nothing_is_called_wrong(language: str, head: str) -> None:
    here = Here(True, FIRST_DUE, None)
    told = troubles(here, Backlog(0, 0, 0.0), FIRST_DUE)
    facts = Facts(here, Backlog(0, 0, 0.0), Upkeep(0, 0, 0, 0, 0, 0, None), told, "1", True)
    assert plain(health_message(words_in(language), facts, FIRST_DUE, "UTC").text).startswith(head)
    later = plain(health_message(words_in(language), facts, FIRST_DUE + timedelta(minutes=2), "UTC").text)
    assert "1" in later.splitlines()[0]
    worse = replace(facts, troubles=[*told, Trouble("unwritable", {"reason": "full"})])
    assert "2" in plain(health_message(words_in(language), worse, FIRST_DUE, "UTC").text).splitlines()[0]


def test_silence_that_a_platform_wants_is_no_trouble() -> None:
    here = Here(False, FIRST_DUE, None, silences={"discord": 0.0, "telegram": 190.0})
    facts = Facts(
        here,
        Backlog(0, 0, 0.0),
        Upkeep(0, 0, 0, 0, 0, 0, None),
        troubles(here, Backlog(0, 0, 0.0), FIRST_DUE),
        "1",
        True,
    )
    said = plain(health_message(words_in("en"), facts, FIRST_DUE, "UTC").text)
    assert said.startswith("All is well.")
    assert "Discord: connected\nTelegram: connected, wants silence for 3 minutes more" in said
    assert "Backup: PostgreSQL's own" in said


async def test_what_waits_too_long_is_told_as_on_the_page(house: House, dora: Person) -> None:
    await subscribed(house.person("ana"))
    house.door.fails_next(NotSent("connection refused"), times=1000)
    await house.forward_to("2026-03-03 08:00:05")
    await house.app.post.stop_rounds()
    house.app.present.move_to(house.app.now() + timedelta(minutes=14, seconds=30))
    house.app.rounds.last_at = house.app.now()
    house.door._failures.clear()
    await dora.says("/health")
    said = dora.sees()
    assert said.startswith("1 thing is wrong.\n⚠ 1 message has been waiting for 14 minutes.")
    assert "Today: 0 doses sent; 1 on the way out, the oldest 14 minutes late" in said
    assert await page_of(house) == ["waiting: 1, the oldest for 14 minutes"]


async def test_doses_that_nobody_takes_up_are_told(house: House, dora: Person) -> None:
    await crowd(house.app.database, 2, first=50)
    await house.app.rounds.go()
    await house.app.post.stop_rounds()
    house.app.present.move_to(FIRST_DUE + timedelta(minutes=11))
    await dora.says("/health")
    said = dora.sees()
    assert said.startswith("2 things are wrong.\n⚠ No doses have been handed in since ")
    assert "⚠ 2 doses have been due for more than 10 minutes" in said
    assert "Today: 0 doses sent; 2 due just now" in said
    assert len(await page_of(house)) == 2


async def test_it_is_answered_where_nothing_can_be_written(either_house: House) -> None:
    house = either_house
    dora, carla = await given_role(house, "dora", "owner"), await given_role(house, "carla", "curator")
    await house.app.rounds.go()
    async with nothing_written(house):
        await dora.says("/health")
        said = dora.sees()
        assert said.startswith("1 thing is wrong.\n⚠ Nothing gets written to the database: ")
        assert "Database: can be read, takes nothing in" in said
        await carla.says("/health")
        assert "I can't write anything down just now" in carla.sees()


async def test_feeds_that_fail_and_a_disk_that_fills_up(house: House, dora: Person, a_disk: list[int]) -> None:
    async with house.app.database.write() as session:
        for name in ("one", "two"):
            url, now = f"https://{name}.example/feed", house.app.now()
            facts = {"given_key": name, "url": url, "url_key": name, "host": f"{name}.example"}
            await feeds.add(session, **facts, title=name, origin="chat", added_at=now, next_at=now + timedelta(days=9))
        await session.execute(update(Feed).where(Feed.title == "one").values(failures=3, failing_since=now))
    a_disk[0] = 210_000_000
    await house.app.rounds.go()
    await dora.says("/health")
    said = dora.sees()
    assert said.startswith("Doses go out, but the disk is nearly full.")
    assert "Feeds: 2, 1 fails, 1 not read yet" in said
    assert "Disk: only 210 MB left; make room before it is full" in said
    await dora.presses("Feeds")
    assert "one" in dora.sees()


@pytest.mark.parametrize(
    ("upkeep", "en", "pt"),
    [
        ((0, 0, 0, 0), ("none to visit", "0 dead"), ("nenhum para visitar", "0 mortos")),
        ((1, 0, 0, 1), ("1, and it answers", "1 dead"), ("1, que responde", "1 morto")),
        ((26, 0, 0, 2), ("26, all answer", "2 dead"), ("26, todos respondem", "2 mortos")),
        ((3, 1, 0, 0), ("3, 1 fails", "0 dead"), ("3, 1 com falha", "0 mortos")),
        ((26, 0, 26, 0), ("26, none read yet", "0 dead"), ("26, nenhum lido ainda", "0 mortos")),
        ((1, 0, 1, 0), ("1, not read yet", "0 dead"), ("1, ainda não lido", "0 mortos")),
        ((9, 2, 1, 0), ("9, 2 fail, 1 not read yet", "0 dead"), ("9, 2 com falha, 1 ainda não lido", "0 mortos")),
    ],
)
def test_feeds_and_links_are_counted_as_one_says_it(
    upkeep: tuple[int, int, int, int], en: tuple[str, str], pt: tuple[str, str]
) -> None:
    feeds, failing, unread, dead = upkeep
    facts = Facts(
        Here(False, FIRST_DUE, None),
        Backlog(0, 0, 0.0),
        Upkeep(0, feeds, failing, unread, dead, 7, None),
        (),
        "1",
        True,
    )
    for language, (of_feeds, of_links), visits in (("en", en, "7 to be visited"), ("pt-BR", pt, "7 para visitar")):
        said = plain(health_message(words_in(language), facts, FIRST_DUE, "UTC").text).splitlines()
        assert f"Feeds: {of_feeds}" in said
        assert f"Links: {of_links}, {visits}" in said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 minute"),
        (119, "1 minute"),
        (3_599, "59 minutes"),
        (3_600, "1 hour"),
        (86_399, "23 hours"),
        (129_600, "1 day"),
        (172_800, "2 days"),
    ],
)
def test_no_span_is_longer_than_what_it_tells(seconds: float, said: str) -> None:
    assert span(words_in("en"), timedelta(seconds=seconds)) == said


@pytest.mark.of_a_file
async def test_a_backup_is_remembered_with_its_age(house: House, dora: Person, tmp_path: Path) -> None:
    made = await asyncio.to_thread(backup, house.settings, tmp_path / "copy.sqlite", house.app.now())
    assert made == 0
    await house.forward(days=2, hours=1)
    await dora.says("/health")
    assert "Backup: 2 days ago" in dora.sees()


def test_every_trouble_has_a_sentence_for_both_readers() -> None:
    now = FIRST_DUE
    here = Here(True, now, now - timedelta(hours=1), unwritable="full", unheard={"telegram": "refused"})
    begun = Here(True, now, None)
    told = troubles(here, Backlog(3, 0, 3600.0, 2), now) + troubles(begun, None, now)
    assert {one.kind for one in told} == set(SAYS)
    assert all(SAYS[one.kind].format_map(one.facts) for one in told)
