"""What comes back and when: over any log of answers, and over any nonsense in place of a state."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.recall import RATINGS, CorruptState, Review, answer, due_of, replay, retrievability

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@st.composite
def logs(draw: st.DrawFn) -> list[Review]:
    at, log = NOON, []
    for _ in range(draw(st.integers(1, 12))):
        log.append(Review(at, draw(st.integers(1, 4)), draw(st.integers(70, 97))))
        at += timedelta(hours=draw(st.floats(0, 24 * 400)))
    return log


@given(logs())
def test_the_state_is_json_and_follows_from_the_log(log: list[Review]) -> None:
    state = None
    for review in log:
        state = answer(state, review)
    assert state is not None
    assert json.dumps(json.loads(state), sort_keys=True) == state
    assert replay(log) == state == replay(log)


@given(logs())
def test_nothing_comes_back_in_the_past_nor_within_the_day(log: list[Review]) -> None:
    assert due_of(replay(log)) >= log[-1].at + DAY


@given(logs(), st.integers(-14, 14))
def test_time_zones_do_not_matter(log: list[Review], hours: int) -> None:
    elsewhere = timezone(timedelta(hours=hours))
    moved = [Review(review.at.astimezone(elsewhere), review.rating, review.retention) for review in log]
    assert replay(moved) == replay(log)


@given(logs())
def test_a_better_answer_never_comes_back_sooner(log: list[Review]) -> None:
    last = log[-1]
    dues = [due_of(replay([*log[:-1], Review(last.at, rating, last.retention)])) for rating in sorted(RATINGS.values())]
    assert dues[1:] == sorted(dues[1:])
    assert dues[0] <= dues[2]


@given(logs())
def test_who_wants_to_know_more_sees_it_sooner(log: list[Review]) -> None:
    dues = [due_of(replay([*log[:-1], Review(log[-1].at, log[-1].rating, retention)])) for retention in (80, 90, 95)]
    assert dues == sorted(dues, reverse=True)


@given(logs(), st.integers(0, 1000))
def test_what_was_learnt_fades(log: list[Review], days: int) -> None:
    state = replay(log)
    assert (
        0 < retrievability(state, log[-1].at + (days + 1) * DAY) <= retrievability(state, log[-1].at + days * DAY) <= 1
    )


def test_an_answer_before_the_one_before_is_taken_as_at_the_same_instant() -> None:
    state = answer(None, Review(NOON, 3))
    assert answer(state, Review(NOON - 3 * DAY, 3)) == answer(state, Review(NOON, 3))


@pytest.mark.parametrize(
    "state",
    [
        "", "null", "[]", "7", "not json", "{}", '{"state": 2}',
        '{"card_id":0,"state":2,"step":null,"stability":NaN,"difficulty":5.0,"due":"2026-03-05T00:00:00+00:00","last_review":"2026-03-02T00:00:00+00:00"}',
        '{"card_id":0,"state":2,"step":null,"stability":-1.0,"difficulty":5.0,"due":"2026-03-05T00:00:00+00:00","last_review":"2026-03-02T00:00:00+00:00"}',
        '{"card_id":0,"state":2,"step":null,"stability":2.0,"difficulty":50.0,"due":"2026-03-05T00:00:00+00:00","last_review":"2026-03-02T00:00:00+00:00"}',
        '{"card_id":0,"state":2,"step":null,"stability":2.0,"difficulty":5.0,"due":"2026-03-01T00:00:00+00:00","last_review":"2026-03-02T00:00:00+00:00"}',
        '{"card_id":0,"state":2,"step":null,"stability":2.0,"difficulty":5.0,"due":"2026-03-05T00:00:00","last_review":"2026-03-02T00:00:00"}',
        '{"card_id":0,"state":9,"step":null,"stability":2.0,"difficulty":5.0,"due":"2026-03-05T00:00:00+00:00","last_review":"2026-03-02T00:00:00+00:00"}',
    ],
)  # fmt: skip
def test_nonsense_in_place_of_a_state_is_told_apart(state: str) -> None:
    for use in (due_of, lambda bad: answer(bad, Review(NOON, 3)), lambda bad: retrievability(bad, NOON)):
        with pytest.raises(CorruptState):
            use(state)


@given(
    st.text()
    | st.dictionaries(st.sampled_from(["state", "due", "stability"]), st.integers() | st.text()).map(json.dumps)
)
def test_any_text_is_a_state_or_told_apart(state: str) -> None:
    with pytest.raises(CorruptState):
        due_of(state)


def test_an_empty_log_and_a_naive_instant_are_refused() -> None:
    with pytest.raises(ValueError, match="ever answered"):
        replay([])
    with pytest.raises(ValueError, match="needs a zone"):
        answer(None, Review(datetime(2026, 3, 2), 3))  # noqa: DTZ001 (naive is the point)
