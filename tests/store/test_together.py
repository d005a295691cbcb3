"""What is asked for at the same time shares a commit, and everybody gets their own result."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store import remembered
from bot.store.database import Database
from bot.store.tables import Remembered
from bot.store.together import PORTION, Together


class Notes:
    """Writes down names; one that is there already, or None, is a mistake.

    `companies` is who was written together, `trouble` what the database raises.
    """

    trouble: Exception | None = None

    def __init__(self, database: Database) -> None:
        self.companies: list[tuple[str | None, ...]] = []
        self.write = Together(database, self._write)

    async def _write(self, session: AsyncSession, names: Sequence[str | None]) -> list[str]:
        self.companies.append(tuple(names))
        if self.trouble:
            raise self.trouble
        session.add_all([Remembered(name=name, value="here") for name in names])
        await session.flush()
        return [f"{name} is written" for name in names]


async def written(database: Database) -> set[str]:
    async with database.read() as session:
        return set(await session.scalars(select(Remembered.name)))


async def test_whoever_comes_first_waits_for_nobody_and_the_others_share_the_next_commit(database: Database) -> None:
    notes = Notes(database)
    first = asyncio.create_task(notes.write("ana"))
    while not notes.companies:  # noqa: ASYNC110 (until her transaction is open)
        await asyncio.sleep(0)
    others = [asyncio.create_task(notes.write(f"learner-{number}")) for number in range(20)]
    assert await first == "ana is written"
    assert await asyncio.gather(*others) == [f"learner-{number} is written" for number in range(20)]
    assert [len(company) for company in notes.companies] == [1, 20]
    assert {"ana", "learner-0", "learner-19"} <= await written(database)


async def test_a_result_is_given_only_when_it_is_committed(database: Database) -> None:
    await Notes(database).write("ana")
    async with database.read() as session:
        assert await remembered.recall(session, "ana") == "here"


async def test_who_fails_fails_alone(database: Database) -> None:
    notes = Notes(database)
    await notes.write("ana")
    outcomes = await asyncio.gather(*map(notes.write, ("bruno", "ana", "carla")), return_exceptions=True)
    assert outcomes[0] == "bruno is written"
    assert isinstance(outcomes[1], IntegrityError)
    assert outcomes[2] == "carla is written"
    assert {"ana", "bruno", "carla"} <= await written(database)


@pytest.mark.parametrize(
    "trouble",
    [TimeoutError(), ConnectionRefusedError(), OperationalError("BEGIN", None, Exception("locked"))],
    ids=repr,
)
async def test_a_database_that_is_away_is_asked_once_and_everybody_hears_of_it(
    database: Database, trouble: Exception
) -> None:
    notes = Notes(database)
    notes.trouble = trouble
    outcomes = await asyncio.gather(*map(notes.write, ("ana", "bruno", "carla")), return_exceptions=True)
    assert outcomes == [trouble] * 3
    assert notes.companies == [("ana", "bruno", "carla")]
    notes.trouble = None
    assert await notes.write("dora") == "dora is written"


async def test_who_leaves_holds_up_nobody(database: Database) -> None:
    notes = Notes(database)
    writing = [asyncio.create_task(notes.write(name)) for name in ("ana", "bruno", "carla")]
    await asyncio.sleep(0)
    writing[1].cancel()
    assert await writing[0] == "ana is written"
    assert await writing[2] == "carla is written"
    with pytest.raises(asyncio.CancelledError):
        await writing[1]
    assert await notes.write("dora") == "dora is written"


async def test_a_company_goes_on_a_portion_at_a_time_so_that_others_come_in_between(database: Database) -> None:
    notes = Notes(database)
    order: list[int] = []

    async def learner(number: int) -> None:
        await notes.write(f"learner-{number}")
        order.append(number)

    async def passer_by(after: asyncio.Task[None]) -> None:
        await after
        await asyncio.sleep(0)
        order.append(-1)

    async with asyncio.TaskGroup() as group:
        learners = [group.create_task(learner(number)) for number in range(3 * PORTION)]
        group.create_task(passer_by(learners[0]))
    assert [len(company) for company in notes.companies] == [3 * PORTION]
    assert [number for number in order if number >= 0] == list(range(3 * PORTION))
    assert order.index(-1) < 2 * PORTION + 1, order


# ------------------------------------------------------------------------------------------- the writing itself is cut off


async def before_it_begins(_: Notes) -> None:
    pass


async def while_it_gathers(_: Notes) -> None:
    await asyncio.sleep(0)


async def in_its_transaction(notes: Notes) -> None:
    while not notes.companies:  # noqa: ASYNC110 (until it is open)
        await asyncio.sleep(0)


@pytest.mark.parametrize("moment", [before_it_begins, while_it_gathers, in_its_transaction])
async def test_where_the_writing_is_cut_off_whoever_waits_hears_of_it_at_once(
    database: Database, moment: Callable[[Notes], Awaitable[None]]
) -> None:
    notes = Notes(database)
    writing = [notes.write.begin(name) for name in ("ana", "bruno")]
    await moment(notes)
    writing.append(notes.write.begin("carla"))
    assert notes.write._writing
    notes.write._writing.cancel()
    async with asyncio.timeout(30):
        outcomes = await asyncio.gather(*writing, return_exceptions=True)
        await notes.write.at_rest()
    assert all(isinstance(outcome, ConnectionAbortedError) for outcome in outcomes), outcomes
    assert await notes.write("dora") == "dora is written"


async def test_who_comes_as_the_writing_is_cut_off_is_not_forgotten(database: Database) -> None:
    notes, late = Notes(database), list[asyncio.Future[str]]()
    ana = notes.write.begin("ana")
    assert notes.write._writing
    notes.write._writing.add_done_callback(lambda _: late.append(notes.write.begin("bruno")))
    notes.write._writing.cancel()
    async with asyncio.timeout(30):
        with pytest.raises(ConnectionAbortedError):
            await ana
        assert await late[0] == "bruno is written"


async def test_who_comes_before_those_who_wait_hear_of_a_cut_off_has_all_of_them_written(database: Database) -> None:
    notes, late = Notes(database), list[asyncio.Future[str]]()
    ana = notes.write.begin("ana")
    assert notes.write._writing
    notes.write._writing.cancel()
    asyncio.get_running_loop().call_soon(lambda: late.append(notes.write.begin("bruno")))
    async with asyncio.timeout(30):
        assert await ana == "ana is written"
        assert await late[0] == "bruno is written"


async def test_what_is_committed_is_told_also_where_the_telling_is_cut_off(database: Database) -> None:
    notes = Notes(database)
    writing = [notes.write.begin(f"learner-{number}") for number in range(3 * PORTION)]
    writing[0].add_done_callback(lambda _: [telling.cancel() for telling in notes.write._telling])
    async with asyncio.timeout(30):
        results = await asyncio.gather(*writing)
    assert results == [f"learner-{number} is written" for number in range(3 * PORTION)]


async def test_a_telling_that_is_cut_off_before_it_begins_tells_all_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, create_task = Notes(database), asyncio.create_task

    def cut_off(what: Any) -> asyncio.Task[Any]:
        task = create_task(what)
        if what.__name__ == "_tell":
            task.cancel()
        return task

    monkeypatch.setattr(asyncio, "create_task", cut_off)
    async with asyncio.timeout(30):
        assert await asyncio.gather(*map(notes.write, ("ana", "bruno"))) == ["ana is written", "bruno is written"]


# ------------------------------------------------------------------------------------------------------- a mistake of ours


@pytest.mark.parametrize("where", ["_gather", "_ended"])
async def test_where_the_writing_fails_by_a_mistake_of_ours_whoever_waits_hears_of_it_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    notes, mistake = Notes(database), KeyError("a mistake of ours")

    async def fail(*_: Any) -> None:
        writing.append(notes.write.begin("carla"))
        raise mistake

    with monkeypatch.context() as once, structlog.testing.capture_logs() as logs:
        once.setattr(notes.write, where, fail)
        writing = [notes.write.begin(name) for name in ("ana", "bruno")]
        async with asyncio.timeout(30):
            await notes.write.at_rest()
            outcomes = await asyncio.gather(*writing, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ConnectionAbortedError] * 3
    assert {outcome.__cause__ for outcome in outcomes if isinstance(outcome, Exception)} == {mistake}
    assert [(entry["event"], entry["items"], entry["exc_info"]) for entry in logs] == [("together.failed", 3, mistake)]
    assert await notes.write("dora") == "dora is written"


async def test_where_a_result_is_missing_nothing_is_committed_and_everybody_hears_of_it(database: Database) -> None:
    async def forgetful(session: AsyncSession, names: Sequence[str]) -> list[str]:
        session.add_all([Remembered(name=name, value="here") for name in names])
        return list(names[1:])

    write = Together(database, forgetful)
    async with asyncio.timeout(30):
        outcomes = await asyncio.gather(*map(write, ("ana", "bruno", "carla")), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ValueError] * 3
    assert not {"ana", "bruno", "carla"} & await written(database)


async def test_a_mistake_about_somebody_who_left_holds_up_nobody(database: Database) -> None:
    def fail(_: str) -> None:
        raise KeyError("a mistake of ours")

    notes = Notes(database)
    notes.write = Together(database, notes._write, fail)
    writing = [notes.write.begin(name) for name in ("ana", "bruno", "carla", "dora")]
    for gone in writing[:3]:
        gone.cancel()
    async with asyncio.timeout(30):
        with structlog.testing.capture_logs() as logs:
            assert await writing[3] == "dora is written"
            assert await notes.write("elsa") == "elsa is written"
    assert [entry["event"] for entry in logs] == ["together.unheard"] * 3
