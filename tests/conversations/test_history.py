"""/history and /saved: what was given and done, what waits; pages, parts, notes beside it, and whose it is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from bot.doors.terminal import Person
from bot.store.tables import Dose, Mark, Thread
from tests.house import House, subscribed

BEGAN = datetime(2026, 3, 2, tzinfo=UTC)
RESOURCES = ("what-is-data", "data-in-words", "types-of-data", "first-notebook", "more-on-data", "what-is-a-model")


@pytest.fixture
async def learnt(house: House, ana: Person) -> Person:
    """Ana did her first dose on Tuesday, 3 March 2026, wrote a line, and left Wednesday's and Thursday's open."""
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    await ana.says("valor e significado")
    await house.forward_to("2026-03-05 09:00")
    ana.sees()
    return ana


async def given_for(house: House, days: int) -> None:
    """So many days before she began with a dose each, every second one done, in the first person's rows."""
    async with house.app.database.write() as session:
        for ago in range(1, days + 1):
            at = BEGAN - timedelta(days=ago)
            outcome = "done" if ago % 2 else None
            session.add(
                Dose(
                    subscription_id=1,
                    day=at.date(),
                    zone="UTC",
                    due_at=at,
                    closes_at=at + timedelta(days=1),
                    resource_id=RESOURCES[ago % len(RESOURCES)],
                    why={"reason": "next"},
                    outcome=outcome,
                )
            )


async def test_history_tells_the_newest_first_with_the_line_they_wrote(learnt: Person) -> None:
    await learnt.says("/historico")
    seen = learnt.sees()
    assert "O que chegou e o que você fez · 1–2 de 2" in seen
    assert "1. Data in words\nqui, 5 de mar · em aberto · Noções básicas · já tinha vindo em qua, 4 de mar\n" in seen
    assert "2. What is data?\nter, 3 de mar · ✓ feita · Noções básicas\n“valor e significado”" in seen
    await learnt.presses("2")
    assert "✓ Você fez esta em 3 de março." in learnt.sees()


async def test_what_gave_way_to_another_or_to_another_size_is_told(learnt: Person) -> None:
    await learnt.presses("Outra")
    await learnt.says("/historico aberto")
    seen = learnt.sees()
    assert (
        "qui, 5 de mar · em aberto · Noções básicas\nno lugar de “Data in words”\n2. Data in words\nqua, 4 de mar"
        in seen
    )
    await learnt.says("/language en")
    await learnt.says("I have 5 minutes")
    learnt.sees()
    await learnt.says("/history open")
    assert "in place of “A first notebook” and 1 more" in learnt.sees()


async def test_parts_are_one_press_or_a_word_away(learnt: Person) -> None:
    await learnt.says("/historico")
    learnt.sees()
    await learnt.presses("Em aberto")
    assert "· Em aberto\n1. Data in words" in learnt.sees()
    await learnt.presses("Tudo")
    assert "1–2 de 2" in learnt.sees()
    await learnt.presses("Com notas")
    assert "1. What is data?" in learnt.sees()
    await learnt.says("/history done video march")
    assert "1. What is data?" in learnt.sees()
    await learnt.says("/historico fevereiro")
    assert "Nada no seu histórico combina com “fevereiro”." in learnt.sees()
    assert "history:all" in learnt.actions()
    await learnt.says("/historico banana")
    assert "Não entendi “banana”. Algo como feitas, abertas, notas, março" in learnt.sees()


async def test_recalled_cards_and_doses_of_one_day_stand_together(house: House, learnt: Person) -> None:
    await learnt.says("/revisar")
    await learnt.presses("Mostrar")
    await learnt.presses("Sabia")
    learnt.sees()
    await learnt.says("/historico")
    assert "· qui, 5 de mar: 1 pergunta revisada" in learnt.sees()
    await learnt.says("/historico feitas")
    assert "1–2 de 2" in learnt.sees()


async def test_pages_go_back_to_the_beginning_and_no_further(house: House, learnt: Person) -> None:
    await given_for(house, 20)
    await learnt.says("/historico")
    assert "1–5 de 22" in learnt.sees()
    await learnt.presses("Mais ›")
    assert "6–10 de 22" in learnt.sees()
    await learnt.forges("past:1:99999")
    assert "21–22 de 22" in learnt.sees()
    await learnt.presses("‹ Voltar")
    assert "16–20 de 22" in learnt.sees()


async def test_a_page_of_a_part_stays_in_its_part(house: House, learnt: Person) -> None:
    await given_for(house, 20)
    await learnt.says("/historico feitas")
    assert "1–5 de 11" in learnt.sees()
    await learnt.presses("Mais ›")
    seen = learnt.sees()
    assert "feitas · 6–10 de 11" in seen
    assert "aberto" not in seen


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """The statements that read, while the block runs; those of the pulses beside it are not counted."""
    read: list[str] = []
    mine = asyncio.current_task()

    def note(_: object, __: object, statement: str, *___: object) -> None:
        if asyncio.current_task() is mine and statement.lstrip().upper().startswith("SELECT"):
            read.append(statement)

    event.listen(house.app.database.engine.sync_engine, "before_cursor_execute", note)
    yield read
    event.remove(house.app.database.engine.sync_engine, "before_cursor_execute", note)


