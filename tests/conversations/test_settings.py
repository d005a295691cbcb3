"""Hour, days, minutes, pause, language: what changes, from when, and what a slip of the keyboard gets."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.commands.about import FIRST
from bot.commands.table import COMMANDS
from bot.doors.terminal import Person
from bot.states import Role
from bot.store.tables import Schedule, Subscription
from tests.house import House, subscribed


async def test_a_new_hour_acts_today_if_nothing_was_sent_yet(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 07:00")
    await ana.says("/hora 9h30")
    assert "Combinado: às 09:30, todos os dias. A próxima dose chega hoje." in ana.sees()
    await house.forward_to("2026-03-03 09:29")
    assert ana.sees() == ""
    await house.forward_to("2026-03-03 09:30")
    assert "What is data?" in ana.sees()


async def test_a_new_hour_acts_tomorrow_once_todays_dose_is_there(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    ana.sees()
    await ana.says("/hora 20:00")
    assert "chega amanhã" in ana.sees()
    await house.forward_to("2026-03-03 23:59")
    assert ana.sees() == ""
    await house.forward_to("2026-03-04 20:00")
    assert "What is data?" in ana.sees()


async def test_an_hour_that_is_over_acts_tomorrow_and_todays_dose_keeps_its_own(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hora 20:00")
    await house.forward_to("2026-03-03 12:00")
    ana.sees()
    await ana.says("/hora 08:00")
    ana.sees()
    await house.forward_to("2026-03-03 20:00")
    assert "What is data?" in ana.sees()
    await house.forward_to("2026-03-04 08:00")
    assert "trilha: Primeiros passos" in ana.sees()


async def test_a_dose_claimed_but_not_sent_follows_the_change(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 07:59:50")
    await house.app.rounds.go()
    await ana.says("/hora 10:00")
    ana.sees()
    await house.forward_to("2026-03-03 09:59")
    assert ana.sees() == ""
    await house.forward_to("2026-03-03 10:00")
    assert ana.sees().count("What is data?") == 1


@pytest.mark.parametrize("typed", ["25:99", "de noite talvez", "8:75", "🕗", "x" * 3000])
async def test_an_hour_nobody_knows_is_said_back_with_the_buttons(house: House, ana: Person, typed: str) -> None:
    await subscribed(ana)
    await ana.says(f"/hora {typed}")
    seen = ana.sees()
    assert typed[:40] in seen
    assert "hour:08:00" in ana.actions()
    await house.forward_to("2026-03-03 08:00")
    assert "What is data?" in ana.sees()


async def test_a_question_waits_for_the_answer_in_words(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hora")
    await ana.says("meio-dia")
    assert "Combinado: às 12:00" in ana.sees()


async def test_days_of_rest_are_silent(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/dias seg qua sex")
    assert "Combinado: às 08:00" in ana.sees()
    await house.forward_to("2026-03-03 23:00")  # a Tuesday
    assert ana.sees() == ""
    await house.forward_to("2026-03-04 08:00")
    assert "What is data?" in ana.sees()


async def test_minutes_change_what_fits(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/minutos 5")
    assert "A partir da próxima dose: 5 min." in ana.sees()


async def test_a_pause_until_a_day_ends_by_itself(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa 2026-03-10")
    assert "Em pausa até 10 de março." in ana.sees()
    await house.forward_to("2026-03-09 23:00")
    assert ana.sees() == ""
    await house.forward_to("2026-03-10 08:00")
    assert "What is data?" in ana.sees()


async def test_a_day_that_does_not_exist_is_called_no_day_to_come(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa 31/02")
    assert "Não encontrei em “31/02” um dia daqui para a frente." in ana.sees()


async def test_a_pause_without_words_asks_for_how_long(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa")
    assert "Uma pausa de quanto tempo?" in ana.sees()
    assert ana.buttons() == ("3 dias", "7 dias", "14 dias", "Até eu voltar")
    await house.forward_to("2026-03-03 08:00")
    assert "What is data?" in ana.sees()
    await ana.presses("Até eu voltar")
    assert "Em pausa." in ana.sees()
    await house.forward(days=2)
    assert ana.sees() == ""


async def test_an_open_pause_waits_for_the_person(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.forges("pause")
    ana.sees()
    await house.forward(days=5)
    assert ana.sees() == ""
    await ana.says("/voltar")
    assert "A próxima dose chega amanhã, às 08:00." in ana.sees()
    await house.forward(days=1)
    assert "What is data?" in ana.sees()


async def test_a_pause_from_tomorrow_is_one_on_its_eve_too(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hora 23:00")
    await ana.says("/pausa amanhã")
    await house.forward_to("2026-03-02 22:00")  # in London it is tomorrow by now
    ana.sees()
    await ana.says("/voltar")
    assert "não está em pausa" not in ana.sees()
    await house.forward_to("2026-03-02 23:00")
    assert "What is data?" in ana.sees()


async def test_unsubscribing_is_asked_once_more_and_kept(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/cancelar")
    await ana.presses("Parar")
    assert "Parei as doses." in ana.sees()
    await house.forward(days=3)
    assert ana.sees() == ""
    await ana.says("/hoje")
    assert "Você está sem trilha agora." in ana.sees()


async def test_stopping_and_beginning_again_keeps_what_was_done(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hoje")
    await ana.presses("Feito")
    await ana.says("/cancelar")
    await ana.presses("Parar")
    await house.forward(days=30)
    await subscribed(ana)
    await house.forward(days=1)
    assert "Data in words" in ana.sees()
    await ana.says("/sequencia")
    assert "1 dia" in ana.sees()


async def test_the_language_changes_for_good(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/idioma en")
    assert "English it is." in ana.sees()
    await ana.says("/today")
    assert "Why this:" in ana.sees()


async def test_every_command_is_known_by_both_names(ana: Person) -> None:
    await ana.says("/help")
    portuguese = ana.sees()
    await ana.says("/language en")
    await ana.says("/ajuda")
    english = ana.sees()
    assert "/sequencia" in portuguese
    assert "/streak" in english


async def test_help_is_short_and_the_rest_a_press_away(ana: Person) -> None:
    await ana.says("/ajuda")
    short = ana.sees()
    assert short.count("/") == len(FIRST)
    assert "/fuso" not in short
    await ana.presses("Todos os comandos")
    every = ana.sees()
    assert "/fuso" in every
    assert every.count(" · ") == sum(one.shown and one.who == Role.LEARNER for one in COMMANDS)
    await ana.says("/ajuda tudo")
    assert "/fuso" in ana.sees()


async def test_an_unknown_command_gets_a_kind_pointer(ana: Person) -> None:
    await ana.says("/sequensia")
    assert "Seria /sequencia?" in ana.sees()


async def test_moving_west_in_the_evening_gives_no_second_dose_for_the_day(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    ana.sees()
    await ana.says("/fuso Los Angeles")
    ana.sees()
    await house.forward_to("2026-03-04 07:00")
    assert ana.sees() == ""
    await house.forward_to("2026-03-04 13:00")  # 08:00 in Los Angeles
    assert "What is data?" in ana.sees()


async def _spoil(house: House, **values: str) -> None:
    """Put into Ana's row, and into what is kept of before, what nobody can mean."""
    async with house.app.database.write() as session:
        await session.execute(update(Subscription).values(**values))
        await session.execute(update(Schedule).values(**values))


