"""Mending entries and suggestions: what an entry cannot be is said and not kept, in the curator's own language."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot import live_catalog
from bot.catalog.entry import Resource
from bot.catalog.overlay import read_facts
from bot.delivery.prune import prune
from bot.doors.terminal import Person
from bot.store import catalog as kept_catalog
from bot.store import entries, remembered
from tests.house import SMALL_CATALOG, House, given_role


@pytest.fixture
async def clara(house: House) -> Person:
    """Clara, who curates in Portuguese."""
    return await given_role(house, "clara", "curator", "pt-BR")


async def live(house: House, resource_id: str = "what-is-data") -> Resource:
    await house.app.live.follow()
    entry = house.app.catalog.resource(resource_id)
    assert entry
    return entry


async def fill_core(house: House, topic: str, count: int, *, elsewhere: bool = False) -> None:
    """So many core entries more for a topic; `elsewhere`: another process wrote them, and nobody here looked yet."""
    async with house.app.database.write() as session:
        for number in range(count):
            facts = {"title": f"Core {number}", "url": f"https://example.org/core/{number}", "core": True}
            facts |= {"topic": topic, "kind": "video", "language": "en"}
            await entries.add(session, read_facts(f"core-{number}", facts), by=None, at=house.app.now())
    if not elsewhere:
        await house.app.live.follow()


async def edit_into_a_full_core(house: House) -> None:
    """Two decisions of other processes that do not fit together; nobody here looked yet."""
    await fill_core(house, "charts", 6, elsewhere=True)
    async with house.app.database.write() as session:
        later = house.app.now() + timedelta(seconds=1)
        await entries.edit(session, "what-is-data", {"topic": "charts"}, by=None, at=later)


def changed_file(folder: Path) -> Path:
    """The small catalog with another title in it."""
    file = folder / "catalog.yaml"
    file.write_text(SMALL_CATALOG.read_text().replace("title: Bars", "title: Bars and lines"))
    return file


async def reloaded_elsewhere(house: House, file: Path) -> None:
    """Another process was asked to read a file."""
    house.app.live._settings = house.settings.model_copy(update={"catalog": file})
    async with house.app.database.write() as session:
        await kept_catalog.call_for_reload(session)


async def test_a_core_entry_stays_something_to_give_as_a_dose(house: House, carla: Person, clara: Person) -> None:
    await carla.says("/edit what-is-data")
    await carla.presses("kind")
    await carla.presses("More")
    await carla.presses("profile")
    assert "must stay something to give as a dose" in carla.sees()
    await clara.says("/editar what-is-data kind=profile")
    assert "Este item está no núcleo do tema" in clara.sees()
    await carla.says("/edit what-is-data note.en=A new note from the chat")
    assert "Mended, in doses from now." in carla.sees()
    entry = await live(house)
    assert entry.kind == "video"
    assert entry.note
    assert entry.note.en == "A new note from the chat"


async def test_a_full_core_takes_no_ninth_entry(house: House, carla: Person, clara: Person) -> None:
    await fill_core(house, "charts", 6)
    await carla.says("/edit what-is-data topic=charts")
    assert "The core of Charts is full (8). Take one out in the file first." in carla.sees()
    await clara.says("/editar what-is-data topic=charts")
    assert "O núcleo de Gráficos está cheio (8). Tire um no arquivo antes." in clara.sees()
    await carla.says("/edit what-is-data title=What data is")
    assert "Mended, in doses from now." in carla.sees()
    assert (await live(house)).title == "What data is"


async def test_where_two_fill_a_core_at_the_same_time_the_curators_hear_whose_change_does_not_count_yet(
    either_house: House,
) -> None:
    carla = await given_role(either_house, "carla", "curator")
    clara = await given_role(either_house, "clara", "curator", "pt-BR")
    await fill_core(either_house, "charts", 6, elsewhere=True)
    await carla.says("/edit what-is-data topic=charts")
    assert "Mended" in carla.sees()
    await either_house.forward(minutes=1)
    assert carla.sees().count("“What is data?” does not count yet") == 1
    assert "sobre “What is data?” ainda não vale" in clara.sees()
    assert (await live(either_house)).topic == "basics"
    await carla.says("/edit bars title=Bars")
    await either_house.restart()
    await carla.says("/edit lines title=Lines")
    await either_house.forward(minutes=1)
    assert "does not count yet" not in carla.sees(), "once is enough"
    await carla.says("/retire bars")
    assert (await live(either_house)).topic == "charts", "now it fits"


@pytest.mark.parametrize(
    "trouble", [OperationalError("…", None, Exception("it was cut off")), asyncio.CancelledError()]
)
async def test_the_curators_hear_later_where_it_could_not_be_written_down_at_once(
    either_house: House, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    carla = await given_role(either_house, "carla", "curator")
    await edit_into_a_full_core(either_house)

    async def fail(*_: Any, **__: Any) -> None:
        raise trouble

    with monkeypatch.context() as once:
        once.setattr(live_catalog, "tell_curators", fail)
        with pytest.raises(type(trouble)):
            await either_house.app.live.follow()
    await either_house.forward(minutes=1)
    assert carla.sees().count("“What is data?” does not count yet") == 1
    assert not await either_house.app.live.follow()


@pytest.mark.parametrize("reads", ["reload", "another's reload", "restart"])
async def test_the_curators_hear_of_what_comes_up_as_the_file_is_read(
    either_house: House, tmp_path: Path, reads: str
) -> None:
    carla = await given_role(either_house, "carla", "curator")
    await edit_into_a_full_core(either_house)
    if reads == "reload":
        assert await either_house.app.reload()
    elif reads == "restart":
        await either_house.restart()
    else:
        await reloaded_elsewhere(either_house, changed_file(tmp_path))
    await either_house.forward(minutes=1)
    assert carla.sees().count("“What is data?” does not count yet") == 1
    await either_house.restart(timedelta(days=1))
    assert "does not count yet" not in carla.sees(), "told is told, also on another day"
    await prune(either_house.app.database, either_house.app.now() + timedelta(days=20))
    await either_house.restart(timedelta(days=20))
    await either_house.forward(minutes=1)
    assert "does not count yet" not in carla.sees(), "also where no notice is kept any more"


async def test_what_was_set_aside_long_before_anybody_kept_count_is_no_news(either_house: House) -> None:
    """As a database is that an earlier version left: nothing says what the curators know."""
    carla = await given_role(either_house, "carla", "curator")
    await edit_into_a_full_core(either_house)
    async with either_house.app.database.write() as session:
        await remembered.forget(session, live_catalog.TOLD)
    await either_house.restart(timedelta(days=8))
    await either_house.forward(minutes=1)
    assert "does not count yet" not in carla.sees()
    await edited_elsewhere(either_house, topic="models", url="https://example.org/words")
    assert carla.sees().count("does not count yet") == 1, "what comes from then on is"


async def edited_elsewhere(house: House, **changes: Any) -> None:
    """Another process changes the same entry once more, which has not heard yet of what is in its way."""
    await house.forward(minutes=1)
    async with house.app.database.write() as session:
        await entries.edit(session, "what-is-data", changes, by=None, at=house.app.now())
    await house.forward(minutes=1)


async def test_what_is_edited_again_while_it_does_not_count_is_told_again_only_where_something_else_is_in_its_way(
    either_house: House,
) -> None:
    carla = await given_role(either_house, "carla", "curator")
    await edit_into_a_full_core(either_house)
    await edited_elsewhere(either_house, title="What data is")
    assert carla.sees().count("does not count yet") == 1
    await edited_elsewhere(either_house, minutes=12)
    await either_house.restart()
    await either_house.forward(minutes=1)
    assert "does not count yet" not in carla.sees(), "the same is in its way"
    await edited_elsewhere(either_house, topic="models", url="https://example.org/words")
    assert carla.sees().count("“What data is” does not count yet") == 1, "it was moved, and does not fit there either"


async def test_what_counted_in_between_is_told_again(either_house: House) -> None:
    carla = await given_role(either_house, "carla", "curator")
    await edit_into_a_full_core(either_house)
    await either_house.forward(minutes=1)
    assert "does not count yet" in carla.sees()
    await carla.says("/retire bars")
    assert (await live(either_house)).topic == "charts"
    await either_house.restart(timedelta(days=1))
    async with either_house.app.database.write() as session:
        await entries.restore(session, "bars", by=None, at=either_house.app.now())
    await either_house.forward(minutes=1)
    assert carla.sees().count("“What is data?” does not count yet") == 1


async def test_an_edit_is_not_taken_back_into_a_core_that_filled_up(house: House, carla: Person) -> None:
    await carla.says("/edit bars topic=models")
    carla.sees()
    await fill_core(house, "charts", 7)
    await carla.says("/undo")
    assert "The core of Charts is full (8)." in carla.sees()
    assert (await live(house, "bars")).topic == "models"


async def test_what_was_retired_does_not_come_back_into_a_core_that_filled_up(house: House, carla: Person) -> None:
    await fill_core(house, "charts", 6)
    await carla.says("/retire bars")
    await carla.says("/edit what-is-data topic=charts")
    carla.sees()
    await carla.forges("undo:a1")
    assert "The core of Charts is full (8)." in carla.sees()
    assert (await live(house)).topic == "charts"
    assert house.app.catalog.resource("bars") is None


async def test_what_does_not_fit_is_told_by_its_field(house: House, carla: Person, clara: Person) -> None:
    await clara.says("/editar what-is-data url=https://example.org/x y")
    assert "endereço: esse valor não serve." in clara.sees()
    await clara.says("/editar what-is-data idioma=-")
    assert "idioma: esse valor não serve." in clara.sees()
    await carla.says("/edit what-is-data url=https://example.org/words")
    assert "address: this value does not fit." in carla.sees()
    assert (await live(house)).url == "https://example.org/what-is-data"


@pytest.mark.parametrize(
    ("typed", "minutes"), [("120", 120), ("1h30", 90), ("2 horas", 120), ("10h", 600), ("1 h 30 min", 90), ("½", 8)]
)
async def test_the_minutes_of_an_entry_may_be_typed(house: House, carla: Person, typed: str, minutes: int) -> None:
    await carla.says("/edit what-is-data")
    await carla.presses("minutes")
    assert "How long does it take? Tap it, or type the minutes." in carla.sees()
    await carla.says(typed)
    assert ("isn't a number of minutes" in carla.sees()) is (minutes == 8)
    assert (await live(house)).minutes == minutes


@pytest.mark.parametrize(
    ("typed", "title", "minutes"),
    [("240", None, 240), ("4 horas", None, 240), ("1 h 30 min", None, 90), ("Second thing, 1h30", "Second thing", 90)],
)
async def test_the_minutes_of_a_link_may_be_typed(
    house: House, bruno: Person, clara: Person, typed: str, title: str | None, minutes: int
) -> None:
    await bruno.says("/suggest https://example.net/attention")
    await clara.says("/editar 1 título=Attention tema=models")
    await clara.says("/aprovar 1")
    assert "Quanto tempo leva? Toque, ou escreva os minutos." in clara.sees()
    await clara.says("muito")
    assert "“muito” não é um número de minutos." in clara.sees()
    await clara.says(typed)
    assert "✓ Aprovado por Clara" in clara.sees()
    entry = await live(house, "second-thing" if title else "attention")
    assert (entry.title, entry.minutes) == (title or "Attention", minutes)


async def test_values_are_what_a_card_calls_them_in_either_language(house: House, clara: Person) -> None:
    await clara.says("/editar what-is-data tipo=artigo idioma=inglês nível=clássico minutos=1h30")
    entry = await live(house)
    assert (entry.kind, entry.language, entry.level, entry.minutes) == ("article", "en", "cult", 90)
    await clara.says("/editar what-is-data kind=videos language=pt-BR level=para iniciantes minutes=1 h 30 min")
    entry = await live(house)
    assert (entry.kind, entry.language, entry.level, entry.minutes) == ("video", "pt", "beginner", 90)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("tipo=canção", "“canção” não serve para tipo. Estes servem: vídeo, playlist, canal, curso"),
        ("idioma=klingon", "“klingon” não serve para idioma. Estes servem: inglês, português, espanhol"),
        ("nível=2", "Existem: introdutório, um clássico, para iniciantes, avançado."),
        ("título=", "Qual o valor de título?"),
        ("dificuldade=2", "Não conheço o campo “dificuldade”. Existem: topic, kind, level, minutes, "),
        ("temma=models", "Não conheço o campo “temma”. Seria tema?"),
    ],
)
async def test_what_cannot_be_set_is_said_in_portuguese(clara: Person, typed: str, said: str) -> None:
    await clara.says(f"/editar what-is-data {typed}")
    assert said in clara.sees()
