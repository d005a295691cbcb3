"""Each kind of value is read as it is written, or it is said what was expected."""

from __future__ import annotations

import pytest

from bot.errors import SettingsError
from bot.settings import PREFIX, read_settings


@pytest.mark.parametrize("token", ["bad", "12345", "abc:def", "123:with space", "123:"])
def test_what_cannot_be_a_token_of_telegram_is_told_without_asking_anybody(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN", token)
    with pytest.raises(SettingsError) as told:
        read_settings(None)
    (problem,) = told.value.problems
    assert problem == "BOT_TELEGRAM_TOKEN: expected a number, a colon and letters, as @BotFather gives it."


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("America/Sao_Paolo", "America/Sao_Paulo"),
        ("São Paulo", "America/Sao_Paulo"),
        ("europe/lisbon", "Europe/Lisbon"),
        ("New York", "America/New_York"),
    ],
)
def test_a_zone_spelt_nearly_right_is_offered(typed: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=f"did you mean {meant}\\?"):
        read_settings(None, default_zone=typed)


@pytest.mark.parametrize("typed", ["Mars", "GMT-3", "UTC+3", "-03:00", "BRT", "xyz"])
def test_what_is_like_no_zone_gets_no_odd_guess(typed: str) -> None:
    with pytest.raises(SettingsError) as told:
        read_settings(None, default_zone=typed)
    (problem,) = told.value.problems
    assert problem == "BOT_DEFAULT_ZONE: no such time zone; expected a name such as America/Sao_Paulo."


def test_owners_are_named_by_platform() -> None:
    assert read_settings(None, owners="telegram:1, discord:2").owners == (("telegram", "1"), ("discord", "2"))


@pytest.mark.parametrize(
    "typed", ["telegram:@otto", "telegram:abc", "discord:otto#1", "telegram:12 34", "telegram:１２"]
)
def test_an_owner_who_is_named_by_no_number_is_said_at_once(typed: str) -> None:
    with pytest.raises(SettingsError) as told:
        read_settings(None, owners=typed)
    (problem,) = told.value.problems
    assert problem == f"BOT_OWNERS: “{typed}” names no number; /about shows it to whom it belongs."


def test_an_owner_at_the_terminal_is_named_as_they_are_called() -> None:
    assert read_settings(None, owners="terminal:dora").owners == (("terminal", "dora"),)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PAID_BROADCAST", "maybe", "expected 1 or 0."),
        ("BULK_PER_SECOND", "many", "expected a whole number."),
        ("BULK_PER_SECOND", "0", "expected 1 or more."),
        ("BULK_PER_SECOND", "99", "expected 25 or less."),
        ("LOG_LEVEL", "loud", "expected DEBUG, INFO, WARNING or ERROR."),
        ("OWNERS", " , ", "names nobody; expected telegram:1234 or discord:5678."),
        ("DATA_DIR", " ", "expected a name, not a blank."),
        ("TELEGRAM_API_URL", "http://", "expected an address such as http://127.0.0.1:8081."),
        ("TELEGRAM_API_URL", "http://localhost:port", "expected an address such as http://127.0.0.1:8081."),
        ("WEBHOOK_URL", "https://", "expected an address such as https://bot.example.org/telegram."),
        (
            "DATABASE_URL",
            "sqlite:///",
            "expected a file, such as sqlite:///data/trilha.sqlite; nothing else is there after a restart.",
        ),
        (
            "DATABASE_URL",
            "sqlite:///:memory:",
            "expected a file, such as sqlite:///data/trilha.sqlite; nothing else is there after a restart.",
        ),
        (
            "DATABASE_URL",
            "sqlite:///file::memory:?uri=true",
            "expected a file, such as sqlite:///data/trilha.sqlite; nothing else is there after a restart.",
        ),
        (
            "DATABASE_URL",
            "sqlite:///file:trilha?mode=memory&uri=true",
            "expected a file, such as sqlite:///data/trilha.sqlite; nothing else is there after a restart.",
        ),
        (
            "DATABASE_URL",
            "postgresql://me:secret@host:port/db",
            "expected an address such as postgresql://trilha:secret@localhost:5432/trilha.",
        ),
        (
            "DATABASE_URL",
            "postgresql://host:65536/db",
            "expected an address such as postgresql://trilha:secret@localhost:5432/trilha.",
        ),
        (
            "DATABASE_URL",
            "postgresql://host:0/db",
            "expected an address such as postgresql://trilha:secret@localhost:5432/trilha.",
        ),
    ],
)
def test_what_is_expected_is_said_in_our_words(
    name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}{name}", value)
    with pytest.raises(SettingsError) as caught:
        read_settings(None)
    assert caught.value.problems == (f"{PREFIX}{name}: {said}",)


def test_a_level_may_be_written_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_LOG_LEVEL", "debug")
    assert read_settings(None).log_level == "DEBUG"


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////data/t.sqlite",
        "postgresql://me:a/b:c@host:5432/db",
        "postgresql://me:memory:99999@host:65535/db",
        "postgresql:///db",
        "postgresql://[::1]:5/db?a=b",
    ],
)
def test_an_address_of_a_database_is_taken_as_it_is(address: str) -> None:
    assert read_settings(None, database_url=address).database == address
