"""Updates as posts: 2xx means that it took effect, a forged post changes nothing, and no update holds up the next."""

from __future__ import annotations

import asyncio
import io
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import aiohttp
import pytest
from telegram import WebhookInfo

from bot.chat import Answer, Incoming
from bot.doors.telegram import TelegramDoor, WebhookPlace, hearing
from bot.doors.telegram import door as door_of_telegram
from bot.doors.telegram.door import ANSWER_WITHIN
from bot.doors.telegram.hearing import POST_WAITS
from bot.doors.telegram.watch import RECENT, trouble_of
from bot.doors.telegram.webhook import LARGEST, SECRET
from tests.rig.telegram import Person, TelegramServer

from .toy import MENUS, NOW, ToyHost, after, confirmed, echo, stumbles


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def place() -> WebhookPlace:
    port = free_port()
    return WebhookPlace(f"http://127.0.0.1:{port}/behind/a/proxy", "127.0.0.1", port)


@asynccontextmanager
async def opened(
    telegram: TelegramServer,
    host: ToyHost,
    place: WebhookPlace,
    post_waits: float = POST_WAITS,
    answer_within: float = ANSWER_WITHIN,
) -> AsyncIterator[TelegramDoor]:
    door = TelegramDoor(telegram.token, telegram.url, webhook=place, post_waits=post_waits, answer_within=answer_within)
    await door.open(host, MENUS)
    try:
        yield door
    finally:
        await door.close()


@pytest.fixture
async def door(telegram: TelegramServer, host: ToyHost, place: WebhookPlace) -> AsyncIterator[TelegramDoor]:
    async with opened(telegram, host, place) as door:
        yield door


async def post(place: WebhookPlace, body: bytes, path: str = "/", **headers: str) -> int:
    """What a post is answered; the secret is the right one unless it is given."""
    named = {SECRET: place.secret_for(TelegramServer().token)} | {
        name.replace("_", "-"): v for name, v in headers.items()
    }
    url = f"http://127.0.0.1:{place.port}{path}"
    async with aiohttp.ClientSession() as session, session.post(url, data=io.BytesIO(body), headers=named) as answer:
        return answer.status


UPDATE = (
    b'{"update_id": 5, "message": {"message_id": 1, "date": 1, "text": "/today", "chat": {"id": 7, "type": "private"},'
    b' "from": {"id": 7, "is_bot": false, "first_name": "Ana"}}}'
)

# ---------------------------------------------------------------------------------------------------------- it works


async def test_what_people_say_is_posted_and_answered(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person, bruno: Person
) -> None:
    ana.says("/start")
    bruno.says("/start")
    await ana.sees_something("heard /start")
    await bruno.sees_something("heard /start")
    assert telegram.calls("getUpdates") == []


async def test_telegram_is_told_where_we_listen_only_when_that_changed(
    telegram: TelegramServer, host: ToyHost, place: WebhookPlace, ana: Person
) -> None:
    for _ in range(2):
        async with opened(telegram, host, place):
            pass
    assert len(telegram.calls("setWebhook")) == 1
    other = WebhookPlace(f"{place.url}/v2", place.host, place.port, secret="another-one")
    async with opened(telegram, host, other):
        assert len(telegram.calls("setWebhook")) == 2
        ana.says("/start")
        await ana.sees_something("heard /start")


async def test_a_bot_that_polls_again_takes_the_webhook_away(
    telegram: TelegramServer, host: ToyHost, place: WebhookPlace, ana: Person
) -> None:
    async with opened(telegram, host, place):
        pass
    ana.says("/start")
    polling = TelegramDoor(telegram.token, telegram.url)
    await polling.open(host, MENUS)
    await ana.sees_something("heard /start")
    assert telegram.webhook.url == ""
    await polling.close()


