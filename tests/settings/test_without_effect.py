"""Nothing that stands among the settings vanishes without a trail: what nothing takes is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import read_settings, without_effect


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("BOT_DATA_DRI=x", "BOT_DATA_DRI is no setting; did you mean BOT_DATA_DIR?"),
        ("bot_data_dri=x", "BOT_DATA_DRI is no setting; did you mean BOT_DATA_DIR?"),
        ("BOT_LOG_LEVEL=INFO\nBOT_LOG_LEVEL=ERROR", "BOT_LOG_LEVEL stands in .env 2 times; the last one counts."),
        ("BOT_WEBHOOK_SECRET=x", "BOT_WEBHOOK_SECRET does nothing without BOT_WEBHOOK_URL."),
        ("BOT_WEBHOOK_URL=https://x.example", "BOT_WEBHOOK_URL does nothing without BOT_TELEGRAM_TOKEN."),
        ("BOT_PAID_BROADCAST=1", "BOT_PAID_BROADCAST does nothing without BOT_TELEGRAM_TOKEN."),
        (
            "BOT_OWNERS=discord:5",
            "BOT_OWNERS names somebody on discord, which does nothing without BOT_DISCORD_TOKEN.",
        ),
        (
            "BOT_WEBHOOK_SECRET=x\nBOT_TELEGRAM_TOKEN=1:a\nBOT_WEBHOOK_URL=https://x.example\nBOT_WEBHOOK_SECRET_FILE=kept",
            "BOT_WEBHOOK_SECRET and BOT_WEBHOOK_SECRET_FILE are both set; what is in the file counts.",
        ),
    ],
)
def test_what_nothing_takes_is_named(written: str, said: str) -> None:
    Path("kept").write_text("secret")
    Path(".env").write_text(written)
    assert without_effect(read_settings()) == (said,)


def test_of_settings_that_all_do_something_nothing_is_said() -> None:
    Path(".env").write_text(
        "BOT_TELEGRAM_TOKEN=1:a\nBOT_WEBHOOK_URL=https://x.example\nBOT_WEBHOOK_SECRET=x\nBOT_OWNERS=telegram:1\n"
        "BOT_DISCORD_TOKEN=\nBOT_PAID_BROADCAST=0\nBOT_TELEGRAM_API_URL=\n"
    )
    assert without_effect(read_settings()) == ()
