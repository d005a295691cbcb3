"""A name that is no setting is said with the one that was meant."""

from __future__ import annotations

from bot.settings import unknown_names


def test_a_misspelt_setting_is_pointed_out() -> None:
    assert unknown_names({"BOT_TELEGRAM_TOKN": "x", "PATH": "/"}) == (
        "BOT_TELEGRAM_TOKN is no setting; did you mean BOT_TELEGRAM_TOKEN?",
    )


def test_what_resembles_no_setting_gets_no_guess() -> None:
    assert unknown_names({"BOT_COLOUR": "x"}) == ("BOT_COLOUR is no setting; the README lists them all.",)


def test_a_token_without_our_prefix_is_meant_for_us() -> None:
    assert unknown_names({"TELEGRAM_TOKEN": "x", "OWNERS": "y"}) == (
        "TELEGRAM_TOKEN is no setting; did you mean BOT_TELEGRAM_TOKEN?",
    )
