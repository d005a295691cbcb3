"""Who takes no direct message has a private thread, one and the same; where there can be none, somebody hears what to change."""

from __future__ import annotations

import pytest

from bot.chat import Address, Button
from bot.doors.discord import DiscordDoor
from bot.errors import Moved, Unreachable
from tests.doors.discord.conftest import home, settled
from tests.doors.telegram.toy import MENUS, ToyHost, say
from tests.rig.discord import DiscordServer, Person
from tests.rig.discord.world import PRIVATE_THREAD, Channel, Server


@pytest.fixture
async def server(discord: DiscordServer, door: DiscordDoor, ana: Person) -> Server:
    """A server that Ana and the bot are in; she takes no direct messages."""
    server, _ = discord.world.server()
    server.members.add(ana.id)
    await discord.gateway.dispatch("GUILD_CREATE", discord.gateway.server_json(server))
    await discord.gateway.taken()
    discord.world.closed.add(ana.id)
    return server


def threads(discord: DiscordServer) -> list[Channel]:
    return [channel for channel in discord.world.channels.values() if channel.kind == PRIVATE_THREAD]


def home_of(thread: Channel) -> Address:
    return Address("discord", f"#{thread.id}")


async def moved_to(door: DiscordDoor, ana: Person, nonce: str) -> str:
    with pytest.raises(Moved) as moved:
        await door.send(home(ana), say("a dose"), nonce=nonce)
    return moved.value.address.chat


@pytest.mark.usefixtures("server")
async def test_the_same_thread_serves_again(discord: DiscordServer, door: DiscordDoor, ana: Person) -> None:
    first = await moved_to(door, ana, "out-1")
    assert await moved_to(door, ana, "out-2") == first
    assert len(threads(discord)) == 1


@pytest.mark.usefixtures("server")
async def test_a_thread_of_an_earlier_life_is_found(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    first = await moved_to(door, ana, "out-1")
    await door.close()
    discord.gateway.session = None
    second = DiscordDoor(discord.token)
    await second.open(host, MENUS)
    await discord.gateway.taken()
    assert await moved_to(second, ana, "out-2") == first
    await second.close()


@pytest.mark.usefixtures("server")
async def test_a_thread_that_was_deleted_is_replaced(discord: DiscordServer, door: DiscordDoor, ana: Person) -> None:
    first = await moved_to(door, ana, "out-1")
    (thread,) = threads(discord)
    del discord.world.channels[thread.id]
    with pytest.raises(Unreachable):
        await door.send(home_of(thread), say("a dose"), nonce="out-2")
    await discord.gateway.dispatch("THREAD_DELETE", thread.as_json())
    assert await moved_to(door, ana, "out-3") != first


@pytest.mark.usefixtures("server")
async def test_a_card_in_an_archived_thread_is_said_anew(
    discord: DiscordServer, door: DiscordDoor, ana: Person
) -> None:
    await moved_to(door, ana, "out-1")
    (thread,) = threads(discord)
    ref = await door.send(home_of(thread), say("a card"), nonce="out-2")
    thread.archived = True
    again = await door.edit(ref, say("decided"))
    assert again.id != ref.id
    assert [posted.content for posted in ana.sees(thread)] == ["a card", "decided"]


async def test_owners_hear_which_server_allows_no_thread(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person, server: Server
) -> None:
    server.permissions = 0
    await discord.gateway.dispatch("GUILD_UPDATE", discord.gateway.server_json(server))
    await discord.gateway.dispatch("GUILD_CREATE", discord.gateway.server_json(server))
    await discord.gateway.taken()
    with pytest.raises(Unreachable):
        await door.send(home(ana), say("a dose"), nonce="out-1")
    assert host.alerts == [("discord.no_thread", {"server": "Servidor"})]
    refusals = [call for call in discord.rest.calls if call[2] in (401, 403, 429)]
    assert len(refusals) == 1


@pytest.mark.usefixtures("server")
async def test_who_answers_in_their_thread_is_heard_there(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    await moved_to(door, ana, "out-1")
    (thread,) = threads(discord)
    await door.send(home_of(thread), say("a dose", Button("Done", "done:18")), nonce="out-2")
    await ana.presses("Done")
    await settled(discord, door)
    (heard,) = host.heard
    assert (heard.address, heard.sender.id) == (home_of(thread), str(ana.id))


async def test_the_same_person_in_two_servers_has_one_place(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person, server: Server
) -> None:
    other, general = discord.world.server()
    other.members.add(ana.id)
    await discord.gateway.dispatch("GUILD_CREATE", discord.gateway.server_json(other))
    first = await moved_to(door, ana, "out-1")
    for room in [one for one in discord.world.channels.values() if one.server and not one.parent]:
        await ana.uses("today", channel=room)
    await settled(discord, door)
    assert {heard.address for heard in host.heard} == {home(ana)}
    assert await moved_to(door, ana, "out-2") == first
    assert len(threads(discord)) == 1
    assert general.server == other.id != server.id
