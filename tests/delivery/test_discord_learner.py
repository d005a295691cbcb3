"""The whole product for somebody who learns on Discord, on the real discord.py: a dose and its buttons over a restart; both languages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import func, select, update

from bot.store.tables import Card, Outgoing, Subscription
from tests.delivery.crowd import Slot, crowd
from tests.delivery.on_discord import Play, labels_of, playing, words_of
from tests.house import SAO_PAULO
from tests.rig.discord import DiscordServer, Person
from tests.rig.discord.world import PRIVATE_THREAD

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=SAO_PAULO)


class Said(NamedTuple):
    """The words of one language, in the order they are needed."""

    client: str
    trail: str
    begin: str
    more: str
    why: str
    because: str
    back: str
    another: str
    save: str
    saved: str
    done: str
    day_one: str
    right: str
    line: str
    kept: str
    streak: str
    look_for: str
    offered: str
    brought: str
    settings: str


PORTUGUESE = Said(
    *("pt-BR", "Primeiros passos", "Começar", "Mais…", "Por que esta?", "Por que What is data?", "‹ Voltar", "Outra"),
    *("Salvar", "What is data?", "Feito", "Feito. Dia 1.", "No ponto", "Uma linha para lembrar depois", "Guardado"),
    *("1 dia, recorde 1.", "mod", "What is a model?", "Está na fila dos curadores como #1", "Ajustes"),
)
ENGLISH = Said(
    *("en-US", "First steps", "Begin", "More…", "Why this", "Why What is data?", "‹ Back", "Another"),
    *("Save", "What is data?", "Done", "Done. Day 1.", "Right", "One line to remember it by", "Kept"),
    *("1 day, best 1.", "mod", "What is a model?", "It waits for the curators as #1", "Settings"),
)


async def subscribed(play: Play, person: Person, said: Said = PORTUGUESE) -> None:
    """The two taps."""
    await play.uses(person, "start")
    await play.presses(person, said.trail)
    if said.begin not in labels_of(person.sees()[-1]):  # no zone dominates where they are: the clock is asked
        await play.writes(person, "São Paulo")
    await play.presses(person, said.begin)


@pytest.mark.parametrize("said", [PORTUGUESE, ENGLISH], ids=["pt", "en"])
async def test_a_day_with_all_of_it_over_a_restart(tmp_path: Path, discord: DiscordServer, said: Said) -> None:
    ana = discord.person("Ana", said.client)
    async with playing(discord, tmp_path, NOON) as play:
        await subscribed(play, ana, said)
        await play.uses(ana, "today")
        dose = ana.sees()[-1]
        assert labels_of(dose)[1:] == [said.done, said.another, labels_of(dose)[3], said.more]
        await play.presses(ana, said.more, dose)
        assert said.save in labels_of(dose)

    async with playing(discord, tmp_path, NOON) as play:  # what was pressed by the process before goes on here
        await play.presses(ana, said.why, dose)
        assert words_of(dose).startswith(said.because)
        await play.presses(ana, said.back, dose)
        await play.presses(ana, said.more, dose)
        await play.presses(ana, said.save, dose)
        await play.uses(ana, "saved")
        play.sees(ana, said.saved)
        await play.presses(ana, said.back, dose)
        await play.presses(ana, said.another, dose)
        await play.presses(ana, said.done, dose)
        question = play.sees(ana, said.day_one)
        await play.presses(ana, said.right, question)

    async with playing(discord, tmp_path, NOON) as play:
        await play.fills_in(ana, "rows are things", await play.presses(ana, said.line))
        play.sees(ana, said.kept)
        await play.uses(ana, "streak")
        play.sees(ana, said.streak)
        await play.uses(ana, "progress")
        assert ana.sees()[-1].files[0][0] == "picture.png"
        assert ana.sees()[-1].files[0][2], "words for those who cannot see it"
        assert said.offered in await ana.types_ahead("search", said.look_for)
        await play.uses(ana, "search", said.offered)
        play.sees(ana, said.offered)
        await play.uses(ana, "suggest", "https://example.net/a so clear")
        play.sees(ana, said.brought)
        await play.uses(ana, "settings")
        play.sees(ana, said.settings)
        await play.forward(days=4)
        await play.uses(ana, "recall")
        await play.uses(ana, "mydata")
        assert ana.sees()[-1].files[0][0] == "trilha.json"


async def test_a_line_that_was_written_follows_its_message(tmp_path: Path, discord: DiscordServer) -> None:
    ana = discord.person("Ana")
    async with playing(discord, tmp_path, NOON) as play:
        await subscribed(play, ana)
        await play.uses(ana, "today")
        await play.presses(ana, "Feito")
        number = await play.writes(ana, "rows are thigns")
        await ana.changes(number, "rows are thigns", preview=True)
        await ana.changes(number, "rows are things")
        await play.settled()
        async with play.app.database.read() as session:
            assert list(await session.scalars(select(Card.answer).where(Card.answer.is_not(None)))) == [
                "rows are things"
            ]


async def test_a_line_is_kept_also_in_the_thread_of_somebody_who_takes_no_direct_messages(
    tmp_path: Path, discord: DiscordServer
) -> None:
    ana = discord.person("Ana")
    async with playing(discord, tmp_path, NOON) as play:
        await play.shared_server(ana)
        await subscribed(play, ana)
        discord.world.closed.add(ana.id)
        await play.forward(hours=21)
        (thread,) = [one for one in discord.world.channels.values() if one.kind == PRIVATE_THREAD]
        await play.presses(ana, "Feito", ana.sees(thread)[-1])
        await play.fills_in(ana, "rows are things", await play.presses(ana, "Uma linha para lembrar depois"))
        play.sees(ana, "Guardado.", thread)


async def test_closed_in_the_middle_it_costs_one_refusal_and_is_told_at_the_next_word(
    tmp_path: Path, discord: DiscordServer
) -> None:
    ana = discord.person("Ana")
    async with playing(discord, tmp_path, NOON) as play:
        general = await play.shared_server(ana)
        discord.world.servers[general.server or 0].permissions = 1 << 10
        await discord.gateway.dispatch(
            "GUILD_CREATE", discord.gateway.server_json(discord.world.servers[general.server or 0])
        )
        await subscribed(play, ana)
        discord.world.closed.add(ana.id)
        await play.forward(days=3)
        assert [call for call in discord.rest.calls if call[2] in (401, 403, 429)] == [
            ("POST", f"/channels/{ana.direct.id}/messages", 403)
        ]
        await play.uses(ana, "streak", channel=general)
        play.sees(ana, "as suas doses estão pausadas", general)
        discord.world.closed.clear()
        await play.presses(ana, "Voltar")
        await play.forward(days=1)
        play.sees(ana, "What is data?", ana.direct)


async def test_many_closed_messages_cost_one_refusal_each_and_no_more(tmp_path: Path, discord: DiscordServer) -> None:
    count = 60
    people = [discord.person(f"p{number}") for number in range(count)]
    discord.world.closed |= {person.id for person in people}
    async with playing(discord, tmp_path, NOON, bulk_per_second=25) as play:
        await crowd(play.app.database, count, Slot.around(NOON), "discord", first=9001)
        await play.forward(days=2)
        refused = [call[1] for call in discord.rest.calls if call[2] in (401, 403, 429)]
        assert len(refused) == len(set(refused)) == count


async def test_a_kill_between_the_call_and_the_mark_brings_no_second_copy(
    tmp_path: Path, discord: DiscordServer
) -> None:
    ana = discord.person("Ana")
    async with playing(discord, tmp_path, NOON) as play:
        await subscribed(play, ana)
        await play.forward(hours=20)
        async with (
            play.app.database.write() as session
        ):  # as a process leaves it that is killed before it marks the row
            await session.execute(update(Outgoing).where(Outgoing.kind == "dose").values(state="sending", message=None))
    async with playing(discord, tmp_path, play.app.now()) as again:
        await again.forward(minutes=1)
        async with again.app.database.read() as session:
            (row,) = await session.scalars(select(Outgoing).where(Outgoing.kind == "dose"))
            assert await session.scalar(select(func.count(Subscription.id))) == 1
    assert (row.state, row.doubts) == ("sent", 1)
    assert discord.count("POST", f"/channels/{ana.direct.id}/messages") == 2
    assert sum("What is data?" in one.content for one in ana.sees()) == 1
