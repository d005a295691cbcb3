"""The whole bot against a server that holds Telegram's limits strictly: nothing that it sends is one too many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import App
from bot.clock import Present
from bot.doors.telegram import TelegramDoor
from tests.delivery.crowd import FIRST_DUE, crowd
from tests.house import settings_for
from tests.rig.telegram import Limits, TelegramServer
from tests.rig.telegram.log import most_within

DOSES = 250


async def test_a_strict_server_has_nothing_to_refuse(tmp_path: Path, telegram: TelegramServer) -> None:
    telegram.limit(Limits())
    for number in range(1, DOSES + 1):
        telegram.person(number, f"Learner {number}", "en", started=True)
    settings = settings_for(tmp_path, telegram_token=telegram.token, telegram_api_url=telegram.url)
    before = FIRST_DUE - timedelta(minutes=1)
    app = App(settings, [TelegramDoor(telegram.token, telegram.url)], Present(before - datetime.now(UTC)))
    await app.start()
    try:
        await crowd(app.database, DOSES, platform="telegram")
        await app.forward(FIRST_DUE - app.now())
        await telegram.calls_reach(DOSES, within=60)
    finally:
        await app.stop()
    calls = telegram.calls("sendMessage")
    assert [call.answer for call in calls if not call.delivered] == []
    assert len({call.chat_id for call in calls}) == len(calls) == DOSES
    assert most_within(calls) <= Limits().per_second
    assert calls[-1].at - calls[0].at < DOSES / settings.pace_of("telegram") + 20
