"""The people of the local Bot API server: a real python-telegram-bot application talks with them."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
import pytest_asyncio
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import BadRequest, Forbidden
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from tests.rig.png import png
from tests.rig.telegram import Person, TelegramServer

DOSE = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Open", url="https://example.org"), InlineKeyboardButton("Done", callback_data="done:1")],
        [InlineKeyboardButton("More…", callback_data="more:1")],
    ]
)


async def give_dose(update: Update, _: Any) -> None:
    assert update.message
    await update.message.reply_html("<b>Overfitting</b> without tears", reply_markup=DOSE)


async def mark_done(update: Update, _: Any) -> None:
    assert update.callback_query
    await update.callback_query.answer("Feito!")
    await update.callback_query.edit_message_text("Done. Day 1. What will you remember?")


async def keep_note(update: Update, _: Any) -> None:
    assert update.message
    await update.message.reply_text(f"Kept: {update.message.text}")


@pytest_asyncio.fixture
async def application(telegram: TelegramServer) -> AsyncIterator[Application]:  # type: ignore[type-arg]
    """A bot that gives a dose, takes it as done, and keeps notes."""
    builder = ApplicationBuilder().token(telegram.token).base_url(telegram.base_url)
    application = builder.base_file_url(telegram.base_file_url).build()
    application.add_handler(CommandHandler("today", give_dose))
    application.add_handler(CallbackQueryHandler(mark_done, pattern="done:"))
    application.add_handler(MessageHandler(filters.TEXT, keep_note))
    async with application:
        assert application.updater
        await application.start()
        await application.updater.start_polling()
        yield application
        await application.updater.stop()
        await application.stop()


# a conversation


@pytest.mark.usefixtures("application")
async def test_a_dose_is_asked_for_seen_pressed_and_edited(ana: Person) -> None:
    ana.says("/today")
    dose = await ana.sees_something("Overfitting")
    assert dose.text == "Overfitting without tears"
    assert dose.marked("bold") == ["Overfitting"]
    assert dose.buttons == [["Open", "Done"], ["More…"]]
    press = ana.presses("Done")
    assert (await press.answered()).text == "Feito!"
    assert await ana.sees_something("Day 1") is dose
    assert dose.buttons == []
    ana.says("early stopping")
    assert (await ana.sees_something()).text == "Kept: early stopping"


@pytest.mark.usefixtures("application")
async def test_an_old_screen_is_never_taken_for_an_answer(ana: Person) -> None:
    ana.says("/today")
    await ana.sees_something("Overfitting")
    ana.sends_location(-23.5, -46.6)
    with pytest.raises(AssertionError, match=r"Ana did not see “Overfitting” within 0\.05 s; on the screen:"):
        await ana.sees_something("Overfitting", within=0.05)


async def test_a_deleted_message_leaves_the_screen(bot: Bot, ana: Person) -> None:
    first = await bot.send_message(7, "one")
    await bot.send_message(7, "two")
    await first.delete()
    assert [message.text for message in ana.sees()] == ["two"]


async def test_a_long_message_arrives_in_pieces(bot: Bot, ana: Person) -> None:
    ana.says("x" * 10_000)
    assert [len(update.message.text or "") for update in await bot.get_updates() if update.message] == [
        4096,
        4096,
        1808,
    ]


async def test_replies_edits_and_forwards_carry_where_they_come_from(bot: Bot, ana: Person) -> None:
    await bot.send_message(7, "What will you remember?")
    note = ana.replies_to(ana.sees()[-1], "tears")
    ana.edits(note, "no tears")
    ana.forwards("see https://example.org/a", origin="Bruno")
    reply, edit, forward = await bot.get_updates()
    assert reply.message
    assert reply.message.reply_to_message
    assert reply.message.reply_to_message.text == "What will you remember?"
    assert edit.edited_message
    assert (edit.edited_message.message_id, edit.edited_message.text) == (note.id, "no tears")
    assert forward.message
    assert forward.message.forward_origin
    assert forward.message.forward_origin.to_dict()["sender_user_name"] == "Bruno"
    assert [*forward.message.parse_entities(["url"]).values()] == ["https://example.org/a"]


async def test_a_place_and_a_file_reach_the_bot(bot: Bot, ana: Person) -> None:
    ana.sends_location(-23.55, -46.63)
    ana.sends_file("lista.md", b"# Links", caption="my list", mime="text/markdown")
    place, sent = (update.message for update in await bot.get_updates())
    assert place
    assert place.location
    assert (place.location.latitude, place.location.longitude) == (-23.55, -46.63)
    assert sent
    assert sent.document
    assert (sent.document.file_name, sent.caption) == ("lista.md", "my list")
    file = await sent.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"# Links"


async def test_a_picture_and_a_document_are_seen_with_their_captions(bot: Bot, ana: Person) -> None:
    picture = png(40, 20)
    sent = await bot.send_photo(7, BytesIO(picture), caption="<i>March</i>", parse_mode="HTML")
    await bot.send_document(7, b"{}", filename="mydata.json", caption="all of it")
    await bot.send_photo(7, sent.photo[-1].file_id)
    photo, document, again = ana.sees()
    assert (sent.photo[-1].width, sent.photo[-1].height) == (40, 20)
    assert (photo.photo, photo.text, photo.marked("italic")) == (picture, "March", ["March"])
    assert document.document
    assert (document.document.name, document.document.data, document.text) == ("mydata.json", b"{}", "all of it")
    assert again.photo == picture


@pytest.mark.parametrize(
    ("picture", "complaint"),
    [(b"no picture", "Image_process_failed"), (png(42, 2), "Photo_invalid_dimensions")],
)
async def test_a_bad_picture_is_refused(
    telegram: TelegramServer, bot: Bot, ana: Person, picture: bytes, complaint: str
) -> None:
    telegram.expects(complaint.upper())
    with pytest.raises(BadRequest, match=complaint):
        await bot.send_photo(ana.id, picture)


async def test_a_reply_keyboard_stays_until_it_is_removed(bot: Bot, ana: Person) -> None:
    asked = await bot.send_message(7, "Time?", reply_markup=ReplyKeyboardMarkup([[KeyboardButton("09:00"), "10:00"]]))
    assert asked.reply_markup is None
    assert ana.keyboard == [["09:00", "10:00"]]
    ana.taps("09:00")
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.text == "09:00"
    await bot.send_message(7, "Thanks", reply_markup=ReplyKeyboardRemove())
    assert ana.keyboard == []
    with pytest.raises(LookupError):
        ana.taps("09:00")


# presses


async def test_a_button_is_found_by_label_or_data_on_the_newest_message(bot: Bot, ana: Person) -> None:
    await bot.send_message(7, "yesterday", reply_markup=DOSE)
    await bot.send_message(7, "today", reply_markup=DOSE)
    assert ana.presses("Done").message.text == "today"
    assert ana.presses("more:1", message=ana.sees()[0]).message.text == "yesterday"
    with pytest.raises(LookupError, match="Ana finds no button “Save”"):
        ana.presses("Save")
    with pytest.raises(LookupError, match=r"is a link to https://example\.org/"):
        ana.presses("Open")


async def test_ten_presses_are_ten_updates(bot: Bot, ana: Person) -> None:
    await bot.send_message(7, "dose", reply_markup=DOSE)
    presses = [ana.presses("Done") for _ in range(10)]
    updates = await bot.get_updates()
    assert [update.callback_query.id for update in updates if update.callback_query] == [press.id for press in presses]


async def test_an_answer_after_150_seconds_is_too_late(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    telegram.expects("query is too old")
    await bot.send_message(7, "dose", reply_markup=DOSE)
    ana.presses("Done")
    (update,) = await bot.get_updates()
    telegram.forward(151)
    assert update.callback_query
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await update.callback_query.answer()


async def test_a_press_on_a_deleted_message_comes_without_its_content(bot: Bot, ana: Person) -> None:
    sent = await bot.send_message(7, "dose", reply_markup=DOSE)
    message = ana.sees()[-1]
    await sent.delete()
    ana.presses("Done", message=message)
    (update,) = await bot.get_updates()
    chat = {"id": 7, "type": "private", "first_name": "Ana"}
    pressed = update.to_dict()["callback_query"]["message"]
    assert {name: pressed[name] for name in ("chat", "message_id", "date")} == {
        "chat": chat,
        "message_id": message.id,
        "date": 0,
    }
    assert "text" not in pressed


async def test_a_toast_has_at_most_200_characters(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    telegram.expects("MESSAGE_TOO_LONG")
    await bot.send_message(7, "dose", reply_markup=DOSE)
    press = ana.presses("Done")
    await bot.answer_callback_query(press.id, "x" * 200, show_alert=True)
    with pytest.raises(BadRequest):
        await bot.answer_callback_query(press.id, "x" * 201)
    assert press.answers == [("x" * 200, True)]


# closed doors


async def test_nobody_is_written_to_before_they_wrote(telegram: TelegramServer, bot: Bot) -> None:
    bruno = telegram.person(8, "Bruno")
    with pytest.raises(Forbidden, match="Forbidden: bot can't initiate conversation with a user"):
        await bot.send_message(8, "hello")
    bruno.says("/start")
    await bot.send_message(8, "hello")
    assert len(bruno.sees()) == 1


async def test_who_blocked_the_bot_gets_nothing_until_they_return(bot: Bot, ana: Person) -> None:
    ana.blocks()
    with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(7, "dose")
    ana.unblocks()
    await bot.send_message(7, "dose")
    assert [message.text for message in ana.sees()] == ["dose"]
    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked", "member"]


async def test_a_deleted_account_is_deactivated(bot: Bot, ana: Person) -> None:
    ana.deletes_account()
    with pytest.raises(Forbidden, match="Forbidden: user is deactivated"):
        await bot.send_message(7, "dose")


async def test_only_own_messages_are_edited(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    telegram.expects("message can't be edited")
    hers = ana.says("mine")
    asking = await bot.send_message(7, "Time?", reply_markup=ReplyKeyboardMarkup([["09:00"]]))
    for message_id in (hers.id, asking.message_id):
        with pytest.raises(BadRequest, match="Message can't be edited"):
            await bot.edit_message_text("x", chat_id=7, message_id=message_id)
