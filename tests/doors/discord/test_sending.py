"""What goes out: no copy, no ping, no storm; each answer of Discord has its reaction."""

from __future__ import annotations

import pytest

from bot.chat import Address, Button, Message, Span
from bot.doors.discord import DiscordDoor
from bot.doors.discord import pieces as pieces_of_the_door
from bot.errors import Moved, NotRendered, NotSent, SlowDown, Unreachable
from tests.doors.discord.conftest import home
from tests.doors.telegram.toy import MENUS, ToyHost, breaks, broken_before_the_call, say
from tests.rig.discord import Answer, DiscordServer, Drop, Person, shut_out, too_many
from tests.rig.discord.faults import refused
from tests.rig.discord.markdown import read

MISCHIEF = [
    "@everyone look",
    "@here",
    "<@123> <@&456> <#789> <t:1:R> <:a:1>",
    "[bank.com](https://evil.example)",
    "https://evil.example/",
    "# heading\n- list\n> quote\n1. one",
    "||spoiler|| ~~no~~ **b** __u__ `c` ```x```",
]


def sends_to(discord: DiscordServer, person: Person) -> int:
    return discord.count("POST", f"/channels/{person.direct.id}/messages")


async def test_the_same_nonce_brings_no_second_copy_even_from_another_life(
    discord: DiscordServer, host: ToyHost, ana: Person, door: DiscordDoor
) -> None:
    discord.fault(Drop(after=True))
    with pytest.raises(Exception, match="isconnect"):
        await door.send(home(ana), say("a dose"), nonce="out-1")
    await door.close()
    second = DiscordDoor(discord.token)
    await second.open(host, MENUS)
    await second.send(home(ana), say("a dose"), nonce="out-1")
    await second.close()
    assert [posted.content for posted in ana.sees()] == ["a dose"]
    assert sends_to(discord, ana) == 2


async def test_a_failing_server_is_asked_again_and_sends_once(
    discord: DiscordServer, ana: Person, door: DiscordDoor
) -> None:
    """discord.py repeats by itself after a 502; with the nonce that is safe even where the first try arrived."""
    discord.fault(Answer(502, "<html>502</html>"))
    await door.send(home(ana), say("a dose"), nonce="out-1")
    assert len(ana.sees()) == 1
    assert sends_to(discord, ana) == 2


async def test_closed_direct_messages_cost_one_refusal(discord: DiscordServer, ana: Person, door: DiscordDoor) -> None:
    discord.world.closed.add(ana.id)
    with pytest.raises(Unreachable):
        await door.send(home(ana), say("a dose"), nonce="out-1")
    refusals = [call for call in discord.rest.calls if call[2] in (401, 403, 429)]
    assert len(refusals) == 1


async def test_closed_direct_messages_move_to_a_private_thread_of_a_shared_server(
    discord: DiscordServer, ana: Person, door: DiscordDoor
) -> None:
    server, _ = discord.world.server()
    server.members.add(ana.id)
    await discord.gateway.dispatch("GUILD_CREATE", discord.gateway.server_json(server))
    await discord.gateway.taken()
    discord.world.closed.add(ana.id)
    with pytest.raises(Moved) as moved:
        await door.send(home(ana), say("a dose"), nonce="out-1")
    await door.send(moved.value.address, say("a dose"), nonce="out-2")
    (thread,) = [channel for channel in discord.world.channels.values() if channel.parent]
    assert thread.members >= {ana.id}
    assert [posted.content for posted in thread.messages] == ["a dose"]


async def test_a_server_that_allows_no_thread_leaves_them_unreachable(
    discord: DiscordServer, ana: Person, door: DiscordDoor
) -> None:
    server, _ = discord.world.server()
    server.members.add(ana.id)
    server.permissions = 0
    await discord.gateway.dispatch("GUILD_CREATE", discord.gateway.server_json(server))
    await discord.gateway.taken()
    discord.world.closed.add(ana.id)
    with pytest.raises(Unreachable):
        await door.send(home(ana), say("a dose"), nonce="out-1")