async def test_posts_that_do_not_reach_us_are_told_and_so_is_their_end(
    telegram: TelegramServer, host: ToyHost, place: WebhookPlace, ana: Person
) -> None:
    elsewhere = replace(place, port=free_port())  # what stands in front leads to a port where nobody listens
    door = TelegramDoor(telegram.token, telegram.url, webhook=elsewhere, look_every=0.05, look_surely=0.05)
    await door.open(host, MENUS)
    assert door.trouble is None
    ana.says("/start")
    await host.has_alerted("telegram.deaf")
    assert "connect" in (door.trouble or "").lower()
    await telegram.webhook.delete()  # somebody polls with our token
    await telegram.calls_reach(len(telegram.calls("getWebhookInfo")) + 2, "getWebhookInfo")
    assert "another webhook" in (door.trouble or "")
    await telegram.webhook.set(place.url, place.secret_for(telegram.token), 40)
    telegram.updates.forget(telegram.updates.pending())
    await telegram.calls_reach(len(telegram.calls("getWebhookInfo")) + 3, "getWebhookInfo")
    assert door.trouble is None
    assert [key for key, _ in host.alerts] == ["telegram.deaf"]
    await door.close()


def info(waiting: int = 0, failed: datetime | None = None) -> WebhookInfo:
    return WebhookInfo("https://example.org/", False, waiting, last_error_date=failed, last_error_message="SSL error")


@pytest.mark.parametrize(
    ("told", "trouble"),
    [
        (info(), None),
        (info(3), None),
        (info(0, NOW), None),
        (info(3, NOW - RECENT - timedelta(seconds=1)), None),
        (info(3, NOW - timedelta(minutes=2)), "SSL error"),
    ],
    ids=["nothing waits", "nothing failed", "what failed came later", "long ago", "fails"],
)
def test_a_failure_counts_while_something_waits(told: WebhookInfo, trouble: str | None) -> None:
    assert trouble_of(told, "https://example.org/", NOW) == trouble


async def test_a_taken_port_is_said_at_the_start(telegram: TelegramServer, host: ToyHost, place: WebhookPlace) -> None:
    async with opened(telegram, host, place):
        second = TelegramDoor(telegram.token, telegram.url, webhook=place)
        with pytest.raises(OSError, match="in use"):
            await second.open(host, MENUS)
        await second.close()


# ------------------------------------------------------------------------------------------------------ forged posts


@pytest.mark.parametrize("secret", ["", "wrong", "\xe9", "x" * 500])
async def test_a_forged_post_changes_nothing(
    host: ToyHost, door: TelegramDoor, place: WebhookPlace, secret: str
) -> None:
    assert await post(place, UPDATE, X_Telegram_Bot_Api_Secret_Token=secret) == 403
    assert host.heard == []


async def test_the_secret_is_compared_in_constant_time(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, place: WebhookPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[bytes, bytes]] = []

    def compare(shown: bytes, secret: bytes) -> bool:
        asked.append((shown, secret))
        return False

    monkeypatch.setattr("bot.doors.telegram.webhook.hmac.compare_digest", compare)
    secret = place.secret_for(telegram.token).encode()
    assert await post(place, UPDATE) == 403, "nothing else decides"
    assert asked == [(secret, secret)]
    assert host.heard == []


async def test_a_post_without_a_secret_changes_nothing(host: ToyHost, door: TelegramDoor, place: WebhookPlace) -> None:
    url = f"http://127.0.0.1:{place.port}/"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, data=UPDATE) as answer:
            assert answer.status == 403
        async with session.get(url) as answer:
            assert answer.status == 405
    assert host.heard == []


async def test_a_post_that_is_too_large_is_refused(host: ToyHost, door: TelegramDoor, place: WebhookPlace) -> None:
    assert await post(place, b" " * (LARGEST + 1)) == 413
    assert host.heard == []


async def test_the_path_does_not_matter_behind_a_proxy(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, place: WebhookPlace, ana: Person
) -> None:
    assert await post(place, UPDATE, path="/some/where?else=1", X_Forwarded_For="203.0.113.7", Host="other") == 200
    assert [incoming.text for incoming in host.heard] == ["/today"]


async def test_a_flood_of_forged_posts_keeps_nobody_from_being_heard(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, place: WebhookPlace, ana: Person
) -> None:
    url, statuses = f"http://127.0.0.1:{place.port}/", list[int]()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=30)) as session:

        async def forge() -> None:
            async with session.post(url, data=UPDATE, headers={SECRET: "guess"}) as answer:
                statuses.append(answer.status)

        flood = [asyncio.create_task(forge()) for _ in range(600)]
        ana.says("/start")
        await ana.sees_something("heard /start")
        assert len(statuses) < 600, "she waited for the end of the flood"
        await asyncio.gather(*flood)
    assert set(statuses) == {403}


# ------------------------------------------------------------------------------------------- done, poison, and the stop


