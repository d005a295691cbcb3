"""The streak: what each day counted as, and why nobody has to argue with it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.learning.schedule import Schedules
from bot.learning.streak import (
    Completion,
    Day,
    Excuse,
    History,
    Pause,
    Status,
    classify,
    counts_for,
    explain,
    first_open_day,
    streak,
    week,
)
from bot.learning.timetable import DAY, Timetable, day_bounds

from .lives import random_life
from .reference_streak import best, length, words_for_days

BEGAN = date(2026, 1, 5)  # a Monday
LETTERS = {
    "d": Status.DONE, "o": Status.OPEN, "m": Status.MISSED,
    ".": Status.REST, "p": Status.PAUSED, "x": Status.EXCUSED, "f": Status.FORGIVEN,
}  # fmt: skip


def drawn(days: str) -> tuple[Day, ...]:
    """Days from a drawing: d(one) o(pen) m(issed) .(rest) p(aused) (e)x(cused) f(orgiven); spaces are for the eye."""
    return tuple(Day(BEGAN + place * DAY, LETTERS[letter]) for place, letter in enumerate(days.replace(" ", "")))


def drawing(days: tuple[Day, ...]) -> str:
    return "".join(letter for day in days for letter, status in LETTERS.items() if status is day.status)


def streak_of(days: str) -> int:
    return streak(drawn(days)).length


# ── the rule ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_begins_with_a_streak():
    assert streak(()).length == streak_of("o") == streak_of("m") == streak_of("...") == 0


def test_a_streak_is_the_number_of_done_days():
    assert streak_of("ddddd") == 5


def test_one_bad_day_costs_nothing_and_adds_nothing():
    assert streak_of("ddddd m dd") == 7


def test_the_third_miss_within_fourteen_days_begins_anew_after_the_first():
    assert streak_of("d m dddddd m ddddd m d") == 6 + 5 + 1
    assert streak_of("d m dddddd m dddddd m d") == 1 + 6 + 6 + 1  # a day further apart: no 14 days hold three misses


def test_a_long_absence_ends_a_streak_but_not_the_best_one():
    gone = streak(drawn("dddddddddd mmmmmmm"))
    assert (gone.length, gone.best) == (0, 10)
    back = streak(drawn("dddddddddd mmmmmmm dd"))
    assert (back.length, back.best) == (2, 10)


def test_what_is_still_open_is_neither_done_nor_missed():
    assert streak_of("ddd o") == streak_of("ddd oo") == streak_of("ddd") == 3
    assert streak_of("dd o d") == 3


def test_days_of_rest_pause_and_excuse_do_not_make_the_fourteen_days_pass():
    assert streak_of("d m dddddd m ddddd m d") == streak_of("d m ddd...ddd m ppppp xx ddddd m d") == 12


def test_the_days_say_which_misses_are_forgiven():
    days = drawn("d m m m dd m d . o")
    now = streak(days)
    assert drawing(explain(days)) == "d m m m dd f d . o".replace(" ", "")
    assert now.since == BEGAN + 4 * DAY
    assert now.forgiven == (BEGAN + 6 * DAY,)
    assert drawing(explain(days, last=4)) == "fd.o"
    assert drawing(explain(days, last=99)) == drawing(explain(days))


def test_only_misses_of_the_last_fourteen_own_days_count_as_forgiven_now():
    long_ago = streak(drawn("d m " + 14 * "d"))
    assert (len(long_ago.forgiven), long_ago.forgiven_now) == (1, 0)
    lately = streak(drawn("d m " + 13 * "d"))
    assert (len(lately.forgiven), lately.forgiven_now) == (1, 1)


def test_a_forgiven_miss_stays_a_miss_when_it_is_read_again():
    days = drawn("ddd m d m ddd")
    assert streak(explain(days)) == streak(days)
    assert explain(explain(days)) == explain(days)


drawings = st.text("dddddom.px", max_size=60)


@given(drawings)
def test_the_streak_is_what_the_words_of_the_rule_say(days):
    words = [day.status.value for day in drawn(days)]
    ours = streak(drawn(days))
    assert (ours.length, ours.best) == (length(words), best(words) if words else 0)


@given(drawings, st.data())
def test_a_done_day_never_lowers_a_streak_whatever_the_day_was(days, data):
    place = data.draw(st.integers(0, len(days)))
    better = days[:place] + "d" + days[place + 1 :]
    assert streak_of(better) >= streak_of(days)
    assert streak(drawn(better)).best >= streak(drawn(days)).best


@given(drawings, st.sampled_from(".px"))
def test_to_excuse_a_miss_never_lowers_a_streak(days, instead):
    for place in (place for place, letter in enumerate(days) if letter == "m"):
        kinder = days[:place] + instead + days[place + 1 :]
        assert streak_of(kinder) >= streak_of(days)
        assert streak(drawn(kinder)).best >= streak(drawn(days)).best


def test_a_streak_over_an_open_day_trusts_it_until_it_closes():
    """Two misses are forgiven; yesterday, still open, would be the third."""
    trusting = streak(drawn("ddddm dddm o d"))
    assert (trusting.length, trusting.best) == (8, 8)
    disappointed = streak(drawn("ddddm dddm m d"))
    assert (disappointed.length, disappointed.best) == (4, 7)


@given(drawings)
def test_the_best_streak_is_the_longest_that_was_ever_shown(days):
    assert streak(drawn(days)).best == max(streak_of(days[:end]) for end in range(len(days) + 1))


# ── what a day counts as ──────────────────────────────────────────────────────────────────────────────────────────────

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
AT_EIGHT = Timetable("America/Sao_Paulo", time(8))


def at(day: int, hour: int = 12, minute: int = 0, *, month: int = 1) -> datetime:
    """An instant of 2026 on the clocks of São Paulo."""
    return datetime(2026, month, day, hour, minute, tzinfo=SAO_PAULO)


def always(timetable: Timetable = AT_EIGHT) -> Schedules:
    return Schedules(((date.min, timetable),))


def done(*days: int) -> tuple[Completion, ...]:
    return tuple(Completion(date(2026, 1, day), at(day, 21, 40), "America/Sao_Paulo") for day in days)


ANA = History(BEGAN, always(), done(5, 6, 8))


def test_a_day_is_open_until_24_hours_after_its_end():
    """Wednesday the 7th ends on Thursday at 04:00, and closes on Friday at 04:00."""
    assert drawing(classify(ANA, at(7))) == "ddod"
    assert drawing(classify(ANA, at(9, 3, 59))) == "ddod"
    assert drawing(classify(ANA, at(9, 4, 0))) == "ddmdo"


def test_days_off_are_rest_and_a_pause_holds_from_its_first_day_to_the_day_before_its_last():
    workdays = replace(AT_EIGHT, days=frozenset({1, 2, 3, 4, 5}))
    ana = replace(ANA, schedules=always(workdays), pauses=[Pause(date(2026, 1, 12), date(2026, 1, 14), "asked")])
    assert drawing(classify(ana, at(16))) == "ddmdm.." + "ppmoo"


def test_a_pause_without_an_end_goes_on():
    ana = replace(ANA, pauses=[Pause(date(2026, 1, 9), None, "blocked")])
    assert drawing(classify(ana, at(20))) == "ddmd" + 12 * "p"


def test_of_two_pauses_that_overlap_the_earlier_names_the_day():
    blocked, asked = Pause(date(2026, 1, 9), None, "blocked"), Pause(date(2026, 1, 10), date(2026, 1, 12), "asked")
    days = classify(replace(ANA, pauses=[asked, blocked]), at(12))
    assert {day.because for day in days if day.status is Status.PAUSED} == {blocked}


def test_what_is_done_on_a_day_of_rest_pause_or_excuse_counts():
    ana = History(
        BEGAN,
        always(replace(AT_EIGHT, days=frozenset({1}))),
        done(5, 6, 12),
        [Pause(date(2026, 1, 12), date(2026, 1, 13), "asked")],
        [Excuse(date(2026, 1, 5), "late")],
    )
    assert streak(classify(ana, at(13))).length == 3


def test_each_day_carries_the_fact_that_explains_it():
    outage = Excuse(date(2026, 1, 7), "lost", at(7, 7, 50), at(7, 23, 10))
    pause = Pause(date(2026, 1, 9), date(2026, 1, 10), "asked")
    days = classify(replace(ANA, excuses=[outage], pauses=[pause]), at(9))
    assert [day.because for day in days] == [ANA.completions[0], ANA.completions[1], outage, ANA.completions[2], pause]


def test_of_several_completions_the_first_one_made_the_day():
    early = Completion(BEGAN, at(5, 7), "America/Sao_Paulo")
    assert classify(replace(ANA, completions=(*ANA.completions, early)), at(6))[0].because == early


def test_days_on_which_the_zone_had_no_date_are_excused():
    samoa = Schedules(((date.min, Timetable("Pacific/Apia", time(8))),))
    days = classify(History(date(2011, 12, 28), samoa), datetime(2012, 1, 4, tzinfo=UTC))
    assert {day.date: day.because for day in days}[date(2011, 12, 30)] == Excuse(date(2011, 12, 30), "skipped")
    assert drawing(days) == "mmxmmmoo"


def test_a_flight_over_the_date_line_excuses_the_date_that_never_began():
    """From Pago Pago to Kiritimati, 25 hours ahead: in the hour when it is Monday there and Wednesday here."""
    midnight_flight = datetime(2026, 1, 6, 14, 30, tzinfo=UTC)
    home = always(Timetable("Pacific/Pago_Pago", time(8)))
    away = home.changed(Timetable("Pacific/Kiritimati", time(8)), midnight_flight, sent=True)
    days = classify(History(BEGAN, away), datetime(2026, 1, 12, tzinfo=UTC))
    skipped = [day.date for day in days if day.because == Excuse(day.date, "skipped")]
    assert skipped == [day.date for day in days if day.status is Status.EXCUSED] != []


def test_another_span_can_be_asked_for_and_days_to_come_are_open_rest_or_paused():
    workdays = replace(AT_EIGHT, days=frozenset({1, 2, 3, 4, 5}))
    ana = replace(ANA, schedules=always(workdays), pauses=[Pause(date(2026, 1, 9), None, "asked")])
    assert drawing(classify(ana, at(7), date(2026, 1, 3), date(2026, 1, 12))) == "..ddodp..p"


def test_the_time_before_they_began_is_a_pause_and_something_done_then_still_counts():
    early = replace(ANA, completions=(*ANA.completions, Completion(date(2026, 1, 2), at(2), "America/Sao_Paulo")))
    assert drawing(classify(early, at(6))) == "dpp" + "ddod"
    assert classify(early, at(6))[1].because == Pause(date.min, BEGAN, "before")


# ── a press, and the day it counts for ────────────────────────────────────────────────────────────────────────────────


def test_a_press_counts_for_the_day_of_its_dose_until_that_closes():
    dose = date(2026, 1, 7)
    assert counts_for(at(7, 8), dose, always()) == dose
    assert counts_for(at(8, 23), dose, always()) == dose
    assert counts_for(at(9, 4) - timedelta(milliseconds=1), dose, always()) == dose


def test_a_later_press_counts_for_the_day_on_which_it_was_done():
    assert counts_for(at(9, 4), date(2026, 1, 7), always()) == date(2026, 1, 9)
    assert counts_for(at(30, 3), date(2026, 1, 7), always()) == date(2026, 1, 29)


def test_no_press_counts_for_a_day_to_come():
    assert counts_for(at(7), date(2026, 1, 8), always()) == date(2026, 1, 7)


def test_a_naive_instant_is_refused():
    naive = datetime(2026, 1, 7)  # noqa: DTZ001 (naive is the point)
    for ask in (
        lambda: classify(ANA, naive),
        lambda: first_open_day(always(), naive),
        lambda: counts_for(naive, BEGAN, always()),
        lambda: week(ANA, naive, 5),
    ):
        with pytest.raises(ValueError, match="needs a zone"):
            ask()


# ── the week ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def goal(history: History, now: datetime, goal: int, of: date | None = None) -> str:
    found = week(history, now, goal, of)
    return f"{found.done} of {found.goal}{', met' if found.met else ''}"


def test_a_week_runs_from_monday_to_sunday():
    ana = replace(ANA, completions=done(5, 11, 12))
    assert goal(ana, at(11), 5) == "2 of 5"
    assert goal(ana, at(12), 5) == "1 of 5"
    assert goal(ana, at(12), 2, of=date(2026, 1, 8)) == "2 of 2, met"
    assert week(ana, at(12), 5).monday == date(2026, 1, 12)


def test_the_goal_shrinks_with_own_days_that_are_paused_or_excused():
    ana = replace(ANA, excuses=[Excuse(date(2026, 1, 7), "lost")])
    assert goal(ana, at(7), 7) == "3 of 6"
    ana = replace(ana, pauses=[Pause(date(2026, 1, 9), None, "asked")])
    assert goal(ana, at(7), 7) == "3 of 3, met"  # known today: nothing is asked from Friday on
    assert goal(ana, at(7), 2) == "3 of 1, met"
    assert goal(ana, at(14), 7) == "0 of 0, met"


def test_a_goal_never_shrinks_to_nothing_while_an_own_day_is_left():
    ana = replace(ANA, pauses=[Pause(date(2026, 1, 13), None, "asked")])
    assert goal(ana, at(12), 5) == "0 of 1"


def test_days_of_rest_do_not_shrink_the_goal():
    workdays = replace(ANA, schedules=always(replace(AT_EIGHT, days=frozenset({1, 2, 3, 4, 5}))))
    assert goal(workdays, at(9), 4) == "3 of 4"
    weekend_away = replace(workdays, pauses=[Pause(date(2026, 1, 10), date(2026, 1, 12), "asked")])
    assert goal(weekend_away, at(9), 4) == "3 of 4"


def test_a_first_week_that_begins_on_thursday_asks_for_its_share():
    assert goal(History(date(2026, 1, 8), always(), done(8)), at(8), 5) == "1 of 2"


def test_a_day_done_in_spite_of_a_pause_only_helps():
    paused = replace(ANA, pauses=[Pause(date(2026, 1, 9), date(2026, 1, 12), "asked")])
    assert goal(paused, at(9), 5) == "3 of 2, met"
    assert goal(replace(paused, completions=done(5, 6, 8, 10)), at(10), 5) == "4 of 2, met"


@pytest.mark.parametrize("asked", [0, 8, -1])
def test_a_goal_outside_one_to_seven_is_refused(asked):
    with pytest.raises(ValueError, match=str(asked)):
        week(ANA, at(7), asked)


# ── whole lives ───────────────────────────────────────────────────────────────────────────────────────────────────────

seeds = st.integers(0, 10**9)


@pytest.mark.slow
def test_three_thousand_random_lives_agree_with_the_words_of_the_rule():
    """`make model` lives a hundred thousand."""
    for seed in range(3000):
        life = random_life(seed)
        history, words = life.history(), words_for_days(life.history(), life.now)
        days = classify(history, life.now)
        assert {day.date: day.status.value for day in days} == words, f"life {seed}"
        found = streak(days)
        assert (found.length, found.best) == (length([*words.values()]), best([*words.values()])), f"life {seed}"


@given(seeds)
def test_one_more_completion_never_lowers_the_streak_the_best_or_a_week(seed):
    life = random_life(seed)
    history = life.history()
    before = streak(classify(history, life.now))
    day = Random(seed).choice(classify(history, life.now)).date
    more = replace(history, completions=[*history.completions, Completion(day, life.now, "UTC")])
    after = streak(classify(more, life.now))
    assert after.length >= before.length
    assert after.best >= before.best
    then, now = week(history, life.now, 5, of=day), week(more, life.now, 5, of=day)
    assert (now.goal, now.done) >= (then.goal, then.done)


@given(seeds)
def test_to_say_a_fact_twice_or_in_another_order_changes_nothing(seed):
    life = random_life(seed)
    once, shuffled = life.history(), life.history()
    twice = replace(
        shuffled,
        completions=[*shuffled.completions, *shuffled.completions],
        pauses=[*shuffled.pauses, *shuffled.pauses],
        excuses=[*shuffled.excuses, *shuffled.excuses],
    )
    assert classify(twice, life.now) == classify(once, life.now)


@given(seeds)
def test_what_is_closed_stays_as_it_was_whatever_happens_later(seed):
    life = random_life(seed)
    then, shown = life.now, classify(life.history(), life.now)
    closed = [day for day in shown if day.date < first_open_day(life.schedules, then)]
    life.live(20)
    later = classify(life.history(), life.now)
    assert [(day.date, day.status) for day in later[: len(closed)]] == [(day.date, day.status) for day in closed]
    assert streak(later).best >= streak(closed).best


@given(seeds, st.sampled_from(["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"]), st.booleans())
def test_to_move_or_to_change_the_days_never_changes_a_past_date(seed, zone, sent):
    """A move to the west that acts today lets yesterday last longer: a miss of yesterday may be open once more."""
    life = random_life(seed)
    before, today = life.history(), life.schedules.today(life.now)
    moved = life.schedules.changed(Timetable(zone, time(0), days=frozenset({3})), life.now, sent=sent)
    past = classify(before, life.now, last=today - DAY)
    again = {Day(today - DAY, Status.OPEN)} if past and past[-1].status is Status.MISSED else set()
    assert set(classify(replace(before, schedules=moved), life.now, last=today - DAY)) - set(past) <= again


# Clocks from 11 hours behind UTC to 13 ahead of it. Kiritimati, 14 ahead, would give whoever is in Pago Pago, on Chatham and there
# within half an hour a ninth day: three dates are on earth then.
HOPS = (
    "Pacific/Pago_Pago", "Pacific/Honolulu", "America/Los_Angeles", "America/New_York", "America/Sao_Paulo", "UTC",
    "Europe/Lisbon", "Africa/Cairo", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Apia",
)  # fmt: skip


@given(st.sampled_from(HOPS), st.dictionaries(st.integers(0, 167), st.tuples(st.sampled_from(HOPS), st.booleans())))
def test_a_week_of_hopping_zones_gives_at_most_one_more_than_the_elapsed_days(home, hops):
    """They press every hour for seven times 24 hours, from the beginning of a day on. Staying at home gives seven."""
    schedules = always(Timetable(home, time(8)))
    begin, _ = day_bounds(date(2026, 1, 14), schedules.on(date(2026, 1, 14)))
    pressed = set()
    for hour in range(7 * 24):
        now = begin + timedelta(hours=hour)
        if hour in hops:
            zone, sent = hops[hour]
            schedules = schedules.changed(Timetable(zone, time(8)), now, sent=sent)
        pressed.add(schedules.today(now))
    found = streak(
        classify(History(date(2026, 1, 14), schedules, [Completion(day, now, "UTC") for day in pressed]), now)
    )
    assert found.length <= len(pressed) <= 7 + 1
