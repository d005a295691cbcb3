"""A pause planned ahead: it is shown, begins and ends by itself, sends nothing meanwhile, costs no streak, and can be called off."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.doors.terminal import Person
from bot.operate.doctor import examine
from bot.store.tables import Outgoing, Pause, Subscription
from tests.house import House, subscribed

WELCOME = "Que bom te ver de volta."


async def in_english(house: House) -> Person:
    """Bruno, who reads English and lives in São Paulo."""
    bruno = await subscribed(house.person("bruno"))
    await bruno.says("/language en")
    bruno.sees()
    return bruno


async def moved(person: Person, button: str, days: str) -> str:
    """What somebody hears who gives a planned break other days."""
    await person.says("/pause")
    await person.presses(button)
    person.sees()
    await person.says(days)
    return person.sees()


async def next_day(house: House) -> str:
    async with house.app.database.read() as session:
        return str(await session.scalar(select(Subscription.next_day)))


async def paused(house: House) -> list[tuple[str, str]]:
    async with house.app.database.read() as session:
        rows = await session.execute(select(Pause.from_day, Pause.to_day).order_by(Pause.from_day))
        return [(str(first), str(end)) for first, end in rows]


async def test_it_begins_and_ends_by_itself_and_the_first_dose_after_it_says_welcome(
    either_house: House,
) -> None:
    house = either_house
    ana = await subscribed(house.person("ana"))
    await ana.says("/pausa de 5/3 a 7/3")
    said = ana.sees()
    assert "Em pausa de 5 de março a 7 de março; a próxima dose chega amanhã." in said
    await house.forward_to("2026-03-04 09:00")
    said = ana.sees()
    assert said.count("Por que esta") == 2, "until then doses come as ever"
    assert WELCOME not in said
    await house.forward_to("2026-03-08 07:59")
    assert ana.sees() == ""
    await house.forward_to("2026-03-08 08:01")
    assert ana.sees().startswith(WELCOME)
    await house.forward_to("2026-03-09 08:01")
    assert WELCOME not in ana.sees()
    assert await examine(house.app.database, house.app.now()) == []


async def test_over_the_turn_of_the_year(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 20/12 to 5/1")
    assert "Paused from 20 December to 5 January 2027;" in bruno.sees()
    assert await paused(house) == [("2026-12-20", "2027-01-06")]


async def test_settings_and_plan_show_it_and_one_button_calls_it_off(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 5 March to 20 March")
    bruno.sees()
    await bruno.says("/plan")
    assert "Your break of 5 March – 20 March is counted in." in bruno.sees()
    await bruno.says("/settings")
    assert "Break: 5 March – 20 March" in bruno.sees()
    await bruno.presses("Call off the break")
    assert "The break of 5 March – 20 March is called off." in bruno.sees()
    assert await paused(house) == []
    await house.forward_to("2026-03-06 08:01")
    assert bruno.sees().count("Why this") == 4
    await bruno.forges("resume:2026-03-05")
    assert "You're not on a break." in bruno.sees()


async def test_the_plan_counts_it(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/plan")
    before = bruno.sees()
    await bruno.says("/pause from 3/3 for 28 days")
    bruno.sees()
    await bruno.says("/plan")
    after = bruno.sees()
    assert "March" in before
    assert before.splitlines()[-1] != after.splitlines()[-1]


async def test_the_settings_question_takes_from_when_to_when(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/ajustes")
    await ana.presses("Pausa")
    assert "Uma pausa de quanto tempo?" in ana.sees()
    await ana.says("qualquer hora")
    assert "Não encontrei em “qualquer hora” um dia daqui para a frente." in ana.sees()
    await ana.says("segunda por 10 dias")
    assert "Em pausa de 9 de março a 18 de março" in ana.sees()


async def test_next_week_is_its_seven_days(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa semana que vem")
    assert "Em pausa de 9 de março a 15 de março" in ana.sees()
    assert await paused(house) == [("2026-03-09", "2026-03-16")]


async def test_one_that_begins_today_begins_tomorrow_where_the_dose_is_there_already(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hoje")
    ana.sees()
    await ana.says("/pausa de hoje a 4/3")
    assert "Em pausa de 3 de março a 4 de março; a próxima dose chega em 5 de março." in (said := ana.sees())
    assert "A dose de hoje já chegou, então a pausa começa amanhã." in said
    await ana.says("/voltar")
    await ana.says("/pausa de hoje a hoje")
    assert "A dose de hoje já chegou, então não sobra nenhum dia de pausa. Até que dia?" in ana.sees()
    assert await paused(house) == []
    await ana.says("10/3")
    assert "Em pausa até 10 de março." in ana.sees()


async def test_one_that_begins_today_takes_back_what_only_waits(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 07:59:50")
    await ana.says("/pausa de hoje a 5/3")
    ana.sees()
    await house.forward_to("2026-03-05 23:00")
    assert ana.sees() == ""
    assert await next_day(house) == "2026-03-06"


async def test_another_hour_zone_or_days_do_not_bring_a_dose_into_it(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa de 4/3 a 8/3")
    await house.forward_to("2026-03-03 09:00")
    for said in ("/hora 20:30", "/fuso Tóquio", "/dias todos"):
        await ana.says(said)
        assert await next_day(house) == "2026-03-09"
    ana.sees()
    await house.forward_to("2026-03-08 08:00")
    assert ana.sees() == ""


async def test_neither_a_snooze_nor_a_digest_comes_within_it(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/resumo domingo 18:00")
    await ana.says("/lembrete 21:00")
    await ana.says("/pausa de 4/3 a 10/3")
    await house.forward_to("2026-03-03 23:00")
    ana.sees()
    await house.forward_to("2026-03-10 23:59")
    assert ana.sees() == ""
    async with house.app.database.read() as session:
        kinds = set(await session.scalars(select(Outgoing.kind)))
    assert "digest" not in kinds


async def test_its_days_cost_no_streak(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause from 4/3 to 10/3")
    await house.forward_to("2026-03-03 08:01")
    await bruno.presses("Done")
    await house.forward_to("2026-03-11 08:01")
    await bruno.presses("Done")
    bruno.sees()
    await bruno.says("/streak why")
    said = bruno.sees()
    assert "2 days" in said
    assert said.count("paused") == 7


async def test_today_within_it_is_theirs_to_ask_for(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa de 3/3 a 8/3")
    await house.forward_to("2026-03-05 12:00")
    ana.sees()
    await ana.says("/hoje")
    assert "What is data?" in ana.sees()
    assert await next_day(house) == "2026-03-09"


async def test_coming_back_leaves_what_is_planned(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa de 20/3 a 25/3")
    await ana.forges("pause")
    await house.forward_to("2026-03-06 12:00")
    await ana.says("/voltar")
    ana.sees()
    assert ("2026-03-20", "2026-03-26") in await paused(house)
    await ana.says("/voltar")
    assert "Você tem uma pausa marcada: 20 de março – 25 de março." in ana.sees()
    await house.forward_to("2026-03-19 09:00")
    ana.sees()
    await house.forward_to("2026-03-25 23:00")
    assert ana.sees() == ""


async def test_a_new_one_says_what_it_takes_the_place_of(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa de 20/3 a 30/3")
    ana.sees()
    await ana.says("/pausa de 22/3 a 28/3")
    assert "Ela substitui a pausa de 20 de março – 30 de março." in ana.sees()
    assert await paused(house) == [("2026-03-22", "2026-03-29")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("from monday", "From when to when?"),
        ("from 20/12 to 19/12", "would end before it begins"),
        ("from 1/2 to 5/4", "would have begun already"),
    ],
)
async def test_a_slip_says_what_to_do_and_the_next_words_put_it_right(house: House, typed: str, said: str) -> None:
    bruno = await in_english(house)
    await bruno.says(f"/pause {typed}")
    assert said in bruno.sees()
    await bruno.says("monday to friday")
    assert "Paused from 9 March to 13 March" in bruno.sees()


async def test_one_that_reaches_into_another_says_so_and_coming_back_leaves_that_whole(
    house: House, ana: Person
) -> None:
    await subscribed(ana)
    await ana.says("/pausa de 20/3 a 5/4")
    ana.sees()
    await ana.says("/pausa 25/3")
    said = ana.sees()
    assert "Em pausa até 6 de abril." in said
    assert "Ela inclui a pausa de 20 de março – 5 de abril, que continua marcada." in said
    await ana.presses("Voltar")
    said = ana.sees()
    assert "A próxima dose chega amanhã" in said
    assert "Você tem uma pausa marcada: 20 de março – 5 de abril." in said
    assert await paused(house) == [("2026-03-20", "2026-04-06")]


async def test_each_button_names_the_break_it_calls_off(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 20/3 to 5/4")
    bruno.sees()
    await bruno.says("/pause 10/3 to 31/3")
    said = bruno.sees()
    assert "Paused from 10 March to 5 April; your next dose comes tomorrow." in said
    assert "That includes your break of 20 March – 5 April, which stays as planned." in said
    await bruno.says("/resume")
    assert "You have 2 breaks planned: 10 March – 19 March; 20 March – 5 April." in bruno.sees()
    await bruno.presses("Call off 10 Mar – 19 Mar")
    assert "The break of 10 March – 19 March is called off." in bruno.sees()
    assert await paused(house) == [("2026-03-20", "2026-04-06")]


async def test_what_it_holds_all_of_is_named_also_by_one_that_begins_at_once(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 10/3 to 12/3")
    bruno.sees()
    await bruno.says("/pause until 20/3")
    said = bruno.sees()
    assert "Paused until 20 March." in said
    assert "That takes the place of 10 March – 12 March." in said


async def test_days_that_were_planned_already_are_said_to_be(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 10/3 to 15/3")
    await bruno.says("/pause 16/3 to 20/3")
    bruno.sees()
    await bruno.says("/pause 14/3 to 17/3")
    said = bruno.sees()
    assert "Paused from 10 March to 20 March;" in said
    assert said.count("stays as planned") == 2
    for words in ("pause", "resume"):
        await bruno.says(f"/{words}")
        assert "You have 2 breaks planned: 10 March – 15 March; 16 March – 20 March." in bruno.sees()
    await bruno.says("/idioma pt")
    bruno.sees()
    await bruno.says("/pausa")
    assert "Você tem 2 pausas marcadas: 10 de março – 15 de março; 16 de março – 20 de março." in bruno.sees()
    assert await paused(house) == [("2026-03-10", "2026-03-16"), ("2026-03-16", "2026-03-21")]


@pytest.mark.parametrize("typed", ["/pausa para sempre", "/pausa de vez", "/pausa até eu voltar"])
async def test_for_good_is_a_pause_until_they_come_back(house: House, ana: Person, typed: str) -> None:
    await subscribed(ana)
    await ana.says(typed)
    assert "Em pausa." in ana.sees()
    await house.forward_to("2026-03-20 09:00")
    assert ana.sees() == ""
    await ana.says("/voltar")
    assert "Que bom te ver de novo." in ana.sees()


async def test_in_the_small_hours_tomorrow_is_the_day_after_the_one_on_the_wall(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-05 02:15")
    ana.sees()
    await ana.says("/pausa de amanhã a domingo")
    assert "Em pausa de 6 de março a 8 de março; a próxima dose chega hoje." in ana.sees()
    await ana.says("/pausa amanhã")
    assert "Em pausa até 9 de março." in ana.sees(), "today is free, and what follows"
    assert await next_day(house) == "2026-03-09"


async def test_of_one_day_only_that_is_said(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 20/3 to 20/3")
    assert "Paused on 20 March; your next dose comes tomorrow." in bruno.sees()


async def test_day_and_month_are_in_one_order_or_it_asks(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 3/20 to 4/5")
    assert "Paused from 20 March to 5 April;" in bruno.sees()
    await bruno.says("/pause 12/20 to 25/12")
    assert "the day comes first once and the month once" in bruno.sees()
    await bruno.says("20 Dec to 25 Dec")
    assert "Paused from 20 December to 25 December;" in bruno.sees()


async def test_what_cannot_be_read_teaches_every_form(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause blue")
    assert "20 Dec to 5 Jan; or “for good”." in bruno.sees()


async def test_one_planned_while_another_goes_on_without_an_end_names_the_day_that_began(
    house: House, ana: Person
) -> None:
    await subscribed(ana)
    await ana.says("/pausa para sempre")
    ana.sees()
    await ana.says("/pausa de 20/3 a 5/4")
    assert "Em pausa de 2 de março a 5 de abril; a próxima dose chega em 6 de abril." in ana.sees()


# ------------------------------------------------------------------------------------------- what is there, and other days


async def test_pause_alone_names_what_is_planned_and_takes_it_back(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa de 20/12 a 5/1")
    ana.sees()
    await ana.says("/pausa")
    said = ana.sees()
    assert "Você tem uma pausa marcada: 20 de dezembro – 5 de janeiro de 2027." in said
    assert "Quer mais uma, já a partir de agora? De quanto tempo?" in said
    await ana.presses("Desmarcar 20 dez – 5 jan")
    assert "A pausa de 20 de dezembro – 5 de janeiro de 2027 foi desmarcada." in ana.sees()
    await ana.says("/pausa")
    assert ana.sees().startswith("Uma pausa de quanto tempo?")
    assert await paused(house) == []


async def test_what_is_planned_gets_other_days(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 20/3 to 5/4")
    bruno.sees()
    await bruno.says("/pause")
    assert "You have a break planned: 20 March – 5 April." in bruno.sees()
    await bruno.presses("Move 20 Mar – 5 Apr")
    assert "From when to when instead of 20 March – 5 April?" in bruno.sees()
    await bruno.says("blue")
    assert "I can't find a day to come in “blue”" in bruno.sees()
    await bruno.says("25/3 to 9/4")
    said = bruno.sees()
    assert "Paused from 25 March to 9 April;" in said
    assert "That takes the place of 20 March – 5 April." in said
    assert await paused(house) == [("2026-03-25", "2026-04-10")]


async def test_a_day_alone_is_another_end_of_it(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa de 20/3 a 25/3")
    await ana.says("/pausa")
    await ana.presses("Mudar 20 mar – 25 mar")
    await ana.says("7 dias")
    assert "De quando até quando?" in ana.sees()
    await ana.says("30/3")
    assert "Em pausa de 20 de março a 29 de março" in ana.sees()
    assert await paused(house) == [("2026-03-20", "2026-03-30")]


@pytest.mark.parametrize("typed", ["para sempre", "for good", "até eu voltar"])
async def test_no_end_is_no_other_days_for_it(house: House, ana: Person, typed: str) -> None:
    await subscribed(ana)
    await ana.says("/pausa de 20/3 a 25/3")
    await ana.says("/pausa")
    await ana.presses("Mudar 20 mar – 25 mar")
    await ana.says(typed)
    assert "De quando até quando?" in ana.sees()
    assert await paused(house) == [("2026-03-20", "2026-03-26")]
    await ana.says("21/3 a 30/3")
    assert await paused(house) == [("2026-03-21", "2026-03-31")]


async def test_a_command_in_between_is_no_other_days_for_it(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa de 20/3 a 25/3")
    await ana.says("/pausa")
    await ana.presses("Mudar 20 mar – 25 mar")
    await ana.says("/pausa de 1/4 a 3/4")
    ana.sees()
    assert await paused(house) == [("2026-03-20", "2026-03-26"), ("2026-04-01", "2026-04-04")]


async def test_other_days_for_one_that_is_gone_change_nothing(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa de 20/3 a 25/3")
    await ana.forges("resume:2026-03-20")
    ana.sees()
    for action in ("move:2026-03-20", "move:", "move:x"):
        await ana.forges(action)
        assert "pausa" not in ana.sees()


async def test_one_without_an_end_that_goes_on_meanwhile_stays_as_it_is(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 20/3 to 5/4")
    await bruno.says("/pause for good")
    await house.forward_to("2026-03-05 12:00")
    bruno.sees()
    said = await moved(bruno, "Move 20 Mar – 5 Apr", "25/3 to 9/4")
    assert "Moved to 25 March – 9 April. The other break stays as it is, until you come back." in said
    assert await paused(house) == [("2026-03-02", "None"), ("2026-03-25", "2026-04-10")]
    await house.forward_to("2026-03-20 12:00")
    assert bruno.sees() == "", "no dose comes"
    await bruno.says("/resume")
    said = bruno.sees()
    assert "Your next dose comes tomorrow at 08:00." in said
    assert "You have a break planned: 25 March – 9 April." in said
    assert await examine(house.app.database, house.app.now()) == []


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("6/3 to 8/3", [("2026-03-02", "2026-03-11")]),
        ("8/3 to 15/3", [("2026-03-02", "2026-03-11"), ("2026-03-11", "2026-03-16")]),
        ("today to 15/3", [("2026-03-02", "2026-03-11"), ("2026-03-11", "2026-03-16")]),
    ],
)
async def test_one_that_goes_on_until_a_day_is_no_shorter_for_it(
    house: House, typed: str, held: list[tuple[str, str]]
) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause today to 10/3")
    await bruno.says("/pause 20/3 to 25/3")
    await house.forward_to("2026-03-05 12:00")
    said = await moved(bruno, "Move 20 Mar – 25 Mar", typed)
    last = 15 if len(held) > 1 else 10
    assert f"Paused from 2 March to {last} March; your next dose comes on {last + 1} March." in said
    assert "That takes the place of 20 March – 25 March." in said
    assert await paused(house) == held


async def test_beside_one_without_an_end_it_cannot_begin_at_once_and_hears_what_to_say(
    house: House, ana: Person
) -> None:
    await subscribed(ana)
    await ana.says("/pausa de 20/3 a 5/4")
    await ana.says("/pausa para sempre")
    said = await moved(ana, "Mudar 20 mar – 5 abr", "hoje a 10/3")
    assert "Você tem uma pausa sem data para voltar, então esta só pode começar a partir de 4 de março." in said
    assert "Para dar um fim a ela: /pausa até 20 de março." in said
    assert await paused(house) == [("2026-03-02", "None"), ("2026-03-20", "2026-04-06")]
    await ana.says("4/3 a 10/3")
    assert "Mudei para 4 de março – 10 de março. A outra pausa continua como está, até você voltar." in ana.sees()
    assert await paused(house) == [("2026-03-02", "None"), ("2026-03-04", "2026-03-11")]
    await ana.presses("Desmarcar 4 mar – 10 mar")
    assert "A pausa de 4 de março – 10 de março foi desmarcada." in ana.sees()
    assert await paused(house) == [("2026-03-02", "None")]


@pytest.mark.parametrize(
    ("language", "move", "teaches"),
    [
        ("en", "Move 20 Mar – 5 Apr", "/pause until 20 March"),
        ("pt-BR", "Mudar 20 mar – 5 abr", "/pausa até 20 de março"),
    ],
)
async def test_the_end_it_teaches_for_the_open_one_leaves_the_planned_one_whole(
    house: House, language: str, move: str, teaches: str
) -> None:
    bruno = await (in_english(house) if language == "en" else subscribed(house.person("bruno")))
    await bruno.says("/pause 20/3 to 5/4")
    await bruno.says("/pause for good")
    assert teaches in await moved(bruno, move, "today to 10/3")
    await bruno.says(teaches)
    assert await paused(house) == [("2026-03-02", "2026-03-20"), ("2026-03-20", "2026-04-06")]


async def test_days_from_today_into_one_that_begins_tomorrow_end_where_that_begins(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 6/3 to 10/3")
    await bruno.says("/pause 20/3 to 25/3")
    await house.forward_to("2026-03-05 06:00")
    said = await moved(bruno, "Move 20 Mar – 25 Mar", "today to 7/3")
    assert "went wrong" not in said
    assert "10 March" in said
    assert await paused(house) == [("2026-03-05", "2026-03-06"), ("2026-03-06", "2026-03-11")]


async def test_beside_one_without_an_end_it_says_what_it_takes_the_place_of(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 10/3 to 15/3")
    await bruno.says("/pause 20/3 to 25/3")
    await bruno.says("/pause 1/4 to 5/4")
    await bruno.says("/pause for good")
    said = await moved(bruno, "Move 10 Mar – 15 Mar", "18/3 to 3/4")
    assert "Moved to 18 March – 5 April." in said
    assert "That includes your break of 1 April – 5 April, which stays as planned." in said
    assert "That takes the place of 20 March – 25 March." in said
    assert "10 March" not in said
    assert await paused(house) == [
        ("2026-03-02", "None"),
        ("2026-03-18", "2026-04-01"),
        ("2026-04-01", "2026-04-06"),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("10/3", "Você está em pausa até 10 de março."), ("para sempre", "Você está em pausa, sem data para voltar.")],
)
async def test_pause_alone_within_one_says_until_when_and_brings_back(
    house: House, ana: Person, typed: str, said: str
) -> None:
    await subscribed(ana)
    await ana.says(f"/pausa {typed}")
    ana.sees()
    await ana.says("/pausa")
    assert said in (seen := ana.sees())
    assert "Quer outro prazo, contando a partir de agora?" in seen
    await ana.presses("Voltar")
    assert "Que bom te ver de novo." in ana.sees()


async def test_settings_tell_one_that_begins_tomorrow_from_when_to_when(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/hoje")
    await ana.says("/pausa 6/3")
    ana.sees()
    await ana.says("/ajustes")
    assert "Pausa: 3 de março – 5 de março" in ana.sees()
    await ana.presses("Desmarcar a pausa")
    assert "A pausa de 3 de março – 5 de março foi desmarcada." in ana.sees()
    await ana.forges("pause")
    await ana.says("/ajustes")
    assert "Pausa: a partir de amanhã, até você voltar" in ana.sees()
    await ana.presses("Desmarcar a pausa")
    assert "A pausa foi desmarcada." in ana.sees()
    assert await next_day(house) == "2026-03-03"


# ---------------------------------------------------------------------------------------------------- blocked meanwhile


async def test_who_blocked_us_and_is_back_before_it_keeps_what_they_planned(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 20/3 to 25/3")
    await house.forward_to("2026-03-05 12:00")
    await bruno.blocks()
    await house.forward_to("2026-03-10 12:00")
    bruno.sees()
    await bruno.returns()
    said = bruno.sees()
    assert "Good to have you back. Your next dose comes tomorrow at 08:00." in said
    assert "You have a break planned: 20 March – 25 March." in said
    assert await paused(house) == [("2026-03-05", "2026-03-10"), ("2026-03-20", "2026-03-26")]
    assert await examine(house.app.database, house.app.now()) == []
    await bruno.presses("Call off 20 Mar – 25 Mar")
    assert await next_day(house) == "2026-03-11"


async def test_who_blocked_us_and_is_back_within_it_stays_away_until_its_end(either_house: House) -> None:
    house = either_house
    ana = await subscribed(house.person("ana"))
    await ana.says("/pausa de 20/3 a 25/3")
    await house.forward_to("2026-03-15 12:00")
    await ana.blocks()
    await house.forward_to("2026-03-22 12:00")
    ana.sees()
    house.door.blocked.clear()
    await ana.says("/comecar")
    assert "Sua pausa de 20 de março – 25 de março continua; a próxima dose chega em 26 de março." in ana.sees()
    assert await paused(house) == [("2026-03-15", "2026-03-20"), ("2026-03-20", "2026-03-26")]
    assert await examine(house.app.database, house.app.now()) == []
    await ana.presses("Voltar")
    assert "A próxima dose chega amanhã, às 08:00." in ana.sees()
    assert await next_day(house) == "2026-03-23"


async def test_who_blocks_us_within_it_finds_the_rest_of_it(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/pause 4/3 to 10/3")
    await house.forward_to("2026-03-05 12:00")
    await bruno.blocks()
    assert await paused(house) == [("2026-03-04", "2026-03-11"), ("2026-03-11", "None")]
    await house.forward_to("2026-03-07 12:00")
    bruno.sees()
    house.door.blocked.clear()
    await bruno.says("/start")
    assert "Your break of 4 March – 10 March goes on; your next dose comes on 11 March." in bruno.sees()
    assert await paused(house) == [("2026-03-04", "2026-03-11")]
    await house.forward_to("2026-03-11 08:01")
    assert "Why this" in bruno.sees()


async def test_who_blocks_us_within_it_and_comes_after_it_was_away_all_the_time(house: House) -> None:
    bruno = await in_english(house)
    await bruno.says("/today")
    await bruno.presses("Done")
    await bruno.says("/pause 3/3 to 10/3")
    await house.forward_to("2026-03-05 12:00")
    await bruno.blocks()
    await house.forward_to("2026-03-14 12:00")
    bruno.sees()
    house.door.blocked.clear()
    await bruno.says("/start")
    assert "Good to have you back. Your next dose comes tomorrow at 08:00." in bruno.sees()
    assert await paused(house) == [("2026-03-03", "2026-03-11"), ("2026-03-11", "2026-03-14")]
    await bruno.says("/streak why")
    assert bruno.sees().count("paused") == 11


async def test_to_let_us_in_and_to_say_start_is_one_coming_back(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/pausa de 4/3 a 10/3")
    await house.forward_to("2026-03-05 12:00")
    await ana.blocks()
    await ana.returns()
    ana.sees()
    await ana.says("/comecar")
    assert "11 de março" in ana.sees()
    assert await paused(house) == [("2026-03-04", "2026-03-11")]


async def test_who_plans_one_after_a_block_gets_doses_until_then(house: House, ana: Person) -> None:
    await subscribed(ana)
    house.door.blocked.add(ana.address)
    await house.forward_to("2026-03-06 12:00")
    house.door.blocked.clear()
    assert await next_day(house) == "None"
    await ana.says("/pausa de 20/3 a 25/3")
    assert "Em pausa de 20 de março a 25 de março; a próxima dose chega amanhã." in ana.sees()
    assert await paused(house) == [("2026-03-03", "2026-03-06"), ("2026-03-20", "2026-03-26")]


async def test_a_block_is_no_break_of_theirs(house: House, ana: Person) -> None:
    await subscribed(ana)
    house.door.blocked.add(ana.address)
    await house.forward_to("2026-03-06 12:00")
    house.door.blocked.clear()
    await ana.says("/pausa")
    said = ana.sees()
    assert "Uma pausa de quanto tempo?" in said
    assert "Você está em pausa" not in said
    assert said.startswith("Nada meu chega a você desde 3 de março")
    assert said.count("Nada meu chega a você") == 1
    await ana.says("/ajustes")
    assert "Pausa: nada meu chegava a você" in ana.sees()
    await ana.presses("Voltar")
    assert "A próxima dose chega amanhã, às 08:00." in ana.sees()
    await ana.says("/ajustes")
    assert "Pausa: não" in ana.sees()


async def test_who_asks_for_a_break_after_a_block_has_that_one(house: House) -> None:
    bruno = await in_english(house)
    house.door.blocked.add(bruno.address)
    await house.forward_to("2026-03-06 12:00")
    house.door.blocked.clear()
    await bruno.says("/settings")
    assert "Break: nothing of mine reached you" in bruno.sees()
    await bruno.says("/pause")
    assert "one press brings them back.\nHow long a break?" in bruno.sees()
    await bruno.presses("7 days")
    assert "Paused until 13 March." in bruno.sees()
    assert await paused(house) == [("2026-03-03", "2026-03-06"), ("2026-03-06", "2026-03-13")]


@pytest.mark.parametrize(
    ("language", "since", "how_long", "back"),
    [
        ("pt-BR", "Nada meu chega a você desde 3 de março", "Uma pausa de quanto tempo?", "Voltar"),
        ("en", "Nothing of mine has reached you since 3 March", "How long a break?", "Come back"),
    ],
)
async def test_who_asks_for_a_break_just_after_they_heard_that_nothing_got_through_hears_it_again(
    either_house: House, language: str, since: str, how_long: str, back: str
) -> None:
    house = either_house
    person = await subscribed(house.person("ana")) if language == "pt-BR" else await in_english(house)
    house.door.blocked.add(person.address)
    await house.forward_to("2026-03-06 12:00")
    house.door.blocked.clear()
    await person.says("/help")
    assert since in person.sees()
    await person.says("/pause")
    said = person.sees()
    assert said.startswith(since)
    assert how_long in said
    await person.presses(back)
    assert await next_day(house) == "2026-03-07"
    person.sees()
    await person.says("/pause")
    assert since not in person.sees()
