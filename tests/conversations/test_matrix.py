"""Who may what, generated: every command, button and question of the tables × every role × own, another's, forged and broken payloads.

After each the rows that are not the presser's own are compared with how they were: nothing of them may have changed that the presser's
role does not allow. A new verb is in the matrix as soon as it is in a table. `make matrix` tries every payload, `make test` the sharpest.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.cards.mend import handle_of
from bot.chat import Question
from bot.commands.table import BUTTONS, COMMANDS, READERS
from bot.doors.terminal import Person
from bot.store import people, questions, suggestions
from bot.store.database import Database
from bot.store.my_data import everything_of
from bot.store.tables import Base, Voice
from tests.house import House, given_role, settings_for, subscribed

HANDLE = handle_of("what-is-data")
SHARP = ("1", "1:paywall", f"{HANDLE}:minutes:20", "remove:1")
"""What may stand behind a verb: numbers of others, fields of a suggestion and of an entry."""
BLUNT = (
    "",
    "2",
    "revoke:1",
    "3",
    "4",
    "99",
    "9" * 17,
    "yes",
    "1:charts",
    "1:words",
    "1:kind:video",
    "a1",
    "again:1",
    "invite",
    "withdraw:1",
    "see:1",
    "what-is-data",
    "-1",
    "١",
    "\x00\u202e🦜",
    "x" * 55,
)
"""More of them, one's own, broken and hostile."""
WHOLE = bool(os.environ.get("TRILHA_WHOLE_MATRIX"))
PAYLOADS = SHARP + BLUNT if WHOLE else SHARP
TYPED = ("1 topic=charts", "what-is-data minutes=20", "remove Carla")
MORE_TYPED = (
    "",
    "1-4 paywall",
    "here",
    "1",
    "off",
    "add",
    "invite 5",
    "terminal:carla",
    "what-is-data",
    "\u202e🦜 x=y",
)
"""What may stand behind a command."""
DESK = frozenset(
    ["suggestions", "audit", "rooms", "shown_cards", "outbox", "resources", "remembered", "decided_entries", "voices"]
)
"""What curators may change that belongs to nobody in particular."""
ROLES = frozenset(["people", "identities", "invitations"])
"""What only owners may change."""
MAY = {"curator": DESK, "owner": DESK | ROLES}
EVERYBODY = ("stranger", "learner", "blocked", "ex-curator", "curator", "owner")

Rows = frozenset[tuple[str, str]]


@dataclass
class World:
    """A house with something of everything in it, and the one who tries."""

    house: House
    who: Person
    role: str
    brought: set[int] = field(default_factory=set)
    """The suggestions that were theirs, also after they had everything about themselves deleted."""

    @property
    def database(self) -> Database:
        return self.house.app.database

    async def others(self, earlier: frozenset[int] = frozenset()) -> tuple[Rows, frozenset[int]]:
        """Every row that is not the presser's own and that their role may not change; and the numbers they are known by."""
        async with self.database.read() as session:
            me = await people.find(session, "terminal", self.who.sender.id, lock=False)
            mine = earlier | ({me.id} if me else frozenset())
            own: set[tuple[str, str]] = set()
            for number in mine:
                for table, rows in (await everything_of(session, number)).items():
                    own |= {(table, row_text(row)) for row in rows}
            self.brought |= set(await session.scalars(select(Voice.suggestion_id).where(Voice.person_id.in_(mine))))
            every = set()
            for table in Base.metadata.sorted_tables:
                if table.name in {"updates"} | MAY.get(self.role, frozenset()):
                    continue
                for row in (await session.execute(select(table))).mappings():
                    if table.name == "suggestions" and row["id"] in self.brought:
                        continue
                    every.add((table.name, row_text(dict(row))))
        return frozenset(every - own), frozenset(mine)

    async def unchanged(self, before: Rows, mine: frozenset[int], what: str) -> tuple[Rows, frozenset[int]]:
        after, mine = await self.others(mine)
        assert not before ^ after, f"{self.role} changed by {what}: {sorted(before ^ after)[:4]}"
        return after, mine


