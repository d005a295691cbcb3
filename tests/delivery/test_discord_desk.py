"""The curators' desk on the real discord.py: a room, cards and their buttons, boxes to write into, two curators, feeds and links."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.doors.discord import answers as answers_of_the_door
from bot.store.tables import Suggestion
from tests.delivery.on_discord import Play, labels_of, playing, words_of
from tests.house import SAO_PAULO
from tests.rig.discord import Channel, DiscordServer, Person

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=SAO_PAULO)
LINK = "https://example.net/attention"


@pytest.fixture
async def play(discord: DiscordServer, tmp_path: Path) -> AsyncIterator[Play]:
    async with playing(discord, tmp_path, NOON) as begun:
        yield begun


@pytest.fixture
def bruno(discord: DiscordServer) -> Person:
    return discord.person("Bruno", "en-GB")


@pytest.fixture
async def carla(discord: DiscordServer, play: Play) -> Person:
    carla = discord.person("Carla", "en-US")
    await play.give_role(carla, "curator")
    return carla


@pytest.fixture
async def dora(discord: DiscordServer, play: Play) -> Person:
    dora = discord.person("Dora", "pt-BR")
    await play.give_role(dora, "owner")
    return dora


@pytest.fixture
async def room(play: Play, carla: Person, dora: Person) -> Channel:
    """The curators' channel, with a card of Bruno's in it."""
    room = await play.shared_server(carla, dora)
    await play.uses(carla, "room", "here", room)
    play.sees(carla, "New suggestions come here", room)
    return room


async def state(play: Play, number: int = 1) -> Suggestion:
    async with play.app.database.read() as session:
        found = await session.scalar(select(Suggestion).where(Suggestion.id == number))
    assert found
    return found


async def brought(play: Play, bruno: Person, link: str = LINK) -> None:
    await play.uses(bruno, "suggest", f"{link} the clearest one")
    play.sees(bruno, "It waits for the curators as #")


WORDS = {
    "en": ("Edit", "title", "title, as it should be", "Approve", "Models", "Undo", "✓ Approved by Carla, 12:"),
    "pt": (
        "Editar",
        "título",
        "título, como deve ficar",
        "Aprovar",
        "Modelos",
        "Desfazer",
        "✓ Aprovado por Carla, 12:",
    ),
}


@pytest.mark.parametrize("language", ["en", "pt"])
async def test_from_a_suggestion_over_a_title_in_the_box_to_the_catalog_and_back(
    play: Play, bruno: Person, carla: Person, dora: Person, room: Channel, language: str
) -> None:
    carla.locale = dora.locale = "en-US" if language == "en" else "pt-BR"
    await play.uses(carla, "room", "here", room)
    edit, title, box, approve, models, undo, done = WORDS[language]
    await brought(play, bruno)
    card = play.sees(carla, "“the clearest one”", room)
    assert labels_of(card)[:2] == [approve, edit]
    await play.presses(carla, edit, card)
    await play.fills_in(carla, "Attention, explained", await play.presses(carla, title, card))
    play.sees(dora, "Attention, explained", room)
    play.sees(carla, box, room)
    assert not any(box in words_of(one) for one in dora.sees(room)), "the box is hers alone"
    await play.presses(carla, approve, card)
    await play.presses(carla, "20 min", card)  # its page was not read
    await play.presses(carla, models, card)
    assert done in words_of(card)
    play.sees(bruno, "Attention, explained was approved by the curators and goes out with Models")
    assert play.app.catalog.resource((await state(play)).resource_id or "")
    await play.presses(carla, undo, card)
    assert (await state(play)).state == "waiting"
    play.sees(bruno, "is being looked at once more")


async def test_what_nobody_read_is_told_in_a_box_and_approved(
    play: Play, bruno: Person, carla: Person, room: Channel
) -> None:
    await play.uses(carla, "room", "here", room)
    await brought(play, bruno)
    card = play.sees(carla, "“the clearest one”", room)
    await play.fills_in(carla, "Attention, explained, 20", await play.presses(carla, "Approve", card))
    await play.presses(carla, "Models")
    row = await state(play)
    assert (row.state, row.edits["title"], row.edits["minutes"]) == ("approved", "Attention, explained", 20)


async def test_the_second_curator_hears_who_was_faster_and_the_owner_may_undo(
    play: Play, bruno: Person, carla: Person, dora: Person, room: Channel
) -> None:
    await brought(play, bruno)
    await play.writes(dora, "/fila 1")
    theirs = play.sees(dora, "#1 · de Bruno", dora.direct)
    await play.presses(carla, "Reject…", play.sees(carla, "#1 · from Bruno", room))
    await play.presses(carla, "Paywall", play.sees(carla, "#1 · from Bruno", room))
    assert "✗ Recusado por Carla" in words_of(theirs), "the card in her direct messages follows"
    play.sees(bruno, "is behind a paywall")
    await play.writes(dora, "/desfazer 1")
    assert (await state(play)).state == "waiting"


@pytest.mark.parametrize("patience", [60.0, 0.0], ids=["opened at once", "opened by a button"])
async def test_a_reason_in_own_words_is_written_into_a_box(
    play: Play, bruno: Person, carla: Person, room: Channel, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    monkeypatch.setattr(answers_of_the_door, "ACKNOWLEDGE_WITHIN", patience)
    await brought(play, bruno)
    card = play.sees(carla, "#1 · from Bruno", room)
    await play.presses(carla, "Reject…", card)
    await play.fills_in(carla, "We have it in @everyone already.", await play.presses(carla, "In my words…", card))
    assert "✗ Rejected by Carla" in words_of(card)
    told = play.sees(bruno, "“We have it in @everyone already.”")
    assert told.payload["allowed_mentions"] == {"parse": []}


async def test_decisions_by_number_and_the_log_work_in_the_room(
    play: Play, bruno: Person, carla: Person, room: Channel
) -> None:
    for number in (1, 2):
        await brought(play, bruno, f"https://example.net/{number}")
    await play.uses(carla, "approve", "1 topic=models minutes=10 title=One", room)
    play.sees(carla, "#1 approved: One", room)
    await play.uses(carla, "reject", "2 off-topic", room)
    play.sees(carla, "#2 rejected", room)
    await play.uses(carla, "edit", "2 minutes=20", room)
    await play.uses(carla, "undo", "2", room)
    assert [(await state(play, number)).state for number in (1, 2)] == ["approved", "waiting"]
    await play.uses(carla, "log", "", room)
    play.sees(carla, "Carla", room)


async def test_whoever_is_no_curator_may_press_and_nothing_happens(
    play: Play, bruno: Person, carla: Person, room: Channel
) -> None:
    await brought(play, bruno)
    card = play.sees(carla, "#1 · from Bruno", room)
    before = card.edits
    for label in ("Approve", "Edit", "Reject…", "Later"):
        await play.presses(bruno, label, card)
    for forged in ("approve:1:models", "reject:1:0:paywall", "curators:add", "mend:1:title", "undo:a1", "~ask:here"):
        await bruno.presses_action(forged, card)
        await play.settled()
    assert card.edits == before
    assert (await state(play)).state == "waiting"
    whispers = [one for one in bruno.sees(room) if one.seen_by == bruno.id]
    assert len(whispers) >= 4
    assert "That is for the curators to press." in map(words_of, whispers)
    assert not [one for one in carla.sees(room) if one.seen_by]


async def test_a_card_that_was_deleted_hinders_no_decision(
    play: Play, bruno: Person, carla: Person, room: Channel
) -> None:
    await brought(play, bruno)
    card = play.sees(carla, "#1 · from Bruno", room)
    await play.writes(carla, "/queue 1")
    card.deleted = True
    await play.writes(carla, "/reject 1 paywall")
    assert (await state(play)).state == "rejected"
    assert "✗ Rejected by Carla" in words_of(play.sees(carla, "#1 · from Bruno", carla.direct))
    play.sees(carla, "✗ Rejected by Carla", room)
    play.sees(bruno, "is behind a paywall")


async def test_a_room_in_which_i_may_not_write_is_closed_and_curators_hear_what_i_need(
    play: Play, discord: DiscordServer, bruno: Person, carla: Person, room: Channel
) -> None:
    discord.world.servers[room.server or 0].permissions = 1 << 10
    await brought(play, bruno)
    play.sees(carla, "The curators' room on Discord takes nothing from me any more", carla.direct)
    discord.world.servers[room.server or 0].permissions |= 1 << 11
    await play.uses(carla, "room", "here", room)
    await brought(play, bruno, "https://example.net/2")
    play.sees(carla, "#2 · from Bruno", room)


async def test_a_role_is_given_by_a_mention(play: Play, bruno: Person, dora: Person, room: Channel) -> None:
    await play.uses(bruno, "help")
    await play.uses(dora, "curators", f"add <@{bruno.id}>", room)
    await play.uses(bruno, "queue", "", room)
    play.sees(bruno, "Nothing waits. All decided.", room)


async def test_links_are_told_to_their_curator_and_feeds_to_the_room(
    play: Play, carla: Person, dora: Person, room: Channel
) -> None:
    await play.uses(carla, "links", "", room)
    assert play.sees(carla, "No link has been visited yet", room).seen_by == carla.id
    await play.uses(carla, "feeds", "", room)
    assert play.sees(dora, "We follow no feeds yet", room).seen_by is None
    await play.uses(carla, "follow", "https://example.org/feed.xml", room)
    await play.forward(minutes=1)
    play.sees(dora, "example.org", room)
