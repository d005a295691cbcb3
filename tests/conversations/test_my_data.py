"""The data is the learner's: all of it with one command, nothing of it after another."""

from __future__ import annotations

import json

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
    assert "Não sei mais nada sobre você." in ana.sees()
    async with house.app.database.read() as session:
        for table in tables_about():
            if table.name != "updates":
                assert await session.scalar(select(func.count()).select_from(table)) == 0, table.name


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
    assert set(Base.metadata.tables) - theirs == {"resources", "remembered", "rooms"}
