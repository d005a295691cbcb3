"""People say, press and see through the terminal."""

from __future__ import annotations

import pytest

from bot.chat import Answer, Button, Incoming, Location, Message, Picture, Question, Sender, unstyled
from bot.doors.terminal import NoSuchButton, Person, TerminalDoor
from bot.errors import Unreachable

from .toy import MENUS, START, ToyHost, dose, say


async def test_two_taps_subscribe(ana: Person) -> None:
    await ana.says("/start")
    assert "Hi, Ana." in ana.sees()
    assert ana.buttons() == ("From the start", "Engineering")
    await ana.presses("From the start")
    assert "at 08:00?" in ana.sees()
    await ana.presses("begin")
    assert ana.sees() == "Until 08:00.\nSubscribed"


async def test_the_host_hears_who_where_when_and_what(ana: Person, host: ToyHost) -> None:
    await ana.says("/start")
    heard = host.heard[0]
    assert heard == Incoming(
        key=heard.key,
        address=ana.address,
        sender=Sender("ana", "Ana", "en"),
        at=START,
        text="/start",
        said=heard.said,
    )
    assert heard.said


async def test_every_event_has_a_key_of_its_own_also_after_a_restart(ana: Person, host: ToyHost) -> None:
    await ana.says("one")
    await ana.says("two")
    later = TerminalDoor()
    await later.open(host, MENUS)
    await later.person("ana").says("one")
    await later.close()
    assert len({incoming.key for incoming in host.heard}) == 3


async def test_an_edit_replaces_the_message_that_was_pressed(ana: Person) -> None:
    await ana.says("/start")
    await ana.presses("trail:data-science")
    assert [shown.text for shown in ana.messages] == ["data-science, at 08:00?"]
    assert "Which way" not in ana.screen


async def test_an_edit_of_what_is_gone_is_said_anew(ana: Person) -> None:
    await ana.says("/start")
    await ana.forges("trail:deep")
    assert [shown.text for shown in ana.messages] == ["Hi, Ana. Which way?", "deep, at 08:00?"]


async def test_what_was_seen_is_not_news(ana: Person) -> None:
    await ana.says("hello")
    assert ana.unread == 1
    assert ana.sees() == "You said: hello"
    assert ana.sees() == ""
    assert ana.unread == 0
    assert "You said: hello" in ana.screen


async def test_a_button_is_found_by_label_number_action_and_beginning_of_an_action(
    ana: Person, door: TerminalDoor, host: ToyHost
) -> None:
    host.answers = lambda incoming: Answer(toast="noted")
    await door.send(ana.address, dose(18), nonce="1")
    for wanted in ("Done", 2, "done:18", "done", "done:"):
        await ana.presses(wanted)
    assert [incoming.action for incoming in host.heard] == ["done:18"] * 5


async def test_the_beginning_of_a_number_is_not_that_number(ana: Person, door: TerminalDoor) -> None:
    await door.send(ana.address, dose(18), nonce="a")
    with pytest.raises(NoSuchButton):
        await ana.presses("done:1")


async def test_a_missing_button_fails_with_those_there_are(ana: Person) -> None:
    await ana.says("/start")
    with pytest.raises(AssertionError, match=r"Ana finds no button 'Stop'; there are: \[1\] From the start \(trail:"):
        await ana.presses("Stop")


async def test_the_newest_message_that_has_the_button_counts(ana: Person, door: TerminalDoor, host: ToyHost) -> None:
    for number in (1, 2):
        await door.send(ana.address, dose(number), nonce=f"{number}")
    await ana.presses("Done")
    await ana.presses("Done", on=ana.messages[0])
    assert [incoming.action for incoming in host.heard] == ["done:2", "done:1"]
    assert host.heard[1].on == ana.messages[0].ref


async def test_numbers_run_through_all_that_came_since_the_last_act(ana: Person, door: TerminalDoor) -> None:
    for number in (1, 2):
        await door.send(ana.address, dose(number), nonce=f"{number}")
    assert ana.actions() == ("done:1", "another:1", "later:1", "done:2", "another:2", "later:2")
    await ana.presses(6)
    assert ana.actions() == ("rate:2:right",), "what came after the press counts from 1 again"


