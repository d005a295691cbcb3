"""The streak in chat: why, page by page; streak, weekly goal or neither; the evening's word; milestones; what we excuse."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

import pytest

from bot.chat import Address, Incoming, Sender
from bot.delivery import keep
from bot.doors.terminal import Person
from bot.store.tables import Completion
from tests.house import House, subscribed


async def day_done(house: House, ana: Person, days: int = 1) -> None:
    """Let days pass, each with its dose done; where the trail has run dry, a completion is written down."""
    for _ in range(days):
        await house.forward(days=1)
        async with house.app.database.write() as session:
            at = house.app.now()
            session.add(
                Completion(person_id=1, key=f"test:{at}", kind="done", at=at, zone="America/Sao_Paulo", day=at.date())
            )


# ------------------------------------------------------------------------------------------------------------- why


async def test_why_tells_fourteen_days_and_the_way_to_earlier_ones(house: House, ana: Person) -> None:
    await subscribed(ana)
    await day_done(house, ana, 20)
    ana.sees()
    await ana.says("/sequencia por que")
    page = ana.sees()
    assert page.count("✓") == 14
    assert "dom, 22 de mar ✓ 12:00" in page
    await ana.presses("Dias anteriores")
    older = ana.sees()
    assert "dom, 8 de mar ✓ 12:00" in older
    assert older.count("✓") == 6
    assert "Dias anteriores" not in ana.buttons()
    await ana.presses("Dias mais recentes")
    assert "dom, 22 de mar ✓ 12:00" in ana.sees()


async def test_why_names_what_each_day_counted_as(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/dias seg a sáb")
    await house.forward_to("2026-03-03 21:40")
    await ana.presses("Feito")
    await ana.says("/pausa 2026-03-06")
    await house.forward_to("2026-03-10 12:00")
    ana.sees()
    await ana.says("/sequencia por que")
    seen = ana.sees()
    assert "ter, 10 de mar · ainda em aberto" in seen
    assert "dom, 8 de mar – não é um dos seus dias" in seen
    assert "sáb, 7 de mar · falta, perdoada" in seen
    assert "qui, 5 de mar – em pausa" in seen
    assert "ter, 3 de mar ✓ 21:40" in seen


async def test_why_says_until_when_yesterday_can_still_be_done(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-04 12:00")
    ana.sees()
    await ana.says("/sequencia por que")
    seen = ana.sees()
    assert "qua, 4 de mar · ainda em aberto\n" in seen
    assert "ter, 3 de mar · ainda em aberto: a dose conta até qui, 5 de mar 04:00" in seen
    await ana.says("/language en")
    await ana.says("/streak why")
    assert "Tue 3 Mar · still open: its dose counts until Thu 5 Mar 04:00" in ana.sees()


async def test_a_first_week_that_begins_late_says_why_its_goal_is_smaller(house: House, ana: Person) -> None:
    await house.forward_to("2026-03-04 12:00")
    await subscribed(ana)
    await ana.says("/language en")
    await ana.says("/streak 5")
    assert "0 of 2 this week. Your first week begins on Thu 5 Mar, so it asks for less." in ana.sees()
    await ana.says("/today")
    await ana.presses("Done")
    assert "1 of 2 this week. Your first week begins on Thu 5 Mar" in ana.sees()
    await ana.says("/streak why")
    assert "Your first week begins on Thu 5 Mar" in ana.sees()
    await ana.says("/idioma pt")
    await ana.says("/sequencia")
    assert "Sua primeira semana começa em qui, 5 de mar, então pede menos." in ana.sees()
    await house.forward_to("2026-03-09 12:00")
    ana.sees()
    await ana.says("/sequencia")
    assert ana.sees() == "0 de 5 nesta semana."


@pytest.mark.parametrize("page", ["0", "7", "99999", "999999999999", "-3", "x", ""])
async def test_a_forged_page_of_why_shows_some_days(ana: Person, page: str) -> None:
    await subscribed(ana)
    await ana.forges(f"streak:why:{page}")
    assert "perdoadas" in ana.sees()


# ------------------------------------------------------------------------------------------------------------ goals


@pytest.mark.parametrize("words", ["5", "5 de 7", "meta 5", "5/7", "semana 5 dias", "cinco"])
async def test_a_weekly_goal_in_words(house: House, ana: Person, words: str) -> None:
    await subscribed(ana)
    await ana.says(f"/sequencia {words}")
    assert "Meta da semana, então." in ana.sees()
    await house.forward_to("2026-03-09 08:00")  # a Monday: a whole week lies ahead
    ana.sees()
    await ana.presses("Feito")
    assert "Feito. 1 de 5 nesta semana. A próxima chega amanhã" in ana.sees()
    await ana.says("/sequencia")
    assert "1 de 5 nesta semana." in ana.sees()
    await ana.says("/sequencia por que")
    seen = ana.sees()
    assert "segunda a domingo" in seen
    assert "perdoada" not in seen


async def test_a_weekly_goal_by_buttons(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/sequencia")
    await ana.presses("Mudar")
    await ana.presses("Meta da semana")
    await ana.presses("goal:3")
    assert "Meta da semana, então." in ana.sees()


async def test_a_first_week_asks_for_its_share(house: House, ana: Person) -> None:
    """Ana begins on a Tuesday: six of the seven days are hers."""
    await subscribed(ana)
    await ana.says("/sequencia 7")
    assert "0 de 6 nesta semana." in ana.sees()


async def test_at_the_start_the_button_goes_round(ana: Person) -> None:
    await ana.says("/start")
    await ana.presses("trail:first-steps")
    assert "Sequência: sim" in ana.buttons()
    await ana.presses("goal")
    assert "Meta: 5 dias por semana" in ana.buttons()
    await ana.presses("goal")
    assert "Sequência: não" in ana.buttons()
    await ana.presses("goal")
    assert "Sequência: sim" in ana.buttons()


async def test_off_is_invisible_everywhere(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/sequencia não")
    assert "Sem sequência e sem meta" in ana.sees()
    await day_done(house, ana, 8)
    await house.forward(days=1)
    await ana.presses("Feito")
    for said in ("/progresso", "/pausa 3 dias", "/voltar", "/pausa 30 dias", "/voltar", "/cancelar", "/hoje"):
        await ana.says(said)
    await house.forward(days=3)
    seen = ana.sees()
    assert "Feito." in seen
    for word in ("equência", "Dia ", "perdoada", "7 dias.", "contra você", "meta"):
        assert word not in seen, word


async def test_off_offers_the_choice_again_when_asked(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/sequencia não")
    await ana.says("/sequencia")
    assert "Uma sequência de dias, uma meta para a semana ou nenhuma das duas?" in ana.sees()
    await ana.presses("Sequência")
    assert "A sequência está de volta." in ana.sees()


async def test_a_goal_nobody_understands_is_said_back_with_the_choice(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/sequencia 9 de 7")
    assert "“9 de 7”" in ana.sees()
    assert "goal:week" in ana.actions()


@pytest.mark.parametrize("action", ["goal:0", "goal:8", "goal:banana", "goal:" + "9" * 40])
async def test_a_forged_goal_changes_nothing(ana: Person, action: str) -> None:
    await subscribed(ana)
    await ana.forges(action)
    assert ana.sees() != ""
    await ana.says("/sequencia")
    assert "Ainda nenhum dia" in ana.sees()


# ------------------------------------------------------------------------------------------------------------ pauses


@pytest.mark.parametrize("words", ["3 dias", "por 3 dias", "for 3 days", "até quinta"])
async def test_a_pause_for_some_days_ends_by_itself(house: House, ana: Person, words: str) -> None:
    await subscribed(ana)
    await ana.says(f"/pausa {words}")
    assert "Em pausa até 5 de março. Sua sequência te espera." in ana.sees()
    await house.forward_to("2026-03-05 07:59")
    assert ana.sees() == ""
    await house.forward_to("2026-03-05 08:00")
    assert "What is data?" in ana.sees()


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("3 dias", "7 de março"),
        ("por 3 dias", "7 de março"),
        ("1 dia", "5 de março"),
        ("uma semana", "11 de março"),
        ("até sábado", "7 de março"),
        ("até 6/3", "6 de março"),
    ],
)
async def test_where_todays_dose_came_the_days_are_counted_from_tomorrow(
    house: House, ana: Person, words: str, until: str
) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    ana.sees()
    await ana.says(f"/pausa {words}")
    assert f"Em pausa até {until}." in ana.sees()


async def test_three_days_pressed_are_three_days_without_a_dose(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.says("/pausa")
    await ana.presses("3 dias")
    assert "Em pausa até 7 de março." in ana.sees()
    assert "4 mar – 6 mar" in ana.buttons()[0]
    await house.forward_to("2026-03-07 07:59")
    assert ana.sees() == ""
    await house.forward_to("2026-03-07 08:00")
    assert "What is data?" in ana.sees()


# ------------------------------------------------------------------------------------------------- the evening's word


async def nudged(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/lembrete 21h")
    assert "Às 21:00, e só quando o dia ainda estiver em aberto." in ana.sees()


async def test_an_open_day_gets_one_word_in_the_evening(house: House, ana: Person) -> None:
    await nudged(house, ana)
    await house.forward_to("2026-03-03 20:59")
    ana.sees()
    await house.forward_to("2026-03-03 21:00")
    assert ana.sees() == "O dia de hoje fica em aberto até as 04:00. Quando quiser, está aqui: What is data?"
    await house.forward_to("2026-03-04 07:59")
    assert ana.sees() == ""
    await house.forward_to("2026-03-04 21:00")
    assert "O dia de hoje fica em aberto" in ana.sees()


async def test_one_evening_that_fails_does_not_end_the_evenings(
    house: House, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> NoReturn:
        raise ValueError("no such zone")

    await nudged(house, ana)
    await house.forward_to("2026-03-03 20:59")
    with monkeypatch.context() as broken:
        broken.setattr(keep, "history_of", fails)
        await house.forward_to("2026-03-03 21:30")
    ana.sees()
    await house.forward_to("2026-03-03 22:30")
    assert "O dia de hoje fica em aberto" in ana.sees()
    await house.forward_to("2026-03-04 20:59")
    ana.sees()
    await house.forward_to("2026-03-04 21:00")
    assert "O dia de hoje fica em aberto" in ana.sees()


async def test_a_day_that_is_done_is_quiet_in_the_evening(house: House, ana: Person) -> None:
    await nudged(house, ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    ana.sees()
    await house.forward_to("2026-03-04 07:59")
    assert ana.sees() == ""


async def test_days_of_rest_and_pause_are_quiet_in_the_evening(house: House, ana: Person) -> None:
    await nudged(house, ana)
    await ana.says("/dias qua")
    await ana.says("/pausa 2026-03-09")
    ana.sees()
    await house.forward_to("2026-03-11 07:59")
    assert ana.sees() == ""
    await house.forward_to("2026-03-11 21:00")
    assert "O dia de hoje fica em aberto" in ana.sees()


async def test_before_the_dose_of_the_day_there_is_no_word(house: House, ana: Person) -> None:
    await nudged(house, ana)
    await ana.says("/hora 22:00")
    ana.sees()
    await house.forward_to("2026-03-02 21:59")
    assert ana.sees() == ""


async def test_the_word_follows_the_clock_of_the_person(house: House, ana: Person) -> None:
    await nudged(house, ana)
    await ana.says("/fuso Lisboa")
    ana.sees()
    await house.forward_to("2026-03-03 17:59")  # 20:59 in Lisbon
    assert "O dia de hoje" not in ana.sees()
    await house.forward_to("2026-03-03 18:00")
    assert "O dia de hoje fica em aberto" in ana.sees()


async def test_the_word_can_be_chosen_by_buttons_and_turned_off(house: House, ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/lembrete")
    await ana.presses("20:00")
    assert "Às 20:00" in ana.sees()
    await ana.says("/lembrete")
    assert "Eu lembro às 20:00" in ana.sees()
    await ana.presses("Sem lembrete")
    assert "Sem lembrete à noite." in ana.sees()
    await house.forward_to("2026-03-03 23:59")
    assert "O dia de hoje" not in ana.sees()


async def test_an_hour_for_the_word_that_nobody_knows_is_said_back(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/lembrete 31h")
    assert "“31h”" in ana.sees()
    assert "nudge:off" in ana.actions()


# ------------------------------------------------------------------------------------------------------------- news


async def test_a_milestone_rides_on_the_next_dose_once(house: House, ana: Person) -> None:
    await subscribed(ana)
    await day_done(house, ana, 6)
    await house.forward(days=1)
    ana.sees()
    await ana.presses("Feito")
    assert "7 dias." not in ana.sees()
    await house.forward(days=1)
    assert "7 dias. Uma semana inteira de aprendizado, e é sua." in ana.sees()
    picture = ana.messages[-1].message.picture
    assert picture
    assert picture.png.startswith(b"\x89PNG")
    assert "Dias feitos ao todo: 7" in picture.alt
    await house.forward(days=1)
    assert "7 dias." not in ana.sees()


async def test_the_next_dose_says_which_days_we_excused_and_only_once(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 07:50")
    await house.restart(after=timedelta(days=2, hours=1))
    seen = ana.sees()
    assert "ter, 3 de mar, qua, 4 de mar não contam contra você: as doses não chegaram, e a culpa foi minha." in seen
    await house.forward(days=1)
    assert "contra você" not in ana.sees()


async def test_a_very_late_dose_excuses_its_day_and_the_next_one_says_so(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 07:50")
    await house.restart(after=timedelta(hours=7))
    assert "Chegou atrasada" in ana.sees()
    await house.forward_to("2026-03-04 08:00")
    assert "ter, 3 de mar não conta contra você: a dose atrasou, e a culpa foi minha." in ana.sees()
    await ana.says("/sequencia por que")
    assert "ter, 3 de mar · dia abonado: sua dose atrasou, das 08:00 às 14:50. Desculpe." in ana.sees()


async def test_a_day_done_in_spite_of_us_needs_no_excuse(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 07:50")
    await house.restart(after=timedelta(hours=7))
    await ana.presses("Feito")
    ana.sees()
    await house.forward_to("2026-03-04 08:00")
    assert "contra você" not in ana.sees()


async def test_news_on_a_dose_that_was_taken_back_rides_on_the_next(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 07:50")
    await house.restart(after=timedelta(hours=7))
    ana.sees()
    await house.forward_to("2026-03-04 07:59:50")
    await house.app.rounds.go()
    await ana.says("/hora 10:00")
    ana.sees()
    await house.forward_to("2026-03-04 10:00")
    assert "contra você" in ana.sees()


# ------------------------------------------------------------------------------------------------------------- races


async def test_ten_presses_at_once_make_one_completion(either_house: House) -> None:
    ana = either_house.person("ana")
    await subscribed(ana)
    await either_house.forward_to("2026-03-03 08:00")
    press = Incoming("", Address("terminal", "ana"), Sender("ana", "Ana"), either_house.app.now(), action="done:1")
    answers = await asyncio.gather(*(either_house.app.host.answer(replace(press, key=f"press:{n}")) for n in range(10)))
    assert all(answers)
    assert await either_house.count(Completion) == 1
    await ana.says("/sequencia")
    assert "1 dia, recorde 1" in ana.sees()


async def test_before_the_first_day_there_is_no_score(house: House, ana: Person, bruno: Person) -> None:
    await subscribed(ana)
    await ana.says("/sequencia")
    assert ana.sees() == "Ainda nenhum dia: o primeiro Feito faz o dia 1."
    await bruno.says("/start")
    await bruno.presses("trail:first-steps")
    await bruno.says("Lisbon")
    await bruno.presses("begin")
    bruno.sees()
    await bruno.says("/streak")
    assert bruno.sees() == "No day yet: your first Done makes day 1."
