"""What people type for an hour, minutes, days, a date or a language, in both languages and every spelling; and what is refused."""

import contextlib
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.reading.dates import read_days, read_until
from bot.commands.reading.hours import read_hour
from bot.commands.reading.languages import read_language
from bot.commands.reading.minutes import exact_minutes, nearest_size
from bot.errors import UserMistake

FRIDAY = date(2026, 11, 20)


def read_date(words: str) -> date:
    return read_until(words, FRIDAY)


def read_minutes(words: str) -> int:
    return nearest_size(exact_minutes(words))


READERS: dict[str, Callable[[str], object]] = {
    "hour": read_hour,
    "minutes": read_minutes,
    "days": read_days,
    "date": read_date,
    "language": read_language,
}
EVERY_READER = pytest.mark.parametrize("what", READERS)


def mistake_of(what: str, words: str) -> UserMistake:
    with pytest.raises(UserMistake) as refused:
        READERS[what](words)
    assert refused.value.key == f"reading.no_such_{what}"
    assert set(refused.value.facts) == {"typed"}
    return refused.value


# ----------------------------------------------------------------------------------------------------------------- hours


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("8", time(8)),
        ("08:00", time(8)),
        ("20:30", time(20, 30)),
        ("8h30", time(8, 30)),
        ("8 h 30 min", time(8, 30)),
        ("20h", time(20)),
        ("20.30", time(20, 30)),
        ("0830", time(8, 30)),
        ("830", time(8, 30)),
        ("2030", time(20, 30)),
        ("às 8h", time(8)),
        ("at 8", time(8)),
        ("8 horas da manhã", time(8)),
        ("8 da noite", time(20)),
        ("oito e meia da noite", time(20, 30)),
        ("8 e 15", time(8, 15)),
        ("uma da tarde", time(13)),
        ("3 da madrugada", time(3)),
        ("19h à noite", time(19)),
        ("meio-dia", time(12)),
        ("meio dia e meia", time(12, 30)),
        ("meia-noite", time(0)),
        ("24h", time(0)),
        ("noon", time(12)),
        ("12 noon", time(12)),
        ("midnight", time(0)),
        ("8am", time(8)),
        ("8 p.m.", time(20)),
        ("8:30 PM", time(20, 30)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("half past 8 pm", time(20, 30)),
        ("8 o'clock in the evening", time(20)),
        ("eight in the morning", time(8)),
        ("11 at night", time(23)),
        ("2 at night", time(2)),
        ("８：３０", time(8, 30)),
    ],
)
def test_an_hour_is_read_as_people_write_it(typed: str, hour: time) -> None:
    assert read_hour(typed) == hour


@pytest.mark.parametrize(
    "typed",
    [
        "25:99",
        "25",
        "8:60",
        "7:5",
        "-8",
        "8:30:00",
        "15 da manhã",
        "0 pm",
        "9 da madrugada",
        "8 da lua",
        "pm",
        "logo",
        "१२",
    ],
)
def test_what_is_no_hour_is_said_back(typed: str) -> None:
    assert mistake_of("hour", typed).facts == {"typed": typed}


@given(st.integers(0, 23), st.integers(0, 59))
def test_every_minute_of_the_day_is_read_in_every_spelling(hour: int, minute: int) -> None:
    spellings = [
        f"{hour}:{minute:02}",
        f"{hour:02}{minute:02}",
        f"{hour}h{minute:02}",
        f"às {hour}h{minute:02}min",
        f"{hour}.{minute:02}",
    ]
    assert {read_hour(spelling) for spelling in spellings} == {time(hour, minute)}


@given(st.integers(1, 12), st.integers(0, 59), st.sampled_from(["am", "pm"]))
def test_the_twelve_hour_clock_is_read_as_python_reads_it(hour: int, minute: int, half: str) -> None:
    afternoon = 12 if half == "pm" else 0
    assert read_hour(f"{hour}:{minute:02} {half}") == time(hour % 12 + afternoon, minute)


# --------------------------------------------------------------------------------------------------------------- minutes


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("5", 5),
        ("10 min", 10),
        ("10min", 10),
        ("15'", 15),
        ("quinze minutos", 15),
        ("15 min por dia", 15),
        ("um quarto de hora", 15),
        ("quarter of an hour", 15),
        ("meia hora", 30),
        ("half an hour", 30),
        ("0,5h", 30),
        ("1h", 60),
        ("uma hora", 60),
        ("an hour", 60),
        ("1h30", 60),
        ("hora e meia", 60),
    ],
)
def test_minutes_are_read_as_people_write_them(typed: str, minutes: int) -> None:
    assert read_minutes(typed) == minutes


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("1", 5), ("7", 5), ("8", 10), ("20 min", 15), ("23", 30), ("45", 30), ("46", 60), ("4h", 60)],
)
def test_minutes_that_are_not_offered_become_the_nearest_and_of_two_the_shorter(typed: str, offered: int) -> None:
    assert read_minutes(typed) == offered


