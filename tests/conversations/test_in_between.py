"""Things that happen between the hour of a dose and its arrival, after an outage, or after somebody stopped: nothing is lost there."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select

from bot.doors.terminal import Person
from bot.errors import NotSent
from bot.store.tables import Completion, Dose, Subscription
from bot.store.tables import Person as Somebody
from tests.house import House, subscribed


async def test_a_change_after_the_hour_does_not_lose_the_dose_that_is_due(house: House, ana: Person) -> None:
    await subscribed(ana)
    house.app.present.move_to(house.app.now() + timedelta(hours=20, seconds=20))  # 08:00:20, and nobody claimed it yet
    await ana.says("/dias todos")
    await house.app.settle()
    assert "What is data?" in ana.sees()


async def test_a_change_while_a_dose_waits_for_a_connection_does_not_lose_it(house: House, ana: Person) -> None:
    await subscribed(ana)
    house.door.fails_next(NotSent("no connection"))
    await house.forward_to("2026-03-03 08:00:01")
    await ana.says("/fuso Sao Paulo")
    ana.sees()
    await house.forward_to("2026-03-03 08:05")
    assert "What is data?" in ana.sees()


async def test_a_change_of_hour_leaves_a_snooze_and_its_dose_alone(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.presses("Mais tarde")
    await ana.presses("Daqui a 2 horas")
    house.door.fails_next(NotSent("no connection"))
    await house.forward_to("2026-03-03 10:00:01")
    await ana.says("/hora 20:00")
    ana.sees()
    await house.forward_to("2026-03-03 10:05")
    assert "Você pediu para mais tarde." in ana.sees()
    await ana.presses("Feito")
    assert "Feito. Dia 1." in ana.sees()


async def test_a_word_said_after_an_outage_does_not_erase_our_excuse(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 07:50")
    house.app.present.move_to(house.app.now() + timedelta(days=3))
    await ana.says("/hoje")
    await ana.says("/streak por que")
    assert ana.sees().count("dia abonado") == 3


async def test_done_is_not_said_of_a_dose_nobody_saw(house: House, ana: Person) -> None:
    await subscribed(ana)
    house.door.fails_next(NotSent("no connection"))
    await house.forward_to("2026-03-03 08:00:01")
    await ana.says("/feito")
    assert "Não há dose te esperando." in ana.sees()
    assert await house.count(Completion) == 0


async def test_somebody_who_stopped_can_change_the_proposal_when_they_return(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hoje")
    await ana.says("/cancelar")
    await ana.presses("Parar")
    await ana.says("/start")
    await ana.presses("trail:first-steps")
    await ana.presses("ask:hour")
    await ana.presses("hour:07:00")
    assert "dose às 07:00" in ana.sees()


async def test_done_still_counts_after_somebody_stopped(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hoje")
    await ana.says("/cancelar")
    await ana.presses("Parar")
    await ana.presses("Feito")
    assert "Feito." in ana.sees()


async def test_ticks_do_nothing_before_they_are_confirmed(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/topicos")
    await ana.presses("Escolher temas")
    await ana.presses("Gráficos")
    async with house.app.database.read() as session:
        assert await session.scalar(select(Subscription.topics)) == []
    await house.forward_to("2026-03-03 08:00")
    assert "What is data?" in ana.sees()


async def test_a_new_trail_begins_although_the_old_one_had_nothing_left(house: House, ana: Person) -> None:
    await subscribed(ana, "pictures")
    for _ in range(2):
        await ana.says("/hoje")
        await ana.presses("Feito")
        await house.forward(days=1)
    ana.sees()
    await ana.says("/trilha first-steps")
    await ana.says("/hoje")
    assert "What is data? · trilha: Primeiros passos" in ana.sees()


async def test_words_after_a_mistake_are_read_as_the_answer(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hora 25:99")
    await ana.says("9h")
    assert "Combinado: às 09:00" in ana.sees()
    await ana.says("/fuso Xyzzyville")
    await ana.says("Lisboa")
    assert "Aí são 15:00" in ana.sees()


async def test_a_clock_that_none_shows_is_asked_for_again(ana: Person) -> None:
    await subscribed(ana)
    ana.sees()
    await ana.says("/fuso 99:99")
    assert "“99:99” não é uma hora do dia.\nQue horas são aí agora?" in ana.sees()
    assert "clock:12:00" in ana.actions()
    await ana.says("15:00")
    assert "Ainda não converso" not in ana.sees()
    assert "zone:Europe/London" in ana.actions()


async def test_a_typed_clock_is_a_clock(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/fuso 12:00")
    assert "Aí são 12:00" in ana.sees() or "zone:America/Sao_Paulo" in ana.actions()


async def test_nobody_is_kept_who_never_spoke_to_us(house: House, ana: Person) -> None:
    await ana.blocks()
    stranger = house.door.person("zoe", name="Zoe", language="en", chat="a-group")
    await stranger.says("good morning, everybody")
    assert await house.count(Somebody) == 0


async def test_somebody_who_lets_us_in_again_gets_doses_again(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.blocks()
    await house.forward(days=2)
    await ana.returns()
    assert "Que bom te ver de novo." in ana.sees()
    await house.forward(days=1)
    assert "What is data?" in ana.sees()


async def test_the_number_of_a_forgotten_dose_is_not_given_again(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hoje")
    old = ana.messages[-1]
    await ana.says("/esquecer")
    await ana.presses("Apagar tudo")
    await subscribed(ana)
    await ana.says("/hoje")
    await ana.presses("Feito", on=old)
    assert await house.count(Completion) == 0


async def test_a_pause_and_the_claim_of_the_same_moment_agree(either_house: House) -> None:
    house = either_house
    ana = await subscribed(house.person("ana"))
    for _ in range(3):
        await house.forward(hours=23, minutes=30)
        house.app.present.move_to(house.app.now() + timedelta(hours=1))
        await asyncio.gather(house.app.rounds.go(), ana.forges("pause"), house.app.rounds.go())
        await house.app.settle()
        assert "Algo deu errado" not in ana.sees()
        await ana.says("/voltar")
        ana.sees()
    async with house.app.database.read() as session:
        days = list(await session.scalars(select(Dose.day).where(Dose.number == 0)))
    assert len(days) == len(set(days))


async def test_accents_bare_words_and_other_words_people_try_are_understood(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/sequência")
    assert "Ainda nenhum dia" in ana.sees()
    await ana.says("hoje")
    assert "What is data?" in ana.sees()
    await ana.says("/parar")
    assert "Parar as doses?" in ana.sees()
    await ana.says("/zzz")
    assert "Seria" not in ana.sees()


async def test_another_command_closes_the_question_even_if_it_ends_in_a_mistake(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hora 25:99")
    await ana.says("/historico xpto")
    ana.sees()
    await ana.says("9h")
    assert "às 09:00" not in ana.sees()


async def test_a_bare_command_is_a_command_where_it_is_no_answer(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hora 25:99")
    ana.sees()
    await ana.says("hoje")
    assert "What is data?" in ana.sees()
    await ana.says("9h")
    assert "às 09:00" not in ana.sees()
