"""Groups, forums and the command menu on the local Bot API server."""

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from telegram.error import BadRequest, Forbidden

from tests.rig.telegram import Person, TelegramServer

CARD = InlineKeyboardMarkup([[InlineKeyboardButton("Approve", callback_data="approve:41")]])


@pytest.fixture
def bruno(telegram: TelegramServer) -> Person:
    return telegram.person(8, "Bruno", "en", started=True)


async def test_in_a_group_the_bot_hears_what_is_meant_for_it(
    telegram: TelegramServer, bot: Bot, ana: Person, bruno: Person
) -> None:
    room = telegram.group(-100, "Curators", [ana, bruno])
    question = await bot.send_message(-100, "Approve?")
    ana.says("lunch?", chat=room)
    ana.says("/queue", chat=room)
    ana.says("/queue@other_bot", chat=room)
    bruno.says("/queue@trilha_bot", chat=room)
    bruno.says("thanks @trilha_bot", chat=room)
    bruno.replies_to(room.messages[question.message_id], "yes")
    heard = [update.message.text for update in await bot.get_updates() if update.message]
    assert heard == ["/queue", "/queue@trilha_bot", "thanks @trilha_bot", "yes"]


async def test_everybody_in_a_group_sees_and_may_press(
    telegram: TelegramServer, bot: Bot, ana: Person, bruno: Person
) -> None:
    room = telegram.group(-100, "Curators", [ana, bruno])
    await bot.send_message(-100, "#41", reply_markup=CARD)
    assert ana.sees(chat=room) == bruno.sees(chat=room)
    bruno.presses("Approve", chat=room)
    (update,) = await bot.get_updates()
    assert update.effective_user
    assert update.effective_chat
    assert (update.effective_user.first_name, update.effective_chat.title) == ("Bruno", "Curators")


async def test_a_group_that_moved_names_its_new_id(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    group = telegram.group(-100, "Curators", [ana])
    room = group.migrates(-1001234567890)
    with pytest.raises(Exception, match=r"Group migrated to supergroup\. New chat id: -1001234567890"):
        await bot.send_message(-100, "#41")
    await bot.send_message(-1001234567890, "#41")
    assert [message.text for message in ana.sees(chat=room)] == ["#41"]
    left, came = (update.message for update in await bot.get_updates())
    assert left
    assert came
    assert (left.migrate_to_chat_id, came.migrate_from_chat_id) == (-1001234567890, -100)


async def test_a_group_may_throw_the_bot_out_or_vanish(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    room = telegram.group(-100, "Curators", [ana])
    room.kicks_bot(by=ana)
    with pytest.raises(Forbidden, match="Forbidden: bot was kicked from the group chat"):
        await bot.send_message(-100, "#41")
    room.adds_bot(by=ana)
    await bot.send_message(-100, "#41")
    room.is_deleted()
    with pytest.raises(Forbidden, match="Forbidden: the group chat was deleted"):
        await bot.send_message(-100, "#42")


async def test_the_bot_learns_who_is_who_in_a_group(
    telegram: TelegramServer, bot: Bot, ana: Person, bruno: Person
) -> None:
    room = telegram.group(-100, "Curators", [ana])
    room.adds(bruno)
    assert (await bot.get_chat(-100)).title == "Curators"
    assert [member.user.first_name for member in await bot.get_chat_administrators(-100)] == ["Ana"]
    assert (await bot.get_chat_member(-100, bruno.id)).status == "member"
    room.promotes(bruno)
    assert (await bot.get_chat_member(-100, bruno.id)).status == "administrator"
    room.removes(bruno)
    assert (await bot.get_chat_member(-100, bruno.id)).status == "left"


async def test_a_message_to_a_forum_names_a_topic_that_exists(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    telegram.expects("message thread not found")
    room = telegram.group(-1001, "Curators", [ana], kind="supergroup")
    room.topics.add(5)
    sent = await bot.send_message(-1001, "#41", message_thread_id=5)
    assert sent.message_thread_id == 5
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(-1001, "#41", message_thread_id=6)


# the command menu


def menu(word: str) -> list[BotCommand]:
    return [BotCommand("start", word)]


async def test_the_menu_is_the_first_list_that_is_set(telegram: TelegramServer, bot: Bot, ana: Person) -> None:
    bruno = telegram.person(8, "Bruno", "en", started=True)
    await bot.set_my_commands(menu("default"))
    await bot.set_my_commands(menu("padrão"), language_code="pt")
    assert telegram.menu_for(ana) == {"start": "padrão"}
    assert telegram.menu_for(bruno) == {"start": "default"}
    await bot.set_my_commands(menu("private"), BotCommandScopeAllPrivateChats())
    assert telegram.menu_for(ana) == {"start": "private"}
    await bot.set_my_commands(menu("privado"), BotCommandScopeAllPrivateChats(), language_code="pt")
    await bot.set_my_commands(menu("curator"), BotCommandScopeChat(8))
    assert telegram.menu_for(ana) == {"start": "privado"}
    assert telegram.menu_for(bruno) == {"start": "curator"}
    await bot.delete_my_commands(BotCommandScopeChat(8))
    assert telegram.menu_for(bruno) == {"start": "private"}
    assert [command.description for command in await bot.get_my_commands(language_code="pt")] == ["padrão"]


async def test_in_a_group_administrators_and_members_may_have_their_own_menu(
    telegram: TelegramServer, bot: Bot, ana: Person
) -> None:
    bruno, carla = telegram.person(8, "Bruno", "en"), telegram.person(9, "Carla", "en")
    room = telegram.group(-100, "Curators", [ana, bruno, carla])
    await bot.set_my_commands(menu("group"), BotCommandScopeAllGroupChats())
    await bot.set_my_commands(menu("admin"), BotCommandScopeAllChatAdministrators())
    await bot.set_my_commands(menu("carla"), BotCommandScopeChatMember(-100, carla.id))
    seen = [telegram.menu_for(person, room)["start"] for person in (ana, bruno, carla)]
    assert seen == ["admin", "group", "carla"]


async def test_a_description_is_kept_by_language(bot: Bot) -> None:
    await bot.set_my_description("One dose a day")
    await bot.set_my_description("Uma dose por dia", language_code="pt")
    assert (await bot.get_my_description("pt")).description == "Uma dose por dia"
    assert (await bot.get_my_description("de")).description == "One dose a day"