async def test_five_years_need_no_more_queries_than_a_week(house: House, learnt: Person) -> None:
    with counted(house) as short:
        await learnt.says("/historico")
    await given_for(house, 5 * 365)
    with counted(house) as long:
        await learnt.says("/historico")
    assert 5 < len(long) <= len(short) < 20
    assert "1–5 de 1.827" in learnt.sees()


async def test_what_left_the_catalog_stays_in_the_history(house: House, learnt: Person) -> None:
    house.app.live.catalog = house.app.catalog.model_copy(update={"resources": ()})
    await learnt.says("/historico")
    assert "2. What is data?" in learnt.sees()
    await learnt.presses("2")
    assert "Não está mais no catálogo" in learnt.sees()


async def test_history_is_their_own(house: House, learnt: Person, bruno: Person) -> None:
    await learnt.says("/historico")
    await bruno.forges("past:1:0")
    assert "no longer there" in bruno.sees()
    await bruno.says("/history")
    assert "You have no trail yet." in bruno.sees()


async def test_before_the_first_dose_there_is_nothing_and_no_trouble(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/historico")
    assert "Ainda não há nada. Sua primeira dose vai aparecer aqui." in ana.sees()


@pytest.mark.parametrize("typed", ["🦜", "x" * 301, "<b>'; DROP TABLE doses --</b>"])
async def test_odd_words_get_a_sentence(learnt: Person, typed: str) -> None:
    await learnt.says(f"/historico {typed}")
    assert learnt.sees()
    await learnt.says("/historico")
    assert "1–2 de 2" in learnt.sees()


# --------------------------------------------------------------------------------------------------------------- saved


async def test_saved_lists_what_they_kept_and_what_came_three_times_and_what_is_on_the_shelf(
    house: House, learnt: Person
) -> None:
    await learnt.says("/salvos")
    assert "Nada à sua espera aqui." in learnt.sees()
    async with house.app.database.write() as session:
        now = house.app.now()
        day = now.date()
        session.add(Mark(person_id=1, resource_id="bars", mark="saved", at=now))
        session.add(Mark(person_id=1, resource_id="lines", mark="skipped", at=now + timedelta(hours=1)))
        session.add(
            Thread(person_id=1, resource_id="build-a-model", part=1, of=2, state="shelved", opened_on=day, last_on=day)
        )
    await learnt.says("/salvos")
    seen = learnt.sees()
    assert "O que está à sua espera · 1–3 de 3" in seen
    assert "1. Build a model\nnotebook · 30 min · inglês · na estante, 1 de 2 feitas" in seen
    assert "2. Lines\nnotebook · 10 min · inglês · passou três vezes" in seen
    assert "3. Bars\nartigo · 5 min · inglês" in seen


async def test_what_is_done_or_taken_out_waits_no_longer(house: House, learnt: Person) -> None:
    async with house.app.database.write() as session:
        for number, resource in enumerate(("bars", "lines", "what-is-data")):
            mark = "skipped" if resource == "lines" else "saved"
            session.add(
                Mark(person_id=1, resource_id=resource, mark=mark, at=house.app.now() + timedelta(minutes=number))
            )
    await learnt.says("/salvos")
    assert "1–2 de 2" in learnt.sees()
    await learnt.presses("1")
    await learnt.presses("Tirar dos salvos")
    assert "Você disse que esta não é para você." in learnt.sees()
    await learnt.says("/salvos")
    assert learnt.sees() == "O que está à sua espera\n1. Bars\nartigo · 5 min · inglês"
    await learnt.presses("1")
    await learnt.presses("Tirar dos salvos")
    await learnt.says("/salvos")
    assert "Nada à sua espera aqui." in learnt.sees()


async def test_saved_has_pages(house: House, learnt: Person) -> None:
    async with house.app.database.write() as session:
        for entry in house.app.catalog.resources:
            if entry.id != "what-is-data":
                session.add(Mark(person_id=1, resource_id=entry.id, mark="saved", at=house.app.now()))
    await learnt.says("/salvos")
    assert "1–5 de 8" in learnt.sees()
    await learnt.presses("Mais ›")
    assert "6–8 de 8" in learnt.sees()
    await learnt.forges("saved:99999")
    assert "6–8 de 8" in learnt.sees()


async def test_a_word_nobody_knows_brings_the_parts_to_press(learnt: Person) -> None:
    await learnt.says("/historico xpto")
    assert "Não entendi “xpto”" in learnt.sees()
    await learnt.presses("history:done")
    assert "What is data?" in learnt.sees()
