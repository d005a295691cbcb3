"""The judge finds what it is there to find: a day without trouble, and then everything that could be wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.app import App
from bot.doors.telegram import TelegramDoor
from bot.store.tables import Dose, Outgoing, Subscription
from tests.chaos.healing import goes_on
from tests.chaos.judge import judge
from tests.chaos.platforms import COPY
from tests.chaos.stage import Stage, set_stage
from tests.house import settings_for
from tests.rig.telegram.server import Dropped

DAY = timedelta(days=1)


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Stage]:
    """Three people had their dose, and the bot has gone home."""
    url = f"sqlite:///{tmp_path / 'trilha.sqlite'}"
    async with set_stage(tmp_path, url, 0) as stage:
        await stage.subscribers(3)
        app = App(settings_for(tmp_path, database_url=url), [TelegramDoor(stage.telegram.token, stage.telegram.url)])
        await app.start()
        await asyncio.wait_for(stage.all_delivered(), 30)
        await app.stop()
        yield stage


async def problems(stage: Stage, **given: object) -> str:
    return "\n".join((await judge(stage.platform, stage.database, **{"doubts": 1, **given})).problems)  # type: ignore[arg-type]


async def change(stage: Stage, table: type, id_: int = 1, **values: object) -> None:
    async with stage.database.write() as session:
        await session.execute(update(table).where(table.id == id_).values(**values))  # type: ignore[attr-defined]


def arrives_again(stage: Stage, words: str) -> None:
    """The first dose comes once more."""
    first = deepcopy(next(call for call in stage.telegram.log if call.method == "sendMessage"))
    first.params["text"] += words
    stage.telegram.log.append(first)


async def row_of_the_first(stage: Stage) -> int:
    """The outbox's number of the dose that came first."""
    first = next(call for call in stage.telegram.log if call.method == "sendMessage")
    async with stage.database.read() as session:
        found = await session.scalar(select(Outgoing.id).where(Outgoing.chat == str(first.chat_id)))
    assert found is not None
    return found


async def test_a_day_without_trouble_has_no_problems(evening: Stage) -> None:
    assert await problems(evening, doubts=0, days=[evening.slot.first_day]) == ""


async def test_a_dose_that_nobody_saw(evening: Stage) -> None:
    evening.telegram.log[:] = [call for call in evening.telegram.log if call.chat_id != 2]
    found = await problems(evening)
    assert "subscription 2 got no dose" in found
    assert "is called sent and is on no screen" in found


async def test_copies(evening: Stage) -> None:
    row = await row_of_the_first(evening)
    arrives_again(evening, COPY)
    found = await problems(evening, caught={row: 1})
    assert "came 2 times and was 0 times in doubt" in found
    async with evening.database.write() as session:
        await session.execute(update(Outgoing).values(doubts=1))
    assert await problems(evening, caught={row: 1}) == ""
    assert "1 flagged, but only 0 sends were in doubt" in await problems(evening, caught={row: 1}, doubts=0)
    assert "came 2 times, 1 at most were to be" in await problems(evening)
    assert "came 2 times, 1 at most were to be" in await problems(evening, caught={row + 1: 1})
    arrives_again(evening, "")
    found = await problems(evening, doubts=9, caught={row: 1})
    assert "came 3 times, 2 at most were to be" in found
    assert "does not say that it is one" in found
    async with evening.database.write() as session:
        await session.execute(update(Outgoing).values(doubts=2))
    found = await problems(evening, doubts=9, caught={row: 2})
    assert "at most were to be" not in found


async def test_only_what_was_on_a_screen_when_its_sender_died_may_come_again(evening: Stage) -> None:
    row = await row_of_the_first(evening)
    await change(evening, Outgoing, id_=row, state="sending", attempts=1)
    await evening.note_doubts()
    await evening.note_doubts()  # the same death, seen twice
    await change(evening, Outgoing, id_=row, attempts=2)
    await evening.note_doubts()  # the next one died before its call
    assert evening.doubts == {row: {1: True, 2: False}}
    arrives_again(evening, COPY)
    await change(evening, Outgoing, id_=row, attempts=3)
    await evening.note_doubts()
    assert evening.doubts == {row: {1: True, 2: False, 3: True}}


@pytest.mark.parametrize(
    ("table", "values", "found"),
    [
        (Outgoing, {"state": "sending"}, "ended sending"),
        (Outgoing, {"state": "dead", "reason": "expired"}, "ended dead: expired"),
        (Outgoing, {"message": "404"}, "is on no screen"),
        (Outgoing, {"reason": "lost twice"}, "was never in doubt"),
        (Subscription, {"next_due_at": None}, "subscription 1 is next due at None"),
        (Subscription, {"next_due_at": DAY}, "subscription 1 is next due at 2"),
        (Dose, {"due_at": None}, "went before its hour"),
    ],
)
async def test_rows_that_do_not_tell_the_truth(
    evening: Stage, table: type, values: dict[str, object], found: str
) -> None:
    if "due_at" in values:
        values = {"due_at": evening.slot.due + DAY}
    if values.get("next_due_at"):
        values = {"next_due_at": evening.slot.due + 9 * DAY}
    await change(evening, table, **values)
    assert found in await problems(evening)


async def test_a_dose_for_somebody_who_paused_and_one_of_another_day(evening: Stage) -> None:
    assert "subscription 3 is paused and got a dose" in await problems(evening, paused=[3])
    assert "is of no day of this run" in await problems(evening, days=[evening.slot.first_day + DAY])


async def test_a_platform_that_leaves_out_a_part_of_a_call_is_a_complaint(evening: Stage) -> None:
    evening.telegram.dropped.append(Dropped(evening.telegram.log[0], "what it does not know"))
    assert "Telegram drops what it does not know" in str(evening.platform.complaints())


@pytest.mark.parametrize(("seconds", "problem"), [(29.0, ""), (31.0, "no dose went for 31.0 s after all was well")])
async def test_what_goes_on_late_after_trouble(evening: Stage, seconds: float, problem: str) -> None:
    evening.stops, evening.recoveries = [0.1], [2.0, seconds]
    verdict = await evening.judged()
    assert problem in "\n".join(verdict.problems)
    assert bool(verdict.problems) == bool(problem)
    assert f"went on after {seconds:.1f} s" in verdict.notes


async def test_how_long_it_takes_to_go_on_is_measured_where_anything_is_left(
    evening: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stage, "stood_in_line", 0.0)
    await goes_on(evening)
    assert evening.recoveries == []
    await change(evening, Subscription, next_due_at=evening.slot.due)
    asyncio.get_running_loop().call_later(0.5, arrives_again, evening, COPY)
    await goes_on(evening)
    assert len(evening.recoveries) == 1
    assert evening.recoveries[0] >= 0.4  # it looks each 0.1 s, on another clock
