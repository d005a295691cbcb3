"""Settings are read once, every problem is told at once, secrets stay secret, and the README tells the truth about them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.logs import secrets_of
from bot.settings import PREFIX, SECRETS, Settings, read_settings, unknown_names

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


@pytest.fixture(autouse=True)
def a_bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


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


@pytest.mark.parametrize("token", ["bad", "12345", "abc:def", "123:with space", "123:"])
def test_what_cannot_be_a_token_of_telegram_is_told_without_asking_anybody(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN", token)
    with pytest.raises(SettingsError) as told:
        read_settings(None)
    (problem,) = told.value.problems
    assert problem == "BOT_TELEGRAM_TOKEN: expected a number, a colon and letters, as @BotFather gives it."


def test_settings_never_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings(None).log_level = "DEBUG"  # type: ignore[misc]


def test_a_misspelt_setting_is_pointed_out() -> None:
    assert unknown_names({"BOT_TELEGRAM_TOKN": "x", "PATH": "/"}) == (
        "BOT_TELEGRAM_TOKN is no setting; did you mean BOT_TELEGRAM_TOKEN?",
    )


def test_what_resembles_no_setting_gets_no_guess() -> None:
    assert unknown_names({"BOT_COLOUR": "x"}) == ("BOT_COLOUR is no setting; the README lists them all.",)


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


def test_the_readme_lists_every_setting_and_no_other() -> None:
    listed = set(re.findall(r"^\| `(BOT_[A-Z_]+)` \|", README, re.MULTILINE))
    assert listed == {f"{PREFIX}{name}".upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_the_readme_tells_default_and_meaning(name: str) -> None:
    field = Settings.model_fields[name]
    row = next(line for line in README.splitlines() if line.startswith(f"| `{PREFIX}{name.upper()}` |"))
    assert field.description
    assert field.description in row
    if isinstance(field.default, str | int | Path):
        assert f"`{field.default}`" in row


def test_the_example_file_names_settings_that_exist() -> None:
    example = (Path(__file__).parent.parent / ".env.example").read_text("utf-8")
    named = set(re.findall(r"^#?\s?(BOT_[A-Z_]+)=", example, re.MULTILINE))
    assert named
    assert named <= {f"{PREFIX}{name}".upper() for name in (*Settings.model_fields, *(f"{s}_file" for s in SECRETS))}


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


def test_a_thousand_a_second_go_to_telegram_only_and_only_if_paid_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings(None).pace_of("telegram") == 25
    monkeypatch.setenv("BOT_PAID_BROADCAST", "1")
    settings = read_settings(None)
    assert (settings.pace_of("telegram"), settings.pace_of("discord")) == (1000, 25)


def test_a_token_without_our_prefix_is_meant_for_us() -> None:
    assert unknown_names({"TELEGRAM_TOKEN": "x", "OWNERS": "y"}) == (
        "TELEGRAM_TOKEN is no setting; did you mean BOT_TELEGRAM_TOKEN?",
    )


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
