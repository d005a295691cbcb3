"""The order of the queue: oldest first, trust only moves up, what was put off goes to the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.curation.queue import LONGEST_START, head_start, in_line, narrowed
from bot.store.queue import InQueue, Record

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)


def waits(number: int, days_ago: float, *, ana: bool = False, feed: str = "", later: bool = False) -> InQueue:
    return InQueue(
        number,
        NOW - timedelta(days=days_ago),
        NOW if later else None,
        "basics" if number % 2 else None,
        frozenset({1} if ana else ()),
        frozenset({feed} if feed else ()),
    )


def test_the_oldest_comes_first() -> None:
    line = in_line([waits(1, 1), waits(2, 3), waits(3, 2)], {}, {}, NOW)
    assert [one.id for one in line] == [2, 3, 1]


def test_trust_moves_a_card_up_by_a_day_for_each_approval() -> None:
    trusted = {1: Record(2, None)}
    assert [one.id for one in in_line([waits(1, 3), waits(2, 1.5, ana=True)], trusted, {}, NOW)] == [2, 1]
    assert [one.id for one in in_line([waits(1, 4), waits(2, 1.5, ana=True)], trusted, {}, NOW)] == [1, 2]


def test_a_recent_rejection_takes_the_head_start_away_and_no_more() -> None:
    assert head_start(Record(5, NOW - timedelta(days=29)), NOW) == timedelta()
    assert head_start(Record(5, NOW - timedelta(days=31)), NOW) == timedelta(days=5)
    assert head_start(Record(0, NOW), NOW) == timedelta()


@given(st.integers(0, 10_000), st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))))
def test_trust_never_moves_a_card_down_and_has_an_end(approved: int, rejected: datetime | None) -> None:
    assert timedelta() <= head_start(Record(approved, rejected), NOW) <= timedelta(days=LONGEST_START)


def test_what_was_put_off_goes_to_the_end_trusted_or_not() -> None:
    line = in_line([waits(1, 5, ana=True, later=True), waits(2, 0.1)], {1: Record(7, None)}, {}, NOW)
    assert [one.id for one in line] == [2, 1]


def test_the_queue_can_be_narrowed_by_source_and_topic() -> None:
    line = [waits(1, 3, ana=True), waits(2, 2, feed="7"), waits(3, 1, ana=True, feed="8"), waits(4, 1)]
    assert [one.id for one in narrowed(line, source="people")] == [1, 3, 4]
    assert [one.id for one in narrowed(line, source="feeds")] == [2, 3]
    assert [one.id for one in narrowed(line, source="8")] == [3]
    assert [one.id for one in narrowed(line, topic="basics")] == [1, 3]
    assert [one.id for one in narrowed(line, topic="none", source="people")] == [4]
