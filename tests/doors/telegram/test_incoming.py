"""Native updates in the house's words: read from the JSON that Telegram sends."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from bot.chat import Address, Incoming, Location, MessageRef, Sender
from bot.doors.telegram.incoming import Me, lanes_of, understand

from .toy import NOW

ME = Me(4711, "trilha_bot")
BOT = {"id": 4711, "is_bot": True, "first_name": "Trilha", "username": "trilha_bot"}
ANA = {"id": 7, "is_bot": False, "first_name": "Ana", "last_name": "Lima", "language_code": "pt-br"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ana"}
GROUP = {"id": -1001, "type": "supergroup", "title": "Study circle", "is_forum": True}
HOME = Address("telegram", "7")
CIRCLE = Address("telegram", "-1001")


def heard(kind: str, body: dict[str, Any], number: int = 900) -> Incoming | None:
    update = Update.de_json({"update_id": number, kind: body}, None)
    return understand(update, ME, NOW)


def message(text: str | None = None, chat: dict[str, Any] = PRIVATE, **more: Any) -> dict[str, Any]:
    body = {"message_id": 31, "date": 1_772_800_000, "chat": chat, "from": ANA, **more}
    return {**body, "text": text} if text is not None else body


def marked(kind: str, text: str, part: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": text.index(part), "length": len(part), **more}


def mention(text: str) -> list[dict[str, Any]]:
    return [marked("mention", text, "@trilha_bot")]


def press(**changes: Any) -> dict[str, Any]:
    on = {"message_id": 30, "date": 1_772_800_000, "chat": PRIVATE, "from": BOT, "text": "a dose"}
    return {"id": "400", "from": ANA, "chat_instance": "x", "data": "done:1842", "message": on, **changes}


def test_a_text_in_private() -> None:
    assert heard("message", message("/start")) == Incoming(
        key="telegram:4711:message:7:31",
        address=HOME,
        sender=Sender("7", "Ana", "pt-br"),
        at=NOW,
        text="/start",
        said=MessageRef(HOME, "31"),
    )


def test_a_file_comes_with_its_caption_and_a_moving_picture_is_none() -> None:
    sent = {"file_id": "doc-1", "file_unique_id": "u1", "file_name": "my\nfeeds.opml", "file_size": 900}
    found = heard("message", message(document=sent, caption="/follow charts"))
    assert found
    assert found.document
    assert (found.document.name, found.document.size, found.text) == ("my feeds.opml", 900, "/follow charts")
    moving = {"file_id": "gif", "file_unique_id": "u2", "width": 9, "height": 9, "duration": 1}
    assert heard("message", message(document=sent, animation=moving)) is None
    assert heard("message", message(document=sent, chat=GROUP)) is None


def test_a_press_names_its_button_and_its_message() -> None:
    assert heard("callback_query", press()) == Incoming(
        key="telegram:4711:press:400",
        address=HOME,
        sender=Sender("7", "Ana", "pt-br"),
        at=NOW,
        action="done:1842",
        on=MessageRef(HOME, "30"),
    )


def test_a_press_on_a_message_that_is_gone_still_counts() -> None:
    incoming = heard("callback_query", press(message={"message_id": 30, "date": 0, "chat": PRIVATE}))
    assert incoming
    assert (incoming.action, incoming.on) == ("done:1842", MessageRef(HOME, "30"))


def test_a_press_without_data_or_message_is_nothing_to_us() -> None:
    without_data = {key: value for key, value in press().items() if key != "data"}
    assert heard("callback_query", without_data) is None
    assert heard("callback_query", press(message=None, inline_message_id="i")) is None


def test_a_press_in_a_topic_belongs_to_the_topic() -> None:
    on = {**press()["message"], "chat": GROUP, "message_thread_id": 5, "is_topic_message": True}
    incoming = heard("callback_query", press(message=on))
    assert incoming
    assert incoming.address == Address("telegram", "-1001", "5")
    assert not incoming.private


def test_the_key_is_the_same_when_the_update_comes_again_under_another_number() -> None:
    for kind, body in (("message", message("hi")), ("callback_query", press())):
        once, again = heard(kind, body, 900), heard(kind, body, 5)
        assert once
        assert once == again


def test_two_messages_and_two_chats_have_their_own_keys() -> None:
    bodies = [
        message("a"),
        message("a", message_id=32),
        message("/a", chat=GROUP),
        message("/a", chat={**GROUP, "id": -1002}),
    ]
    assert len({incoming.key for body in bodies if (incoming := heard("message", body))}) == len(bodies)


@pytest.mark.parametrize("typed", ["/today@trilha_bot", "/today@TRILHA_BOT"])
def test_a_command_loses_our_name(typed: str) -> None:
    for chat in (PRIVATE, GROUP):
        incoming = heard("message", message(f"{typed} now", chat))
        assert incoming
        assert incoming.text == "/today now"
        assert incoming.private == (chat is PRIVATE)


def test_a_name_that_only_begins_like_ours_stays() -> None:
    incoming = heard("message", message("/today@trilha_bot2 now"))
    assert incoming
    assert incoming.text == "/today@trilha_bot2 now"


@pytest.mark.parametrize("typed", ["hello all", "/today@other_bot", "/ hello", "", "/home/ana is a path"])
def test_what_a_group_says_to_others_is_not_heard(typed: str) -> None:
    assert heard("message", message(typed, GROUP)) is None


def test_a_mention_in_a_group_is_heard_without_the_name() -> None:
    typed = "@trilha_bot, what is due?"
    incoming = heard("message", message(typed, GROUP, entities=mention(typed)))
    assert incoming
    assert incoming.text == "what is due?"
    middle = "so @trilha_bot what now"
    assert heard("message", message(middle, GROUP, entities=mention(middle)))


def test_a_reply_to_us_in_a_group_is_heard_and_names_what_it_answers() -> None:
    ours = {"message_id": 20, "date": 1, "chat": GROUP, "from": BOT, "text": "why?"}
    incoming = heard("message", message("paywall", GROUP, reply_to_message=ours))
    assert incoming
    assert (incoming.text, incoming.reply_to) == ("paywall", MessageRef(CIRCLE, "20"))


def test_a_reply_to_somebody_else_is_not_heard() -> None:
    theirs = {"message_id": 20, "date": 1, "chat": GROUP, "from": {**ANA, "id": 9}, "text": "why?"}
    assert heard("message", message("because", GROUP, reply_to_message=theirs)) is None


def test_a_topic_is_an_address_and_its_opening_is_no_message_that_was_answered() -> None:
    opening = {
        "message_id": 5,
        "date": 1,
        "chat": GROUP,
        "from": BOT,
        "forum_topic_created": {"name": "NLP", "icon_color": 1},
    }
    in_topic = {"message_thread_id": 5, "is_topic_message": True, "reply_to_message": opening}
    incoming = heard("message", message("/queue", GROUP, **in_topic))
    assert incoming
    assert (incoming.address, incoming.reply_to) == (Address("telegram", "-1001", "5"), None)
    assert heard("message", message("just talk", GROUP, **in_topic)) is None


def test_a_chain_of_replies_is_no_topic() -> None:
    incoming = heard("message", message("/queue", GROUP, message_thread_id=77))
    assert incoming
    assert incoming.address == CIRCLE


def test_a_caption_is_text() -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
    incoming = heard("message", message(photo=photo, caption="see https://example.org"))
    assert incoming
    assert incoming.text == "see https://example.org"


def test_an_address_behind_words_is_put_below() -> None:
    said = "The clearest explanation of attention"
    links = [
        marked("text_link", said, "clearest", url="https://example.org/attention"),
        marked("text_link", said, "attention", url="tg://user?id=1"),
    ]
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}
    incoming = heard("message", message(said, entities=links, forward_origin=origin))
    assert incoming
    assert incoming.text == f"{said}\nhttps://example.org/attention"


def test_a_place_is_a_location() -> None:
    incoming = heard("message", message(location={"latitude": -23.5, "longitude": -46.6}))
    assert incoming
    assert (incoming.location, incoming.text) == (Location(-23.5, -46.6), None)


def test_a_location_in_a_group_is_not_for_us() -> None:
    assert heard("message", message(chat=GROUP, location={"latitude": -23.5, "longitude": -46.6})) is None


@pytest.mark.parametrize(("now", "presence"), [("kicked", "gone"), ("member", "back")])
def test_blocking_and_unblocking(now: str, presence: str) -> None:
    change = {
        "chat": PRIVATE,
        "from": ANA,
        "date": 1_772_800_000,
        "old_chat_member": {"status": "member", "user": BOT},
        "new_chat_member": {"status": now, "user": BOT, "until_date": 0},
    }
    incoming = heard("my_chat_member", change)
    assert incoming
    assert (incoming.presence, incoming.address, incoming.private) == (presence, HOME, True)
    assert incoming == heard("my_chat_member", change)
    in_group = heard("my_chat_member", {**change, "chat": GROUP})
    assert in_group is None


def test_a_group_that_became_a_supergroup_tells_its_new_address_once() -> None:
    old = {"id": -50, "type": "group", "title": "Study circle"}
    incoming = heard("message", message(chat=old, migrate_to_chat_id=-1001))
    assert incoming
    assert (incoming.address, incoming.moved_to) == (Address("telegram", "-50"), CIRCLE)
    assert (incoming.text, incoming.action, incoming.location, incoming.presence) == (None,) * 4
    assert heard("message", message(chat=GROUP, migrate_from_chat_id=-50)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"from": {**ANA, "is_bot": True}},
        {"sender_chat": GROUP},
        {"is_automatic_forward": True},
        {"from": None},
    ],
)
def test_who_is_no_person_is_not_heard(change: dict[str, Any]) -> None:
    assert heard("message", message("/start", GROUP, **change)) is None


@pytest.mark.parametrize("kind", ["edited_message", "channel_post", "edited_channel_post"])
def test_edited_commands_and_channels_are_left_alone(kind: str) -> None:
    assert heard(kind, message("/start")) is None


def test_other_words_in_a_message_are_told_as_such_each_time() -> None:
    written = heard("message", message("one line"))
    edited = heard("edited_message", message("another line", edit_date=1_772_800_000))
    again = heard("edited_message", message("a third line", edit_date=1_772_800_001))
    assert written
    assert edited
    assert again
    assert not written.edited
    assert edited.edited
    assert written.said == edited.said == again.said
    assert len({written.key, edited.key, again.key}) == 3
    assert heard("edited_message", message("in a group", GROUP)) is None


def test_what_no_database_takes_is_replaced() -> None:
    incoming = heard("message", message("a\x00b\ud800", **{"from": {**ANA, "first_name": "A\x00na"}}))
    assert incoming
    assert (incoming.text, incoming.sender.name) == ("a\ufffdb\ufffd", "A\ufffdna")


def test_an_update_stands_in_the_lanes_of_its_chat_and_its_person() -> None:
    update = Update.de_json({"update_id": 1, "message": message("/a", GROUP)}, None)
    assert lanes_of(update) == ("chat-1001", "person7")
    assert lanes_of(Update(1)) == ()
