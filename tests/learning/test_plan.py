"""The weeks ahead as arithmetic: the pace, the doses left, when each topic ends; and what holds whatever the numbers are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.entry import Catalog
from bot.learning.plan import FARTHEST, WINDOW, Did, LearningPace, Plan, day_at, pace_of, plan_of
from bot.learning.sessions import Thread

TODAY = date(2026, 3, 31)
LONG_AGO = date(2025, 1, 1)


def resource(topic: str, number: int, **more: object) -> dict[str, object]:
    identity = f"{topic}-{number}"
    return {
        "id": identity,
        "title": identity,
        "url": f"https://example.org/{identity}",
        "topic": topic,
        "kind": "article",
        "language": "en",
        "core": True,
        "minutes": 10,
    } | more


CATALOG = Catalog.model_validate(
    {
        "version": 1,
        "topics": [{"id": name, "name": name} for name in ("first", "second", "third")],
        "trails": [
            {"id": "way", "name": "way", "about": {"en": "a", "pt": "a"}, "topics": ["first", "second", "third"]}
        ],
        "resources": [
            resource("first", 1),
            resource("first", 2, minutes=60),
            resource("second", 1, kind="competition", days=10, minutes=600),
            resource("second", 2, core=False),
            resource("third", 1, kind="docs"),
            resource("third", 2),
        ],
    }
)
WAY = CATALOG.trails[0].topics


def did(*ago: int, minutes: int = 15) -> list[Did]:
    return [Did(TODAY - timedelta(days=one), minutes) for one in ago]


def pace(things: list[Did], *, began: date = LONG_AGO, paused: frozenset[date] = frozenset()) -> LearningPace:
    return pace_of(things, began, TODAY, paused, weekly=7, minutes=15)


def plan(settled: frozenset[str] = frozenset(), *, doses: float = 7.0, minutes: int = 15, **threads: Thread) -> Plan:
    known = {name.replace("_", "-"): thread for name, thread in threads.items()}
    return plan_of(CATALOG, WAY, settled, known, LearningPace(doses, 0, WINDOW, measured=True), minutes)


# ---------------------------------------------------------------------------------------------------------------- pace


def test_a_pace_is_doses_and_minutes_by_week_over_six_weeks() -> None:
    assert pace(did(*range(0, 42, 2))) == LearningPace(3.5, 52.5, 42, measured=True)


def test_what_is_older_does_not_count() -> None:
    assert pace(did(*range(42, 80))) == LearningPace(7.0, 105.0, 42, measured=False)


def test_somebody_new_is_measured_since_they_began() -> None:
    assert pace(did(*range(7)), began=TODAY - timedelta(days=6)) == LearningPace(7.0, 105.0, 7, measured=True)


@pytest.mark.parametrize(
    ("ago", "began"), [((0, 1, 2), TODAY - timedelta(days=5)), ((0, 1), LONG_AGO), ((), LONG_AGO), ((), TODAY)]
)
def test_with_too_little_to_go_by_it_is_what_they_wish_for(ago: tuple[int, ...], began: date) -> None:
    found = pace(did(*ago), began=began)
    assert (found.doses, found.measured) == (7.0, False)


def test_paused_days_slow_nobody_down() -> None:
    paused = frozenset(TODAY - timedelta(days=ago) for ago in range(14, 42))
    assert pace(did(*range(14)), paused=paused) == LearningPace(7.0, 105.0, 14, measured=True)


def test_a_wish_of_nothing_is_one_dose_a_week() -> None:
    assert pace_of([], TODAY, TODAY, frozenset(), weekly=0, minutes=0).doses == 1.0


# ---------------------------------------------------------------------------------------------------------------- plan


def test_each_topic_takes_the_doses_that_are_left_of_it() -> None:
    told = [(one.topic, [entry.id for entry in one.entries], one.doses) for one in plan().stretches]
    assert told == [
        ("first", ["first-1", "first-2"], 5),  # ten minutes, and an hour in four quarters
        ("second", ["second-1"], 10),  # the days its list recommends
        ("third", ["third-2"], 1),  # documentation is no dose
    ]


def test_topics_follow_each_other_without_a_gap() -> None:
    first, second, third = plan(doses=5.0).stretches
    assert (first.begins, first.ends) == (0.0, 1.0)
    assert (second.begins, second.ends) == (1.0, 3.0)
    assert third.begins == second.ends
    assert plan(doses=5.0).weeks == third.ends


def test_more_minutes_make_fewer_doses() -> None:
    assert plan(minutes=60).stretches[0].doses == 2


def test_a_long_thing_on_its_way_takes_what_is_left_of_it() -> None:
    thread = Thread("second-1", part=7, of=10, state="open", opened_on=LONG_AGO, last_on=TODAY)
    assert plan(second_1=thread).stretches[1].doses == 3
    assert plan(second_1=replace(thread, part=10)).stretches[1].doses == 1


def test_a_finished_way_has_nothing_ahead() -> None:
    done = plan(frozenset(entry.id for entry in CATALOG.resources))
    assert done.stretches == ()
    assert done.weeks == 0


def test_a_day_too_far_away_is_not_named() -> None:
    assert day_at(TODAY, 0) == TODAY
    assert day_at(TODAY, 1.01) == TODAY + timedelta(days=8)
    assert day_at(TODAY, FARTHEST + 1) is None
    assert day_at(date(2026, 1, 1), float("inf")) is None


days = st.lists(st.builds(Did, st.dates(date(2026, 1, 1), date(2026, 5, 1)), st.integers(0, 600)), max_size=80)


@given(
    days,
    st.dates(date(2025, 12, 1), TODAY),
    st.frozensets(st.dates(date(2026, 2, 1), TODAY)),
    st.integers(0, 7),
    st.integers(0, 240),
)
def test_a_pace_is_never_nothing(
    things: list[Did], began: date, paused: frozenset[date], weekly: int, minutes: int
) -> None:
    found = pace_of(things, began, TODAY, paused, weekly=weekly, minutes=minutes)
    assert found.doses > 0
    assert found.minutes >= 0
    assert 0 <= found.days <= WINDOW


ids = [entry.id for entry in CATALOG.resources]
settled_some = st.frozensets(st.sampled_from(ids))
paces = st.floats(0.1, 50)


@given(settled_some, st.sampled_from(ids), paces, st.integers(1, 240))
def test_finishing_something_never_makes_the_way_longer(
    settled: frozenset[str], more: str, doses: float, minutes: int
) -> None:
    before, after = plan(settled, doses=doses, minutes=minutes), plan(settled | {more}, doses=doses, minutes=minutes)
    assert 0 <= after.weeks <= before.weeks


@given(settled_some, paces, paces, st.integers(1, 240))
def test_who_is_faster_is_never_later(settled: frozenset[str], one: float, other: float, minutes: int) -> None:
    slow, fast = sorted((one, other))
    assert plan(settled, doses=fast, minutes=minutes).weeks <= plan(settled, doses=slow, minutes=minutes).weeks


@given(settled_some, paces, st.integers(1, 240))
def test_a_plan_holds_each_open_core_entry_once_and_never_runs_backwards(
    settled: frozenset[str], doses: float, minutes: int
) -> None:
    made = plan(settled, doses=doses, minutes=minutes)
    held = [entry.id for stretch in made.stretches for entry in stretch.entries]
    assert sorted(held) == sorted({"first-1", "first-2", "second-1", "third-2"} - settled)
    at = 0.0
    for stretch in made.stretches:
        assert stretch.begins == at
        assert stretch.ends > stretch.begins
        assert stretch.doses >= len(stretch.entries)
        at = stretch.ends
