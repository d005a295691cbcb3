"""One platform away, the other not: the one is not delayed by a moment, and trying the other costs as good as nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import App
from bot.chat import Address, Message, MessageRef
from bot.clock import Present
from bot.delivery import post
from bot.delivery.pace import Pace
from bot.delivery.pace.quiet import LONGEST_HOLD
from bot.delivery.senders import SENDERS
from bot.doors.terminal import TerminalDoor
from bot.errors import NotSent
from bot.web.fetch import Fetcher
from tests.conftest import ENGINE, fresh_database
from tests.delivery.crowd import copies, crowd
from tests.house import MONDAY_NOON, SAO_PAULO, nowhere, settings_for

WINDOW = 100
HERD = WINDOW + 20


class Coming(TerminalDoor):
    """A platform that may be away: then no connection is to be had."""

    platform = "discord"

    def __init__(self) -> None:
        super().__init__()
        self.is_away = True
        self.asked: list[datetime] = []

    async def send(self, to: Address, message: Message, *, nonce: str, plainly: bool = False) -> MessageRef:
        self.asked.append(self.now())
        if self.is_away:
            raise NotSent("connection refused")
        return await super().send(to, message, nonce=nonce, plainly=plainly)


@pytest.fixture
async def app(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[App]:
    """A bot with two doors, the second of them away, and a herd on each that is due at one minute. Turns follow at once."""
    monkeypatch.setattr(post, "pace_to", lambda *given: Pace(post.UNPACED, given[2].monotonic, given[2].sleep))
    settings = settings_for(tmp_path, database_url=fresh_database(request, ENGINE, tmp_path))
    opened = App(
        settings, [TerminalDoor(), Coming()], Present(MONDAY_NOON - datetime.now(UTC)), Fetcher(resolve=nowhere)
    )
    for senders in opened.senders.values():
        senders.window = WINDOW
    await opened.start()
    await crowd(opened.database, HERD)
    await crowd(opened.database, HERD, platform="discord", first=HERD + 1)
    yield opened
    await opened.stop()


async def forward_to(app: App, hour: str) -> None:
    target = datetime.fromisoformat(f"2026-03-03 {hour}").replace(tzinfo=SAO_PAULO)
    await app.forward(target - app.now())


def doors(app: App) -> tuple[TerminalDoor, Coming]:
    here, away = app._doors.values()
    assert isinstance(here, TerminalDoor)
    assert isinstance(away, Coming)
    return here, away


async def test_everybody_on_the_other_platform_gets_their_dose_at_its_minute(app: App) -> None:
    here, away = doors(app)
    await forward_to(app, "08:00:30")
    assert len(copies(here)) == HERD
    assert away.sent == []


async def test_a_platform_that_is_away_is_asked_now_and_then_and_not_for_each_row(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    _, away = doors(app)
    await forward_to(app, "08:10")
    tries = 600 / LONGEST_HOLD
    assert tries / 2 <= len(away.asked) <= SENDERS + tries + 5
    events = [record.msg["event"] for record in caplog.records if isinstance(record.msg, dict)]
    assert events.count("delivery.not_sent") == len(away.asked)
    assert events.count("delivery.claimed") <= 4  # two windows each: none is claimed again for being away


async def test_everybody_gets_theirs_once_when_it_is_back(app: App) -> None:
    here, away = doors(app)
    await forward_to(app, "08:05")
    away.is_away = False
    await forward_to(app, "08:06")
    assert len(copies(away)) == HERD
    assert set(copies(away).values()) == set(copies(here).values()) == {1}
