"""An update takes effect once, also one that was answered before keys were salted; and its key is none that anybody can look up."""

from __future__ import annotations

import asyncio
from hashlib import blake2b

from sqlalchemy import select, update

from bot.chat import Incoming
from bot.doors.terminal import Person
from bot.store import updates
from bot.store.database import Database
from bot.store.tables import Completion, Update
from tests.house import House, subscribed


def bare(named: str) -> str:
    """The key as it was written before there was a salt."""
    return blake2b(named.encode(), digest_size=16).hexdigest()


async def keys(house: House) -> set[str]:
    async with house.app.database.read() as session:
        return set(await session.scalars(select(Update.key)))


async def pressed_done(house: House, person: Person) -> Incoming:
    """Somebody who has a dose, and what they say about it."""
    await subscribed(person)
    await person.says("/hoje")
    return Incoming("telegram:99:press:7", person.address, person.sender, house.app.now(), text="/feito")


async def test_no_key_is_the_digest_of_a_name_alone(either_house: House) -> None:
    said = await pressed_done(either_house, either_house.person("ana"))
    before = await keys(either_house)
    await either_house.app.host.answer(said)
    [key] = await keys(either_house) - before
    assert key != bare(said.key)
    await either_house.restart()
    answered = await either_house.app.host.answer(said)
    assert answered
    assert await keys(either_house) == before | {key}, "the salt is kept"
    assert await either_house.count(Completion) == 1


async def test_what_was_answered_before_there_was_a_salt_is_not_answered_anew(either_house: House) -> None:
    said = await pressed_done(either_house, either_house.person("ana"))
    before = await keys(either_house)
    first = await either_house.app.host.answer(said)
    [key] = await keys(either_house) - before
    async with either_house.app.database.write() as session:
        await session.execute(update(Update).where(Update.key == key).values(key=bare(said.key)))
    assert await either_house.app.host.answer(said) == first, "it is not on the screen yet"
    await either_house.app.host.rendered(said, ())
    assert await either_house.app.host.answer(said) is None
    assert await either_house.count(Completion) == 1


async def test_two_that_start_at_once_make_one_salt(database: Database) -> None:
    async def ask() -> bytes:
        async with database.write() as session:
            return await updates.salt(session)

    salts = await asyncio.gather(*(ask() for _ in range(8)))
    assert len(set(salts)) == 1
    assert len(salts[0]) == 16


def test_two_databases_have_no_key_in_common() -> None:
    assert updates.key_of("telegram:99:press:7", b"a").salted != updates.key_of("telegram:99:press:7", b"b").salted
