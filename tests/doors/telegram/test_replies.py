"""Conversations through the door: what people send is heard once, and they see the answer whatever Telegram does meanwhile."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat import Address, Answer, Button, Incoming, Message, Picture, Question, Span, unstyled
from bot.doors.telegram import TelegramDoor
from tests.rig.telegram import DropAfter, DropBefore, Flood, HtmlPage, Person, Refuse, TelegramServer

from .toy import ToyHost, echo, home, say

DONE = Button("Done", "done:1")


def done(incoming: Incoming) -> Answer:
    """A dose that becomes "Done." when its button is pressed."""
    if incoming.action:
        return Answer(edit=say("Done."), say=(say("How was it?", Button("Right", "rate:2")),), toast="Day 6")
    return Answer(say=(say("a dose", DONE),))


async def test_a_person_writes_and_is_answered(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    ana.says("/start")
    message = await ana.sees_something("heard /start")
    await host.has_shown()
    ((incoming, sent),) = host.shown
    assert incoming.text == "/start"
    assert [ref.id for ref in sent] == [str(message.id)]
    assert host.turns == [home(ana)]


async def test_a_press_is_answered_once_by_toast_edit_and_message(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    host.answers = done
    ana.says("/today")
    dose = await ana.sees_something("a dose")
    press = ana.presses("Done")
    assert (await press.answered()).text == "Day 6"
    await ana.sees_something("How was it?")
    assert [message.text for message in ana.sees()] == ["Done.", "How was it?"]
    assert ana.sees()[0].id == dose.id
    await host.has_shown(2)
    assert len(press.answers) == 1
    assert [ref.id for ref in host.shown[-1][1]] == [str(message.id) for message in ana.sees()]


async def test_a_press_without_a_toast_stops_spinning_too(host: ToyHost, door: TelegramDoor, ana: Person) -> None:
    host.answers = lambda incoming: Answer(say=(say("a dose", DONE),))
    ana.says("/today")
    await ana.sees_something("a dose")
    assert (await ana.presses("Done").answered()).text == ""


async def test_a_toast_is_cut_to_what_telegram_shows(host: ToyHost, door: TelegramDoor, ana: Person) -> None:
    host.answers = lambda incoming: Answer(toast="x" * 300) if incoming.action else done(incoming)
    ana.says("/today")
    await ana.sees_something("a dose")
    assert (await ana.presses("Done").answered()).text == "x" * 200


async def test_a_press_on_a_deleted_message_is_answered_anew(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    telegram.expects("message to edit not found")
    host.answers = done
    ana.says("/today")
    dose = await ana.sees_something("a dose")
    dose.deleted = True
    await ana.presses("Done", dose).answered()
    await ana.sees_something("How was it?")
    assert [message.text for message in ana.sees()] == ["Done.", "How was it?"]


async def test_ten_presses_at_once_are_each_answered_once(host: ToyHost, door: TelegramDoor, ana: Person) -> None:
    host.answers = lambda incoming: Answer(toast="ok") if incoming.action else done(incoming)
    ana.says("/today")
    await ana.sees_something("a dose")
    presses = [ana.presses("Done") for _ in range(10)]
    for press in presses:
        await press.answered()
    assert [len(press.answers) for press in presses] == [1] * 10
    assert len({incoming.key for incoming in host.heard}) == 11


@pytest.mark.parametrize(
    "refusal",
    [
        Refuse(400, "Bad Request: query is too old and response timeout expired or query ID is invalid"),
        Flood(1),
        HtmlPage(502),
        DropAfter(),
    ],
)
async def test_a_toast_that_fails_does_not_fail_the_press(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person, refusal: Refuse | Flood | HtmlPage
) -> None:
    host.answers = done
    ana.says("/today")
    await ana.sees_something("a dose")
    telegram.faults.add(refusal, method="answerCallbackQuery")
    ana.presses("Done")
    await ana.sees_something("How was it?")


async def test_a_toast_waits_for_the_end_of_a_short_silence(host: ToyHost, door: TelegramDoor, ana: Person) -> None:
    host.answers = done
    ana.says("/today")
    await ana.sees_something("a dose")
    host.slow_down("telegram", 0.5)
    press = ana.presses("Done")
    assert (await press.answered()).text == "Day 6"
    assert host.silence("telegram") <= 0


async def test_a_toast_is_left_out_rather_than_said_into_a_long_silence(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    host.answers = lambda incoming: Answer(toast="ok") if incoming.action else done(incoming)
    ana.says("/today")
    await ana.sees_something("a dose")
    host.slow_down("telegram", 30)
    ana.presses("Done")
    await host.has_shown(2)
    assert telegram.calls("answerCallbackQuery") == []


async def test_a_press_in_a_group_edits_there_and_keeps_the_topic(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person, bruno: Person
) -> None:
    group = telegram.group(-50, "Curators", [ana, bruno])
    host.answers = lambda incoming: Answer(edit=say(f"decided by {incoming.sender.name}"))
    await door.send(Address("telegram", "-50"), say("card", Button("Approve", "approve:1")), nonce="n")
    await bruno.presses("Approve", chat=group).answered()
    await bruno.sees_something("decided by Bruno", chat=group)
    assert not host.heard[0].private
    assert host.heard[0].sender.id == "8"


async def test_a_group_sees_whom_we_answer_and_a_question_opens_their_box(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    group = telegram.group(-50, "Curators", [ana])
    host.answers = lambda incoming: Answer(say=(say("Why not?"),), ask=Question("reason", "In one line"))
    asked = ana.says("/reject 42", chat=group)
    question = await ana.sees_something("Why not?", chat=group)
    assert question.reply_to is asked
    assert question.markup == {"force_reply": True, "selective": True, "input_field_placeholder": "In one line"}
    host.answers = echo
    ana.replies_to(question, "paywall")
    await ana.sees_something("heard paywall", chat=group)
    assert host.heard[-1].reply_to == host.shown[0][1][0]


async def test_a_question_after_a_press_in_a_group_opens_the_box_as_well(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    group = telegram.group(-50, "Curators", [ana])
    host.answers = lambda incoming: Answer(say=(say("Why not?"),), ask=Question("reason", "In one line"))
    await door.send(Address("telegram", "-50"), say("card", Button("In my words", "reject:1:words")), nonce="n")
    ana.presses("In my words", chat=group)
    question = await ana.sees_something("Why not?", chat=group)
    assert question.reply_to is None
    assert question.markup
    assert question.markup["force_reply"] is True
    host.answers = echo
    ana.replies_to(question, "paywall")
    await ana.sees_something("heard paywall", chat=group)


async def test_a_private_question_leaves_the_keyboard_alone(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    host.answers = lambda incoming: Answer(say=(say("One line?"),), ask=Question("note", "Your line"))
    ana.says("/note")
    message = await ana.sees_something("One line?")
    assert (message.markup, message.reply_to) == (None, None)


async def test_what_a_group_talks_about_is_not_answered(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    group = telegram.group(-50, "Circle", [ana])
    telegram.reads_all_group_messages = True
    ana.says("good morning", chat=group)
    ana.says("/today", chat=group)
    await ana.sees_something("heard /today", chat=group)
    assert [incoming.text for incoming in host.heard] == ["/today"]


async def test_blocking_and_coming_back_are_told(host: ToyHost, door: TelegramDoor, ana: Person) -> None:
    host.answers = lambda incoming: Answer() if incoming.presence == "gone" else echo(incoming)
    ana.blocks()
    ana.unblocks()
    await ana.sees_something("heard back")
    assert [incoming.presence for incoming in host.heard] == ["gone", "back"]


async def test_an_edited_command_does_not_act_again(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    message = ana.says("/today")
    await ana.sees_something("heard /today")
    ana.edits(message, "/done")
    ana.says("/streak")
    await ana.sees_something("heard /streak")
    assert [incoming.text for incoming in host.heard] == ["/today", "/streak"]


# ------------------------------------------------------------------------------------------------------ the location


def where(incoming: Incoming) -> Answer:
    """Asks where somebody is, until they share a place, press, or say."""
    if incoming.text == "/zone":
        return Answer(say=(Message(unstyled("Which?"), ((Button("09:12", "zone:1"),),), location_label="📍 Share"),))
    if incoming.action:
        return Answer(edit=say("So it is 09:12.", Button("Begin", "begin")))
    return Answer(say=(say("São Paulo."),))


async def test_the_location_keyboard_goes_with_the_next_plain_message(
    host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    host.answers = where
    ana.says("/zone")
    await ana.sees_something("📍 Share")
    assert ana.keyboard == [["📍 Share"]]
    ana.sends_location(-23.5, -46.6)
    answer = await ana.sees_something("São Paulo.")
    assert ana.keyboard == []
    assert answer.markup == {"remove_keyboard": True}


async def test_the_location_keyboard_goes_also_when_a_button_was_pressed_instead(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    host.answers = where
    ana.says("/zone")
    await ana.sees_something("📍 Share")
    ana.presses("09:12")
    await telegram.calls_reach(1, "deleteMessage")
    assert host.turns == [home(ana)] * 4, (
        "both pieces of the question, the edit, and the word that takes the keyboard away"
    )
    assert telegram.calls("sendMessage")[-1].params["reply_markup"] == {"remove_keyboard": True}
    assert [message.text for message in ana.sees()] == ["So it is 09:12.", "📍 Share"]


async def test_a_location_that_came_after_a_restart_takes_the_keyboard_away(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    host.answers = lambda incoming: Answer(say=(say("São Paulo.", Button("Begin", "begin")),))
    ana.sends_location(-23.5, -46.6)
    await ana.sees_something("São Paulo.")
    await telegram.calls_reach(1, "deleteMessage")
    assert [message.text for message in ana.sees()] == ["São Paulo."]


# ------------------------------------------------------------------------------------------------------------ trouble


@pytest.mark.parametrize("trouble", [HtmlPage(502), DropBefore(), Refuse(500, "Internal Server Error: restart")])
async def test_a_reply_is_tried_again(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person, trouble: HtmlPage | DropBefore | Refuse
) -> None:
    telegram.faults.add(trouble, method="sendMessage")
    ana.says("/today")
    await ana.sees_something("heard /today")
    await host.has_shown()
    assert len(ana.sees()) == 1


async def test_a_reply_waits_for_the_silence_that_telegram_asks_for(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    telegram.faults.add(Flood(1), method="sendMessage")
    ana.says("/today")
    await ana.sees_something("heard /today")
    first, second = telegram.calls("sendMessage")
    assert host.silences == [1]
    assert second.at - first.at >= 1


async def test_a_reply_whose_answer_was_lost_is_doubled_at_most(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    telegram.faults.add(DropAfter(), method="sendMessage", times=None)
    ana.says("/today")
    await telegram.calls_reach(2)
    ana.says("/streak")
    await telegram.calls_reach(4)
    assert [message.text for message in ana.sees()] == ["heard /today"] * 2 + ["heard /streak"] * 2
    assert host.shown == []


@pytest.mark.parametrize("answer", [HtmlPage(504, after=True), DropAfter()])
async def test_the_copy_of_a_reply_does_not_go_into_a_silence(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person, answer: HtmlPage | DropAfter
) -> None:
    telegram.faults.add(answer, method="sendMessage")
    telegram.faults.add(HtmlPage(502), method="getMe", times=2)
    knocks = len(telegram.calls("getMe"))
    ana.says("/today")
    await host.has_shown()
    assert [message.text for message in ana.sees()] == ["heard /today"] * 2
    assert len(telegram.calls("getMe")) - knocks == 3


async def test_a_reply_that_telegram_rejects_comes_as_plain_text(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    host.answers = lambda incoming: Answer(say=(Message((Span("a dose", bold=True),), ((DONE,),)),))
    telegram.faults.add(Refuse(400, "Bad Request: can't parse entities"), method="sendMessage")
    ana.says("/today")
    message = await ana.sees_something("a dose")
    assert (message.entities, message.buttons) == ([], [["Done"]])
    assert [key for key, _ in host.alerts] == ["telegram.reply_rejected"]


async def test_a_picture_that_a_group_does_not_take_comes_in_words(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    host.answers = lambda incoming: Answer(say=(Message(unstyled("18 days"), picture=Picture(b"PNG", "days")),))
    telegram.faults.add(Refuse(400, "Bad Request: not enough rights to send photos to the chat"), method="sendPhoto")
    ana.says("/progress")
    message = await ana.sees_something("18 days")
    assert message.photo is None


async def test_a_reply_with_a_broken_button_comes_without_it(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    host.answers = lambda incoming: Answer(say=(say("a dose", DONE, Button("Broken", "x" * 65)),))
    ana.says("/today")
    message = await ana.sees_something("a dose")
    assert message.buttons == [["Done"]]
    assert "Broken" in host.alerts[0][1]["reason"]


async def test_who_blocks_us_before_the_answer_costs_one_call(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    refusal = Refuse(403, "Forbidden: bot was blocked by the user")
    telegram.faults.add(refusal, method="sendMessage", chat_id=ana.id)
    ana.says("/today")
    await host.has_shown()
    assert host.shown[0][1] == ()
    assert len(telegram.calls("sendMessage")) == 1


async def test_a_reply_follows_a_group_that_moved(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    group = telegram.group(-50, "Circle", [ana])
    moving = asyncio.Event()

    async def slowly(incoming: Incoming) -> Answer:
        await moving.wait()
        return Answer() if incoming.moved_to else echo(incoming)

    host.answers = slowly
    ana.says("/today", chat=group)
    new = group.migrates(-1001)
    moving.set()
    await ana.sees_something("heard /today", chat=new)
    await host.has_shown(2)
    assert {incoming.moved_to for incoming in host.heard} == {None, Address("telegram", "-1001")}


async def test_an_answer_that_is_lost_on_the_way_is_kept_by_the_host(
    telegram: TelegramServer, host: ToyHost, door: TelegramDoor, ana: Person
) -> None:
    telegram.faults.add(Refuse(401, "Unauthorized"), method="sendMessage")
    ana.says("/today")
    await telegram.calls_reach(1)
    ana.says("/streak")
    await ana.sees_something("heard /streak")
    await host.has_shown()
    assert [incoming.text for incoming, _ in host.shown] == ["/streak"]
    assert [key for key, _ in host.alerts] == ["telegram.unauthorized"]
