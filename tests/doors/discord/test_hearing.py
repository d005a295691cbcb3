"""Discord serves nothing again: whoever acts while the database is away waits for it, and hears where that was in vain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.chat import Answer, Button, Question
from bot.doors.discord import DiscordDoor, hearing
from bot.doors.discord import answers as answers_of_the_door
from bot.doors.discord import door as door_of_discord
from tests.doors.discord.conftest import settled
from tests.doors.telegram.toy import MENUS, ToyHost, say
from tests.rig.discord import DiscordServer, Person, Press
from tests.rig.discord.faults import refused
from tests.rig.discord.people import MODAL

NOT_COUNTED = "it did not count"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "AGAIN", 0.02)
    monkeypatch.setattr(answers_of_the_door, "ACKNOWLEDGE_WITHIN", 0.01)
    monkeypatch.setattr(door_of_discord, "LAST_ANSWERS", 0.1)
    monkeypatch.setattr(hearing, "OTHERS_WITHIN", 0.02)


@asynccontextmanager
async def opened(discord: DiscordServer, host: ToyHost, patience: float) -> AsyncIterator[DiscordDoor]:
    door = DiscordDoor(discord.token, patience=patience)
    await door.open(host, MENUS)
    try:
        yield door
    finally:
        await door.close()


def seen(person: Person) -> list[str]:
    return [posted.content for posted in person.sees()]


async def test_what_meets_no_database_waits_for_it_in_its_order(
    discord: DiscordServer, host: ToyHost, door: DiscordDoor, ana: Person
) -> None:
    host.is_away = True
    await (await ana.uses("today")).is_answered()
    await ana.writes("and then this")
    await asyncio.sleep(0.1)
    assert host.heard == []
    host.is_away = False
    await settled(discord, door)
    assert [incoming.text for incoming in host.heard] == ["/today", "and then this"]
    assert sorted(seen(ana)) == ["heard /today", "heard and then this"]


async def test_where_the_database_stays_away_whoever_acted_hears_that_it_did_not_count(
    discord: DiscordServer, host: ToyHost
) -> None:
    ana = discord.person("Ana")
    host.answers = lambda incoming: Answer(say=(say("a dose", Button("Done", "done:1")),))
    async with opened(discord, host, patience=0.1) as door:
        await ana.uses("today")
        await settled(discord, door)
        host.is_away = True
        await ana.presses("Done")
        await settled(discord, door)
        await ana.uses("today")
        await settled(discord, door)
        await ana.writes("a line")
        await settled(discord, door)
    assert seen(ana) == ["a dose", NOT_COUNTED, NOT_COUNTED, NOT_COUNTED]
    assert len(host.heard) == 1


async def test_whoever_still_waits_for_the_database_at_the_stop_hears_it_as_well(
    discord: DiscordServer, host: ToyHost
) -> None:
    ana = discord.person("Ana")
    async with opened(discord, host, patience=600):
        host.is_away = True
        await (await ana.uses("today")).is_answered()
    assert seen(ana) == [NOT_COUNTED]


async def deaf(door: DiscordDoor, host: ToyHost) -> None:
    """The database goes away, and with it the lead."""
    host.is_away = True
    await door.stop_listening()


async def test_who_lost_the_lead_with_the_database_takes_what_nobody_else_does(
    discord: DiscordServer, host: ToyHost, door: DiscordDoor, ana: Person
) -> None:
    await deaf(door, host)
    await (await ana.uses("today")).is_answered()
    await ana.writes("a line")
    await asyncio.sleep(0.2)
    host.is_away = False
    await settled(discord, door)
    assert sorted(seen(ana)) == ["heard /today", "heard a line"]


async def test_a_database_that_says_nothing_at_all_is_not_waited_for_longer_than_discord_listens(
    discord: DiscordServer, host: ToyHost, door: DiscordDoor, ana: Person
) -> None:
    await deaf(door, host)
    host.hangs = True
    await (await ana.uses("today")).is_answered(within=1)
    await ana.writes("a line")
    await asyncio.sleep(0.2)
    host.is_away = False
    await settled(discord, door)
    assert sorted(seen(ana)) == ["heard /today", "heard a line"]


async def test_who_only_stands_by_does_not_ask_the_database_at_each_press(
    discord: DiscordServer, host: ToyHost, door: DiscordDoor, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    async def is_there() -> bool:
        asked.append("whether it is there")
        return True

    monkeypatch.setattr(host, "is_there", is_there)
    monkeypatch.setattr(hearing, "THERE_FOR", 60)
    await door.stop_listening()
    for _ in range(3):
        await ana.uses("today")
        await settled(discord, door)
        await ana.writes("a line")
        await settled(discord, door)
    assert (len(asked), host.heard) == (1, [])


async def test_who_lost_the_lead_takes_nothing_up_after_the_stop(
    discord: DiscordServer, host: ToyHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = discord.person("Ana")
    monkeypatch.setattr(hearing, "OTHERS_WITHIN", 0.3)
    async with opened(discord, host, patience=600) as door:
        await deaf(door, host)
        await ana.uses("today")
        await ana.writes("a line")
        await discord.gateway.taken()
    assert seen(ana) == [NOT_COUNTED, NOT_COUNTED]
    host.is_away = False
    await asyncio.sleep(0.4)
    assert host.heard == []


async def test_who_lost_the_lead_leaves_alone_what_another_process_answers(
    discord: DiscordServer, host: ToyHost, door: DiscordDoor, ana: Person
) -> None:
    await deaf(door, host)
    discord.fault(refused(40060, "Interaction has already been acknowledged.", 400), path="/interactions/")
    await ana.uses("today")
    await settled(discord, door)
    host.is_away = False
    await ana.uses("today")
    await ana.writes("a line")
    await settled(discord, door)
    assert (host.heard, seen(ana)) == ([], [])


async def asks_for_the_box(discord: DiscordServer, door: DiscordDoor, ana: Person) -> Press:
    press = await ana.presses("Your hour")
    await settled(discord, door)
    return press


async def test_who_lost_the_lead_opens_the_box_that_nobody_else_does(
    discord: DiscordServer, host: ToyHost, door: DiscordDoor, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "THERE_FOR", 0)
    host.answers = lambda incoming: Answer(say=(say("At what hour?"),), ask=Question("hour", "Your hour"))
    await ana.uses("time")
    await settled(discord, door)
    await door.stop_listening()
    assert (await asks_for_the_box(discord, door, ana)).interaction.callback is None, "the leader opens it"
    host.is_away = True
    await asyncio.sleep(hearing.OTHERS_WITHIN)
    discord.fault(refused(40060, "Interaction has already been acknowledged.", 400), path="/interactions/")
    assert (await asks_for_the_box(discord, door, ana)).interaction.callback is None, "another one did"
    box = await asks_for_the_box(discord, door, ana)
    assert box.interaction.callback is not None
    assert box.interaction.callback["type"] == MODAL
    await (await ana.fills_in("half past nine", box)).is_answered()
    host.is_away = False
    await settled(discord, door)
    assert [incoming.text for incoming in host.heard] == ["/time", "half past nine"]