async def test_telegram_hears_yes_only_after_it_took_effect_and_a_repeat_waits_for_the_same(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, place: WebhookPlace, ana: Person
) -> None:
    go = asyncio.Event()
    host.answers = after(go)
    first = asyncio.create_task(post(place, UPDATE))
    repeated = asyncio.create_task(post(place, UPDATE))
    done, _ = await asyncio.wait([first, repeated], timeout=0.2)
    assert not done
    go.set()
    assert [await first, await repeated] == [200, 200]
    assert len(host.heard) == 1
    assert await post(place, UPDATE) == 200
    assert len(host.heard) == 1


async def test_what_meets_no_database_is_refused_so_that_it_comes_again_and_takes_effect_once(
    telegram: TelegramServer, host: ToyHost, place: WebhookPlace, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "AGAIN", 0.02)
    async with opened(telegram, host, place, post_waits=0.1):
        host.is_away = True
        assert [await post(place, UPDATE) for _ in range(2)] == [503, 503]
        assert (host.heard, ana.sees()) == ([], [])
        host.is_away = False
        assert [await post(place, UPDATE) for _ in range(2)] == [200, 200]
    assert [message.text for message in ana.sees()] == ["heard /today"]
    assert (len(host.heard), host.alerts) == (1, [])


async def test_a_post_waits_for_a_database_that_is_back_soon(
    telegram: TelegramServer, host: ToyHost, place: WebhookPlace, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "AGAIN", 0.02)
    async with opened(telegram, host, place):
        host.is_away = True
        posting = asyncio.create_task(post(place, UPDATE))
        done, _ = await asyncio.wait([posting], timeout=0.3)
        assert not done
        host.is_away = False
        assert await posting == 200
    assert len(host.heard) == 1


def test_what_a_post_may_take_is_less_than_telegram_waits() -> None:
    asked_whether_it_is_there = 5
    assert POST_WAITS + ANSWER_WITHIN + asked_whether_it_is_there < 60


async def test_an_answer_that_hangs_is_given_up_and_confirmed_while_telegram_listens(
    telegram: TelegramServer, host: ToyHost, place: WebhookPlace, ana: Person
) -> None:
    host.answers = after(asyncio.Event())
    async with opened(telegram, host, place, post_waits=0.2, answer_within=2.0):
        began = asyncio.get_running_loop().time()
        assert await post(place, UPDATE) == 200
        assert asyncio.get_running_loop().time() - began < 3.8, "its second answer had all its time as well"
    assert len(host.heard) == 2
    assert [key for key, _ in host.alerts] == ["telegram.update_failed"]


async def test_a_post_that_has_no_time_left_for_a_second_answer_comes_again(
    telegram: TelegramServer, host: ToyHost, place: WebhookPlace, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "AGAIN", 1.0)
    host.answers = after(asyncio.Event())
    async with opened(telegram, host, place, post_waits=0.5, answer_within=2.0):
        host.is_away = True
        asyncio.get_running_loop().call_later(0.3, setattr, host, "is_away", False)
        assert await post(place, UPDATE) == 503
        assert (len(host.heard), host.alerts) == (1, [])


async def test_a_poison_update_is_reported_and_passed(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    host.answers = stumbles
    ana.says("/boom")
    ana.says("/today")
    await ana.sees_something("heard /today")
    await confirmed(telegram)
    assert [key for key, _ in host.alerts] == ["telegram.update_failed"]


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"update_id": "x"}', b'{"update_id": 1, "message": {}}'])
async def test_what_cannot_be_read_is_passed(
    host: ToyHost, door: TelegramDoor, place: WebhookPlace, body: bytes
) -> None:
    assert await post(place, body) == 200
    assert host.heard == []


async def test_what_had_not_taken_effect_at_the_stop_comes_again(
    telegram: TelegramServer, host: ToyHost, place: WebhookPlace, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_of_telegram, "LAST_ANSWERS", 0.1)

    async def never(incoming: Incoming) -> Answer:
        await asyncio.Event().wait()
        return Answer()

    host.answers = never
    async with opened(telegram, host, place):
        ana.says("/today")
        await host.has_heard()
    assert len(telegram.updates.pending()) == 1
    again = ToyHost(echo)
    async with opened(telegram, again, place):
        await ana.sees_something("heard /today", within=30)
        await confirmed(telegram)
    assert [incoming.text for incoming in again.heard] == ["/today"]
