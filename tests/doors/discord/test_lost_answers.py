"""No answer is lost: what cannot be the response to its interaction becomes a message; a response and what fills it in stand there once."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat import Address, Answer, Button, Incoming, Picture, Question
from bot.chat import Message as Said
from bot.doors.discord import DiscordDoor
from bot.doors.discord import answers as answers_of_the_door
from bot.doors.discord import door as the_door
from tests.doors.discord.conftest import home, settled
from tests.doors.telegram.toy import ToyHost, say
from tests.rig.discord import Channel, DiscordServer, Drop, Person, shut_out
from tests.rig.discord.faults import Answer as Instead
from tests.rig.discord.faults import refused

CALLBACK = "/interactions/"
BUTTON = Button("Done", "done:18")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two tries no time passes."""
    monkeypatch.setattr(answers_of_the_door, "FIRST_PAUSE", 0.001)


def answers_late(host: ToyHost, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """The house says "here it is" when it is let, after Discord was told to wait."""
    go_on = asyncio.Event()

    async def slowly(incoming: Incoming) -> Answer:
        await go_on.wait()
        return Answer(say=(say("here it is"),))

    monkeypatch.setattr(answers_of_the_door, "ACKNOWLEDGE_WITHIN", 0.01)
    host.answers = slowly
    return go_on


@pytest.mark.parametrize("after", [False, True], ids=["before it arrived", "after it arrived"])
async def test_a_lost_connection_loses_no_response_and_doubles_none(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person, after: bool
) -> None:
    discord.fault(Drop(after=after), path=CALLBACK)
    await ana.uses("today")
    await settled(discord, door)
    assert [posted.content for posted in ana.sees()] == ["heard /today"]
    assert len(host.shown) == 1


async def test_a_picture_survives_a_lost_connection(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    host.answers = lambda _: Answer(say=(Said(say("a year").text, picture=Picture(b"PNG", "a year of days")),))
    discord.fault(Drop(), path=CALLBACK)
    await ana.uses("progress")
    await settled(discord, door)
    (posted,) = ana.sees()
    assert [content for _, content, _ in posted.files] == [b"PNG"]


async def test_a_deferral_that_arrived_unheard_is_filled_in_all_the_same(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = answers_late(host, monkeypatch)
    discord.fault(refused(40060, "Interaction has already been acknowledged.", 400), path=CALLBACK)
    press = await ana.uses("today")
    press.interaction.callback = {"type": 5, "data": {}}  # the first try of it did arrive
    await discord.bell.until(lambda: discord.count("POST", CALLBACK) or None, 10)
    go_on.set()
    await settled(discord, door)
    assert [posted.content for posted in ana.sees()] == ["here it is"]
    assert discord.count("POST", f"/channels/{ana.direct.id}/messages") == 0


@pytest.mark.parametrize("after", [False, True], ids=["before it arrived", "after it arrived"])
async def test_what_takes_the_place_of_a_deferral_stands_there_once(
    discord: DiscordServer,
    door: DiscordDoor,
    host: ToyHost,
    ana: Person,
    monkeypatch: pytest.MonkeyPatch,
    after: bool,
) -> None:
    go_on = answers_late(host, monkeypatch)
    discord.fault(Drop(after=after), path="/webhooks/")
    await ana.uses("today")
    await discord.bell.until(lambda: discord.count("POST", CALLBACK) or None, 10)
    go_on.set()
    await settled(discord, door)
    assert [posted.content for posted in ana.sees()] == ["here it is"]


async def test_only_what_is_left_becomes_messages(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    host.answers = lambda _: Answer(say=(say("one"), say("two"), say("three")))
    discord.fault(refused(50027, "Invalid Webhook Token", 401), path="/webhooks/")
    await ana.uses("today")
    await settled(discord, door)
    assert [posted.content for posted in ana.sees()] == ["one", "two", "three"]


async def test_a_passing_word_that_is_late_becomes_a_message(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    await door.send(home(ana), say("a dose", BUTTON), nonce="out-1")
    host.answers = lambda _: Answer(toast="Saved.")
    discord.fault(refused(10062, "Unknown interaction", 404), path=CALLBACK)
    await ana.presses("Done")
    await settled(discord, door)
    assert [posted.content for posted in ana.sees()] == ["a dose", "Saved."]


async def test_what_only_one_person_should_see_goes_to_them_alone(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    _, room = discord.world.server()
    await door.send(Address("discord", f"#{room.id}"), say("card 41", Button("Approve", "approve:41")), nonce="out-1")
    host.answers = lambda _: Answer(toast="That button is for the curators.")
    discord.fault(refused(10062, "Unknown interaction", 404), path=CALLBACK)
    await ana.presses("Approve", ana.sees(room)[0])
    await settled(discord, door)
    assert [posted.content for posted in ana.sees(room)] == ["card 41"]
    assert [posted.content for posted in ana.sees()] == ["That button is for the curators."]


async def test_a_late_answer_to_somebody_with_closed_messages_goes_to_their_thread(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    server, room = discord.world.server()
    server.members.add(ana.id)
    await discord.gateway.dispatch("GUILD_CREATE", discord.gateway.server_json(server))
    discord.world.closed.add(ana.id)
    discord.fault(refused(10062, "Unknown interaction", 404), path=CALLBACK)
    await ana.uses("today", channel=room)
    await settled(discord, door)
    assert [posted.content for posted in ana.sees_everywhere()] == ["heard /today"]
    assert ana.sees_everywhere()[0].channel.parent == room.id


async def test_what_discord_refuses_for_what_it_holds_comes_as_bare_words_and_owners_hear_of_it(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    discord.fault(refused(50035, "Invalid Form Body", 400), path=CALLBACK)
    await ana.uses("today")
    await settled(discord, door)
    assert [posted.content for posted in ana.sees()] == ["heard /today"]
    assert [what for what, _ in host.alerts] == ["discord.reply_rejected"]


async def test_discord_away_for_a_moment_is_asked_again(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    discord.fault(Instead(503, "<html>503</html>"), path="/channels/", times=3)
    await ana.writes("hello")
    await settled(discord, door)
    assert [posted.content for posted in ana.sees()] == ["heard hello"]


async def test_being_shut_out_in_an_answer_is_the_same_full_stop(
    discord: DiscordServer, host: ToyHost, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(the_door, "LAST_ANSWERS", 0.01)  # the answer waits for the end of the silence
    discord.fault(shut_out(), path=CALLBACK)
    await ana.uses("today")
    await host.has_alerted("discord.shut_out")
    assert host.silences[0] >= 600
    assert ana.sees() == []


async def asks_for_a_title(door: DiscordDoor, host: ToyHost, room: Channel) -> None:
    """A card in a channel, whose button asks for words."""
    await door.send(Address("discord", f"#{room.id}"), say("card 41", Button("Title", "mend:41:title")), nonce="out-1")
    host.answers = lambda _: Answer(say=(say("now x"),), ask=Question("mend", "The title"))


async def test_a_press_in_a_channel_that_asks_for_words_opens_the_box_at_once(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    _, room = discord.world.server()
    await asks_for_a_title(door, host, room)
    box = await ana.presses("Title", ana.sees(room)[0])
    await settled(discord, door)
    assert [posted.content for posted in ana.sees(room)] == ["card 41", "now x"]
    host.answers = lambda incoming: Answer(say=(say(f"now {incoming.text}"),))
    await ana.fills_in("y", box)
    await settled(discord, door)
    heard = host.heard[-1]
    assert (heard.text, heard.address.chat, heard.private) == ("y", f"#{room.id}", False)
    assert [(posted.content, posted.seen_by) for posted in ana.sees(room)][2:] == [("now y", ana.id)]


async def test_a_box_that_is_opened_again_says_where_its_words_belong(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    _, room = discord.world.server()
    await asks_for_a_title(door, host, room)
    await ana.presses("Title", ana.sees(room)[0])
    await settled(discord, door)
    await ana.fills_in("z", await ana.presses("The title"))
    await settled(discord, door)
    assert (host.heard[-1].text, host.heard[-1].address.chat) == ("z", f"#{room.id}")