@pytest.mark.parametrize("way", ["/fuso Lisboa", "by the clock", "Lisboa"])
async def test_somebody_whose_zone_is_gone_says_where_they_are(house: House, ana: Person, way: str) -> None:
    await subscribed(ana)
    await _spoil(house, zone="Mars/Phobos", days="abc")
    for page in ("/hoje", "/ajustes", "/plano", "/sequencia", "/hora 9h"):
        await ana.says(page)
        assert "Não conheço mais o fuso guardado para você" in ana.sees()
    if way == "by the clock":
        await ana.says("/fuso")
        assert "Que horas são aí" in ana.sees()
        await ana.presses("clock:12:00")
        await ana.presses("zone:America/Sao_Paulo")
    else:
        await ana.says(way)
    assert "Combinado: às 08:00, todos os dias." in ana.sees()
    await ana.says("/ajustes")
    assert "Dias: todos os dias" in ana.sees()
    await house.forward(days=2)
    assert "What is data?" in ana.sees()


async def test_somebody_whose_days_are_gone_chooses_them(house: House, ana: Person) -> None:
    await subscribed(ana)
    await _spoil(house, days="abc")
    await ana.says("/ajustes")
    assert "não faz mais sentido" in ana.sees()
    await ana.presses("days:12345")
    assert "seg a sex" in ana.sees()
    await ana.says("/hoje")
    assert "What is data?" in ana.sees()
