"""What a platform's answers do to the curators' rooms: a thread that is gone, a chat that moved to where a room is already."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from bot.chat import Address, Message, MessageRef
from bot.errors import Moved, Unreachable
from bot.store import outbox, rooms, shown_cards
from bot.store.tables import Outgoing, ShownCard
from tests.house import House, open_rooms

LINK = "https://jalammar.github.io/illustrated-transformer/"
OLD, NEW = Address("terminal", "-100"), Address("terminal", "-1001")


async def places(house: House) -> list[tuple[str, str | None]]:
    async with house.app.database.read() as session:
        return [(room.chat, room.thread) for room in await rooms.every(session)]


async def test_a_thread_that_is_gone_closes_no_room_in_another(house: House) -> None:
    await open_rooms(house, Address("terminal", "-100", "7"))
    row = {"key": "x", "kind": "notice", "platform": "terminal", "chat": "-100", "facts": {"says": "roles.you_are"}}
    async with house.app.database.write() as session:
        await outbox.put(session, [{**row, "thread": "5", "priority": 1, "not_before": house.app.now()}])
    house.door.fails_next(Unreachable("Bad Request: message thread not found"))
    await house.app.settle()
    assert await places(house) == [("-100", "7")]


async def test_a_thread_that_is_gone_closes_its_room(house: House) -> None:
    await open_rooms(house, Address("terminal", "-100", "7"))
    await house.person("bruno", "en").says(f"/suggest {LINK}")
    house.door.fails_next(Unreachable("Bad Request: message thread not found"))
    await house.app.settle()
    assert await places(house) == []


async def test_a_chat_that_moved_to_where_a_room_is_already_has_one_room_and_each_card_once(
    either_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_rooms(either_house, OLD, NEW)
    send, refused = either_house.door.send, 0

    async def migrated(to: Address, message: Message, **more: Any) -> MessageRef:
        nonlocal refused
        if to.chat == OLD.chat:
            refused += 1
            raise Moved("group chat was upgraded to a supergroup chat", NEW)
        return await send(to, message, **more)

    monkeypatch.setattr(either_house.door, "send", migrated)
    await either_house.person("bruno", "en").says(f"/suggest {LINK} so clear")
    await either_house.app.settle()
    await either_house.forward(hours=2)
    assert refused == 1
    assert await places(either_house) == [(NEW.chat, None)]
    said = either_house.door.person("carla", chat=NEW.chat, language="en").sees()
    assert said.count("#1 · from Bruno") == 1
    async with either_house.app.database.read() as session:
        kept = list(await session.scalars(select(Outgoing).where(Outgoing.kind == "card")))
    assert [(row.chat, row.state) for row in kept] == [(NEW.chat, "sent")]


async def test_a_message_of_the_new_chat_keeps_its_card_when_the_old_one_had_a_message_of_that_number(
    either_house: House,
) -> None:
    await either_house.person("bruno", "en").says(f"/suggest {LINK}")
    shown = {"suggestion_id": 1, "platform": "terminal", "language": "en", "at": either_house.app.now()}
    async with either_house.app.database.write() as session:
        for chat, message in ((OLD.chat, "5"), (OLD.chat, "6"), (NEW.chat, "5")):
            session.add(ShownCard(chat=chat, message=message, **shown))
    async with either_house.app.database.write() as session:
        await outbox.move(session, OLD, NEW)
    async with either_house.app.database.read() as session:
        cards = await session.execute(select(ShownCard.chat, ShownCard.message).order_by(ShownCard.message))
    assert [tuple(card) for card in cards] == [(NEW.chat, "5"), (NEW.chat, "6")]


async def test_a_card_that_changes_again_after_its_chat_moved_is_edited_in_the_new_one(either_house: House) -> None:
    now = either_house.app.now()
    await either_house.person("bruno", "en").says(f"/suggest {LINK}")
    async with either_house.app.database.write() as session:
        shown = {"suggestion_id": 1, "platform": "terminal", "language": "en", "at": now}
        session.add(ShownCard(chat=OLD.chat, message="5", **shown))
        await session.flush()
        await shown_cards.refresh(session, 1, now)
        await session.execute(update(Outgoing).where(Outgoing.kind == "edit").values(state="sent"))
        await outbox.move(session, OLD, NEW)
        await shown_cards.refresh(session, 1, now)
    async with either_house.app.database.read() as session:
        edit = (await session.scalars(select(Outgoing).where(Outgoing.kind == "edit"))).one()
    assert (edit.chat, edit.state) == (NEW.chat, "due")