async def test_a_short_limit_is_waited_out_by_the_library(
    discord: DiscordServer, ana: Person, door: DiscordDoor
) -> None:
    discord.fault(too_many(0.05), path=f"/channels/{ana.direct.id}/messages")
    discord.fault(too_many(0.05, everywhere=True), path=f"/channels/{ana.direct.id}/messages")
    discord.fault(too_many(0.05, scope="shared"), path=f"/channels/{ana.direct.id}/messages")
    await door.send(home(ana), say("a dose"), nonce="out-1")
    assert len(ana.sees()) == 1
    assert sends_to(discord, ana) == 4


async def test_a_long_limit_is_ours_to_keep(
    discord: DiscordServer, host: ToyHost, ana: Person, door: DiscordDoor
) -> None:
    discord.fault(too_many(500))
    with pytest.raises(SlowDown) as slow:
        await door.send(home(ana), say("a dose"), nonce="out-1")
    assert slow.value.retry_after == 500
    assert host.silences == [500]


async def test_being_shut_out_is_a_full_stop_and_somebody_hears_of_it(
    discord: DiscordServer, host: ToyHost, ana: Person, door: DiscordDoor
) -> None:
    discord.fault(shut_out())
    with pytest.raises(SlowDown) as slow:
        await door.send(home(ana), say("a dose"), nonce="out-1")
    assert slow.value.retry_after >= 600
    assert host.silences == [slow.value.retry_after]
    assert [what for what, _ in host.alerts] == ["discord.shut_out"]


async def test_a_limit_that_the_library_waited_for_in_vain_is_a_pause_and_no_ban(
    discord: DiscordServer, host: ToyHost, ana: Person, door: DiscordDoor
) -> None:
    discord.fault(too_many(0.01), times=5)
    with pytest.raises(SlowDown) as slow:
        await door.send(home(ana), say("a dose"), nonce="out-1")
    assert slow.value.retry_after == 60
    assert host.alerts == []


async def test_a_bot_that_discord_takes_for_a_spammer_stops_and_blames_nobody(
    discord: DiscordServer, host: ToyHost, ana: Person, door: DiscordDoor
) -> None:
    discord.fault(refused(20026, "Your bot has been flagged by our anti-spam system"))
    with pytest.raises(SlowDown):
        await door.send(home(ana), say("a dose"), nonce="out-1")
    assert [what for what, _ in host.alerts] == ["discord.shut_out"]


async def test_opening_too_many_direct_messages_is_a_pause_not_a_loss(
    discord: DiscordServer, ana: Person, door: DiscordDoor
) -> None:
    discord.fault(refused(40003, "You are opening direct messages too fast"), path="/users/@me/channels")
    with pytest.raises(SlowDown):
        await door.send(home(ana), say("a dose"), nonce="out-1")


async def test_a_channel_is_opened_once_for_a_person(discord: DiscordServer, ana: Person, door: DiscordDoor) -> None:
    for number in range(3):
        await door.send(home(ana), say(f"dose {number}"), nonce=f"out-{number}")
    assert discord.world.direct_opened == 1
    bruno = discord.person("Bruno")
    await (await bruno.uses("start")).is_answered()
    await door.send(home(bruno), say("a dose"), nonce="out-9")
    assert discord.world.direct_opened == 1  # his is known from what he said


@pytest.mark.parametrize("title", MISCHIEF)
async def test_mischief_in_a_title_pings_nobody_and_styles_nothing(
    discord: DiscordServer, ana: Person, door: DiscordDoor, title: str
) -> None:
    await door.send(home(ana), Message((Span(title, bold=True),), ((Button(title, "a:1"),),)), nonce="out-1")
    (posted,) = ana.sees()
    seen = read(posted.content)
    assert seen.text == title
    assert not seen.foreign
    assert not seen.links
    assert posted.payload["allowed_mentions"] == {"parse": []}


