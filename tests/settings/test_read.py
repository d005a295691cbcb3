"""Settings are read from the environment, a file and files of secrets; every problem is told at once, and secrets stay secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.logs import secrets_of
from bot.settings import PREFIX, SECRETS, read_settings


def test_every_problem_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DEFAULT_ZONE", "America/Sao_Paolo")
    monkeypatch.setenv("BOT_OWNERS", "telegram:1,somebody")
    monkeypatch.setenv("BOT_BULK_PER_SECOND", "1000")
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN_FILE", "/nowhere/token")
    with pytest.raises(SettingsError) as told:
        read_settings(None)
    assert {problem.split(":")[0] for problem in told.value.problems} == {
        "BOT_DEFAULT_ZONE",
        "BOT_OWNERS",
        "BOT_BULK_PER_SECOND",
        "BOT_TELEGRAM_TOKEN_FILE",
    }
    assert any("did you mean America/Sao_Paulo?" in problem for problem in told.value.problems)


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("123:canary\n")
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN_FILE", str(tmp_path / "token"))
    settings = read_settings(None)
    assert settings.telegram_token
    assert settings.telegram_token.get_secret_value() == "123:canary"


def test_a_dot_env_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOT_DEFAULT_LANGUAGE=en\nBOT_LOG_LEVEL=ERROR\n")
    monkeypatch.setenv("BOT_LOG_LEVEL", "DEBUG")
    settings = read_settings(tmp_path / ".env")
    assert (settings.default_language, settings.log_level) == ("en", "DEBUG")


def test_a_dot_env_file_that_is_not_utf_8_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("# configuração\nBOT_LOG_LEVEL=ERROR\n".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"\.env: is not UTF-8 text; save it as UTF-8\."):
        read_settings(tmp_path / ".env")


def test_no_secret_is_in_a_repr_or_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN", "123:canary")
    monkeypatch.setenv("BOT_DATABASE_URL", "mysql://me:canary@host/db")
    with pytest.raises(SettingsError) as told:
        read_settings(None)
    assert "canary" not in str(told.value)
    monkeypatch.setenv("BOT_DATABASE_URL", "postgresql://me:canary@host/db")
    settings = read_settings(None)
    assert "canary" not in repr(settings)
    assert "canary" in secrets_of(settings)


def test_a_line_of_the_dot_env_file_that_is_no_setting_is_told_with_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_LOG_LEVEL", "LOUD")
    path = tmp_path / ".env"
    path.write_text("BOT_CATALOG=nope.yaml\n'what is this\n", encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        read_settings(path)
    first, second, third = told.value.problems
    assert first == f"{path}: line 2 is not like NAME=value."
    assert second.startswith("BOT_LOG_LEVEL: ")
    assert third == "BOT_CATALOG: there is no file nope.yaml. Name yours there, or start in its folder."


@pytest.mark.parametrize("name", SECRETS)
def test_an_empty_file_of_a_secret_is_told(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Else an empty one for the database would mean another database, and one for the secret of webhooks another secret."""
    (tmp_path / "empty").write_text("\n")
    monkeypatch.setenv(f"{PREFIX}{name.upper()}_FILE", str(tmp_path / "empty"))
    with pytest.raises(SettingsError) as told:
        read_settings(None)
    assert told.value.problems == (f"{PREFIX}{name.upper()}_FILE: there is nothing in {tmp_path / 'empty'}.",)


def test_a_mark_before_the_first_line_hides_no_setting(tmp_path: Path) -> None:
    """As an editor on Windows leaves it."""
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfBOT_LOG_LEVEL=ERROR\n")
    assert read_settings(tmp_path / ".env").log_level == "ERROR"


def test_a_setting_without_a_value_and_a_folder_in_the_place_of_the_file_are_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PATH\nBOT_OWNERS\n")
    with pytest.raises(SettingsError, match=r"line 2 is not like NAME=value\."):
        read_settings(tmp_path / ".env")
    with pytest.raises(SettingsError, match=r": is a folder; the settings are a file of that name\."):
        read_settings(tmp_path)
