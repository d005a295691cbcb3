"""The curators' desk on the real python-telegram-bot: a forwarded post, a room, two curators, a crowd, and the card that follows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import App
from bot.clock import Present
from bot.doors.telegram import TelegramDoor
from bot.states import Role
from bot.store import people
from bot.web.fetch import Fetcher
from tests.house import settings_for
from tests.rig.telegram import Person, TelegramServer

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=ZoneInfo("America/Sao_Paulo"))


@asynccontextmanager
async def serving(folder: Path, telegram: TelegramServer, web: Fetcher | None = None) -> AsyncIterator[App]:
    """The bot at work on this server, since Tuesday noon."""
    settings = settings_for(folder, telegram_token=telegram.token, telegram_api_url=telegram.url)
    app = App(settings, [TelegramDoor(telegram.token, telegram.url)], Present(NOON - datetime.now(UTC)), web)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


async def curator(app: App, telegram: TelegramServer, number: int, name: str, role: str = "curator") -> Person:
    """Somebody who has spoken to the bot, with a role."""
    person = telegram.person(number, name, "en", started=True)
    person.says("/help")
    await person.sees_something("What you can say", within=15)
    async with app.database.write() as session:
        await people.give_role(session, "telegram", str(number), Role(role))
    return person


async def test_from_a_forwarded_post_to_an_outcome_on_every_card(tmp_path: Path, telegram: TelegramServer) -> None:
    async with serving(tmp_path, telegram) as app:
        bruno = telegram.person(8, "Bruno", "en", started=True)
        carla, dora = await curator(app, telegram, 9, "Carla"), await curator(app, telegram, 10, "Dora", "owner")
        guest = telegram.person(11, "Guest", "en", started=True)
        room = telegram.group(-100, "Curators", [carla, dora, guest])
        carla.says("/room here", chat=room)
        await carla.sees_something("New suggestions come here", within=5, chat=room)

        bruno.forwards("The clearest one: https://example.net/attention")
        await bruno.sees_something("It waits for the curators as #1", within=5)
        await dora.sees_something("#1 · from Bruno", within=15, chat=room)
        dora.says("/queue 1")
        await dora.sees_something("#1 · from Bruno", within=5)
        guest.presses("Approve", chat=room)
        carla.presses("Reject…", chat=room)
        await carla.sees_something("#1 · from Bruno", within=5, chat=room)
        carla.presses("Paywall", chat=room)
        await carla.sees_something("✗ Rejected by Carla", within=5, chat=room)
        await dora.sees_something("✗ Rejected by Carla", within=15)
        await bruno.sees_something("is behind a paywall", within=15)
        assert "approve" not in str(room.messages)


async def test_who_cleared_their_chat_gets_a_card_that_changes_once(tmp_path: Path, telegram: TelegramServer) -> None:
    telegram.expects("message to edit not found")
    async with serving(tmp_path, telegram) as app:
        bruno = telegram.person(8, "Bruno", "en", started=True)
        carla, dora = await curator(app, telegram, 9, "Carla"), await curator(app, telegram, 10, "Dora", "owner")
        bruno.forwards("The clearest one: https://example.net/attention")
        await bruno.sees_something("It waits for the curators as #1", within=5)
        for _ in range(3):
            carla.says("/queue 1")
            await carla.sees_something("#1 · from Bruno", within=5)
            for message in carla.sees():
                message.deleted = True
        dora.says("/reject 1 off-topic")
        await dora.sees_something("#1 rejected", within=5)
        await carla.sees_something("✗ Rejected by Dora", within=15)
        await app.settle()
        assert len(carla.sees()) == 1


async def unread(host: str, port: int) -> Sequence[tuple[str, int]]:
    """A page that takes its time."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")


async def test_in_a_room_the_answer_to_what_a_link_is_called_comes_as_a_reply(
    tmp_path: Path, telegram: TelegramServer
) -> None:
    async with serving(tmp_path, telegram, Fetcher(resolve=unread)) as app:
        carla = await curator(app, telegram, 9, "Carla")
        room = telegram.group(-100, "Curators", [carla])
        carla.says("/room here", chat=room)
        await carla.sees_something("New suggestions come here", within=15, chat=room)
        carla.says("/suggest https://example.net/attention")
        await carla.sees_something("#1 · from Carla", within=15, chat=room)
        carla.presses("Approve", chat=room)
        asked = await carla.sees_something("What is #1 called", within=15, chat=room)
        assert asked.markup == {"force_reply": True, "selective": False, "input_field_placeholder": "Title, minutes"}
        carla.replies_to(asked, "Attention explained, 20")
        await carla.sees_something("Which topic?", within=15, chat=room)
        carla.presses("Models", chat=room)
        await carla.sees_something("✓ Approved by Carla", within=15, chat=room)
