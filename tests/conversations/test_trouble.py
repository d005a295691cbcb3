"""What bad input gets: a kind sentence, no traceback, nothing half done, and the next update served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time
from typing import Any, NoReturn

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Incoming
from bot.conversation.sorry import Sorry
from bot.conversation.taking import TRIES
from bot.delivery.prune import prune
from bot.doors.terminal import Person
from bot.errors import DatabaseAway
from bot.store import doses, subscriptions
from bot.store.database import Database
from bot.store.tables import Completion, Schedule, Subscription, Update
from tests.house import House, subscribed
from tests.operate.test_unwritable import at_rest


async def fails(*_: object) -> NoReturn:
    """A fault of ours."""
    raise RuntimeError("nobody foresaw this")


async def test_a_fault_of_ours_gets_an_apology_and_the_next_update_is_served(
    house: House, ana: Person, bruno: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribed(ana)
    monkeypatch.setattr(doses, "all_of_day", fails)
    await ana.says("/hoje")
    assert "Algo deu errado do meu lado." in ana.sees()
    assert "update.failed" in caplog.text
    assert "terminal:" in caplog.text, "the log names the update by its key"
    await ana.says("/sobre")
    assert "Seu id aqui: terminal:ana" in ana.sees()
    await bruno.says("/start")
    assert "Hi, Bruno." in bruno.sees()


async def test_a_fault_takes_back_what_was_half_done(
    house: House, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribed(ana)
    written = subscriptions.keep_schedules

    async def fails_after(*given: Any) -> None:
        await written(*given)
        await fails()

    monkeypatch.setattr(subscriptions, "keep_schedules", fails_after)
    await ana.says("/hora 20:00")
    assert "Algo deu errado do meu lado." in ana.sees()
    async with house.app.database.read() as session:
        assert list(await session.scalars(select(Schedule.hour))) == [time(8)]


NOT_COUNTED = "Não consegui anotar isso, então não contou. A falha é minha, não sua; tente de novo daqui a um minuto."


def goes_away(house: House, monkeypatch: pytest.MonkeyPatch, *, times: int, commits: bool) -> list[str]:
    """So many transactions end with the line cut: before anybody was there, or after a COMMIT whose answer got lost. Tells which."""
    write, cut = house.app.database.write, list[str]()

    @asynccontextmanager
    async def cut_off(**given: Any) -> AsyncIterator[AsyncSession]:
        if len(cut) == times:
            async with write(**given) as session:
                yield session
            return
        cut.append("a transaction")
        if commits:
            async with write(**given) as session:
                yield session
        raise ConnectionResetError("Connection lost")

    monkeypatch.setattr(house.app.database, "write", cut_off)
    return cut


@pytest.mark.parametrize("commits", [False, True])
async def test_what_was_cut_off_takes_effect_once_and_nobody_hears_of_it(
    either_house: House, monkeypatch: pytest.MonkeyPatch, commits: bool
) -> None:
    ana = await subscribed(either_house.person("ana"))
    await ana.says("/hoje")
    await at_rest(either_house)
    cut = goes_away(either_house, monkeypatch, times=1, commits=commits)
    await ana.presses("Feito")
    assert cut
    assert "Feito. Dia 1." in ana.sees()
    assert await either_house.count(Completion) == 1


async def test_where_the_database_is_away_nobody_is_told_that_it_was_noted(
    either_house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ana = await subscribed(either_house.person("ana"))
    await ana.says("/hoje")
    ana.sees()
    await at_rest(either_house)
    goes_away(either_house, monkeypatch, times=2, commits=False)  # the second is the question whether it is there
    await ana.presses("Feito")
    assert ana.sees() == NOT_COUNTED
    assert "update.failed" not in caplog.text
    assert await either_house.count(Completion) == 0
    await ana.presses("Feito")
    assert await either_house.count(Completion) == 1


@pytest.mark.parametrize("cut_off", [False, True])
async def test_nobody_goes_on_asking_a_silent_database_what_language_they_chose(
    house: House, ana: Person, monkeypatch: pytest.MonkeyPatch, cut_off: bool
) -> None:
    asking, ended = asyncio.Event(), asyncio.Event()

    async def silent(*_: object) -> NoReturn:
        asking.set()
        try:
            raise await asyncio.Future[Exception]()
        finally:
            ended.set()

    monkeypatch.setattr(Sorry, "_language_of", silent)
    said = Incoming("late", ana.address, ana.sender, house.app.now(), text="/hoje")
    telling = asyncio.create_task(house.app.conversation.not_taken(said))
    await asyncio.wait_for(asking.wait(), 5)
    if cut_off:
        telling.cancel()
    await asyncio.wait([telling], timeout=5)
    assert telling.cancelled() is cut_off
    await asyncio.wait_for(ended.wait(), 5)


async def test_what_fails_like_a_database_that_is_away_while_that_is_there_is_a_fault_of_ours(
    house: House, ana: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails_so(*_: object) -> NoReturn:
        raise ConnectionResetError("of something else")

    await subscribed(ana)
    monkeypatch.setattr(doses, "all_of_day", fails_so)
    await ana.says("/hoje")
    assert "Algo deu errado do meu lado." in ana.sees()
    assert caplog.text.count("update.taken_again") == TRIES - 1


async def test_what_fails_in_other_words_as_the_database_goes_away_is_not_passed_either(
    house: House, ana: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def nobody(_: Database) -> bool:
        return False

    await subscribed(ana)
    monkeypatch.setattr(doses, "all_of_day", fails)
    monkeypatch.setattr(Database, "is_there", nobody)
    await ana.says("/hoje")
    assert ana.sees() == NOT_COUNTED
    assert "update.failed" not in caplog.text


@pytest.mark.parametrize("asked", ["remember", "forget"])
async def test_a_door_that_keeps_a_fact_hears_that_the_database_is_away(
    either_house: House, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    host = either_house.app.host
    goes_away(either_house, monkeypatch, times=1, commits=False)
    with pytest.raises(DatabaseAway):
        await (host.remember("door.fact", "1") if asked == "remember" else host.forget("door.fact"))


@pytest.mark.parametrize(
    "name",
    ["<b>Ana</b> & co", "\u202eanA\u2066", "*Ana* _x_ [y](http://z)", "A" * 10_000, "\x00\x1b[31mAna", "   ", "\ud83d"],
)
async def test_a_hostile_name_stays_text(house: House, name: str) -> None:
    person = house.door.person("mallory", name=name, language="pt-BR")
    await person.says("/start")
    message = person.messages[-1].message
    assert all(not span.bold and not span.link for span in message.text)
    assert len(person.sees()) < 500


@pytest.mark.parametrize(
    "said", ["", "oi", "?" * 5000, "🦜", "/", "//", "/\n", "/start@another_bot", "<script>", "https://example.org/a"]
)
async def test_whatever_is_said_gets_an_answer(ana: Person, said: str) -> None:
    await subscribed(ana)
    await ana.says(said)
    assert ana.sees() != "" or said == ""


async def test_nothing_is_kept_of_an_update_but_that_it_took_effect(house: House, ana: Person) -> None:
    await subscribed(ana)
    async with house.app.database.read() as session:
        rows = list(await session.scalars(select(Update)))
    assert rows
    assert all(row.answer is None for row in rows)
    assert all("ana" not in row.key for row in rows)


async def test_an_answer_that_was_lost_is_given_again(house: House, ana: Person) -> None:
    await subscribed(ana)
    house.door.loses_next_answer()
    await ana.says("/hoje")
    assert ana.sees() == ""
    await ana.again()
    assert "What is data?" in ana.sees()


async def test_old_keys_are_forgotten(house: House, ana: Person) -> None:
    await subscribed(ana)
    await house.forward(days=3)
    await prune(house.app.database, house.app.now())
    async with house.app.database.read() as session:
        assert await session.scalar(select(func.count(Update.key))) == 0


async def test_a_group_is_no_place_for_somebodys_doses(house: House) -> None:
    ana = house.door.person("ana", name="Ana", language="pt-BR", chat="a-group")
    await ana.says("/start")
    assert "Isso fica entre nós." in ana.sees()
    await ana.says("/comando_de_outro_bot")
    await ana.says("oi, gente")
    assert ana.sees() == ""
    await ana.says("/ajuda")
    assert "O resto fica entre nós: fale comigo a sós." in ana.sees()
    assert await house.count(Subscription) == 0
