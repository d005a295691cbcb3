"""When Telegram wants silence: everybody keeps it, whatever it was asked, and nothing is asked again before its time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.chat import Answer
from bot.contract import MenuEntry
from bot.doors.telegram import TelegramDoor
from bot.errors import DocumentUnread
from tests.doors.telegram.toy import MENUS, ToyHost, echo
from tests.rig.telegram import Flood, TelegramServer

OF_CURATORS = {"en": (MenuEntry("queue", "What waits"),), "pt-BR": (MenuEntry("fila", "O que espera"),)}


@pytest.mark.parametrize(("wait", "told"), [(1, [1]), (3600, [])])
async def test_a_flood_of_menus_is_not_asked_into_and_one_of_an_hour_is_their_own(
    telegram: TelegramServer, host: ToyHost, wait: int, told: list[float]
) -> None:
    host.answers = lambda _: Answer(menu="curator")
    door = TelegramDoor(telegram.token, telegram.url)
    await door.open(host, replace(MENUS, of_role={"curator": OF_CURATORS}))
    carla = telegram.person(30, "Carla", "pt-br", started=True)
    telegram.faults.add(Flood(wait), method="setMyCommands", times=None)
    asked = len(telegram.calls("setMyCommands"))
    for number in range(5):
        carla.says(f"hello {number}")
        await host.has_shown(number + 1)
    await asyncio.sleep(0.3)
    assert len(telegram.calls("setMyCommands")) == asked + 1
    assert host.silences == told, "nobody's dose waits an hour for a menu"
    await door.stop_listening()
    await door.close()


async def test_a_flood_at_the_start_is_told_to_the_pace(telegram: TelegramServer, host: ToyHost) -> None:
    telegram.faults.add(Flood(30), method="setMyCommands")
    door = TelegramDoor(telegram.token, telegram.url)
    await door.open(host, MENUS)
    assert host.silences == [30]
    await door.stop_listening()
    await door.close()


async def test_a_flood_while_a_file_is_fetched_is_told_to_the_pace(telegram: TelegramServer, host: ToyHost) -> None:
    reasons: list[str] = []

    async def fetch(incoming: object) -> Answer:
        document = host.heard[-1].document
        assert document
        try:
            await document.read()
        except DocumentUnread as error:
            reasons.append(error.reason)
        return Answer()

    host.answers = fetch
    door = TelegramDoor(telegram.token, telegram.url)
    await door.open(host, MENUS)
    telegram.faults.add(Flood(7), method="getFile")
    telegram.person(30, "Carla", "en", started=True).sends_file("feeds.opml", b"<opml/>")
    await host.has_shown()
    assert (reasons, host.silences) == (["lost"], [7])
    await door.stop_listening()
    await door.close()


async def test_a_menu_that_is_everybodys_again_leaves_nothing_about_the_chat(
    telegram: TelegramServer, host: ToyHost
) -> None:
    role = {"now": "curator"}
    host.answers = lambda incoming: replace(echo(incoming), menu=role["now"])
    door = TelegramDoor(telegram.token, telegram.url)
    await door.open(host, replace(MENUS, of_role={"curator": OF_CURATORS}))
    carla = telegram.person(30, "Carla", "en", started=True)
    carla.says("hello")
    await host.has_shown()
    await asyncio.sleep(0.3)
    assert [name for name in host.facts if name.startswith("telegram.menu:")]
    role["now"] = ""
    carla.says("forget me")
    await host.has_shown(2)
    await asyncio.sleep(0.3)
    assert [name for name in host.facts if name.startswith("telegram.menu:")] == []
    assert "today" in telegram.menu_for(carla)
    await door.stop_listening()
    await door.close()
