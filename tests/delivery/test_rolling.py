"""Real processes come and go while doses are sent: each learner gets one, and every stop is clean."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.database import Database
from tests.conftest import fresh_database
from tests.delivery.crowd import Slot, crowd
from tests.delivery.test_killed import run_bot
from tests.rig.telegram import Flood, Slow, TelegramServer

PEOPLE = 100
Process = asyncio.subprocess.Process


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(welcomes_strangers=True) as server:
        yield server
    server.check()


async def a_crowd_is_due(url: str) -> None:
    """Everybody's dose is due at this minute."""
    database = Database(url)
    await crowd(database, PEOPLE, Slot.around(datetime.now(UTC) - timedelta(minutes=1)), "telegram")
    await database.close()


def doses(telegram: TelegramServer) -> Counter[int | str | None]:
    """How many doses each learner got."""
    return Counter(call.chat_id for call in telegram.calls("sendMessage") if call.delivered)


async def sent(telegram: TelegramServer, count: int) -> None:
    """Wait until so many doses arrived."""
    assert await telegram.bell.until(lambda: sum(doses(telegram).values()) >= count or None, 60), doses(telegram)


async def started(folder: Path, count: int) -> None:
    """Wait until so many processes have begun their work; before that a signal just ends them."""
    async with asyncio.timeout(60):
        while (folder / "log").read_text().count("app.started") < count:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def stops(process: Process) -> None:
    """SIGTERM ends it, cleanly and soon."""
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 30) == 0


async def test_rolling_over_one_process_at_a_time_loses_and_doubles_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, telegram: TelegramServer
) -> None:
    url = fresh_database(request, "postgresql", tmp_path)
    await a_crowd_is_due(url)
    old = [await run_bot(tmp_path, telegram, url) for _ in range(2)]
    await started(tmp_path, 2)
    await sent(telegram, PEOPLE // 4)
    await stops(old[0])
    new = [await run_bot(tmp_path, telegram, url)]
    await sent(telegram, PEOPLE // 2)
    await started(tmp_path, 3)
    await stops(old[1])
    await sent(telegram, PEOPLE)
    await stops(new[0])
    assert doses(telegram) == dict.fromkeys(range(1, PEOPLE + 1), 1)
    assert "leader.waiting" in (tmp_path / "log").read_text(), "the one that did not lead said so"


async def test_a_stop_in_the_middle_of_it_loses_and_doubles_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, telegram: TelegramServer
) -> None:
    url = fresh_database(request, "sqlite", tmp_path)
    await a_crowd_is_due(url)
    telegram.faults.add(Slow(0.4), method="sendMessage", times=None)  # always some on their way
    begun = 0
    for share in (PEOPLE // 5, PEOPLE // 2, PEOPLE):
        process = await run_bot(tmp_path, telegram, url)
        await started(tmp_path, begun := begun + 1)
        await sent(telegram, share)
        await stops(process)
    assert doses(telegram) == dict.fromkeys(range(1, PEOPLE + 1), 1)


async def test_a_stop_during_a_silence_does_not_wait_for_its_end(
    request: pytest.FixtureRequest, tmp_path: Path, telegram: TelegramServer
) -> None:
    url = fresh_database(request, "sqlite", tmp_path)
    await a_crowd_is_due(url)
    telegram.faults.add(Flood(3600, hold=True), method="sendMessage", at=5)
    process = await run_bot(tmp_path, telegram, url)
    await telegram.calls_reach(5, "sendMessage", within=60)
    await stops(process)


async def test_a_stop_while_the_platform_cannot_be_reached_is_clean(
    request: pytest.FixtureRequest, tmp_path: Path, telegram: TelegramServer
) -> None:
    url = fresh_database(request, "sqlite", tmp_path)
    await telegram.stop()
    process = await run_bot(tmp_path, telegram, url)
    async with asyncio.timeout(60):
        while "telegram.unreachable" not in (tmp_path / "log").read_text():  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await stops(process)
    await telegram.start()
