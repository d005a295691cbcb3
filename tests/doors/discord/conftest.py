"""A Discord, an open door to it, and a host that answers by a function."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.chat import Address
from bot.doors.discord import DiscordDoor
from tests.doors.telegram.toy import MENUS, ToyHost, echo
from tests.rig.discord import DiscordServer, Person


def home(person: Person) -> Address:
    """Somebody alone with us."""
    return Address("discord", str(person.id))


async def settled(discord: DiscordServer, door: DiscordDoor) -> None:
    """Return when everything that happened so far is answered."""
    await discord.gateway.taken()
    await door.at_rest()


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
def host() -> ToyHost:
    return ToyHost(echo)


@pytest.fixture
async def door(discord: DiscordServer, host: ToyHost) -> AsyncIterator[DiscordDoor]:
    opened = DiscordDoor(discord.token)
    await opened.open(host, MENUS)
    yield opened
    await opened.close()


@pytest.fixture
def ana(discord: DiscordServer, door: DiscordDoor) -> Person:
    return discord.person("Ana")
