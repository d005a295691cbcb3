"""Long things over days: how many parts, what comes next, and that nobody ever loses their place."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.entry import Resource
from bot.learning import sessions
from bot.learning.sessions import Session, Thread, finished, parts_of, session_of, worked_on
from bot.states import ThreadState

DAY = date(2026, 3, 2)


def long_thing(**facts: object) -> Resource:
    given = {"id": "r", "title": "R", "url": "https://example.org", "topic": "t", "kind": "course", "language": "en"}
    return Resource.model_validate(given | facts)


def at(part: int, of: int, state: str = ThreadState.OPEN) -> Thread:
    return Thread("r", part, of, state, DAY, DAY)


@pytest.mark.parametrize(
    ("facts", "minutes", "parts"),
    [
        ({"minutes": 600}, 15, 40),
        ({"minutes": 600, "days": 10}, 15, 10),  # what a list recommends stands
        ({"minutes": 600, "parts": ["one", "two", "three"]}, 15, 3),
        ({"minutes": 600, "parts": ["one", "two", "three"], "days": 10}, 60, 3),
        ({"minutes": 40}, 30, 2),
        ({"minutes": 40}, 60, 1),
        ({"minutes": 60}, 0, 12),
    ],
)
def test_how_many_parts_a_long_thing_has(facts: dict[str, object], minutes: int, parts: int) -> None:
    assert parts_of(long_thing(**facts), minutes) == parts


@pytest.mark.parametrize(
    ("thread", "budget", "session"),
    [
        (None, 15, Session(1, 1, 40, 15)),
        (at(3, 40), 15, Session(4, 4, 40, 15)),
        (at(3, 40), 60, Session(4, 7, 40, 60)),  # more time on a Saturday gets further
        (at(3, 40), 5, Session(4, 4, 40, 5)),
        (at(39, 40), 60, Session(40, 40, 40, 15)),
    ],
)
def test_a_session_is_cut_to_the_minutes_of_the_day(thread: Thread | None, budget: int, session: Session) -> None:
    assert session_of(long_thing(minutes=600), thread, budget, 15) == session


def test_what_days_are_recommended_for_is_a_session_however_much_time_there_is() -> None:
    assert sessions.is_session(long_thing(minutes=600, days=10), 10_000)
    assert sessions.is_session(long_thing(minutes=31), 30)
    assert not sessions.is_session(long_thing(minutes=30), 30)


def test_the_last_part_finishes_it() -> None:
    tomorrow = DAY + timedelta(days=1)
    assert worked_on(at(8, 10), 9, tomorrow, "encoded the categoricals") == Thread(
        "r", 9, 10, ThreadState.OPEN, DAY, tomorrow, "encoded the categoricals"
    )
    assert worked_on(at(9, 10), 10, DAY).state == "finished"
    assert finished(at(2, 10), DAY) == Thread("r", 10, 10, "finished", DAY, DAY)


def test_there_is_room_for_two() -> None:
    assert sessions.can_open([at(1, 3)])
    assert not sessions.can_open([at(1, 3), at(1, 3)])
    assert sessions.can_open([at(1, 3), at(1, 3, "shelved"), at(3, 3, "finished")])


def test_what_leaves_the_catalog_keeps_its_place_and_may_come_back() -> None:
    begun = at(4, 10)
    [gone], changed = sessions.without_retired([begun], [])
    assert (gone.state, gone.part, gone.of) == ("retired", 4, 10)
    assert changed == [gone]
    assert sessions.without_retired([gone], []) == ([gone], [])
    [back], _ = sessions.without_retired([gone], ["r"])
    assert (back.state, back.part) == ("shelved", 4)
    assert sessions.can_open([gone, gone, gone])


@given(
    st.integers(1, 60_000),
    st.none() | st.integers(1, 366),
    st.lists(st.integers(0, 10_000), min_size=1, max_size=30),
    st.integers(0, 10_000),
)
def test_who_goes_on_gets_to_the_end_and_never_back(
    minutes: int, days: int | None, budgets: list[int], usual: int
) -> None:
    entry = long_thing(minutes=minutes, days=days)
    thread = Thread("r", 0, parts_of(entry, usual), ThreadState.OPEN, DAY, DAY)
    for budget in budgets:
        if thread.state != ThreadState.OPEN:
            break
        session = session_of(entry, thread, budget, usual)
        assert session.part == thread.part + 1 <= session.until <= session.of == thread.of
        assert 1 <= session.minutes <= max(1, budget)
        further = worked_on(thread, session.until, DAY)
        assert further.part == session.until > thread.part
        thread = further
    assert (thread.state == "finished") == (thread.part == thread.of)


def test_a_session_takes_what_its_parts_take_and_no_more() -> None:
    entry = long_thing(kind="article", minutes=15)
    first = session_of(entry, None, 10, 10)
    assert (first.part, first.until, first.of, first.minutes) == (1, 1, 2, 8)
