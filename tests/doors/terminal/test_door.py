"""The terminal as a door: sends, edits, failures that were asked for, opening and closing."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat import Address, Answer, Button, Message, MessageRef, Span, plain
from bot.contract import Door
from bot.doors.terminal import Person, TerminalDoor
from bot.errors import Moved, NotSent, Rejected, Uncertain

from .toy import MENUS, START, ToyHost, dose, say

ANA = Address("terminal", "ana")


def test_it_is_a_door() -> None:
    door: Door = TerminalDoor()
    assert door.platform == "terminal"


async def test_a_send_is_on_the_screen_and_in_the_list(door: TerminalDoor, ana: Person) -> None:
    ref = await door.send(ANA, dose(1), nonce="dose:1")
    (sent,) = door.sent
    assert (sent.at, sent.to, sent.message, sent.nonce, sent.ref) == (START, ANA, dose(1), "dose:1", ref)
    assert ana.messages[0].ref == ref


async def test_a_repeated_nonce_shows_nothing_new(door: TerminalDoor, ana: Person) -> None:
    first = await door.send(ANA, dose(1), nonce="dose:1")
    assert await door.send(ANA, dose(1), nonce="dose:1") == first
    assert len(door.sent) == len(ana.messages) == 1


async def test_where_nonces_are_not_honoured_a_repeat_is_a_second_copy(host: ToyHost) -> None:
    door = TerminalDoor(honours_nonce=False)
    await door.open(host, MENUS)
    assert await door.send(ANA, dose(1), nonce="1") != await door.send(ANA, dose(1), nonce="1")
    assert len(door.sent) == 2
    await door.close()


async def test_a_plain_send_has_no_styles(door: TerminalDoor, ana: Person) -> None:
    await door.send(ANA, Message((Span("bold", bold=True), Span(" text"))), nonce="1", plainly=True)
    assert ana.messages[0].message.text == (Span("bold text"),)


async def test_scripted_failures_come_in_their_order_and_then_end(door: TerminalDoor, ana: Person) -> None:
    door.fails_next(NotSent("no connection"), times=2)
    door.fails_next(Rejected("too long"))
    for expected in (NotSent, NotSent, Rejected):
        with pytest.raises(expected):
            await door.send(ANA, dose(1), nonce="1")
    await door.send(ANA, dose(1), nonce="1")
    assert [type(attempt.error) for attempt in door.refused] == [NotSent, NotSent, Rejected]
    assert len(door.sent) == len(ana.messages) == 1


async def test_a_lost_answer_leaves_the_message_on_the_screen(door: TerminalDoor, ana: Person) -> None:
    door.fails_next(Uncertain("read time-out"), arrives=True)
    with pytest.raises(Uncertain):
        await door.send(ANA, dose(1), nonce="1")
    assert len(ana.messages) == len(door.sent) == 1
    assert isinstance(door.sent[0].error, Uncertain)
    await door.send(ANA, dose(1), nonce="1")
    assert len(ana.messages) == 1, "the same nonce is the same message"


async def test_an_edit_shows_again_in_its_old_place(door: TerminalDoor, ana: Person) -> None:
    ref = await door.send(ANA, say("#41", Button("Approve", "approve:41")), nonce="1")
    await door.send(ANA, say("other"), nonce="2")
    ana.sees()
    await door.edit(ref, say("#41, approved"))
    assert ana.sees() == "#41, approved"
    assert ana.screen == "#41, approved\nother"
    assert ana.buttons() == ()


async def test_an_edit_of_a_message_of_an_earlier_process_is_rejected(door: TerminalDoor) -> None:
    with pytest.raises(Rejected):
        await door.edit(MessageRef(ANA, "terminal:earlier:1"), say("x"))


async def test_an_edit_can_fail_too(door: TerminalDoor, ana: Person) -> None:
    ref = await door.send(ANA, say("before"), nonce="1")
    door.fails_next(NotSent("no connection"))
    with pytest.raises(NotSent):
        await door.edit(ref, say("after"))
    assert ana.screen == "before"


async def test_every_reply_waits_for_its_turn_and_is_reported(door: TerminalDoor, host: ToyHost) -> None:
    ana = door.person("ana")
    host.answers = lambda incoming: Answer(edit=say("a"), say=(say("b"), say("c")))
    await ana.says("x")
    assert host.turns == [ANA, ANA, ANA]
    assert host.shown == [(host.heard[0], tuple(shown.ref for shown in ana.messages))]


async def test_a_shut_door_sends_nothing(host: ToyHost) -> None:
    door = TerminalDoor()
    with pytest.raises(NotSent):
        await door.send(ANA, dose(1), nonce="1")
    await door.open(host, MENUS)
    await door.close()
    with pytest.raises(NotSent):
        await door.send(ANA, dose(1), nonce="1")
    assert door.sent == []


async def test_what_is_said_to_a_shut_door_is_served_after_it_opens(door: TerminalDoor, host: ToyHost) -> None:
    ana = door.person("ana")
    await door.close()
    await ana.says("first")
    await ana.says("second")
    assert ana.sees() == ""
    after = ToyHost(host.answers)
    await door.open(after, MENUS)
    await door.settled()
    assert ana.sees() == "You said: first\nYou said: second"
    assert host.heard == []
    assert len(after.heard) == 2


async def test_it_stops_listening_only_when_what_was_taken_is_answered(door: TerminalDoor, host: ToyHost) -> None:
    ana = door.person("ana")
    going_on = asyncio.create_task(ana.says("hello"))
    await asyncio.sleep(0)
    await door.stop_listening()
    assert ana.sees() == "You said: hello"
    await going_on


async def test_a_fault_of_the_host_reaches_whoever_spoke(door: TerminalDoor, ana: Person) -> None:
    with pytest.raises(ValueError, match="the toy broke"):
        await ana.says("/crash")
    await ana.says("still here")
    assert "still here" in ana.sees()


async def test_the_words_of_a_message_are_what_was_sent(door: TerminalDoor, ana: Person) -> None:
    hostile = "\x1b[2J<b>*x*"
    await door.send(ANA, say(hostile), nonce="1")
    assert plain(ana.messages[0].message.text) == hostile, "only painting cleans; tests see the truth"


async def test_a_watcher_is_told_of_every_change(door: TerminalDoor) -> None:
    seen = []
    door.watchers.append(lambda screen: seen.append(screen.changed))
    ref = await door.send(ANA, say("a"), nonce="1")
    await door.edit(ref, say("b"))
    assert seen == [1, 2]


async def test_a_chat_that_moved_says_where_it_is_now(door: TerminalDoor, host: ToyHost) -> None:
    carla = door.person("carla", chat="curators")
    old = carla.address
    await carla.moves_to("curators-2")
    with pytest.raises(Moved) as told:
        await door.send(old, say("card"), nonce="1")
    assert host.heard[0].moved_to == told.value.address == carla.address
    await door.send(carla.address, say("card"), nonce="1")
    assert "card" in carla.sees()
