"""A dose and its buttons: done, another, later, and what late, foreign or repeated presses get."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.doors.terminal import Person
from bot.store.tables import Completion, Dose
from tests.house import House, subscribed


@pytest.fixture
async def on_the_way(house: House, ana: Person) -> Person:
    """Ana with her first dose on the screen: Tuesday, 3 March 2026, 08:00."""
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    ana.sees()
    return ana


async def test_done_counts_and_says_when_the_next_one_comes(on_the_way: Person) -> None:
    await on_the_way.presses("Feito")
    assert "Feito. Dia 1. A próxima chega amanhã, às 08:00." in on_the_way.sees()
    assert on_the_way.buttons() == ("Abrir", "Fácil demais", "No ponto", "Difícil demais", "Não valeu", "Desfazer")


async def test_a_dose_that_is_done_makes_room_for_the_next_thing(house: House, on_the_way: Person) -> None:
    await on_the_way.presses("Feito")
    on_the_way.sees()
    await house.forward(days=1)
    assert "Data in words · trilha: Primeiros passos, 2 de 6" in on_the_way.sees()


async def test_an_unanswered_dose_is_still_there_the_next_day(house: House, on_the_way: Person) -> None:
    await house.forward(days=1)
    seen = on_the_way.sees()
    assert "What is data?" in seen
    assert "você ainda não terminou esta" in seen


async def test_a_second_press_changes_nothing(house: House, on_the_way: Person) -> None:
    await on_the_way.presses_twice_at_once("Feito")
    assert await house.count(Completion) == 1


async def test_the_command_counts_like_the_button(on_the_way: Person) -> None:
    await on_the_way.says("/feito")
    assert "Dia 1." in on_the_way.sees()
    await on_the_way.says("/done")
    assert "Essa você já fez." in on_the_way.sees()


async def test_an_update_that_is_served_again_takes_effect_once(house: House, on_the_way: Person) -> None:
    await on_the_way.presses("Outra")
    on_the_way.sees()
    await on_the_way.again()
    assert on_the_way.sees() == ""
    async with house.app.database.read() as session:
        assert await session.scalar(select(Dose.resource_id)) == "data-in-words"


async def test_another_offers_something_else_and_keeps_the_day(on_the_way: Person) -> None:
    await on_the_way.presses("Outra")
    assert "Data in words" in on_the_way.sees()
    await on_the_way.presses("Feito")
    assert "Dia 1." in on_the_way.sees()


async def test_another_ends_kindly_when_there_is_nothing_left(on_the_way: Person) -> None:
    for _ in range(7):
        await on_the_way.presses("Outra")
    assert "Ou fique com esta dose: ela continua aqui." in on_the_way.sees()


async def test_later_brings_the_dose_again_at_that_time(house: House, on_the_way: Person) -> None:
    await on_the_way.presses("Mais tarde")
    await on_the_way.presses("Daqui a 2 horas")
    assert "Ela volta às 10:00." in on_the_way.sees()
    await house.forward_to("2026-03-03 09:59")
    assert on_the_way.sees() == ""
    await house.forward_to("2026-03-03 10:00")
    assert "Você pediu para mais tarde." in on_the_way.sees()


async def test_tomorrow_takes_the_place_of_an_earlier_wish(house: House, on_the_way: Person) -> None:
    await on_the_way.presses("Mais tarde")
    await on_the_way.presses("Daqui a 2 horas")
    await on_the_way.presses("Mais tarde")
    await on_the_way.presses("Amanhã")
    on_the_way.sees()
    await house.forward(hours=5)
    assert on_the_way.sees() == ""


async def test_tomorrow_promises_the_next_dose_only_where_that_brings_it(house: House, on_the_way: Person) -> None:
    await on_the_way.presses("Mais tarde")
    await on_the_way.presses("Amanhã")
    assert "ela volta com a sua próxima dose." in on_the_way.sees()
    await house.forward_to("2026-03-04 08:00")
    seen = on_the_way.sees()
    assert "What is data?" in seen
    assert "você deixou para agora" in seen
    for day in ("2026-03-05", "2026-03-06", "2026-03-07"):  # however often they put it off
        await on_the_way.presses("Mais tarde")
        await on_the_way.presses("Amanhã")
        assert "ela volta com a sua próxima dose." in on_the_way.sees()
        await house.forward_to(f"{day} 08:00")
        assert "What is data?" in on_the_way.sees()


async def test_tomorrow_keeps_the_wish_beside_another_today(house: House, on_the_way: Person) -> None:
    await on_the_way.presses("Mais tarde")
    await on_the_way.presses("Amanhã")
    await on_the_way.presses("Outra")
    assert "What is data?" not in on_the_way.sees()
    await on_the_way.presses("Feito")
    on_the_way.sees()
    await house.forward_to("2026-03-04 08:00")
    assert "What is data?" in on_the_way.sees()


async def test_tomorrow_keeps_the_wish_for_one_more_and_says_which_day(house: House, on_the_way: Person) -> None:
    await on_the_way.presses("Feito")
    await on_the_way.says("/mais")
    assert "Data in words" in on_the_way.sees()
    await on_the_way.presses("Mais tarde")
    await on_the_way.presses("Amanhã")
    assert "ela volta com a sua próxima dose." in on_the_way.sees()
    await on_the_way.says("/mais")
    assert "Data in words" not in on_the_way.sees()
    await on_the_way.presses("Mais tarde")
    await on_the_way.presses("Amanhã")
    assert "Combinado, hoje não. Ela volta outro dia." in on_the_way.sees()  # tomorrow has a wish already
    await house.forward_to("2026-03-04 08:00")
    assert "Data in words" in on_the_way.sees()


async def test_a_wish_ends_when_it_came_whatever_becomes_of_it(house: House, on_the_way: Person) -> None:
    await on_the_way.presses("Mais tarde")
    await on_the_way.presses("Amanhã")
    await house.forward_to("2026-03-04 08:00")
    await on_the_way.presses("Outra")
    await on_the_way.presses("Feito")
    on_the_way.sees()
    await house.forward_to("2026-03-05 08:00")
    assert "você deixou para agora" not in on_the_way.sees()


async def test_a_shorter_day_does_not_promise_what_does_not_fit_it(house: House, on_the_way: Person) -> None:
    await on_the_way.says("/minutos 5 quarta")
    await on_the_way.says("/hoje")
    await on_the_way.presses("Outra")
    assert "Data in words" in on_the_way.sees()
    await on_the_way.presses("Mais tarde")
    await on_the_way.presses("Amanhã")
    said = on_the_way.sees()
    await house.forward_to("2026-03-04 08:00")
    assert ("próxima dose" in said) == ("Data in words" in on_the_way.sees())


async def test_what_is_put_off_and_done_that_day_was_not_put_off(house: House, on_the_way: Person) -> None:
    await on_the_way.presses("Mais tarde")
    await on_the_way.presses("Daqui a 2 horas")
    await on_the_way.says("/gosto")
    seen = on_the_way.sees()
    assert "Você adiou 1 coisa ultimamente" in seen
    assert "Vem de 1 toque seu." in seen
    await on_the_way.presses("Feito")
    on_the_way.sees()
    await on_the_way.says("/gosto")
    assert "adiou" not in on_the_way.sees()


async def test_an_evening_that_is_over_is_asked_again(house: House, on_the_way: Person) -> None:
    await on_the_way.presses("Mais tarde")
    await house.forward_to("2026-03-03 20:00")
    on_the_way.sees()
    await on_the_way.presses("Hoje à noite")
    assert "Quando fica melhor?" in on_the_way.sees()
    assert on_the_way.buttons()[-2:] == ("Daqui a 2 horas", "Amanhã")


async def test_a_dose_done_meanwhile_does_not_come_again(house: House, on_the_way: Person) -> None:
    await on_the_way.presses("Mais tarde")
    await on_the_way.presses("Daqui a 2 horas")
    await on_the_way.presses("Feito")
    on_the_way.sees()
    await house.forward_to("2026-03-03 23:00")
    assert on_the_way.sees() == ""


async def test_somebody_elses_button_does_nothing(house: House, on_the_way: Person, bruno: Person) -> None:
    await subscribed_in_english(bruno)
    await bruno.forges("done:1")
    assert "That button belongs to something that is no longer there." in bruno.sees()
    assert await house.count(Completion) == 0


@pytest.mark.parametrize(
    "action", ["done:", "done:x", "done:-1", "done:99999999999999999999", "snooze:1:never", "nonsense", ""]
)
async def test_a_forged_button_gets_a_kind_answer_and_no_effect(house: House, on_the_way: Person, action: str) -> None:
    await on_the_way.forges(action)
    assert on_the_way.sees() != ""
    assert await house.count(Completion) == 0


async def test_a_press_after_midnight_counts_for_the_day_it_belongs_to(house: House, on_the_way: Person) -> None:
    await house.forward_to("2026-03-04 00:20")
    await on_the_way.presses("Feito")
    await on_the_way.says("/sequencia por que")
    assert "ter, 3 de mar ✓ 00:20 da madrugada, contou para este dia" in on_the_way.sees()


async def test_a_button_from_last_month_says_so_and_offers_today(house: House, on_the_way: Person) -> None:
    await house.forward_to("2026-03-04 07:00")
    old = on_the_way.messages[-1]
    await house.forward_to("2026-04-01 12:00")
    await on_the_way.presses("Feito", on=old)
    assert "Essa dose era de 3 de março. A de hoje está aqui." in on_the_way.sees().replace("\n", " ")


async def test_buttons_work_after_a_restart(house: House, on_the_way: Person) -> None:
    await house.restart()
    await on_the_way.presses("Feito")
    assert "Dia 1." in on_the_way.sees()


async def test_down_over_the_hour_brings_one_dose_marked_late(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 07:50")
    from datetime import timedelta

    await house.restart(after=timedelta(hours=4))
    seen = ana.sees()
    assert "Chegou atrasada, e a culpa foi minha." in seen
    assert seen.count("What is data?") == 1


async def test_down_for_days_brings_one_dose_and_excuses_the_days_lost(house: House, ana: Person) -> None:
    from datetime import timedelta

    await subscribed(ana)
    await house.forward_to("2026-03-03 07:50")
    await house.restart(after=timedelta(days=3, hours=2))
    assert ana.sees().count("What is data?") == 1
    await ana.says("/streak por que")
    assert "dia abonado: fiquei fora do ar" in ana.sees()


async def subscribed_in_english(person: Person) -> None:
    await person.says("/start")
    await person.presses("trail:first-steps")
    await person.says("Lisbon")
    await person.presses("begin")
    person.sees()


async def test_a_word_behind_done_is_not_swallowed(house: House, on_the_way: Person) -> None:
    await on_the_way.says("/feito 5")
    assert "Não sei o que “5” quer me dizer." in on_the_way.sees()
    assert await house.count(Completion) == 0
    await on_the_way.presses("Feito")
    assert "Dia 1." in on_the_way.sees()


async def test_past_midnight_the_mornings_dose_comes_today(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 01:30")
    await ana.says("/hoje")
    await ana.presses("Feito")
    assert "A próxima chega hoje, às 08:00." in ana.sees()
    await ana.says("/hora 9")
    assert "A próxima dose chega hoje. (Aí são 01:30.)" in ana.sees()
    await house.forward_to("2026-03-03 09:00:01")
    assert "Data in words" in ana.sees()


async def test_who_has_done_all_and_says_done_again_is_offered_one_more(on_the_way: Person) -> None:
    await on_the_way.says("/feito")
    on_the_way.sees()
    await on_the_way.says("/feito")
    assert "Essa você já fez." in on_the_way.sees()
    await on_the_way.presses("Mais uma")
    assert "Data in words" in on_the_way.sees()
