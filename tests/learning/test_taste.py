"""Taste follows from presses: each pulls gently, all of them together stay bounded, and everything fades."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.file import read_catalog
from bot.learning.taste import (
    HALF_LIFE,
    HEARD,
    HEARD_FOR,
    KINDS,
    NO_TASTE,
    Leaning,
    Pressed,
    Taste,
    heard,
    taste_of,
    traits_of,
)

SMALL = read_catalog(Path(__file__).parents[1] / "small_catalog.yaml")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
VIDEO, ARTICLE, NOTEBOOK = "what-is-data", "data-in-words", "first-notebook"


def pressed(resource: str, kind: str, days_ago: float = 0) -> Pressed:
    found = SMALL.resource(resource)
    assert found
    return Pressed(found, kind, NOW - timedelta(days=days_ago))


presses = st.builds(
    pressed,
    st.sampled_from([entry.id for entry in SMALL.resources]),
    st.sampled_from(KINDS),
    st.floats(-10, 1000),
)


def test_nothing_pressed_is_no_taste() -> None:
    assert taste_of([], NOW) == NO_TASTE
    assert NO_TASTE.told() == ()


def test_what_was_right_is_liked_and_what_was_not_worth_it_is_not() -> None:
    taste = taste_of([pressed(VIDEO, "right"), pressed(NOTEBOOK, "not_worth_it")], NOW)
    assert taste.of("kind", "video") == 0.25
    assert taste.of("author", "Josie Ann") == 0.25
    assert taste.of("kind", "notebook") == -0.25
    video, notebook = SMALL.resource(VIDEO), SMALL.resource(NOTEBOOK)
    assert video
    assert notebook
    assert taste.towards(traits_of(video)) > 0 > taste.towards(traits_of(notebook))


def test_a_changed_mind_counts_once() -> None:
    assert taste_of([pressed(VIDEO, "not_worth_it", 2), pressed(VIDEO, "right", 1)], NOW).of("kind", "video") > 0
    once, twice = [pressed(VIDEO, "right")], [pressed(VIDEO, "right")] * 2
    assert taste_of(once, NOW) == taste_of(twice, NOW)


def test_it_fades_by_half_and_a_reset_forgets() -> None:
    days = HALF_LIFE / timedelta(days=1)
    fresh = taste_of([pressed(VIDEO, "too_hard")], NOW)
    old = taste_of([pressed(VIDEO, "too_hard", days)], NOW)
    assert fresh.harder == -1 / 4
    assert old.harder == -0.5 / 3.5
    assert taste_of([pressed(VIDEO, "too_hard", 3)], NOW, since=NOW - timedelta(days=2)) == NO_TASTE


def test_too_long_speaks_against_that_length_and_every_longer_one() -> None:
    taste = taste_of([pressed("build-a-model", "too_long")], NOW)  # half an hour
    assert set(taste.told()) == {Leaning("length", "middling", -0.25), Leaning("length", "long", -0.25)}


def test_too_long_says_nothing_against_short_things() -> None:
    taste = taste_of([pressed(VIDEO, "too_long")], NOW)  # eight minutes
    assert taste.of("length", "short") == 0
    assert taste.of("length", "long") == taste.of("length", "middling") == -0.25


def test_what_is_put_off_asks_for_quicker_things_and_says_nothing_against_it() -> None:
    taste = taste_of([pressed(VIDEO, "later", days) for days in (0, 1)], NOW)
    assert (taste.leanings, taste.lighter) == ({}, 0.25)
    assert taste_of([pressed(entry.id, "later") for entry in SMALL.resources[:3]], NOW).told() == (
        Leaning("effort", "lighter", 0.5),
    )


def test_broken_links_push_no_liking_out_of_the_count() -> None:
    liked = [pressed(VIDEO, "right", 20)]
    broken = [pressed(ARTICLE, "broken", days) for days in range(HEARD)]
    assert heard(liked + broken, NOW) == liked
    assert taste_of(liked + broken, NOW) == taste_of(liked, NOW)


def test_a_mind_changed_often_pushes_no_liking_out_of_the_count() -> None:
    liked = [pressed(VIDEO, "right", 20)]
    wavering = [pressed(ARTICLE, ("too_easy", "too_hard")[days % 2], days) for days in range(2 * HEARD)]
    assert heard(liked + wavering, NOW) == [*liked, wavering[0]]


def test_what_is_long_ago_is_heard_no_more() -> None:
    days = HEARD_FOR / timedelta(days=1)
    last, gone = pressed(VIDEO, "right", days), pressed(NOTEBOOK, "right", days + 1)
    assert heard([gone, last], NOW) == [last]


def test_what_is_told_names_the_strongest_first() -> None:
    many = [pressed(entry.id, "too_hard") for entry in SMALL.resources[:5]]
    told = taste_of([*many, pressed("bars", "right")], NOW).told()
    assert told[0] == Leaning("difficulty", "easier", 5 / 8)
    assert {one.dimension for one in told} == {"difficulty", "kind", "language", "length"}


@given(st.lists(presses, max_size=60))
def test_whatever_is_pressed_stays_within_bounds(events: list[Pressed]) -> None:
    taste = taste_of(events, NOW)
    assert -1 < taste.harder < 1
    assert 0 <= taste.lighter < 1
    assert all(-1 < leaning < 1 for leaning in taste.leanings.values())
    assert all(-1 < taste.towards(traits_of(entry)) < 1 for entry in SMALL.resources)


@given(st.lists(presses, max_size=20))
def test_left_alone_it_drifts_back(events: list[Pressed]) -> None:
    def strength(taste: Taste) -> float:
        return sum(map(abs, taste.leanings.values())) + abs(taste.harder) + taste.lighter

    later = max([NOW, *(event.at for event in events)])
    assert strength(taste_of(events, later + 20 * HALF_LIFE)) <= 0.001 * len(events)


@given(st.lists(presses, max_size=20), st.randoms())
def test_the_order_of_rows_does_not_matter(events: list[Pressed], chance: object) -> None:
    apart = {event.at: event for event in events}.values()
    assert taste_of(apart, NOW).harder == taste_of(sorted(apart, key=lambda one: one.at, reverse=True), NOW).harder
