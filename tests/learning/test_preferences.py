"""What people wish of their doses: minutes by weekday, languages in order."""

from __future__ import annotations

from datetime import date

import pytest

from bot.learning.preferences import languages_for, minutes_for, mostly_in

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


@pytest.mark.parametrize(
    ("languages", "wanted", "found"),
    [
        ("en en pt", ("pt", "en"), ("en", 2)),
        ("en pt", ("pt", "en"), None),
        ("en en pt", ("en", "pt"), None),
        ("en en", ("pt", "en"), ("en", 2)),
        ("fa fa en", ("pt", "en"), ("fa", 2)),
        ("mul mul mul", ("pt", "en"), None),
    ],
)
def test_most_of_a_way_may_be_in_another_language(
    languages: str, wanted: tuple[str, ...], found: tuple[str, int] | None
) -> None:
    assert mostly_in(languages.split(), wanted) == found
