"""A trail that ran dry: the ways out of it lead on, and what comes into the catalog later comes by itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import duties
from bot.catalog.entry import Resource
from bot.delivery.dry import look_again
from bot.doors.terminal import Person
from bot.operate.doctor import examine
from bot.store import catalog as kept_catalog
from bot.store.tables import Subscription
from tests.house import House, subscribed


async def dry_by_languages(house: House) -> Person:
    """Bruno's trail holds English things only, and he turned English off; the morning told him so."""
    bruno = house.person("bruno", "en")
    await bruno.says("/start")
    await bruno.presses("trail:pictures")
    await bruno.says("Sao Paulo")
    await bruno.presses("begin")
    await bruno.says("/languages portuguese")
    bruno.sees()
    await house.forward_to("2026-03-03 08:00")
    assert "is in languages you turned off" in bruno.sees()
    return bruno


async def test_the_doses_start_again_when_a_language_is_turned_on(either_house: House) -> None:
    bruno = await dry_by_languages(either_house)
    await bruno.presses("Languages")
    await bruno.presses("English, then Portuguese")
    assert "From the next dose on" in bruno.sees()
    await either_house.forward_to("2026-03-04 08:00")
    assert "Bars" in bruno.sees()


async def test_one_is_a_press_away_at_once_and_the_next_day_follows(house: House) -> None:
    bruno = await dry_by_languages(house)
    await bruno.says("/languages english")
    bruno.sees()
    await bruno.presses("Today's dose")
    assert "Bars" in bruno.sees()
    await bruno.presses("Done")
    assert "See you tomorrow at 08:00" in bruno.sees()
    await house.forward_to("2026-03-04 08:00")
    assert "Lines" in bruno.sees()


async def test_start_says_that_nothing_is_left_and_where_there_is_more(house: House) -> None:
    bruno = await dry_by_languages(house)
    await bruno.says("/start")
    assert bruno.sees() == "Good to see you, Bruno. You are on Pictures; it has nothing left for you just now."
    await bruno.presses("Trails")
    await bruno.presses("First steps")
    bruno.sees()
    await bruno.says("/start")
    assert "the next dose comes tomorrow at 08:00" in bruno.sees()


async def test_a_topic_they_do_not_know_after_all_comes_again(study: House, bia: Person) -> None:
    for topic in ("The ground", "Long works", "The roof"):
        await bia.says("/topics")
        await bia.presses(topic)
        await bia.presses("I know this topic")
    await study.forward_to("2026-03-03 08:00")
    assert "You know every topic" in bia.sees()
    await bia.says("/topics roof")
    await bia.presses("I don't, after all")
    bia.sees()
    await study.forward_to("2026-03-04 08:00")
    assert "Tiles" in bia.sees()


async def test_what_is_taken_up_from_the_shelf_comes_with_the_next_doses(study: House, caio: Person) -> None:
    for _ in ("the course", "the competition"):
        await caio.presses("Pôr na estante")
    await study.forward_to("2026-03-03 08:00")
    assert "só resta o que você guardou na estante" in caio.sees()
    await caio.says("/estante")
    await caio.presses("Retomar: Deep course")
    assert "Deep course" in caio.sees()
    await study.forward_to("2026-03-04 08:00")
    assert "Deep course" in caio.sees()


async def test_other_minutes_are_a_new_look_with_an_honest_word_where_they_do_not_help(house: House) -> None:
    bruno = await dry_by_languages(house)
    await bruno.says("/minutes 30")
    bruno.sees()
    await house.forward_to("2026-03-04 08:00")
    assert "is in languages you turned off" in bruno.sees()
    await house.forward(days=3)
    assert bruno.sees() == ""


async def test_a_dose_that_something_is_in_again_leads_on(house: House) -> None:
    """Whatever changed meanwhile: somebody asks for today's, gets one, and the next day's follows."""
    bruno = await dry_by_languages(house)
    async with house.app.database.write() as session:
        (row,) = await session.scalars(select(Subscription))
        row.resource_languages = None
    await house.forward_to("2026-03-05 09:00")
    await bruno.says("/today")
    await bruno.presses("Done")
    assert "See you tomorrow at 08:00" in bruno.sees()
    await house.forward_to("2026-03-06 08:00")
    assert "Lines" in bruno.sees()


# ------------------------------------------------------------------------------------------------ what comes into the catalog


async def serve(house: House, entries: tuple[Resource, ...]) -> None:
    """The catalog holds these now."""
    async with house.app.database.write() as session:
        await kept_catalog.adopt(session, entries, house.app.now())
    house.app.live.catalog = house.app.catalog.model_copy(update={"resources": entries})


async def looked(house: House) -> int:
    return await look_again(house.app.database, lambda: house.app.catalog, house.app.now())


