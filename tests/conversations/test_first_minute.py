"""The first minute: from /start to the first dose, in two taps."""

from __future__ import annotations

import pytest

from bot.catalog.fields import Bilingual
from bot.doors.terminal import Person
from tests.house import House, subscribed


async def test_two_taps_are_enough(ana: Person) -> None:
    await ana.says("/start")
    assert "Oi, Ana." in ana.sees()
    await ana.presses("trail:first-steps")
    assert "Primeiros passos: dose às 08:00, 15 minutos, todos os dias. Aí são 12:00, certo?" in ana.sees()
    await ana.presses("begin")
    assert "A primeira chega amanhã, às 08:00." in ana.sees()


async def test_whatever_a_stranger_writes_first_they_are_greeted(ana: Person, carla: Person) -> None:
    await ana.says("oi!")
    assert "Oi, Ana." in ana.sees()
    assert "Por onde vamos?" in ana.screen
    await ana.says("quero aprender o que é data")
    await ana.presses("Buscar")
    assert "1. What is data?" in ana.sees()
    await ana.presses("trail:first-steps")
    await ana.says("e agora?")
    assert "Primeiros passos: dose às 08:00" in ana.sees()
    await ana.presses("begin")
    ana.sees()
    await ana.says("obrigada")
    assert "Ainda não converso muito bem." in ana.sees()
    await carla.says("hello")
    assert "I'm better with buttons and commands." in carla.sees()


async def test_the_dose_comes_at_the_hour_and_not_before(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward_to("2026-03-03 07:50")
    assert ana.sees() == ""
    await house.forward_to("2026-03-03 08:00:00")
    dose = ana.sees()
    assert "What is data? · trilha: Primeiros passos, 1 de 6" in dose
    assert "vídeo · 8 min · inglês · Josie Ann" in dose
    assert "Por que esta: ela abre “Noções básicas” com algo curto para assistir" in dose


async def test_the_first_dose_can_be_had_at_once_and_the_hour_is_silent(house: House, ana: Person) -> None:
    await ana.says("/start")
    await ana.presses("trail:first-steps")
    await ana.presses("ask:hour")
    await ana.presses("hour:20:00")
    await ana.presses("begin")
    assert "hoje, às 20:00" in ana.sees()
    await ana.presses("today")
    assert "What is data?" in ana.sees()
    await house.forward_to("2026-03-02 23:00")
    assert ana.sees() == ""
    await house.forward_to("2026-03-03 20:00")
    assert "What is data?" in ana.sees()


async def test_an_english_client_is_asked_for_the_clock_because_no_zone_dominates(bruno: Person) -> None:
    await bruno.says("/start")
    assert "Hi, Bruno." in bruno.sees()
    await bruno.presses("trail:first-steps")
    assert "What time is it where you are?" in bruno.sees()
    await bruno.says("Lisbon")
    assert "It's 15:00 where you are, right?" in bruno.sees()
    await bruno.presses("begin")
    assert "Your first one comes tomorrow at 08:00." in bruno.sees()


async def test_a_clock_that_many_zones_share_asks_for_one_of_their_cities(ana: Person) -> None:
    await ana.says("/start")
    await ana.presses("trail:first-steps")
    await ana.presses("ask:clock")
    await ana.presses("clock:10:00")
    assert "não o ano todo" in ana.sees()
    await ana.presses("zone:America/New_York")
    assert "Aí são 10:00, certo?" in ana.sees()


async def test_a_city_nobody_knows_is_said_and_nothing_changes(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/fuso Xyzzyville")
    assert "Xyzzyville" in ana.sees()
    await ana.says("/start")
    assert "amanhã, às 08:00" in ana.sees()


async def test_a_city_that_is_understood_is_named_with_a_way_back(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/fuso Lisboa")
    assert "Lisboa, Portugal: aí são 15:00." in ana.sees()
    await ana.presses("Não é aí")
    assert "Que horas são aí agora?" in ana.sees()
    await ana.presses("clock:12:00")
    ana.sees()


async def test_the_proposal_names_the_city_as_well(bruno: Person) -> None:
    await bruno.says("/start")
    await bruno.presses("trail:first-steps")
    await bruno.says("Lisbon")
    assert "Lisbon, Portugal: it is 15:00 there." in bruno.sees()
    await bruno.presses("begin")
    assert "Your first one comes tomorrow at 08:00." in bruno.sees()


@pytest.mark.parametrize(
    ("language", "today", "clock"),
    [("pt-BR", "/hoje", "Aí são 10:00, certo?"), ("en", "/today", "It's 10:00 where you")],
)
async def test_a_clock_that_was_said_is_kept_where_no_city_follows(
    house: House, language: str, today: str, clock: str
) -> None:
    eva = house.person("eva", language)
    await eva.says("/start")
    await eva.presses("trail:first-steps")
    await eva.forges("ask:clock")
    await eva.forges("clock:10:00")
    eva.sees()
    await eva.says(today)
    assert clock in eva.sees()


async def test_three_letters_ask_before_they_move_a_clock(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/fuso abc")
    assert "É esta?" in ana.sees()
    assert ana.buttons() == ("Albacete, Espanha",)
    await ana.says("/ajustes")
    assert "12:00" in ana.sees()
    await ana.says("/fuso abc")
    await ana.says("Recife")
    assert "Recife, PE: aí são 12:00." in ana.sees()


async def test_a_shared_location_sets_the_zone(ana: Person) -> None:
    await subscribed(ana)
    await ana.sends_location(38.72, -9.14)
    assert "Aí são 15:00" in ana.sees()


async def test_all_trails_are_one_press_away(ana: Person) -> None:
    await ana.says("/trilha")
    assert "Figuras: Mostrar dados." in ana.sees()


@pytest.mark.parametrize(
    "typed",
    ["a researcher's notes", "A Researcher’s Notes", "anotações de uma pesquisadora", "anotacoes  de uma pesquisadora"],
)
async def test_a_trail_is_known_by_its_name_however_a_keyboard_writes_it(house: House, ana: Person, typed: str) -> None:
    first, *others = house.app.catalog.trails
    name = Bilingual(en="A researcher’s notes", pt="Anotações de uma pesquisadora")
    renamed = (first.model_copy(update={"name": name}), *others)
    house.app.live.catalog = house.app.catalog.model_copy(update={"trails": renamed})
    await ana.says(f"/assinar {typed}")
    assert "Boa. Anotações de uma pesquisadora: dose às 08:00" in ana.sees()


async def test_nobody_gets_a_dose_before_confirming(house: House, ana: Person) -> None:
    await ana.says("/start")
    await ana.presses("trail:first-steps")
    ana.sees()
    await house.forward(days=3)
    assert ana.sees() == ""


async def test_topics_can_be_picked_instead_of_a_trail(house: House, ana: Person) -> None:
    await ana.says("/topicos")
    await ana.presses("Gráficos")
    await ana.presses("Modelos")
    await ana.presses("Noções básicas")
    await ana.presses("✓ Noções básicas")
    await ana.presses("Seguir com 2 temas")
    assert "Seus temas: dose às 08:00" in ana.sees()
    await ana.presses("begin")
    await ana.presses("today")
    assert "What is a model? · trilha: Seus temas, 1 de 4" in ana.sees()
    await ana.says("/progresso")
    assert "Modelos 0/2" in ana.sees()


async def test_no_topic_at_all_is_no_way(ana: Person) -> None:
    await ana.says("/topicos")
    assert "picked" not in ana.actions()
    await ana.forges("picked", on=ana.messages[-1])
    assert "Escolha pelo menos um." in ana.sees()