@pytest.mark.parametrize("typed", ["0", "0h", "-5", "241", "4h01", "1000", "9h", "min", "h", "pouco", "½ hora", "1:30"])
def test_what_is_no_length_of_a_dose_is_said_back(typed: str) -> None:
    assert mistake_of("minutes", typed).facts == {"typed": typed}


# ------------------------------------------------------------------------------------------------------------------ days

WORKDAYS = {1, 2, 3, 4, 5}
EVERY_DAY = {1, 2, 3, 4, 5, 6, 7}


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("seg-sex", WORKDAYS),
        ("seg a sex", WORKDAYS),
        ("de segunda a sexta", WORKDAYS),
        ("segunda-feira a sexta-feira", WORKDAYS),
        ("2ª a 6ª", WORKDAYS),
        ("dias úteis", WORKDAYS),
        ("mon-fri", WORKDAYS),
        ("Mon–Fri", WORKDAYS),
        ("Monday through Friday", WORKDAYS),
        ("weekdays", WORKDAYS),
        ("todos", EVERY_DAY),
        ("todos os dias", EVERY_DAY),
        ("every day", EVERY_DAY),
        ("daily", EVERY_DAY),
        ("de segunda a segunda", EVERY_DAY),
        ("seg qua sex", {1, 3, 5}),
        ("segunda, quarta e sexta.", {1, 3, 5}),
        ("seg/qua/sex", {1, 3, 5}),
        ("mo we fr", {1, 3, 5}),
        ("mondays and thursdays", {1, 4}),
        ("terças e quintas", {2, 4}),
        ("tues & thurs", {2, 4}),
        ("toda segunda", {1}),
        ("every monday", {1}),
        ("só sábado", {6}),
        ("sat,sun", {6, 7}),
        ("fim de semana", {6, 7}),
        ("fds", {6, 7}),
        ("weekends", {6, 7}),
        ("sex a seg", {5, 6, 7, 1}),
        ("mon to fri, sun", WORKDAYS | {7}),
        ("weekdays and sunday", WORKDAYS | {7}),
        ("seg a qua e sex", {1, 2, 3, 5}),
        ("todos menos domingo", EVERY_DAY - {7}),
        ("todos os dias, exceto sáb e dom", WORKDAYS),
        ("every day except sunday", EVERY_DAY - {7}),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, days: set[int]) -> None:
    assert read_days(typed) == days


@pytest.mark.parametrize(
    "typed",
    [
        "se",
        "qu",
        "seg a",
        "a sex",
        "seg -",
        "segsex",
        "1-5",
        "menos domingo",
        "todos menos todos",
        "dias",
        "e",
        "funday",
    ],
)
def test_what_is_no_day_is_said_back(typed: str) -> None:
    assert mistake_of("days", typed).facts == {"typed": typed}


@given(st.integers(1, 7), st.integers(1, 7))
def test_from_one_day_to_another_is_the_same_in_both_languages(begin: int, end: int) -> None:
    portuguese = ["seg", "ter", "qua", "qui", "sex", "sáb", "dom"]
    english = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    days = read_days(f"{portuguese[begin - 1]} a {portuguese[end - 1]}")
    assert days == read_days(f"{english[begin - 1]} to {english[end - 1]}")
    assert {begin, end} <= days
    assert len(days) == ((end - begin) % 7 + 1 if begin != end else 7)


# ------------------------------------------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        ("24/12", date(2026, 12, 24)),
        ("24/12/26", date(2026, 12, 24)),
        ("24.12.2026", date(2026, 12, 24)),
        ("12/24", date(2026, 12, 24)),
        ("03/04", date(2027, 4, 3)),
        ("até 24 de dezembro", date(2026, 12, 24)),
        ("24 dez", date(2026, 12, 24)),
        ("24 de dez. de 2026", date(2026, 12, 24)),
        ("Dec 24", date(2026, 12, 24)),
        ("until December 24th, 2026", date(2026, 12, 24)),
        ("sex, 4 de dez", date(2026, 12, 4)),
        ("Fri 4 Dec", date(2026, 12, 4)),
        ("1º de janeiro", date(2027, 1, 1)),
        ("29/2/2028", date(2028, 2, 29)),
        ("amanhã", date(2026, 11, 21)),
        ("tomorrow", date(2026, 11, 21)),
        ("depois de amanhã", date(2026, 11, 22)),
        ("7 dias", date(2026, 11, 27)),
        ("7", date(2026, 11, 27)),
        ("7d", date(2026, 11, 27)),
        ("por dez dias", date(2026, 11, 30)),
        ("for 10 days", date(2026, 11, 30)),
        ("a week", date(2026, 11, 27)),
        ("duas semanas", date(2026, 12, 4)),
        ("um mês", date(2026, 12, 20)),
        ("3 months", date(2027, 2, 20)),
        ("um ano", date(2027, 11, 20)),
        ("segunda", date(2026, 11, 23)),
        ("até segunda-feira", date(2026, 11, 23)),
        ("next friday", date(2026, 11, 27)),
        ("sexta", date(2026, 11, 27)),
        ("semana que vem", date(2026, 11, 23)),
        ("next week", date(2026, 11, 23)),
        ("mês que vem", date(2026, 12, 1)),
        ("next month", date(2026, 12, 1)),
        ("dia 10", date(2026, 12, 10)),
        ("the 25th", date(2026, 11, 25)),
        ("dia 31", date(2026, 12, 31)),
    ],
)
def test_a_coming_date_is_read_as_people_write_it(typed: str, day: date) -> None:
    assert read_date(typed) == day


