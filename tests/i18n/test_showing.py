"""How hours, days, dates, minutes and places look; and that what is shown can be typed back."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.reading.dates import read_days, read_until
from bot.commands.reading.hours import read_hour
from bot.commands.reading.minutes import exact_minutes
from bot.i18n.showing import show_date, show_dates, show_days, show_hour, show_minutes, show_place
from bot.languages import LANGUAGES

OURS = st.sampled_from(LANGUAGES)
DAYS = st.frozensets(st.integers(1, 7), min_size=1)
FRIDAY = date(2026, 12, 4)


@pytest.mark.parametrize(
    ("days", "portuguese", "english"),
    [
        ({1, 2, 3, 4, 5}, "seg a sex", "Mon–Fri"),
        ({1, 2, 3, 4, 5, 6, 7}, "todos os dias", "every day"),
        ({1, 3, 5}, "seg, qua e sex", "Mon, Wed and Fri"),
        ({6, 7}, "sáb e dom", "Sat and Sun"),
        ({1, 5, 6, 7}, "sex a seg", "Fri–Mon"),
        ({1, 2, 3, 5}, "seg a qua e sex", "Mon–Wed and Fri"),
        ({4}, "qui", "Thu"),
        ({1, 7}, "seg e dom", "Mon and Sun"),
    ],
)
def test_days_are_said_in_runs(days: set[int], portuguese: str, english: str) -> None:
    assert show_days(frozenset(days), "pt-BR") == portuguese
    assert show_days(frozenset(days), "en") == english


@given(DAYS, OURS)
def test_days_shown_are_read_back(days: frozenset[int], language: str) -> None:
    assert read_days(show_days(days, language)) == days


@pytest.mark.parametrize("days", [set(), {0}, {8}, {1, 9}])
def test_no_days_cannot_be_shown(days: set[int]) -> None:
    with pytest.raises(ValueError, match="days"):
        show_days(frozenset(days), "en")


def test_hours_are_shown_on_the_24_hour_clock() -> None:
    assert [show_hour(hour) for hour in (time(0), time(8), time(20, 5, 59))] == ["00:00", "08:00", "20:05"]


@given(st.times())
def test_an_hour_shown_is_read_back(hour: time) -> None:
    assert read_hour(show_hour(hour)) == hour.replace(second=0, microsecond=0)


def test_minutes_are_shown_in_hours_from_sixty_on() -> None:
    assert [show_minutes(minutes) for minutes in (0, 5, 59, 60, 90, 120)] == [
        "0 min",
        "5 min",
        "59 min",
        "1 h",
        "1 h 30 min",
        "2 h",
    ]


@given(st.sampled_from([5, 10, 15, 30, 60]))
def test_minutes_shown_are_read_back(minutes: int) -> None:
    assert exact_minutes(show_minutes(minutes)) == minutes


def test_dates_are_said_as_people_say_them() -> None:
    assert [show_date(FRIDAY, language) for language in ("pt-BR", "en")] == ["4 de dezembro", "4 December"]
    assert [show_date(FRIDAY, language, weekday=True) for language in ("pt-BR", "en")] == ["sex, 4 de dez", "Fri 4 Dec"]
    assert [show_date(date(2027, 5, 1), language) for language in ("pt-BR", "en")] == ["1º de maio", "1 May"]


def test_the_year_is_said_where_it_is_another_one() -> None:
    assert show_date(date(2027, 1, 2), "pt-BR", today=FRIDAY) == "2 de janeiro de 2027"
    assert show_date(date(2027, 1, 2), "en", today=FRIDAY, weekday=True) == "Sat 2 Jan 2027"
    assert show_date(date(2026, 12, 5), "en", today=FRIDAY) == "5 December"


@pytest.mark.parametrize(
    ("first", "last", "portuguese", "english"),
    [
        (FRIDAY, date(2026, 12, 9), "4 de dezembro – 9 de dezembro", "4 December – 9 December"),
        (FRIDAY, date(2027, 1, 5), "4 de dezembro – 5 de janeiro de 2027", "4 December – 5 January 2027"),
        (date(2027, 1, 2), date(2027, 2, 5), "2 de janeiro – 5 de fevereiro de 2027", "2 January – 5 February 2027"),
        (date(2027, 1, 2), date(2027, 1, 2), "2 de janeiro de 2027", "2 January 2027"),
    ],
)
def test_a_year_that_two_days_share_is_said_once(first: date, last: date, portuguese: str, english: str) -> None:
    shown = [show_dates(first, last, language, today=FRIDAY) for language in ("pt-BR", "en")]
    assert shown == [portuguese, english]


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 330), OURS, st.booleans(), st.booleans())
def test_a_coming_date_shown_is_read_back(
    today: date, ahead: int, language: str, weekday: bool, with_year: bool
) -> None:
    day = today + timedelta(days=ahead)
    shown = show_date(day, language, weekday=weekday, today=today if with_year else None)
    assert read_until(shown, today) == day


def test_a_place_is_told_from_its_namesakes() -> None:
    assert show_place("Londres", "GB", "pt-BR") == "Londres, Reino Unido"
    assert show_place("London", "CA", "en", "ON") == "London, ON, Canada"
    assert show_place("Bonito", "BR", "pt-BR", "MS") == "Bonito, MS"
    assert show_place("Bonito", "BR", "en", "MS") == "Bonito, MS, Brazil"
    assert show_place("Springfield", "US", "en", "IL") == "Springfield, IL"
    assert show_place("Nowhere", "XX", "en") == "Nowhere, XX"