async def test_what_comes_into_the_catalog_later_comes_by_itself(either_house: House) -> None:
    ana = await subscribed(either_house.person("ana"), "pictures")
    whole = either_house.app.catalog.resources
    await serve(either_house, tuple(entry for entry in whole if entry.id != "lines"))
    await ana.says("/hoje")
    await ana.presses("Feito")
    await either_house.forward_to("2026-03-03 08:00")
    assert "Você terminou Figuras inteira" in ana.sees()
    assert await looked(either_house) == 0
    await either_house.forward(days=3)
    assert ana.sees() == ""
    await serve(either_house, whole)
    assert await looked(either_house) == 1
    assert await looked(either_house) == 0
    assert ana.sees() == ""
    await either_house.forward(days=1)
    assert "Lines" in ana.sees()


async def test_what_comes_in_before_the_hour_is_that_days_dose(either_house: House) -> None:
    """They took the last thing themselves and passed it over: the day has no dose of its own yet, and its hour is to come."""
    ana = await subscribed(either_house.person("ana"), "pictures")
    await ana.says("/hoje")
    await ana.presses("Feito")
    await either_house.forward_to("2026-03-03 07:00")
    await ana.says("/buscar lines")
    await ana.presses("see")
    await ana.presses("get")
    await ana.presses("options")
    await ana.presses("Não é para mim")
    assert "Você terminou Figuras inteira" in ana.sees()
    assert await looked(either_house) == 0
    lines = either_house.app.catalog.resource("lines")
    assert lines
    dots = lines.model_copy(update={"id": "dots", "url": "https://example.org/dots", "title": "Dots"})
    await serve(either_house, (*either_house.app.catalog.resources, dots))
    assert await looked(either_house) == 1
    assert await examine(either_house.app.database, either_house.app.now()) == []
    await either_house.forward_to("2026-03-03 08:00")
    assert "Dots" in ana.sees()


async def test_who_asked_before_the_hour_in_vain_gets_that_days_dose_once_there_is_something(
    either_house: House,
) -> None:
    ana = await subscribed(either_house.person("ana"), "pictures")
    whole = either_house.app.catalog.resources
    await serve(either_house, tuple(entry for entry in whole if entry.id != "lines"))
    await ana.says("/hoje")
    await ana.presses("Feito")
    ana.sees()
    await either_house.forward_to("2026-03-03 07:00")
    await ana.says("/hoje")
    assert "Você terminou Figuras inteira" in ana.sees()
    assert await looked(either_house) == 0
    assert await examine(either_house.app.database, either_house.app.now()) == []
    await serve(either_house, whole)
    assert await looked(either_house) == 1
    assert await examine(either_house.app.database, either_house.app.now()) == []
    await either_house.forward_to("2026-03-03 08:00")
    assert "Lines" in ana.sees()


async def test_who_passed_something_over_before_the_hour_had_that_days_dose(either_house: House) -> None:
    """So the press that passed it over can be taken back."""
    ana = await subscribed(either_house.person("ana"), "pictures")
    await ana.says("/hoje")
    await ana.presses("Feito")
    ana.sees()
    await either_house.forward_to("2026-03-03 07:00")
    await ana.says("/hoje")
    await ana.presses("options")
    await ana.presses("Não é para mim")
    assert "Você terminou Figuras inteira" in ana.sees()
    lines = either_house.app.catalog.resource("lines")
    assert lines
    dots = lines.model_copy(update={"id": "dots", "url": "https://example.org/dots", "title": "Dots"})
    await serve(either_house, (*either_house.app.catalog.resources, dots))
    assert await looked(either_house) == 1
    await ana.presses("Desfazer")
    assert "Lines" in ana.sees()
    await either_house.forward_to("2026-03-03 09:00")
    assert ana.sees() == ""
    await either_house.forward_to("2026-03-04 08:00")
    assert "Lines" in ana.sees()


async def test_who_is_paused_or_gone_is_not_looked_at(house: House) -> None:
    for who, said in (("ana", "/cancelar"), ("bia", "/pausa")):
        person = await subscribed(house.person(who))
        await person.says(said)
        await person.presses("Até eu voltar" if said == "/pausa" else "Parar")
    assert await looked(house) == 0


async def test_where_nobody_can_be_looked_at_the_house_is_kept_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    pruned = asyncio.Event()

    async def fails(*_: object) -> int:
        raise RuntimeError("rows that make no sense")

    async def prune(*_: object) -> None:
        pruned.set()

    monkeypatch.setattr(duties, "look_again", fails)
    monkeypatch.setattr(duties, "prune", prune)
    monkeypatch.setattr(duties, "HOUSEKEEPING", timedelta(milliseconds=50))
    await house.restart()
    await asyncio.wait_for(pruned.wait(), 60)