def row_text(row: dict[str, Any]) -> str:
    return repr(
        sorted((name, value.isoformat() if hasattr(value, "isoformat") else value) for name, value in row.items())
    )


@pytest.fixture(params=EVERYBODY)
async def world(request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[World]:
    """Ana learns and suggests, Carla decided, Dora owns; then somebody of each role tries everything."""
    house = await House(settings_for(tmp_path)).open()
    carla, dora = await given_role(house, "carla", "curator"), await given_role(house, "dora", "owner")
    room = house.door.person("carla", chat="-100", language="en")
    await room.says("/room here")
    await dora.says("/curators invite")
    ana = house.person("ana")
    for person in (ana, house.person("bruno")):
        await subscribed(person)
        await person.says("/hoje")
        await person.presses("Feito")
        await person.says("a line to remember")
    for number in range(4):
        await ana.says(f"/sugerir https://example.net/{number} porque sim")
    await carla.says("/reject 2 paywall")
    await carla.says("/approve 3 topic=charts minutes=5 title=Three")
    await carla.says("/edit types-of-data minutes=11")
    await house.app.settle()
    who = await somebody(house, request.param)
    house.app.clock.stop()  # on a slow machine a pulse would change rows between two presses
    await house.app.settle()
    yield World(house, who, request.param)
    await house.close()


async def somebody(house: House, role: str) -> Person:
    if role == "stranger":
        return house.person("eva")
    if role in ("curator", "owner"):
        return await given_role(house, "eva", role, "pt-BR")
    eva = await given_role(house, "eva", "curator", "pt-BR")
    async with house.app.database.write() as session:
        await people.give_role(session, "terminal", "eva", "learner")
    if role != "ex-curator":
        await subscribed(eva)
        await eva.says("/suggest https://example.net/eva mine")
    if role == "blocked":
        await eva.blocks()
    return eva


async def test_nobody_gets_what_is_not_theirs(world: World) -> None:
    """By buttons, by commands, by the answers to questions; and something does change where the role is right."""
    await world.who.says("/reject 4 paywall")
    async with world.database.read() as session:
        last = await suggestions.find(session, 4)
    assert last
    assert (last.state == "rejected") == (world.role in ("curator", "owner"))
    await world.house.app.settle()
    await press_everything(world)
    await say_everything(world)
    await answer_everything(world)


async def press_everything(world: World) -> None:
    in_room = world.house.door.person("eva", chat="-100")
    card = in_room.messages[-1]
    before, mine = await world.others()
    for verb in BUTTONS:
        for payload in PAYLOADS:
            await world.who.forges(f"{verb}:{payload}" if payload else verb)
        await in_room.forges(f"{verb}:1", on=card)
        await in_room.again()
        before, mine = await world.unchanged(before, mine, f"the button {verb}")


async def say_everything(world: World) -> None:
    in_room = world.house.door.person("eva", chat="-100")
    before, mine = await world.others()
    for command in COMMANDS:
        for typed in TYPED + MORE_TYPED if WHOLE else TYPED:
            await world.who.says(f"/{command.name} {typed}")
        await in_room.says(f"/{command.alias} 1")
        before, mine = await world.unchanged(before, mine, f"/{command.name}")


async def answer_everything(world: World) -> None:
    await world.who.says("/help")
    before, mine = await world.others()
    for kind in READERS:
        for about in ("1", f"{HANDLE}:title", "1:title"):
            async with world.database.write() as session:
                me = await people.find(session, "terminal", "eva")
                assert me
                asked = Question(kind, "?", about=about)
                await questions.ask(session, me.id, world.who.address, asked, world.house.app.now())
            await world.who.says("some words of mine")
        before, mine = await world.unchanged(before, mine, f"the question {kind}")
