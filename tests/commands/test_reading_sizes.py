"""What people type for sizes by weekday, the time they have, the level and the languages of resources; and what is refused."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.reading.languages import read_languages
from bot.commands.reading.sizes import read_level, read_sizes, time_in_hand
from bot.errors import UserMistake
from bot.learning.preferences import SIZES

WEEK = range(1, 8)
WEEKDAYS = dict.fromkeys(range(1, 6), 15)


@pytest.mark.parametrize(
    ("typed", "sizes"),
    [
        ("15", dict.fromkeys(WEEK, 15)),
        ("30 min por dia", dict.fromkeys(WEEK, 30)),
        ("half an hour a day", dict.fromkeys(WEEK, 30)),
        ("10 every day", dict.fromkeys(WEEK, 10)),
        ("15 weekdays, 60 saturday", WEEKDAYS | {6: 60}),
        ("15 on weekdays, 60 on Saturday", WEEKDAYS | {6: 60}),
        ("15 on weekdays and an hour on Saturday", WEEKDAYS | {6: 60}),
        ("15 seg-sex, 60 sáb", WEEKDAYS | {6: 60}),
        ("15 de segunda a sexta e 60 no sábado", WEEKDAYS | {6: 60}),
        ("quinze nos dias úteis, uma hora aos sábados", WEEKDAYS | {6: 60}),
        ("15 2ª a 6ª; sessenta no sábado", WEEKDAYS | {6: 60}),
        ("seg-sex 15, sáb 60", WEEKDAYS | {6: 60}),
        ("fim de semana 60, durante a semana 15", WEEKDAYS | {6: 60, 7: 60}),
        ("60 on saturday", {6: 60}),
        ("1h30 no domingo", {7: 60}),
        ("15, 60 sáb", dict.fromkeys(WEEK, 15) | {6: 60}),
        ("sábado 1h, nos outros dias 15", dict.fromkeys(WEEK, 15) | {6: 60}),
        ("60 on Saturday, 15 otherwise", dict.fromkeys(WEEK, 15) | {6: 60}),
        ("15 weekdays 60 saturday 5 sunday", WEEKDAYS | {6: 60, 7: 5}),
    ],
)
def test_sizes_are_read_as_people_write_them(typed: str, sizes: dict[int, int]) -> None:
    assert read_sizes(typed) == sizes


@pytest.mark.parametrize(
    "typed",
    ["0", "10000", "-5", "hello", "15 on funday", "saturday", "60 sat 15 weekdays what", "15 a 30", "sáb 60 dom", ""],
)
def test_what_is_no_size_is_said_back(typed: str) -> None:
    with pytest.raises(UserMistake) as refused:
        read_sizes(typed)
    assert refused.value.key == "reading.no_such_minutes"


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("I have 5 minutes", 5),
        ("I only have 5 min today", 5),
        ("i've got 20 minutes", 20),
        ("tenho 5 minutos", 5),
        ("Hoje só tenho meia hora.", 30),
        ("tenho uns 15 min agora", 15),
        ("só tenho uma hora hoje", 60),
        ("5 min", 5),
        ("meia hora", 30),
    ],
)
def test_the_time_somebody_has_is_understood(typed: str, minutes: int) -> None:
    assert time_in_hand(typed) == minutes


@pytest.mark.parametrize(
    "typed",
    [
        "5",
        "I have a question",
        "tenho 5 gatos",
        "tenho 0 minutos",
        "I have 10000 minutes",
        "the model has 5 layers",
        "",
        "x" * 5000,
    ],
)
def test_other_words_are_no_time(typed: str) -> None:
    assert time_in_hand(typed) is None


def test_a_length_alone_may_be_a_note() -> None:
    assert time_in_hand("5 min", bare=False) is None
    assert time_in_hand("tenho 5 min", bare=False) == 5


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("1", 1),
        ("fácil", 1),
        ("beginner", 1),
        ("nível 2", 2),
        ("médio", 2),
        ("three", 3),
        ("something harder", 3),
        ("Difícil", 3),
    ],
)
def test_a_level_is_read_in_numbers_and_words(typed: str, level: int) -> None:
    assert read_level(typed) == level


@pytest.mark.parametrize("typed", ["0", "4", "easy or hard", "guru", ""])
def test_what_is_no_level_is_said_back(typed: str) -> None:
    with pytest.raises(UserMistake) as refused:
        read_level(typed)
    assert refused.value.key == "reading.no_such_depth"


@pytest.mark.parametrize(
    ("typed", "languages"),
    [
        ("pt, en", ("pt", "en")),
        ("primeiro português, depois inglês", ("pt", "en")),
        ("English, then Portuguese", ("en", "pt")),
        ("inglês; português se não houver", ("en", "pt")),
        ("only English", ("en",)),
        ("só pt-BR", ("pt",)),
        ("en pt es en", ("en", "pt", "es")),
    ],
)
def test_languages_are_read_in_their_order(typed: str, languages: tuple[str, ...]) -> None:
    assert read_languages(typed) == languages


@pytest.mark.parametrize("typed", ["klingon", "none", "nenhum", "pt, klingon", "mul", ""])
def test_what_is_no_language_is_said_back(typed: str) -> None:
    with pytest.raises(UserMistake) as refused:
        read_languages(typed)
    assert refused.value.key == "reading.no_such_languages"


@pytest.mark.parametrize("reader", [read_sizes, read_level, read_languages, time_in_hand])
@given(words=st.text(max_size=200) | st.text("0123456789 ,;-hminsábdouter", max_size=60))
def test_any_text_is_read_or_is_a_mistake(reader: Callable[[str], object], words: str) -> None:
    with contextlib.suppress(UserMistake):
        reader(words)


@given(st.permutations(range(1, 8)), st.lists(st.sampled_from(SIZES), min_size=7, max_size=7))
def test_every_week_is_read_day_by_day(days: list[int], sizes: list[int]) -> None:
    names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    typed = ", ".join(f"{size} {names[day - 1]}" for day, size in zip(days, sizes, strict=True))
    assert read_sizes(typed) == dict(zip(days, sizes, strict=True))
