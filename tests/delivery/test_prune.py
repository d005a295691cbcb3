"""What had its use is deleted in small bites; what still waits, and what was given up lately, stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import Address, MessageRef
from bot.delivery import prune as pruning
from bot.delivery.prune import prune
from bot.store import feed_searches, invitations, link_codes, links, prompts, remembered
from bot.store.database import Database
from bot.store.tables import FeedSearch, Link, LinkVisit, Outgoing, Person, Prompt, Resource, Update, WrongCode
from tests.house import MONDAY_NOON

DAY = timedelta(days=1)


async def rows(database: Database, state: str, age: timedelta, count: int = 1, **more: object) -> None:
    """Messages in a state that were due so long ago."""
    at = MONDAY_NOON - age
    bare = {"kind": "notice", "platform": "terminal", "chat": "x", "facts": {}, "priority": 1, **more}
    async with database.write() as session:
        await session.execute(
            insert(Outgoing),
            [{**bare, "key": f"{state}:{age}:{n}", "state": state, "not_before": at} for n in range(count)],
        )


async def left(database: Database) -> list[str]:
    async with database.read() as session:
        return sorted(await session.scalars(select(Outgoing.key)))


async def test_old_messages_go_and_the_others_stay(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH", 10)
    monkeypatch.setattr(pruning, "BREATH", 0)
    await rows(database, "sent", 15 * DAY, 25)
    await rows(database, "dead", 91 * DAY, 3)
    for state, age in (("sent", 13 * DAY), ("dead", 80 * DAY), ("retry", 29 * DAY), ("uncertain", 29 * DAY)):
        await rows(database, state, age)
    assert await prune(database, MONDAY_NOON) == 28
    assert [key.partition(":")[0] for key in await left(database)] == ["dead", "retry", "sent", "uncertain"]
    assert await prune(database, MONDAY_NOON) == 0


async def test_old_news_for_a_platform_that_is_gone_go_and_doses_stay(database: Database) -> None:
    await rows(database, "due", 31 * DAY)
    await rows(database, "retry", 31 * DAY)
    await rows(database, "uncertain", 40 * DAY, kind="dose", expires_at=MONDAY_NOON - 39 * DAY)
    for age, kind in enumerate(("digest", "nudge", "snooze", "silence", "summary"), 32):
        await rows(database, "due", age * DAY, kind=kind, expires_at=MONDAY_NOON - 31 * DAY)
    assert await prune(database, MONDAY_NOON) == 7
    assert [key.partition(":")[0] for key in await left(database)] == ["uncertain"]


async def test_keys_of_updates_go_after_two_days(database: Database) -> None:
    async def add(key: str, at: datetime) -> None:
        async with database.write() as session:
            session.add(Update(key=key, at=at))

    await add("old", MONDAY_NOON - timedelta(days=2, seconds=1))
    await add("young", MONDAY_NOON - timedelta(days=1, hours=23))
    assert await prune(database, MONDAY_NOON) == 1
    async with database.read() as session:
        assert list(await session.scalars(select(Update.key))) == ["young"]


async def test_what_a_door_kept_for_a_while_goes_when_it_is_over(database: Database) -> None:
    async with database.write() as session:
        for name, until in (("over", -1), ("not_yet", 1)):
            await remembered.remember(session, name, "x", until=MONDAY_NOON + timedelta(minutes=until))
        await remembered.remember(session, "for_good", "x")
    assert await prune(database, MONDAY_NOON) == 1
    async with database.read() as session:
        assert sorted(await remembered.recall_all(session, "")) == ["for_good", "not_yet"]


async def test_questions_for_a_line_and_searches_go_when_they_are_old(database: Database) -> None:
    async with database.write() as session:
        session.add(Person(id=1, name="Ana", language="en", met_at=MONDAY_NOON))
        session.add(
            Resource(
                id="graphs", title="Graphs", url="https://example.org/graphs", topic="charts", added_at=MONDAY_NOON
            )
        )
        await session.flush()
        for days in (364, 366, 400):
            ref = MessageRef(Address("terminal", "ana"), f"{days}")
            await prompts.remember(session, 1, "graphs", [ref], MONDAY_NOON - days * DAY)
        for days, state in ((89, "done"), (91, "done"), (91, "waiting")):
            at = MONDAY_NOON - days * DAY
            search = await feed_searches.ask(session, 1, Address("terminal", "ana"), f"https://{days}", None, at)
            search.state = state
    assert await prune(database, MONDAY_NOON) == 3
    async with database.read() as session:
        assert list(await session.scalars(select(Prompt.message))) == ["364"]
        assert sorted(await session.scalars(select(FeedSearch.id))) == [1, 3]


async def test_old_visits_to_a_link_go_and_those_that_tell_its_state_stay(database: Database) -> None:
    async def visited(link: int, *ages: timedelta) -> None:
        async with database.write() as session:
            session.add(Resource(id=f"r{link}", title="x", url="https://x.example", topic="t", added_at=MONDAY_NOON))
            await session.flush()
            at = {"since": MONDAY_NOON, "visited_at": MONDAY_NOON}
            session.add(Link(id=link, resource_id=f"r{link}", url="https://x.example", state="suspect", **at))
            await session.flush()
            for age in ages:
                found = {"url": "https://x.example", "outcome": "gone"}
                session.add(LinkVisit(link_id=link, at=MONDAY_NOON - age, **found))

    await visited(1, *(400 * DAY + number * DAY for number in range(links.REMEMBERED + 5)))
    await visited(2, *(number * 3 * DAY for number in range(200)))
    assert await prune(database, MONDAY_NOON) == 5 + sum(number * 3 > 365 for number in range(200))
    async with database.read() as session:
        oldest = {link: min(ages) for link, ages in (await _ages(session)).items()}
        assert len((await _ages(session))[1]) == links.REMEMBERED
    assert oldest[2] >= MONDAY_NOON - 365 * DAY
    assert await prune(database, MONDAY_NOON) == 0


async def _ages(session: AsyncSession) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = {}
    for link, at in await session.execute(select(LinkVisit.link_id, LinkVisit.at)):
        found.setdefault(link, []).append(at)
    return found


async def test_invitations_that_open_nothing_any_more_go(database: Database) -> None:
    async with database.write() as session:
        for secret, uses, tries, until in (
            ("used", 0, 5, DAY),
            ("guessed at", 1, 0, DAY),
            ("over", 1, 5, -DAY),
            ("open", 1, 5, DAY),
        ):
            await invitations.make(
                session, secret, "curator", uses=uses, until=MONDAY_NOON + until, by=None, tries=tries
            )
    assert await prune(database, MONDAY_NOON) == 3
    async with database.write() as session:
        assert await invitations.use(session, "open", "curator", MONDAY_NOON)


async def test_codes_to_link_and_wrong_ones_go_a_day_after_they_were_over(database: Database) -> None:
    async with database.write() as session:
        for number, age in enumerate((timedelta(), DAY - timedelta(hours=1), DAY + timedelta(hours=1), 9 * DAY), 1):
            session.add(Person(id=number, name="Ana", language="en", met_at=MONDAY_NOON))
            await session.flush()
            await link_codes.make(session, f"{number}", number, "terminal", MONDAY_NOON - age)
            for _ in range(number):
                await link_codes.note_wrong(session, number, MONDAY_NOON - age)
    await prune(database, MONDAY_NOON)
    async with database.read() as session:
        assert [bool(await link_codes.find(session, f"{number}")) for number in range(1, 5)] == [
            True,
            True,
            False,
            False,
        ]
        assert sorted(await session.scalars(select(WrongCode.person_id))) == [1, 2, 2]