async def test_a_long_message_goes_in_pieces_and_its_buttons_stay_together(
    discord: DiscordServer, ana: Person, door: DiscordDoor
) -> None:
    lines = "\n".join(f"{number}: {'word ' * 20}" for number in range(40))
    ref = await door.send(home(ana), Message((Span(lines),), ((Button("Done", "done:1"),),)), nonce="out-1")
    seen = ana.sees()
    assert len(seen) > 1
    assert "".join(read(one.content).text for one in seen).replace("\n", "") == lines.replace("\n", "")
    assert [len(one.buttons) for one in seen] == [0] * (len(seen) - 1) + [1]
    assert ref.id == str(seen[-1].id)


async def test_an_address_too_long_for_a_button_stands_in_the_text(
    discord: DiscordServer, ana: Person, door: DiscordDoor
) -> None:
    long = f"https://example.org/{'x' * 600}"
    buttons = ((Button("Open", url=long), Button("Done", "done:18")), (Button("Copy", url=long),))
    await door.send(home(ana), Message((Span("a dose"),), buttons), nonce="out-1")
    (posted,) = ana.sees()
    seen = read(posted.content)
    assert seen.links == [("Open", long), ("Copy", long)]
    assert [button["label"] for button in posted.buttons] == ["Done"]


async def test_two_buttons_of_one_action_both_work(
    discord: DiscordServer, host: ToyHost, ana: Person, door: DiscordDoor
) -> None:
    await door.send(home(ana), say("which?", Button("This", "pick:1"), Button("That", "pick:1")), nonce="out-1")
    for label in ("This", "That"):
        await (await ana.presses(label)).is_answered()
    assert [heard.action for heard in host.heard] == ["pick:1", "pick:1"]


async def test_while_the_platform_is_not_reached_nothing_is_sent_and_nothing_counts(
    discord: DiscordServer, host: ToyHost
) -> None:
    await discord.stop()
    door = DiscordDoor(discord.token, opening=3600)
    await door.open(host, MENUS)  # returns: the other platforms must not wait
    with pytest.raises(NotSent):
        await door.send(Address("discord", "9001"), say("a dose"), nonce="out-1")
    await door.close()


@pytest.mark.parametrize("chat", ["", "#", "abc", "#x", "12x"])
async def test_what_is_no_place_of_discords_is_unreachable(door: DiscordDoor, chat: str) -> None:
    with pytest.raises(Unreachable):
        await door.send(Address("discord", chat), say("a dose"), nonce="out-1")


BEFORE_A_CALL = [(pieces_of_the_door, "_files"), (pieces_of_the_door, "views"), (pieces_of_the_door.Piece, "to_send")]


@pytest.mark.parametrize(("where", "what"), BEFORE_A_CALL, ids=[what for _, what in BEFORE_A_CALL])
async def test_a_mistake_of_ours_before_the_call_refuses_that_message_alone(
    discord: DiscordServer, door: DiscordDoor, ana: Person, where: object, what: str
) -> None:
    with broken_before_the_call(where, what):
        await door.send(home(ana), say("a dose"), nonce="out-1")
    assert sends_to(discord, ana) == 0
    await door.send(home(ana), say("another"), nonce="out-2")
    assert [posted.content for posted in ana.sees()] == ["another"]


async def test_a_mistake_of_ours_in_a_later_piece_is_known_before_the_first_one_goes(
    discord: DiscordServer, door: DiscordDoor, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would go once more, plainly, and what came before it would stand there twice."""
    monkeypatch.setattr(pieces_of_the_door, "_files", breaks)
    with pytest.raises(NotRendered):
        await door.send(home(ana), say("word " * 800), nonce="out-1")
    assert sends_to(discord, ana) == 0
