"""When to come again, when a feed moved, failed or is gone: arithmetic, without a network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.decide import (
    HOUR,
    LATEST,
    FeedStanding,
    FeedVisit,
    Verdict,
    host_in_trouble,
    host_pause,
    is_quiet,
    judge,
    usual_gap,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEED = FeedStanding("https://blog.example/feed")
IN_TWO_HOURS = format_datetime(NOW + 2 * HOUR, usegmt=True)


def visit(status: int = 200, **given_: object) -> FeedVisit:
    return FeedVisit(NOW, status, **given_)  # type: ignore[arg-type]


def wait(verdict: Verdict) -> timedelta:
    return verdict.next_at - NOW


@pytest.mark.parametrize(
    ("headers", "ttl", "hours"),
    [
        ({}, None, 1),
        ({"cache-control": "public, max-age=7200"}, None, 2),
        ({"cache-control": 'max-age="10800"'}, None, 3),
        ({"cache-control": "s-maxage=7200, max-age=60"}, None, 1),
        ({"cache-control": "max-age=999999999999999"}, None, 24),
        ({"cache-control": "max-age=99999999999"}, None, 24),
        ({"expires": IN_TWO_HOURS}, None, 2),
        ({"expires": IN_TWO_HOURS, "cache-control": "max-age=60"}, None, 1),
        ({"expires": "0"}, None, 1),
        ({"expires": "-1"}, None, 1),
        ({"expires": "Mon, 99 Nov 2026 99:99:99 GMT"}, None, 1),
        ({"retry-after": "7200"}, None, 2),
        ({"retry-after": IN_TWO_HOURS}, None, 2),
        ({"retry-after": "a while"}, None, 1),
        ({}, 180, 3),
        ({}, 100_000, 24),
        ({"cache-control": "max-age=7200", "retry-after": "10800"}, 240, 4),
    ],
)
def test_the_longest_wish_is_granted_between_an_hour_and_a_day(
    headers: dict[str, str], ttl: int | None, hours: int
) -> None:
    assert wait(judge(FEED, visit(headers=headers, ttl=ttl), 0)) == timedelta(hours=hours)
    assert wait(judge(FEED, visit(304, headers=headers, ttl=ttl), 0)) == timedelta(hours=hours)


@given(st.floats(0, 1), st.integers(0, 100_000))
def test_jitter_only_adds_and_never_more_than_a_tenth(chance: float, ttl: int) -> None:
    wish = wait(judge(FEED, visit(ttl=ttl), 0))
    assert wish <= wait(judge(FEED, visit(ttl=ttl), chance)) <= min(wish * 1.1, LATEST)


@pytest.mark.parametrize("status", [404, 500, 502, 503, 0, 400, 451, 204])
def test_failures_double_the_wait_up_to_a_day_and_one_success_ends_them(status: int) -> None:
    before, waits = FEED, []
    for _ in range(8):
        verdict = judge(before, visit(status, problem=None if status else "time"), 0)
        waits.append(wait(verdict) / HOUR)
        assert not verdict.gone
        before = FeedStanding(FEED.url, verdict.failures, verdict.failing_since)
    assert waits == [1, 2, 4, 8, 16, 24, 24, 24]
    healed = judge(before, visit(), 0)
    assert (healed.failures, healed.failing_since, healed.problem, wait(healed)) == (0, None, None, HOUR)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("stated", "hours"), [("36000", 10), (format_datetime(NOW + 9 * HOUR), 9), ("999999", 24)])
def test_retry_after_is_obeyed(status: int, stated: str, hours: int) -> None:
    assert wait(judge(FEED, visit(status, headers={"retry-after": stated}), 0)) == hours * HOUR


def test_too_many_requests_without_a_word_waits_four_hours() -> None:
    assert wait(judge(FEED, visit(429), 0)) == wait(judge(FEED, visit(403), 0)) == 4 * HOUR


def test_gone_ends_it_but_not_on_a_platform_of_moods() -> None:
    assert judge(FEED, visit(410), 0).gone
    channel = FeedStanding("https://www.youtube.com/feeds/videos.xml?channel_id=UC1")
    assert not judge(channel, visit(410), 0).gone
    assert not judge(channel, visit(404), 0).gone


@pytest.mark.parametrize(
    ("way", "times"),
    [
        ([(301, "b")], 3),
        ([(308, "b")], 3),
        ([(301, "a"), (308, "b")], 3),
        ([(301, "b"), (302, "c")], 3),
        ([(302, "b")], None),
        ([(307, "b")], None),
        ([(302, "c"), (301, "b")], None),
        ([], None),
    ],
)
def test_a_permanent_redirect_is_believed_the_third_time(way: list[tuple[int, str]], times: int | None) -> None:
    before = FEED
    for number in range(1, 6):
        verdict = judge(before, visit(moved=tuple(way)), 0)
        if times is None or number < times:
            assert verdict.url is None
        else:
            assert verdict.url == "b"
            return
        before = FeedStanding(FEED.url, moved_to=verdict.moved_to, moved_times=verdict.moved_times)
    assert times is None


def test_another_target_or_none_begins_the_count_again() -> None:
    twice = FeedStanding(FEED.url, moved_to="b", moved_times=2)
    assert judge(twice, visit(moved=((301, "c"),)), 0).moved_times == 1
    assert judge(twice, visit(), 0).moved_times == 0
    assert judge(twice, visit(500), 0).moved_times == 2


def test_a_host_is_in_trouble_when_more_than_half_of_its_feeds_fail() -> None:
    assert host_in_trouble(3, 5)
    assert not host_in_trouble(2, 4)
    assert not host_in_trouble(2, 2)
    assert [host_pause(n) / HOUR for n in range(1, 6)] == [1, 2, 4, 6, 6]


def test_the_usual_gap_is_the_median_of_the_newest() -> None:
    weekly = [NOW - timedelta(days=7 * n) for n in range(10)]
    assert usual_gap(weekly) == timedelta(days=7)
    assert usual_gap(weekly[:3]) is None
    assert usual_gap([*weekly, NOW - timedelta(days=2000)]) == timedelta(days=7)


@pytest.mark.parametrize(("gap", "days", "quiet"), [(7, 21, False), (7, 22, True), (0, 2, False), (0, 4, True)])
def test_quiet_is_three_times_the_usual_gap_and_three_days_at_least(gap: int, days: int, quiet: bool) -> None:
    assert is_quiet(NOW - timedelta(days=days), timedelta(days=gap), NOW) is quiet
    assert not is_quiet(None, timedelta(days=gap), NOW)
    assert not is_quiet(NOW, None, NOW)
