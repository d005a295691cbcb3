"""From when to when somebody wants to be away, in two languages, two orders and over the turn of a year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.commands.reading.pauses import Away, read_pause
from bot.errors import UserMistake

THURSDAY = date(2026, 11, 26)
DAY = timedelta(days=1)


def until(*day: int) -> date:
    """The first day with doses again, told by the last one without."""
    return date(*day) + DAY


@pytest.mark.parametrize(
    ("typed", "first", "end"),
    [
        ("20/12 to 5/1", date(2026, 12, 20), until(2027, 1, 5)),
        ("de 20/12 a 5/1", date(2026, 12, 20), until(2027, 1, 5)),
        ("20/12-5/1", date(2026, 12, 20), until(2027, 1, 5)),
        ("20/12 – 5/1", date(2026, 12, 20), until(2027, 1, 5)),
        ("12/20 to 1/15", date(2026, 12, 20), until(2027, 1, 15)),
        ("12/20 to 1/5", date(2026, 12, 20), until(2027, 1, 5)),
        ("12/20/2026 - 1/5/2027", date(2026, 12, 20), until(2027, 1, 5)),
        ("1/5 to 1/20", date(2027, 1, 5), until(2027, 1, 20)),
        ("5/1 a 6/1", date(2027, 1, 5), until(2027, 1, 6)),
        ("12/20 to 5 Jan", date(2026, 12, 20), until(2027, 1, 5)),
        ("das 20/12 às 5/1", date(2026, 12, 20), until(2027, 1, 5)),
        ("20.12. - 5.1.", date(2026, 12, 20), until(2027, 1, 5)),
        ("today", THURSDAY, until(2026, 11, 26)),
        ("hoje", THURSDAY, until(2026, 11, 26)),
        ("weekend", date(2026, 11, 28), until(2026, 11, 29)),
        ("no fim de semana", date(2026, 11, 28), until(2026, 11, 29)),
        ("2026-12-20 to 2027-01-05", date(2026, 12, 20), until(2027, 1, 5)),
        ("from 20 Dec until 5 Jan", date(2026, 12, 20), until(2027, 1, 5)),
        ("between December 20th and January 5th", date(2026, 12, 20), until(2027, 1, 5)),
        ("entre 20 de dezembro e 5 de janeiro", date(2026, 12, 20), until(2027, 1, 5)),
        ("do dia 20 de dezembro até o dia 5 de janeiro", date(2026, 12, 20), until(2027, 1, 5)),
        ("de 20 a 27 de dezembro", date(2026, 12, 20), until(2026, 12, 27)),
        ("de 28 a 3/1", date(2026, 12, 28), until(2027, 1, 3)),
        ("20/12 a 27", date(2026, 12, 20), until(2026, 12, 27)),
        ("20/12 a 20/12", date(2026, 12, 20), until(2026, 12, 20)),
        ("from monday to friday", date(2026, 11, 30), until(2026, 12, 4)),
        ("de segunda a sexta-feira", date(2026, 11, 30), until(2026, 12, 4)),
        ("from monday for 10 days", date(2026, 11, 30), until(2026, 12, 9)),
        ("from 20/12 for two weeks", date(2026, 12, 20), until(2027, 1, 2)),
        ("a partir de segunda por 10 dias", date(2026, 11, 30), until(2026, 12, 9)),
        ("amanhã por uma semana", date(2026, 11, 27), until(2026, 12, 3)),
        ("de hoje a domingo", THURSDAY, until(2026, 11, 29)),
        ("today to sunday", THURSDAY, until(2026, 11, 29)),
        ("next week", date(2026, 11, 30), until(2026, 12, 6)),
        ("semana que vem", date(2026, 11, 30), until(2026, 12, 6)),
        ("na próxima semana", date(2026, 11, 30), until(2026, 12, 6)),
        ("mês que vem", date(2026, 12, 1), until(2026, 12, 31)),
    ],
)
def test_a_first_and_a_last_day(typed: str, first: date, end: date) -> None:
    assert read_pause(typed, THURSDAY) == Away(first, end)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("24/12", date(2026, 12, 24)),
        ("7 dias", date(2026, 12, 3)),
        ("for a week", date(2026, 12, 3)),
        ("in a month", date(2026, 12, 26)),
        ("until next week", date(2026, 11, 30)),
        ("até a semana que vem", date(2026, 11, 30)),
        ("sex, 4 de dez", date(2026, 12, 4)),
        ("depois de amanhã", date(2026, 11, 28)),
        ("até o fim do ano", date(2027, 1, 1)),
        ("end of the month", date(2026, 12, 1)),
        ("until the end of this week", date(2026, 11, 30)),
        ("até o fim de semana", date(2026, 11, 28)),
    ],
)
def test_one_day_alone_is_the_first_one_with_doses_again(typed: str, day: date) -> None:
    assert read_pause(typed, THURSDAY) == Away(None, day)


@pytest.mark.parametrize(
    "typed",
    """for good|Forever|until I come back|when you like|from now on|today for good
    para sempre|de vez|até eu voltar|quando quiser|de hoje em diante|hoje para sempre""".replace("\n", "|").split("|"),
)
def test_for_good_has_no_end(typed: str) -> None:
    assert read_pause(typed, THURSDAY) == Away(None, None)


def test_a_weekend_that_has_begun_is_what_is_left_of_it() -> None:
    sunday = date(2026, 11, 29)
    assert read_pause("fim de semana", sunday) == Away(sunday, sunday + DAY)
    assert read_pause("until the weekend", sunday) == Away(None, date(2026, 12, 5))


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("from monday", "pause.no_end"),
        ("a partir de 20/12", "pause.no_end"),
        ("from today", "pause.no_end"),
        ("from monday for good", "pause.no_end"),
        ("12/20 to 25/12", "pause.two_orders"),
        ("25/12 a 1/13", "pause.two_orders"),
        ("20/12 to 19/12", "pause.backwards"),
        ("from 20/12/2026 to 5/1/2026", "pause.backwards"),
        ("5/1 a 20/12", "pause.backwards"),
        ("20/11 to 5/12", "pause.begins_in_the_past"),
        ("from 1/11/2025 to 5/12", "pause.begins_in_the_past"),
        ("31/2 a 5/3", "reading.no_such_date"),
        ("20/12 to the moon", "reading.no_such_date"),
        ("20/12 to 5/1/2031", "pause.too_far"),
        ("until 5/1/2031", "pause.too_far"),
        ("a", "reading.no_such_date"),
        ("de a", "reading.no_such_date"),
        ("from to", "reading.no_such_date"),
    ],
)
def test_what_is_no_such_time_says_why(typed: str, key: str) -> None:
    with pytest.raises(UserMistake) as refused:
        read_pause(typed, THURSDAY)
    assert refused.value.key == key


days = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@given(days, st.integers(1, 200), st.integers(0, 120))
def test_every_span_is_read_in_every_spelling(today: date, ahead: int, long: int) -> None:
    first, last = today + timedelta(days=ahead), today + timedelta(days=ahead + long)
    spellings = [
        f"{first:%Y-%m-%d} to {last:%Y-%m-%d}",
        f"de {first:%d/%m/%Y} a {last:%d/%m/%Y}",
        f"{first:%d/%m} a {last:%d/%m}",
        f"from {first:%d/%m} for {long + 1} days",
        f"{first:%d %B} to {last:%d %B}",
        f"{first:%d/%m/%Y} – {last:%d/%m/%Y}",
    ]
    assert {read_pause(spelling, today) for spelling in spellings} == {Away(first, last + DAY)}


@given(days, st.integers(1, 150), st.integers(0, 120))
def test_both_halves_are_month_first_where_one_can_only_be(today: date, ahead: int, long: int) -> None:
    first, last = today + timedelta(days=ahead), today + timedelta(days=ahead + long)
    if first.day > 12 or last.day > 12:
        assert read_pause(f"{first:%m/%d} to {last:%m/%d}", today) == Away(first, last + DAY)


PIECES = ["from", "to", "20", "5/1", "a", "de", "por", "dias", "monday", "e", "–", "semana", "que", "vem", "31/2", "0"]


@given(days, st.text(max_size=40) | st.lists(st.sampled_from(PIECES)).map(" ".join))
@example(date(2020, 1, 1), "0 to 1")
def test_whatever_is_typed_is_read_or_refused(today: date, typed: str) -> None:
    try:
        away = read_pause(typed, today)
    except UserMistake:
        return
    assert away.until is None or away.until > (away.first or today)
    assert away.first is None or away.first >= today
