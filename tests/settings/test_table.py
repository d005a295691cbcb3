"""Every setting is in the table, and README and example file tell the truth about them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import PREFIX, SECRETS, Settings, read_settings

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_settings_never_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings(None).log_level = "DEBUG"  # type: ignore[misc]


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
    example = (ROOT / ".env.example").read_text("utf-8")
    named = set(re.findall(r"^#?\s?(BOT_[A-Z_]+)=", example, re.MULTILINE))
    assert named
    assert named <= {f"{PREFIX}{name}".upper() for name in (*Settings.model_fields, *(f"{s}_file" for s in SECRETS))}


def test_a_thousand_a_second_go_to_telegram_only_and_only_if_paid_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings(None).pace_of("telegram") == 25
    monkeypatch.setenv("BOT_PAID_BROADCAST", "1")
    settings = read_settings(None)
    assert (settings.pace_of("telegram"), settings.pace_of("discord")) == (1000, 25)
