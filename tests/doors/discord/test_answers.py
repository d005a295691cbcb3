"""Answers reach the screen within Discord's three seconds, or as a message of their own; an input box is one press away."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat import Address, Answer, Button, Incoming, Question
from bot.doors.discord import DiscordDoor
from bot.doors.discord import answers as answers_of_the_door
from tests.doors.discord.conftest import home, settled
from tests.doors.telegram.toy import ToyHost, say
from tests.rig.discord import DiscordServer, Person
from tests.rig.discord.faults import refused
from tests.rig.discord.world import EPHEMERAL

RESPONSE, LATER, LATER_EDIT, BOX = 4, 5, 6, 9
BUTTON = Button("Done", "done:18")


def slow(host: ToyHost, answer: Answer) -> asyncio.Event:
    """Let the house think until the event is set."""
    go_on = asyncio.Event()

    async def answers(incoming: Incoming) -> Answer:
        await go_on.wait()
        return answer

    host.answers = answers
    return go_on


async def test_a_quick_answer_is_the_response_itself(discord: DiscordServer, door: DiscordDoor, ana: Person) -> None:
    press = await (await ana.uses("today")).is_answered()
    assert press.interaction.callback is not None
    assert press.interaction.callback["type"] == RESPONSE
    assert [posted.content for posted in ana.sees()] == ["heard /today"]


async def test_a_slow_house_is_announced_before_discord_gives_up(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers_of_the_door, "ACKNOWLEDGE_WITHIN", 0.01)
    go_on = slow(host, Answer(say=(say("here it is"), say("and more"))))
    press = await (await ana.uses("today")).is_answered()
    assert press.interaction.callback is not None
    assert press.interaction.callback["type"] == LATER
    go_on.set()
    await settled(discord, door)
    assert [posted.content for posted in ana.sees()] == ["here it is", "and more"]


async def test_everybody_is_acknowledged_while_the_house_stands_still(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost
) -> None:
    """However many wait at once: Discord gives three seconds, and each is told after the one that the house is given."""
    assert answers_of_the_door.ACKNOWLEDGE_WITHIN <= 1
    people = [discord.person(f"p{number}") for number in range(40)]
    go_on = slow(host, Answer(say=(say("here it is"),)))
    presses = [await person.uses("today") for person in people]
    for press in presses:
        await press.is_answered()
    assert {press.interaction.callback["type"] for press in presses if press.interaction.callback} == {LATER}
    go_on.set()
    await settled(discord, door)
    assert all([posted.content for posted in person.sees()] == ["here it is"] for person in people)


async def test_words_offered_too_late_are_no_trouble(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    discord.fault(refused(10062, "Unknown interaction", 404), path="/interactions/")
    with pytest.raises(AssertionError, match="no response"):
        await ana.types_ahead("trail", "data", within=0.2)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_slow_press_keeps_its_message_until_the_answer_is_there(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers_of_the_door, "ACKNOWLEDGE_WITHIN", 0.01)
    await door.send(home(ana), say("a dose", BUTTON), nonce="out-1")
    go_on = slow(host, Answer(edit=say("Done.")))
    press = await (await ana.presses("Done")).is_answered()
    assert press.interaction.callback is not None
    assert press.interaction.callback["type"] == LATER_EDIT
    assert [posted.content for posted in ana.sees()] == ["a dose"]
    go_on.set()
    await settled(discord, door)
    assert [posted.content for posted in ana.sees()] == ["Done."]


@pytest.mark.parametrize("how", ["forgotten", "expired"])
async def test_an_answer_that_comes_too_late_goes_as_a_message(
    discord: DiscordServer,
    door: DiscordDoor,
    host: ToyHost,
    ana: Person,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    """Four seconds late Discord has forgotten the interaction; after fifteen minutes its token is worth nothing."""
    monkeypatch.setattr(answers_of_the_door, "ACKNOWLEDGE_WITHIN", 0.01 if how == "expired" else 60)
    go_on = slow(host, Answer(say=(say("here it is"),)))
    press = await ana.uses("today")
    if how == "expired":
        await press.is_answered()
    else:
        await discord.gateway.taken()
    press.interaction.expired = True
    go_on.set()
    await settled(discord, door)
    assert [posted.content for posted in ana.sees()] == ["here it is"]
    assert discord.count("POST", f"/channels/{ana.direct.id}/messages") == 1
    assert len(host.shown) == 1


async def test_a_late_edit_changes_the_message_itself(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    await door.send(home(ana), say("a dose", BUTTON), nonce="out-1")
    go_on = slow(host, Answer(edit=say("Done.")))
    press = await ana.presses("Done")
    await discord.gateway.taken()
    press.interaction.expired = True
    go_on.set()
    await settled(discord, door)
    assert [posted.content for posted in ana.sees()] == ["Done."]


async def test_a_question_opens_a_box_and_its_words_come_back(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    host.answers = lambda incoming: Answer(say=(say("At what hour?"),), ask=Question("hour", "Your hour"))
    await ana.uses("time")
    await settled(discord, door)
    box = await (await ana.presses("Your hour")).is_answered()
    assert box.interaction.callback is not None
    assert (box.interaction.callback["type"], box.interaction.callback["data"]["title"]) == (BOX, "Your hour")
    host.answers = lambda incoming: Answer(say=(say(f"heard {incoming.text}"),))
    await ana.fills_in("half past nine", box)
    await settled(discord, door)
    assert host.heard[-1].text == "half past nine"
    assert ana.sees()[-1].content == "heard half past nine"
    assert len(host.heard) == 2  # the house was not asked for the box


async def test_a_question_under_an_edited_message_has_its_button_too(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    await door.send(home(ana), say("a dose", BUTTON), nonce="out-1")
    host.answers = lambda incoming: Answer(edit=say("At what hour?"), ask=Question("hour", "Your hour"))
    await ana.presses("Done")
    await settled(discord, door)
    box = await (await ana.presses("Your hour")).is_answered()
    assert box.interaction.callback is not None
    assert box.interaction.callback["type"] == BOX


async def test_what_is_said_to_us_in_a_server_only_its_speaker_sees(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    _, general = discord.world.server()
    bruno = discord.person("Bruno")
    await ana.uses("progress", channel=general)
    await settled(discord, door)
    (heard,) = host.heard
    assert (heard.private, heard.address) == (True, home(ana))
    (posted,) = ana.sees(general)
    assert posted.flags & EPHEMERAL
    assert bruno.sees(general) == []


async def test_a_card_in_a_channel_is_edited_for_everybody_and_the_rest_is_whispered(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    _, room = discord.world.server()
    bruno = discord.person("Bruno")
    await door.send(Address("discord", f"#{room.id}"), say("#41", Button("Approve", "approve:41")), nonce="out-1")
    host.answers = lambda incoming: Answer(edit=say("approved by Ana"), say=(say("thank you"),))
    await ana.presses("Approve", ana.sees(room)[0])
    await settled(discord, door)
    (heard,) = host.heard
    assert (heard.private, heard.address.chat, heard.sender.id) == (False, f"#{room.id}", str(ana.id))
    assert [posted.content for posted in bruno.sees(room)] == ["approved by Ana"]
    assert [posted.content for posted in ana.sees(room)] == ["approved by Ana", "thank you"]
    ((_, sent),) = host.shown
    assert [ref.id for ref in sent] == [str(ana.sees(room)[0].id)]  # a whisper can never be edited by us again


@pytest.mark.parametrize("action", ["nonsense", "done:", "~ask2", "x" * 100, "done:1:2:3", "🦆"])
async def test_a_forged_button_is_heard_as_it_is_and_answered(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person, action: str
) -> None:
    await door.send(home(ana), say("a dose", BUTTON), nonce="out-1")
    press = await ana.presses_action(action, ana.sees()[0])
    await press.is_answered()
    assert [heard.action for heard in host.heard] == [action]


async def test_a_message_deleted_under_its_button_loses_no_answer(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    ref = await door.send(home(ana), say("a dose", BUTTON), nonce="out-1")
    ana.sees()[0].deleted = True
    again = await door.edit(ref, say("approved"))
    assert again.id != ref.id
    assert [posted.content for posted in ana.sees()] == ["approved"]


async def test_a_deleted_message_that_need_not_be_said_anew_is_not(
    discord: DiscordServer, door: DiscordDoor, ana: Person
) -> None:
    ref = await door.send(home(ana), say("a dose", BUTTON), nonce="out-1")
    ana.sees()[0].deleted = True
    assert await door.edit(ref, say("approved"), anew=False) == ref
    assert ana.sees() == []


async def test_a_long_message_in_place_of_a_deleted_one_comes_whole(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    ref = await door.send(home(ana), say("a dose", BUTTON), nonce="out-1")
    ana.sees()[0].deleted = True
    lines = "\n".join(f"line {number} {'word ' * 20}" for number in range(40))
    await door.edit(ref, say(lines, BUTTON))
    assert "".join(posted.content for posted in ana.sees()).replace("\n", "") == lines.replace("\n", "")


async def test_one_persons_doings_are_heard_in_their_order(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    go_on = slow(host, Answer(say=(say("yes"),)))
    await ana.writes("first")
    await ana.writes("second")
    await discord.gateway.taken()
    assert [heard.text for heard in host.heard] == ["first"]
    go_on.set()
    await settled(discord, door)
    assert [heard.text for heard in host.heard] == ["first", "second"]


async def test_words_in_servers_are_not_read(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    server, room = discord.world.server()
    await discord.gateway.dispatch("GUILD_CREATE", discord.gateway.server_json(server))
    ana.direct = room
    await ana.writes("nobody asked you")
    await settled(discord, door)
    assert host.heard == []


async def test_a_house_that_fails_takes_nobody_else_down(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    def breaks(incoming: Incoming) -> Answer:
        if incoming.text == "/boom":
            raise RuntimeError("boom")
        return Answer(say=(say("fine"),))

    host.answers = breaks
    await ana.uses("boom")
    await settled(discord, door)
    await (await ana.uses("today")).is_answered()
    assert [posted.content for posted in ana.sees()] == ["fine"]


async def test_a_forwarded_post_brings_its_words_and_links(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    await ana.writes("", forwards="Read [this](https://example.org/a) and https://example.org/b.")
    await settled(discord, door)
    (heard,) = host.heard
    assert (heard.forwarded, heard.links) == (True, ("https://example.org/a", "https://example.org/b"))
    assert heard.text == "Read [this](https://example.org/a) and https://example.org/b."
    assert heard.reply_to is None


async def test_somebody_mentioned_is_named(
    discord: DiscordServer, door: DiscordDoor, host: ToyHost, ana: Person
) -> None:
    await (await ana.uses("curators", "add <@9017> <@!9018>")).is_answered()
    assert [one.id for one in host.heard[0].names] == ["9017", "9018"]
