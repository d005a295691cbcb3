"""How long who was refused alone rests, and how many may."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.delivery.refused import FIRST_REST, LONGEST_REST, MOST, PATIENCE, Refused

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_each_rest_is_twice_as_long_up_to_a_quarter_of_an_hour() -> None:
    known, now, spans = Refused(), NOON, []
    for _ in range(9):
        assert known.rest([7], now)
        awake = next(
            now + timedelta(seconds=ahead) for ahead in range(2000) if not known.resting(now + timedelta(seconds=ahead))
        )
        spans.append(awake - now)
        now = awake
    assert spans[:3] == [FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST]
    assert spans[-2:] == [LONGEST_REST, LONGEST_REST]


def test_only_those_who_were_refused_rest() -> None:
    known = Refused()
    known.rest([1, 2], NOON)
    known.rest([3], NOON + FIRST_REST)
    assert known.resting(NOON + FIRST_REST) == [3]


def test_who_was_well_for_long_begins_with_a_short_rest_again() -> None:
    known = Refused()
    for _ in range(3):
        known.rest([7], NOON)
    later = NOON + 2 * LONGEST_REST
    assert known.resting(later) == []
    known.rest([7], later)
    assert known.resting(later + FIRST_REST) == []


def test_where_very_many_rest_the_trouble_is_everybodys() -> None:
    known = Refused()
    assert known.rest(range(MOST), NOON)
    assert not known.rest([MOST], NOON)
    assert len(known.resting(NOON)) == MOST


def test_patience_doubles_and_begins_anew_when_somebody_went() -> None:
    known = Refused()
    patience = []
    for _ in range(9):
        patience.append(known.patience)
        known.bear_more()
    assert patience == [PATIENCE, 6, 12, 24, 48, 96, 192, 384, MOST]
    known.somebody_went()
    assert known.patience == PATIENCE