async def test_numbers_stay_until_new_ones_come(ana: Person, host: ToyHost) -> None:
    await ana.says("/start")
    await ana.says("something without buttons")
    await ana.presses(2)
    assert host.heard[-1].action == "trail:ml-engineering"
    assert ana.buttons() == ("Begin", "Hour")


async def test_a_link_button_tells_the_host_nothing(ana: Person, door: TerminalDoor, host: ToyHost) -> None:
    await door.send(ana.address, dose(1), nonce="1")
    await ana.presses("Open")
    assert ana.opened == ["https://example.org/1"]
    assert host.heard == []


async def test_a_reply_names_the_message_it_answers(ana: Person, host: ToyHost) -> None:
    await ana.says("hello")
    await ana.replies("You said", "a note")
    await ana.replies(ana.messages[0], "another note")
    assert [incoming.reply_to for incoming in host.heard[1:]] == [ana.messages[0].ref] * 2
    with pytest.raises(AssertionError, match="sees no message with 'never said'"):
        await ana.replies("never said", "a note")


async def test_a_location_is_shared_in_degrees(ana: Person, host: ToyHost) -> None:
    await ana.sends_location(-23.5, -46.6)
    assert host.heard[0].location == Location(-23.5, -46.6)


async def test_a_prompt_shows_only_where_its_words_do_not_stand_already(door: TerminalDoor, host: ToyHost) -> None:
    ana = door.person("ana")
    host.answers = lambda incoming: Answer(say=(say(incoming.text or ""),), ask=Question("note", "One line?"))
    await ana.says("Done.")
    assert ana.sees() == "Done.\nOne line?"
    await ana.says("Done. One line?")
    assert ana.sees() == "Done. One line?"


async def test_pictures_are_seen_by_their_words(ana: Person, door: TerminalDoor) -> None:
    message = Message(unstyled("March"), picture=Picture(b"iVBORw0=", "12 days"))
    await door.send(ana.address, message, nonce="1")
    assert ana.sees() == "March\n[picture: 12 days]"


async def test_whoever_blocks_is_unreachable_until_they_return(ana: Person, door: TerminalDoor, host: ToyHost) -> None:
    await ana.blocks()
    with pytest.raises(Unreachable):
        await door.send(ana.address, dose(1), nonce="1")
    await ana.returns()
    await door.send(ana.address, dose(1), nonce="1")
    assert [incoming.presence for incoming in host.heard] == ["gone", "back"]
    assert host.shown[0][1] == (), "nothing can be shown to somebody who blocked us"
    assert len(door.sent) == 1


async def test_a_silent_block_is_found_out_by_the_next_send(ana: Person, door: TerminalDoor, host: ToyHost) -> None:
    await ana.blocks(silently=True)
    assert host.heard == []
    with pytest.raises(Unreachable):
        await door.send(ana.address, dose(1), nonce="1")


async def test_a_double_press_is_two_events_in_flight_together(ana: Person, host: ToyHost) -> None:
    await ana.says("/start")
    await ana.presses_twice_at_once("Engineering")
    first, second = host.heard[1:]
    assert (first.action, first.on) == (second.action, second.on)
    assert first.key != second.key


async def test_a_press_served_again_has_the_same_key(ana: Person, host: ToyHost) -> None:
    await ana.says("hello")
    await ana.again()
    assert len(host.heard) == 1
    assert ana.sees() == "You said: hello"


async def test_an_answer_lost_on_the_way_is_shown_when_the_event_is_served_again(
    ana: Person, door: TerminalDoor, host: ToyHost
) -> None:
    door.loses_next_answer()
    await ana.says("hello")
    assert ana.sees() == ""
    await ana.again()
    assert ana.sees() == "You said: hello"
    assert len(host.heard) == 1


async def test_in_a_room_all_see_the_message_and_one_sees_the_toast(door: TerminalDoor, host: ToyHost) -> None:
    carla, dora = door.person("carla", chat="curators"), door.person("dora", chat="curators")
    host.answers = lambda incoming: Answer(say=(say("Approved", Button("Undo", "undo:1")),), toast="You decided")
    await carla.says("/approve 1")
    assert carla.sees() == "Approved\nYou decided"
    assert dora.sees() == "Approved"
    assert not host.heard[0].private
    assert door.person("carla") is not carla
    assert door.person("carla", chat="curators") is carla
