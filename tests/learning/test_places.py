"""Which zone is somebody in: by the client's language, a city, a place on the globe, or the clock on their wall."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.learning.cities import fold
from bot.learning.places import (
    City,
    cities_ahead,
    cities_with_clock,
    clock_screens,
    clocks,
    coming_offsets,
    find_cities,
    guess_zone,
    is_name,
    is_zone,
    nearest_city,
    zone_named,
)

NOVEMBER = datetime(2026, 11, 20, 12, 12, tzinfo=UTC)
JULY = datetime(2026, 7, 1, 12, 12, tzinfo=UTC)
EASTER_NIGHT = datetime(2026, 3, 29, 0, 59, 30, tzinfo=UTC)

INSTANTS = st.integers(0, 16 * 366 * 86_400).map(
    lambda second: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)
INHABITED = [
    fields[2]
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    if not line.startswith("#") and not (fields := line.split("\t"))[2].startswith("Antarctica/")
]


def first(words: str) -> City:
    return find_cities(words)[0]


def called(cities: tuple[City, ...]) -> list[str]:
    return [city.name for city in cities]


# ------------------------------------------------------------------------------------------------------ by the language


@pytest.mark.parametrize(
    ("client", "zone"),
    [
        ("pt-BR", "America/Sao_Paulo"),
        ("pt-br", "America/Sao_Paulo"),
        ("pt_BR", "America/Sao_Paulo"),
        ("pt", "America/Sao_Paulo"),
        ("pt-PT", "Europe/Lisbon"),
        ("de", "Europe/Berlin"),
        ("de-AT", "Europe/Berlin"),
        ("ja", "Asia/Tokyo"),
        ("fr-CA", "America/Toronto"),
    ],
)
def test_a_language_of_one_zone_tells_the_zone(client: str, zone: str) -> None:
    assert guess_zone(client) == zone


@pytest.mark.parametrize(
    "client", ["en", "en-US", "en-GB", "es", "es-ES", "es-419", "ru", "ar", "zh", "xx", "", None, "\0" * 10_000]
)
def test_a_language_of_many_zones_tells_nothing(client: str | None) -> None:
    assert guess_zone(client) is None


def test_every_guess_is_a_zone_with_cities() -> None:
    from bot.learning.places import _ZONES_OF_LANGUAGES

    assert set(_ZONES_OF_LANGUAGES.values()) <= set(INHABITED)


# --------------------------------------------------------------------------------------------------------- by the city


@pytest.mark.parametrize(
    ("typed", "city"),
    [
        ("sao paulo", "São Paulo"),
        ("São Paulo", "São Paulo"),
        ("SÃO  PAULO ", "São Paulo"),
        ("Sampa", "São Paulo"),
        ("saopaulo", "São Paulo"),
        ("Lisboa", "Lisbon"),
        ("Lisbon", "Lisbon"),
        ("estou em lisboa", "Lisbon"),
        ("nova york", "New York"),
        ("Nova Iorque", "New York"),
        ("NYC", "New York"),
        ("Londres", "London"),
        ("London, UK", "London"),
        ("Recife", "Recife"),
        ("Recfe", "Recife"),
        ("moro em recife - pe", "Recife"),
        ("belo horizote", "Belo Horizonte"),
        ("curitba", "Curitiba"),
        ("rio", "Rio de Janeiro"),
        ("munique", "Munich"),
        ("zürich", "Zürich"),
        ("Açores", "Ponta Delgada"),
        ("noronha", "Fernando de Noronha"),
        ("In Salah", "In Salah"),
        ("lisbon portugal", "Lisbon"),
        ("natal RN", "Natal"),
    ],
)
def test_a_city_is_found_as_people_write_it(typed: str, city: str) -> None:
    assert first(typed).name == city


def test_the_largest_namesake_comes_first_and_a_country_or_state_narrows() -> None:
    assert [(city.country, city.region) for city in find_cities("Paris")] == [("FR", ""), ("US", "TX")]
    assert [(city.country, city.region) for city in find_cities("Paris, TX")] == [("US", "TX")]
    assert [city.country for city in find_cities("Paris, França")] == ["FR"]
    assert [city.zone for city in find_cities("Bonito/MS")] == ["America/Campo_Grande"]
    assert called(find_cities("London, ON")) == ["London"]
    assert first("London, ON").zone == "America/Toronto"


def test_a_country_that_does_not_fit_is_not_held_against_the_city() -> None:
    assert first("Paris, Narnia").zone == "Europe/Paris"


def test_a_country_gives_a_city_of_each_of_its_zones() -> None:
    assert [city.called("pt-BR") for city in find_cities("portugal")] == ["Lisboa", "Funchal", "Ponta Delgada"]
    assert {"São Paulo", "Manaus"} <= set(called(find_cities("Brasil")))


def test_cities_have_names_in_both_languages() -> None:
    names = {city: (first(city).called("pt-BR"), first(city).called("en")) for city in ("NYC", "LON", "koln", "Recife")}
    assert names == {
        "NYC": ("Nova York", "New York"),
        "LON": ("Londres", "London"),
        "koln": ("Colônia", "Cologne"),
        "Recife": ("Recife", "Recife"),
    }


def test_a_translated_name_stays_with_the_city_that_has_it() -> None:
    assert [(city.name_pt, city.country) for city in find_cities("Naples")][:2] == [("Nápoles", "IT"), ("Naples", "US")]


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("banana", False),
        ("Sao Palo", False),
        ("Santa Cruz", True),
        ("Natal RN", True),
        ("moro em Recife - PE", True),
        ("NYC", True),
        ("portugal", True),
        ("São Jo", True),
        ("", False),
        ("a" * 10_000, False),
    ],
)
def test_what_is_only_nearly_a_name_is_known_as_such(typed: str, known: bool) -> None:
    assert is_name(typed) is known


@pytest.mark.parametrize(
    "typed", ["", " ", "a", "xyzzyq", "東京", "!!!", "12:00", "|", "\t\n", "\0", "\ud800", "a" * 10_000, "São " * 2_500]
)
def test_what_nobody_knows_finds_nothing(typed: str) -> None:
    assert find_cities(typed) == ()


@given(st.text(max_size=120))
def test_any_text_is_answered_with_few_cities_and_no_question_that_is_none(typed: str) -> None:
    found = find_cities(typed, limit=4)
    assert len(found) <= 4
    assert max(Counter((fold(city.name), city.zone) for city in found).values(), default=1) == 1


@given(st.sampled_from(["Fortaleza", "Porto Alegre", "Barcelona", "Toronto", "Johannesburg", "Melbourne"]), st.data())
@settings(max_examples=30)
def test_one_wrong_letter_in_a_long_name_does_not_matter(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    assert first(name).zone in {city.zone for city in find_cities(f"{name[:at]}x{name[at + 1 :]}")}


# --------------------------------------------------------------------------------------------------------- by the place


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (-8.05, -34.88, "America/Recife"),
        (38.72, -9.14, "Europe/Lisbon"),
        (40.7, -74.0, "America/New_York"),
        (-43.95, -176.55, "Pacific/Auckland"),  # nearer by far than any other city, if not the islands' own clock
        (-18.1, -181.6, "Pacific/Fiji"),  # east of the date line, counted on
        (90.0, 0.0, "Arctic/Longyearbyen"),
    ],
)
def test_a_shared_location_gives_the_nearest_city(latitude: float, longitude: float, zone: str) -> None:
    city = nearest_city(latitude, longitude)
    assert city is not None
    assert city.zone == zone


@pytest.mark.parametrize("place", [(91.0, 0.0), (float("nan"), 0.0), (0.0, float("inf")), (0.0, 400.0)])
def test_no_place_on_the_globe_gives_no_city(place: tuple[float, float]) -> None:
    assert nearest_city(*place) is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_has_a_city_that_is_nearest_to_itself(latitude: float, longitude: float) -> None:
    city = nearest_city(latitude, longitude)
    assert city is not None
    itself = nearest_city(city.latitude, city.longitude)
    assert itself is not None
    assert (itself.latitude, itself.longitude) == (city.latitude, city.longitude)


# --------------------------------------------------------------------------------------------------------- by the clock


@given(INSTANTS)
@settings(max_examples=25)
def test_the_clocks_show_the_time_of_every_inhabited_zone_once(now: datetime) -> None:
    shown = {zone: clock for clock in clocks(now) for zone in clock.zones}
    assert set(INHABITED) <= set(shown)
    assert sum(len(clock.zones) for clock in clocks(now)) == len(shown)
    for zone, clock in shown.items():
        local = now.astimezone(ZoneInfo(zone))
        assert clock.time == time(local.hour, local.minute)
    assert len({clock.time for clock in clocks(now)}) == len(clocks(now))


@given(INSTANTS, st.sampled_from(INHABITED))
@settings(max_examples=25)
def test_the_screens_hold_every_clock_once_and_the_own_one_first(now: datetime, near: str) -> None:
    screens = clock_screens(now, near)
    assert all(len(screen) <= 12 for screen in screens)
    assert Counter(clock for screen in screens for clock in screen) == Counter(clocks(now, near))
    assert near in clocks(now, near)[0].zones
    assert any(near in clock.zones for clock in screens[0])


def test_the_first_screen_holds_the_neighbours_from_early_to_late() -> None:
    first_screen = clock_screens(NOVEMBER, "America/Sao_Paulo")[0]
    assert [f"{clock.time:%H:%M}" for clock in first_screen] == [f"{hour:02}:12" for hour in range(3, 15)]


def test_a_screen_does_not_break_at_midnight() -> None:
    evening = NOVEMBER + timedelta(hours=13)  # 22:12 in São Paulo
    shown = [clock.time.hour for clock in clock_screens(evening, "America/Sao_Paulo")[0]]
    assert shown == [16, 17, 18, 19, 20, 21, 22, 23, 0, 1, 2, 3]


def test_half_hours_are_on_a_later_screen_unless_they_are_the_own() -> None:
    def screen_of(zone: str, near: str | None) -> int:
        return next(
            number
            for number, screen in enumerate(clock_screens(NOVEMBER, near))
            if any(zone in clock.zones for clock in screen)
        )

    assert screen_of("Asia/Kolkata", "America/Sao_Paulo") == 2
    assert screen_of("Asia/Kolkata", "Asia/Kolkata") == 0


def test_without_a_guess_the_clocks_of_most_people_come_first() -> None:
    likeliest = clocks(NOVEMBER)
    assert "Asia/Shanghai" in likeliest[0].zones
    people = [clock.people for clock in likeliest]
    assert people == sorted(people, reverse=True)


def test_both_sides_of_the_date_line_read_the_same_clock() -> None:
    (honolulu,) = [clock for clock in clocks(NOVEMBER) if "Pacific/Honolulu" in clock.zones]
    assert "Pacific/Kiritimati" in honolulu.zones


# ----------------------------------------------------------------------------------------------- from a clock to a city


def test_a_clock_that_only_one_kind_of_zone_has_gives_the_zone_at_once() -> None:
    (city,) = cities_with_clock(time(17, 42), NOVEMBER)
    assert (city.name, city.zone) == ("Mumbai", "Asia/Kolkata")


def test_a_clock_that_parts_within_the_year_asks_by_cities() -> None:
    assert called(cities_with_clock(time(9, 12), NOVEMBER)) == ["São Paulo", "Santiago", "Saint-Pierre"]
    assert called(cities_with_clock(time(12, 12), NOVEMBER)) == ["Abidjan", "London"]


def test_a_zone_thought_of_stands_for_its_own_group() -> None:
    assert called(cities_with_clock(time(9, 12), NOVEMBER, near="America/Recife"))[0] == "Recife"
    assert called(cities_with_clock(time(9, 12), NOVEMBER, near="America/Santiago"))[:2] == ["São Paulo", "Santiago"]


@pytest.mark.parametrize("minute", [5, 9, 12, 15, 19])
def test_a_clock_a_few_minutes_off_is_forgiven(minute: int) -> None:
    assert first("São Paulo") in cities_with_clock(time(9, minute), NOVEMBER)


def test_a_clock_nobody_has_gives_no_city() -> None:
    assert cities_with_clock(time(18, 27), NOVEMBER) == ()


@given(INSTANTS, st.sampled_from(INHABITED))
@settings(max_examples=40)
def test_what_the_wall_says_leads_to_a_zone_that_keeps_the_same_time_for_a_year(now: datetime, zone: str) -> None:
    local = now.astimezone(ZoneInfo(zone))
    offered = cities_with_clock(time(local.hour, local.minute), now, limit=99)
    agreeing = [city for city in offered if coming_offsets(city.zone, now) == coming_offsets(zone, now)]
    assert len(agreeing) == 1


@pytest.mark.parametrize("now", [NOVEMBER, JULY, EASTER_NIGHT])
def test_one_row_of_eight_cities_is_always_enough(now: datetime) -> None:
    for clock in clocks(now):
        assert 1 <= len(cities_ahead(clock.ahead, now, limit=99)) <= 8


def test_a_pressed_clock_means_the_same_an_hour_later() -> None:
    pressed = next(clock for clock in clocks(NOVEMBER) if "America/Sao_Paulo" in clock.zones)
    assert cities_ahead(pressed.ahead, NOVEMBER + timedelta(hours=1)) == cities_ahead(pressed.ahead, NOVEMBER)


def test_the_coming_offsets_change_at_the_minute_of_the_law() -> None:
    changes = [(at, offset) for at, offset in coming_offsets("Europe/Lisbon", NOVEMBER)[1:]]
    assert changes == [
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), timedelta(hours=1)),
        (datetime(2027, 10, 31, 1, 0, tzinfo=UTC), timedelta()),
    ]


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        clocks(NOVEMBER.replace(tzinfo=None))
    with pytest.raises(ValueError, match="zone"):
        cities_with_clock(time(9, 12), NOVEMBER.replace(tzinfo=None))


# ---------------------------------------------------------------------------------------------------------- by the name


def test_iana_names_are_known_exactly_or_as_typed() -> None:
    assert is_zone("America/Sao_Paulo")
    assert not is_zone("america/sao_paulo")
    assert zone_named(" america/sao paulo ") == "America/Sao_Paulo"
    assert zone_named("utc") == "UTC"


@pytest.mark.parametrize(
    "name", ["", "Factory", "America", "America/", "../etc/passwd", "/etc/localtime", "\0", "\ud800", "a" * 10_000]
)
def test_what_is_no_zone_is_none(name: str) -> None:
    assert not is_zone(name)
    assert zone_named(name) is None


def test_every_zone_somebody_can_get_is_one_the_program_can_use() -> None:
    for clock in clocks(NOVEMBER):
        for zone in clock.zones:
            assert is_zone(zone)
            assert ZoneInfo(zone).key == zone
