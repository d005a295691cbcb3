"""The data is the learner's: all of it with one command, nothing of it after another."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlalchemy import func, select

from bot.doors.terminal import Person
from bot.store.my_data import tables_about
from bot.store.tables import Base
from tests.house import House, subscribed


async def live_a_little(house: House, ana: Person) -> None:
    """Leave a trace in as many tables as there are."""
    await subscribed(ana)
    await ana.says("/hoje")
    await ana.presses("Mais tarde")
    await ana.presses("Daqui a 2 horas")
    await ana.presses("Feito")
    await ana.says("/pausa 2026-03-10")
    await ana.says("/voltar")
    await house.forward(days=2)
    await ana.says("/hora")


async def study_a_little(ana: Person) -> None:
    """Leave a trace where long things, presses and ticks are kept, too."""
    await subscribed(ana, "courses")
    await ana.says("/hoje")
    await ana.presses("Avancei hoje")
    await ana.says("parei na página 3")
    await ana.says("/mais")
    await ana.presses("options")
    await ana.presses("Não é para mim")
    await ana.says("/checklists")
    await ana.presses("checklist")
    await ana.presses("step")
    await ana.says("/idiomas inglês")


async def test_one_command_gives_everything(house: House, ana: Person) -> None:
    await live_a_little(house, ana)
    await ana.says("/meusdados")
    file = ana.messages[-1].message.file
    assert file is not None
    everything = json.loads(file.content)
    assert everything["people"][0]["name"] == "Ana"
    assert everything["completions"][0]["resource_id"] == "what-is-data"
    assert {table.name for table in tables_about()} | {"derived"} == set(everything)
    assert everything["derived"]["streak"] == 1


async def test_one_command_deletes_everything_and_gives_a_receipt(house: House, ana: Person) -> None:
    await live_a_little(house, ana)
    await ana.says("/esquecer")
    await ana.presses("Apagar tudo")
    assert (
        "Não sei mais nada sobre você. O que eu te mandei continua no chat; no Telegram, dá para apagar" in ana.sees()
    )
    async with house.app.database.read() as session:
        for table in tables_about():
            if table.name != "updates":
                assert await session.scalar(select(func.count()).select_from(table)) == 0, table.name


async def test_words_that_a_door_set_aside_are_given_and_deleted_as_well(either_house: House) -> None:
    house = either_house
    ana, host = await subscribed(house.person("ana")), house.app.host
    for who in ("ana", "bruno"):
        await host.remember(f"door.aside.{who}", f"words of {who}", owner=f"terminal:{who}", lasts=timedelta(days=1))
    await ana.says("/meusdados")
    file = ana.messages[-1].message.file
    assert file
    assert json.loads(file.content)["remembered"] == [{"name": "door.aside.ana", "value": "words of ana"}]
    await ana.says("/esquecer")
    await ana.presses("Apagar tudo")
    assert await host.all_remembered("door.aside.") == {"door.aside.bruno": "words of bruno"}


async def test_what_is_kept_is_said_with_the_ways_to_get_it_and_to_have_it_deleted(ana: Person, bruno: Person) -> None:
    await ana.says("/privacidade")
    seen = ana.sees()
    assert "O que eu guardo de você" in seen
    assert "Duas semanas depois que uma mensagem chega até você, eu apago a minha cópia dela." in seen
    assert "/meusdados te dá tudo, /esquecer apaga." in seen
    await bruno.says("/privacy")
    seen = bruno.sees()
    assert "I delete my copy of each message two weeks after it reached you." in seen
    assert "/mydata gives you all of it, /forget deletes it." in seen


async def test_forgetting_is_asked_once_more(ana: Person) -> None:
    await subscribed(ana)
    await ana.says("/esquecer")
    await ana.presses("Deixar como está")
    assert "Nada foi apagado." in ana.sees()
    await ana.says("/hoje")
    assert "What is data?" in ana.sees()


async def test_somebody_forgotten_begins_as_a_stranger(house: House, ana: Person) -> None:
    await live_a_little(house, ana)
    await ana.says("/esquecer")
    await ana.presses("Apagar tudo")
    ana.sees()
    await house.forward(days=3)
    assert ana.sees() == ""
    await ana.says("/start")
    assert "Por onde vamos?" in ana.sees()


def test_every_table_belongs_to_people_or_is_known_not_to() -> None:
    theirs = {table.name for table in tables_about()}
    assert set(Base.metadata.tables) - theirs == {
        "resources",
        "remembered",
        "links",
        "link_visits",
        "feeds",
        "feed_items",
        "feed_hosts",
    }


async def test_what_was_pressed_ticked_and_worked_on_is_given_and_deleted(study: House) -> None:
    bia = study.person("bia")
    await study_a_little(bia)
    await bia.says("/meusdados")
    file = bia.messages[-1].message.file
    assert file is not None
    everything = json.loads(file.content)
    assert [thread["note"] for thread in everything["threads"]] == ["parei na página 3"]
    assert [press["kind"] for press in everything["feedback"]] == ["not_for_me"]
    assert [tick["step"] for tick in everything["ticks"]] == ["plan"]
    assert everything["subscriptions"][0]["resource_languages"] == ["en"]
    await bia.says("/esquecer")
    await bia.presses("Apagar tudo")
    async with study.app.database.read() as session:
        for table in ("threads", "feedback", "ticks"):
            left = select(func.count()).select_from(Base.metadata.tables[table])
            assert await session.scalar(left) == 0, table
