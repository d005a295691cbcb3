"""What people wish of their doses: minutes by weekday, languages in order."""

from __future__ import annotations

from datetime import date

import pytest

from bot.learning.preferences import languages_for, minutes_for

FRIDAY, SATURDAY = date(2026, 3, 6), date(2026, 3, 7)


def test_a_weekday_may_have_minutes_of_its_own() -> None:
    assert minutes_for(FRIDAY, 15, {"6": 60}) == 15
    assert minutes_for(SATURDAY, 15, {"6": 60}) == 60
    assert minutes_for(SATURDAY, 15, {}) == 15


@pytest.mark.parametrize(
    ("chosen", "interface", "languages"),
    [
        (None, "pt-BR", ("pt", "en")),
        (None, "en", ("en", "pt")),
        (None, "de", ("en", "pt")),
        (["en"], "pt-BR", ("en",)),
        (["es", "pt", "es"], "en", ("es", "pt")),
        ([], "pt-BR", ()),
    ],
)
def test_the_interface_language_comes_first_unless_they_choose(
    chosen: list[str] | None, interface: str, languages: tuple[str, ...]
) -> None:
    assert languages_for(chosen, interface) == languages
