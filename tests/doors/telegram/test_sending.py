"""What a Message looks like on Telegram: text, keyboards, pictures, files; edits and what they fall back to."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.chat import Address, Button, File, Message, MessageRef, Picture, Span, rows, unstyled
from bot.delivery.send import SEND_WITHIN
from bot.doors.telegram import TelegramDoor, library, speaker
from bot.doors.telegram import pieces as pieces_of_the_door
from bot.doors.telegram.keyboards import inline_keyboard, short_label
from bot.doors.telegram.library import Http
from bot.doors.telegram.pieces import Piece
from bot.errors import DeliveryError, NotRendered, NotSent, Rejected
from tests.rig.png import png
from tests.rig.telegram import DropAfter, Flood, Person, Refuse, Slow, TelegramServer

from .toy import MENUS, ToyHost, breaks, broken_before_the_call, home, say

PNG = png(200, 100)
PICTURE = Picture(PNG, "18 of 30 days were done")
EXPORT = File("export.json", b"{}")
DONE = Button("Done", "done:1842")
OPEN = Button("Open", url="https://example.org/overfitting")
LONG = "word " * 300


@pytest.fixture(params=["aiohttp", "httpx"])
def http(request: pytest.FixtureRequest) -> Http:
    library: Http = request.param
    return library


async def test_a_dose_is_one_message_with_styles_buttons_and_no_preview(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    text = (
        Span("Overfitting without tears", bold=True),
        Span(" · trail\n"),
        Span("Why this: ", italic=True),
        Span("<b>&"),
    )
    ref = await door.send(home(ana), Message(text, ((OPEN, DONE),)), nonce="out-1")
    (dose,) = ana.sees()
    assert dose.text == "Overfitting without tears · trail\nWhy this: <b>&"
    assert (dose.marked("bold"), dose.marked("italic")) == (["Overfitting without tears"], ["Why this: "])
    assert dose.buttons == [["Open", "Done"]]
    assert ref == MessageRef(home(ana), str(dose.id))
    (call,) = telegram.calls("sendMessage")
    assert call.params["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in call.params


async def test_a_topic_of_a_forum_is_written_to(telegram: TelegramServer, door: TelegramDoor, ana: Person) -> None:
    room = telegram.group(-1001, "Room", [ana], kind="supergroup")
    room.topics.add(5)
    await door.send(Address("telegram", "-1001", "5"), say("a card"), nonce="n")
    assert [message.thread for message in ana.sees(room)] == [5]


async def test_an_overlong_text_is_cut_with_an_ellipsis(door: TelegramDoor, ana: Person) -> None:
    await door.send(home(ana), say("🧠" * 4_000), nonce="n")
    assert ana.sees()[0].text == "🧠" * 2047 + "…"


# ---------------------------------------------------------------------------------------------------------- keyboards


async def test_long_labels_long_rows_and_too_many_buttons_are_made_to_fit(door: TelegramDoor, ana: Person) -> None:
    many = [Button(f"{number}", f"pick:{number}") for number in range(22)]
    many += [Button(f"{number} " + "label " * 20, f"pick:{number}") for number in range(22, 120)]
    await door.send(home(ana), Message(unstyled("choose"), rows(many, width=11)), nonce="n")
    (shown,) = ana.sees()
    assert [len(row) for row in shown.buttons[:6]] == [8, 3, 8, 3, 1, 1]
    assert sum(map(len, shown.buttons)) == 100
    assert all(len(label) <= 64 for row in shown.buttons for label in row)


@pytest.mark.parametrize(("given", "shown"), [("Done ✓", "Done ✓"), ("two\nlines", "two lines"), (" ", "…"), ("", "…")])
def test_a_label_is_one_line_and_never_empty(given: str, shown: str) -> None:
    assert short_label(given) == shown


@pytest.mark.parametrize(
    ("button", "why"),
    [
        (Button("Done", "done:" + "9" * 60), "has 65 of 1 to 64 bytes"),
        (Button("Feito", "é" * 33), "has 66 of 1 to 64 bytes"),
        (Button("Nothing", ""), "has 0 of 1 to 64 bytes"),
        (Button("Open", url="javascript:alert(1)"), "is no plain web address"),
        (Button("Neither"), "is no plain web address"),
    ],
)
async def test_a_button_that_cannot_work_is_our_bug_and_says_so(
    telegram: TelegramServer, door: TelegramDoor, ana: Person, button: Button, why: str
) -> None:
    with pytest.raises(Rejected) as caught:
        await door.send(home(ana), say("a dose", button), nonce="n")
    assert button.label in caught.value.reason
    assert why in caught.value.reason
    assert telegram.calls("sendMessage") == []


@pytest.mark.parametrize(
    ("labels", "broken"),
    [
        ("Abrir|Feito|Outra", "Abrir|Feito|Outra"),
        ("Terminei|Pôr na estante|Mais…", "Terminei|Pôr na estante / Mais…"),
        ("Já sei Python e análise de dados|Já sei outros…", "Já sei Python e análise de dados / Já sei outros…"),
        ("5 min|10 min|15 min|30 min|1 h", "5 min|10 min|15 min|30 min|1 h"),
        ("In 2 hours|This evening|Tomorrow", "In 2 hours|This evening|Tomorrow"),
        ("a|b|c|d|e|f|g|h|i", "a|b|c|d|e|f|g|h / i"),
    ],
)
def test_a_row_is_broken_where_a_phone_would_cut_its_labels(labels: str, broken: str) -> None:
    keyboard = inline_keyboard((tuple(Button(label, "x") for label in labels.split("|")),))
    assert keyboard
    shown = ["|".join(button["text"] for button in row) for row in keyboard["inline_keyboard"]]
    assert " / ".join(shown) == broken


def test_sixty_four_bytes_of_action_fit() -> None:
    keyboard = inline_keyboard(((Button("Go", "x" * 64), Button("Vai", "é" * 32)),))
    assert keyboard
    assert [len(row) for row in keyboard["inline_keyboard"]] == [2]


async def test_plainly_keeps_the_words_the_addresses_and_the_sound_buttons(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    text = (Span("Read "), Span("this", bold=True, link="https://example.org/a"), Span("!"))
    odd = Button("Odd", "x" * 65)
    await door.send(home(ana), Message(text, ((OPEN, DONE, odd),), picture=PICTURE), nonce="n", plainly=True)
    (shown,) = ana.sees()
    assert shown.text == "Read this (https://example.org/a)!\nOpen: https://example.org/overfitting"
    assert shown.entities == []
    assert shown.buttons == [["Done"]]
    assert shown.photo is None


async def test_a_location_is_asked_for_by_one_message_if_there_are_no_buttons(door: TelegramDoor, ana: Person) -> None:
    await door.send(home(ana), Message(unstyled("Where are you?"), location_label="📍 Share my location"), nonce="n")
    assert [message.text for message in ana.sees()] == ["Where are you?"]
    assert ana.keyboard == [["📍 Share my location"]]


async def test_a_location_beside_buttons_takes_a_short_second_message(door: TelegramDoor, ana: Person) -> None:
    asks = Message(
        unstyled("Which time is yours?"), ((Button("09:12", "zone:1"),),), location_label="📍 Share my location"
    )
    ref = await door.send(home(ana), asks, nonce="n")
    question, companion = ana.sees()
    assert (question.buttons, str(question.id)) == ([["09:12"]], ref.id)
    assert companion.text == "📍 Share my location"
    assert ana.keyboard == [["📍 Share my location"]]


async def test_groups_are_not_asked_for_a_location(telegram: TelegramServer, door: TelegramDoor, ana: Person) -> None:
    group = telegram.group(-50, "Circle", [ana])
    await door.send(Address("telegram", "-50"), Message(unstyled("Where?"), location_label="📍"), nonce="n")
    assert [message.text for message in ana.sees(group)] == ["Where?"]


async def test_a_lost_companion_does_not_send_the_question_again(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    telegram.faults.add(DropAfter(), method="sendMessage", at=2)
    asks = Message(unstyled("Which?"), ((Button("09:12", "zone:1"),),), location_label="📍 Share")
    ref = await door.send(home(ana), asks, nonce="n")
    assert ref.id == str(ana.sees()[0].id)


@pytest.mark.parametrize("paid", [True, False])
async def test_only_what_delivery_sends_is_paid_for_and_only_if_somebody_wants_that(
    telegram: TelegramServer, host: ToyHost, ana: Person, paid: bool
) -> None:
    door = TelegramDoor(telegram.token, telegram.url, paid=paid)
    await door.open(host, MENUS)
    ana.says("hello")
    await ana.sees_something("hello")
    ref = await door.send(home(ana), Message(unstyled(LONG), ((DONE,),), picture=PICTURE), nonce="n")
    await door.edit(ref, say("done"))
    await door.close()
    flags = [
        (call.method, call.params.get("allow_paid_broadcast"))
        for method in ("sendMessage", "sendPhoto", "editMessageText")
        for call in telegram.calls(method)
    ]
    mine = True if paid else None
    assert flags == [("sendMessage", None), ("sendMessage", mine), ("sendPhoto", mine), ("editMessageText", None)]


# ------------------------------------------------------------------------------------------------- pictures and files


async def test_a_picture_carries_text_and_buttons(door: TelegramDoor, ana: Person) -> None:
    await door.send(home(ana), Message((Span("Your month", bold=True),), ((DONE,),), picture=PICTURE), nonce="n")
    (shown,) = ana.sees()
    assert (shown.photo, shown.text, shown.marked("bold"), shown.buttons) == (
        PNG,
        "Your month",
        ["Your month"],
        [["Done"]],
    )


async def test_a_picture_without_text_says_what_it_shows(door: TelegramDoor, ana: Person) -> None:
    await door.send(home(ana), Message((), picture=PICTURE), nonce="n")
    assert ana.sees()[0].text == "18 of 30 days were done"


async def test_a_long_text_stands_before_its_picture_and_is_the_one_to_edit(door: TelegramDoor, ana: Person) -> None:
    ref = await door.send(home(ana), Message(unstyled(LONG), ((DONE,),), picture=PICTURE), nonce="n")
    text, picture = ana.sees()
    assert (picture.photo, picture.text, picture.buttons) == (PNG, "", [])
    assert (text.text, text.buttons, str(text.id)) == (LONG.strip(), [["Done"]], ref.id)


@pytest.mark.parametrize(
    "fault", [Flood(60), Refuse(400, "Bad Request: wrong file"), DropAfter()], ids=lambda fault: type(fault).__name__
)
@pytest.mark.parametrize("at", [1, 2])
async def test_whichever_of_two_pieces_fails_neither_is_doubled(
    telegram: TelegramServer, door: TelegramDoor, ana: Person, fault: Flood | Refuse | DropAfter, at: int
) -> None:
    telegram.faults.add(fault, method=("sendMessage", "sendPhoto")[at - 1])
    message = Message(unstyled(LONG), ((DONE,),), picture=PICTURE)
    if at == 1:  # it decides, and nothing comes after it
        with pytest.raises(DeliveryError):
            await door.send(home(ana), message, nonce="n")
        assert telegram.calls("sendPhoto") == []
        return
    ref = await door.send(home(ana), message, nonce="n")
    assert str(ana.sees()[0].id) == ref.id
    assert [len(telegram.calls(method)) for method in ("sendMessage", "sendPhoto")] == [1, 1]


TOO_MANY = "Too Many Requests: retry after 1"


async def test_a_later_piece_that_was_too_many_waits_for_the_silence_and_goes_then(
    telegram: TelegramServer, door: TelegramDoor, host: ToyHost, ana: Person
) -> None:
    telegram.faults.add(Refuse(429, TOO_MANY, {"retry_after": 1}), method="sendPhoto", times=2)
    ref = await door.send(home(ana), Message(unstyled(LONG), ((DONE,),), picture=PICTURE), nonce="n")
    text, picture = ana.sees()
    assert (str(text.id), picture.photo) == (ref.id, PNG)
    assert [len(telegram.calls(method)) for method in ("sendMessage", "sendPhoto")] == [1, 3]
    assert host.silences == [1, 1], "and everybody hears of it"


async def test_a_later_piece_takes_its_turn_and_goes_into_no_silence(
    telegram: TelegramServer, door: TelegramDoor, host: ToyHost, ana: Person
) -> None:
    telegram.faults.add(Slow(0.3), method="sendMessage")
    sending = asyncio.create_task(door.send(home(ana), Message(unstyled(LONG), picture=PICTURE), nonce="n"))
    await telegram.calls_reach(1, "sendMessage")
    host.slow_down("telegram", 1)  # another call heard so while the text was on its way
    await sending
    assert host.silence("telegram") <= 0
    assert [message.photo for message in ana.sees()] == [None, PNG]
    assert host.turns == [home(ana)], "the text had its turn of whoever sends it"


async def test_a_later_piece_for_which_there_is_no_connection_is_tried_again(
    telegram: TelegramServer, door: TelegramDoor, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaker, "PIECE_AGAIN", 0.01)
    refused, put = 2, speaker.Speaker._put

    async def connect(self: speaker.Speaker, to: Address, piece: Piece, *given: Any) -> MessageRef:
        nonlocal refused
        if piece.attachment and refused:
            refused -= 1
            raise NotSent("Cannot connect to host")
        return await put(self, to, piece, *given)

    monkeypatch.setattr(speaker.Speaker, "_put", connect)
    await door.send(home(ana), Message(unstyled(LONG), ((DONE,),), picture=PICTURE), nonce="n")
    assert [message.photo for message in ana.sees()] == [None, PNG]
    assert [len(telegram.calls(method)) for method in ("sendMessage", "sendPhoto")] == [1, 1]


async def test_a_later_piece_never_holds_its_message_up_for_longer_than_whoever_sends_it_waits(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    assert speaker.ALL_PIECES < SEND_WITHIN
    telegram.faults.add(
        Refuse(429, "Too Many Requests: retry after 41", {"retry_after": 41}), method="sendPhoto", times=None
    )
    await door.send(home(ana), Message(unstyled(LONG), ((DONE,),), picture=PICTURE), nonce="n")
    assert len(telegram.calls("sendPhoto")) == 1


async def test_an_edit_with_a_later_piece_waits_for_it_as_well(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    ref = await door.send(home(ana), say("a dose", DONE), nonce="n")
    telegram.faults.add(Refuse(429, TOO_MANY, {"retry_after": 1}), method="sendMessage")
    await door.edit(ref, Message(unstyled("Where are you?"), ((DONE,),), location_label="I am here"))
    assert [message.text for message in ana.sees()] == ["Where are you?", "I am here"]
    assert len(telegram.calls("sendMessage")) == 3


async def test_a_file_is_a_document_with_its_name(door: TelegramDoor, ana: Person) -> None:
    await door.send(home(ana), Message(unstyled("All of it"), file=EXPORT), nonce="n")
    (shown,) = ana.sees()
    assert shown.document
    assert (shown.document.name, shown.document.data, shown.text) == ("export.json", b"{}", "All of it")


# -------------------------------------------------------------------------------------------------------------- edits


async def test_an_edit_replaces_text_and_buttons(door: TelegramDoor, ana: Person) -> None:
    ref = await door.send(home(ana), say("a dose", DONE), nonce="n")
    await door.edit(ref, Message((Span("Done. Day 6.", bold=True),)))
    (shown,) = ana.sees()
    assert (shown.text, shown.marked("bold"), shown.buttons) == ("Done. Day 6.", ["Done. Day 6."], [])


async def test_an_edit_that_changes_nothing_is_no_error(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    telegram.expects("message is not modified")
    ref = await door.send(home(ana), say("a dose", DONE), nonce="n")
    await door.edit(ref, say("a dose", DONE))
    assert [message.text for message in ana.sees()] == ["a dose"]


async def test_a_deleted_message_is_said_anew(telegram: TelegramServer, door: TelegramDoor, ana: Person) -> None:
    telegram.expects("message to edit not found")
    ref = await door.send(home(ana), say("a dose", DONE), nonce="n")
    ana.sees()[0].deleted = True
    await door.edit(ref, say("Done."))
    assert [message.text for message in ana.sees()] == ["Done."]


async def test_a_deleted_message_that_need_not_be_said_anew_is_not(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    telegram.expects("message to edit not found")
    ref = await door.send(home(ana), say("a dose", DONE), nonce="n")
    ana.sees()[0].deleted = True
    assert await door.edit(ref, say("Done."), anew=False) == ref
    assert ana.sees() == []


async def test_what_need_not_be_said_anew_is_edited_all_the_same(door: TelegramDoor, ana: Person) -> None:
    ref = await door.send(home(ana), say("a dose", DONE), nonce="n")
    assert await door.edit(ref, say("Done."), anew=False) == ref
    assert [message.text for message in ana.sees()] == ["Done."]


async def test_a_message_that_is_too_old_is_said_anew(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    ref = await door.send(home(ana), say("a dose", DONE), nonce="n")
    telegram.faults.add(Refuse(400, "Bad Request: message can't be edited"), method="editMessageText")
    await door.edit(ref, say("Done."))
    assert [message.text for message in ana.sees()] == ["a dose", "Done."]


async def test_a_picture_is_answered_by_a_new_message(
    telegram: TelegramServer, door: TelegramDoor, ana: Person
) -> None:
    telegram.expects("there is no text in the message to edit")
    ref = await door.send(home(ana), Message(unstyled("March"), ((DONE,),), picture=PICTURE), nonce="n")
    await door.edit(ref, say("April"))
    assert [message.text for message in ana.sees()] == ["March", "April"]


async def test_an_edit_into_a_picture_is_a_new_message(door: TelegramDoor, ana: Person) -> None:
    ref = await door.send(home(ana), say("wait", DONE), nonce="n")
    await door.edit(ref, Message(unstyled("March"), picture=PICTURE))
    assert ana.sees()[-1].photo == PNG


BEFORE_A_CALL = [(pieces_of_the_door, "_body"), (pieces_of_the_door, "words"), (library, "_bare")]


@pytest.mark.parametrize(("where", "what"), BEFORE_A_CALL, ids=[what for _, what in BEFORE_A_CALL])
async def test_a_mistake_of_ours_before_the_call_refuses_that_message_alone(
    telegram: TelegramServer, door: TelegramDoor, ana: Person, where: object, what: str
) -> None:
    with broken_before_the_call(where, what):
        await door.send(home(ana), say("a dose", DONE), nonce="n")
    assert telegram.calls("sendMessage") == []
    await door.send(home(ana), say("another"), nonce="n2")
    assert [message.text for message in ana.sees()] == ["another"]


async def test_a_mistake_of_ours_before_an_edit_refuses_that_alone(
    telegram: TelegramServer, door: TelegramDoor, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await door.send(home(ana), say("a dose", DONE), nonce="n")
    monkeypatch.setattr(pieces_of_the_door, "_body", breaks)
    with pytest.raises(NotRendered):
        await door.edit(ref, say("Done."))
    assert telegram.calls("editMessageText") == []


async def test_a_mistake_of_ours_in_a_later_piece_does_not_send_the_first_one_again(
    door: TelegramDoor, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaker, "_markup", breaks)  # only pictures and files need it
    await door.send(home(ana), Message(unstyled(LONG), picture=PICTURE), nonce="n")
    assert [message.text for message in ana.sees()] == [LONG.strip()]
