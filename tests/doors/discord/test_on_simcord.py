"""The door on SimCord, a Discord that others wrote: commands, restart, closed direct messages, boxes.

Our own Discord (`tests/rig/discord/`) knows what we know; this one may know better, such as which command is known where.
It replaces discord.py's transport, so nothing here is about connections, nonces or limits.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import simcord

from bot.chat import Address, Answer, Button, Question
from bot.commands.menus import menus
from bot.doors.discord import DiscordDoor
from bot.doors.discord.hearing import Hearing
from bot.errors import Moved, Unreachable
from tests.doors.telegram.toy import ToyHost, echo, say

BUTTON = Button("Done", "done:18")


@pytest.fixture
def host() -> ToyHost:
    return ToyHost(echo)


def unconnected(host: ToyHost) -> DiscordDoor:
    """A door up to the point where it would connect."""
    door = DiscordDoor("SimCord asks for none")
    door._host, door._menus, door._listening = host, menus(), True
    door._before_others = {command.name for command in door._menus.slash if command.in_groups}
    door._opened = asyncio.Event()
    door._hearing = Hearing(host)
    return door


@pytest.fixture
def door(host: ToyHost) -> DiscordDoor:
    return unconnected(host)


@pytest.fixture
async def world(door: DiscordDoor) -> AsyncIterator[simcord.Env]:
    world = simcord.Env(door._connect(), shard_count=1)
    await world.start()
    yield world
    await world.shutdown()


@pytest.fixture
def general(world: simcord.Env) -> Any:
    return world.create_guild().create_text_channel("general")


@pytest.fixture
def ana(world: simcord.Env, general: Any) -> Any:
    return world.guild.add_member(world.create_user("ana"))


def home(person: Any) -> Address:
    return Address("discord", str(person.id))


async def test_every_command_is_known_and_answered_to_its_speaker_alone(ana: Any, general: Any, host: ToyHost) -> None:
    assert set(ana.available_commands(general)) == {command.name for command in menus().slash}
    answered = await ana.slash(general, "today")
    assert answered.response.ephemeral
    assert [heard.text for heard in host.heard] == ["/today"]
    assert host.heard[0].address == home(ana)


async def test_a_command_said_before_others_is_answered_before_them(ana: Any, general: Any, host: ToyHost) -> None:
    answered = await ana.slash(general, "room", words="here")
    assert not answered.response.ephemeral
    assert (host.heard[0].text, host.heard[0].address.chat) == ("/room here", f"#{general.id}")


async def test_buttons_work_after_a_restart(
    world: simcord.Env, ana: Any, general: Any, door: DiscordDoor, host: ToyHost
) -> None:
    await door.send(home(ana), say("a dose", BUTTON), nonce="out-1")
    await door.send(Address("discord", f"#{general.id}"), say("a card", BUTTON), nonce="out-2")
    card, dose = general.last_message, ana.user.dm_channel.last_message
    await world.restart_bot(unconnected(host)._connect())
    host.answers = lambda _: Answer(edit=say("Done."))
    assert (await ana.click(card, label="Done")).acknowledged
    assert (await ana.user.click(dose, label="Done")).acknowledged
    assert [heard.action for heard in host.heard] == ["done:18", "done:18"]
    assert general.last_message.content == ana.user.dm_channel.last_message.content == "Done."


async def test_a_question_is_answered_in_a_box(ana: Any, general: Any, host: ToyHost) -> None:
    host.answers = lambda _: Answer(say=(say("At what hour?"),), ask=Question("hour", "Your hour"))
    asked = await ana.slash(general, "time")
    box = await ana.click(asked.response.message, label="Your hour")
    assert box.modal["title"] == "Your hour"
    host.answers = echo
    (field,) = [one["custom_id"] for row in box.modal["components"] for one in row["components"]]
    answered = await ana.submit_modal(box, {field: "half past nine"})
    assert answered.response.content == "heard half past nine"
    assert (host.heard[-1].text, host.heard[-1].address) == ("half past nine", home(ana))


async def test_a_press_in_a_channel_opens_the_box_at_once(
    ana: Any, general: Any, door: DiscordDoor, host: ToyHost
) -> None:
    await door.send(Address("discord", f"#{general.id}"), say("a card", BUTTON), nonce="out-1")
    host.answers = lambda _: Answer(say=(say("now x"),), ask=Question("mend", "The title"))
    box = await ana.click(general.last_message, label="Done")
    assert box.modal["title"] == "The title"
    assert [one.ephemeral for one in box.followups] == [True]


async def test_closed_direct_messages_move_to_a_thread_or_nowhere(
    world: simcord.Env, ana: Any, general: Any, door: DiscordDoor
) -> None:
    world.inject_error(
        "POST", f"/channels/{ana.user.dm_channel.id}/messages", status=403, code=50007, message="closed", times=2
    )
    with pytest.raises(Moved) as moved:
        await door.send(home(ana), say("a dose"), nonce="out-1")
    await door.send(moved.value.address, say("a dose"), nonce="out-2")
    (thread,) = general.threads
    assert thread.last_message.content == "a dose"
    with pytest.raises((Moved, Unreachable)):
        await door.send(home(ana), say("a dose"), nonce="out-3")
    assert len(general.threads) == 1


async def test_words_in_direct_messages_are_heard_and_those_in_servers_are_not(
    ana: Any, general: Any, host: ToyHost
) -> None:
    await ana.send(general, "nobody asked you")
    sent = await ana.user.send_dm("one")
    await ana.user.edit(sent, "two")
    assert [(heard.text, heard.edited) for heard in host.heard] == [("one", False), ("two", True)]
    assert ana.user.dm_channel.last_message.content == "heard two"