@pytest.mark.parametrize(
    "typed",
    [
        "hoje",
        "today",
        "20/11/2026",
        "2020-01-01",
        "0 dias",
        "31/02",
        "32/13",
        "0/0",
        "3 anos",
        "9999-12-31",
        "99999 dias",
        "999 anos",
        "natal",
        "dia",
        "dia 32",
    ],
)
def test_a_date_that_is_not_coming_is_said_back(typed: str) -> None:
    assert mistake_of("date", typed).facts == {"typed": typed}


def test_a_date_just_gone_is_a_slip_and_not_a_pause_of_a_year() -> None:
    mistake_of("date", "19/11")
    assert read_date("19/11/2027") == date(2027, 11, 19)


def test_a_month_after_the_31st_ends_with_the_month() -> None:
    assert read_until("1 month", date(2027, 1, 31)) == date(2027, 2, 28)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 330))
def test_every_coming_date_is_read_in_every_spelling(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    spellings = [
        f"{day:%Y-%m-%d}",
        f"{day:%d/%m/%Y}",
        f"{day:%d/%m}",
        f"{day.day}/{day.month}",
        f"{ahead} dias",
        f"in {ahead} days",
    ]
    assert {read_until(spelling, today) for spelling in spellings} == {day}


@given(
    st.dates(), st.sampled_from(["24/12", "10 dias", "um ano", "dia 31", "next month", "segunda", "2 years", "31 dez"])
)
def test_a_date_read_is_always_after_today(today: date, typed: str) -> None:
    found = None
    with contextlib.suppress(UserMistake):  # the calendar ends, or the day is just gone and nearly a year away
        found = read_until(typed, today)
    assert found is None or timedelta() < found - today <= timedelta(days=731)


# -------------------------------------------------------------------------------------------------------------- languages


@pytest.mark.parametrize(
    "typed", ["pt", "pt-BR", "PT", "Português", "portugues do Brasil", "brasileiro", "Portuguese", "br"]
)
def test_portuguese_is_read(typed: str) -> None:
    assert read_language(typed) == "pt-BR"


@pytest.mark.parametrize("typed", ["en", "en-GB", "English", "inglês", "INGLES", "eng", "english please"])
def test_english_is_read(typed: str) -> None:
    assert read_language(typed) == "en"


@pytest.mark.parametrize("typed", ["es", "klingon", "porta", "entrar", "."])
def test_a_language_we_do_not_speak_is_said_back(typed: str) -> None:
    assert mistake_of("language", typed).facts == {"typed": typed}


# -------------------------------------------------------------------------------------------------------- hostile words


@EVERY_READER
@given(words=st.text(max_size=200) | st.from_regex(r"[0-9:hapm ./dezseg,e\-]{1,60}", fullmatch=True))
def test_any_text_is_read_or_is_a_mistake(what: str, words: str) -> None:
    mistake = None
    try:
        READERS[what](words)
    except UserMistake as refused:
        mistake = refused
    assert mistake is None or (mistake.key == f"reading.no_such_{what}" and len(mistake.facts["typed"]) <= 41)


@EVERY_READER
@pytest.mark.parametrize(
    "words",
    ["8" * 10_000, "seg a " * 2_000, "1 e " * 3_000, "de " * 4_000, "(" * 10_000, "\u202e" * 10_000, " " * 10_000],
)
def test_words_of_ten_kilobytes_are_refused_with_a_short_quote(what: str, words: str) -> None:
    assert len(mistake_of(what, words).facts["typed"]) <= 41


@EVERY_READER
def test_a_quote_stays_on_its_line_and_cannot_turn_the_text_around(what: str) -> None:
    assert mistake_of(what, "<b>\u202e 99\n\n\t\x0099\u200b</b>").facts == {"typed": "<b> 99 99</b>"}


@EVERY_READER
@pytest.mark.parametrize("words", ["", " ", "\n", "\u200b", "\x00", "\ud800", "🙂", "・", "ﷺ" * 90])
def test_what_says_nothing_is_a_mistake(what: str, words: str) -> None:
    mistake_of(what, words)
