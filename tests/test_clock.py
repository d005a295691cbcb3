"""Alarms, pulses and the present: on the real APScheduler, in its own time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.clock import Clock, Present

SOON = timedelta(milliseconds=30)
MARCH = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
PATIENCE = 30
"""Seconds after which a test gives up waiting; nothing is asserted about how long anything took."""


class Bells:
    """What rang, in its order; one can wait until so many did."""

    def __init__(self) -> None:
        self.rang: list[str] = []
        self._struck = asyncio.Event()

    def ring(self, name: str) -> None:
        self.rang.append(name)
        self._struck.set()

    def bell(self, name: str) -> Callable[[], None]:
        return partial(self.ring, name)

    async def have_rung(self, count: int) -> None:
        await self._until(lambda: len(self.rang) >= count)

    async def rings(self, name: str) -> None:
        await self._until(lambda: name in self.rang)

    async def _until(self, enough: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not enough():
                self._struck.clear()
                await self._struck.wait()


@pytest.fixture
def present() -> Present:
    """A present of its own: it is a day in March wherever the tests run."""
    return Present(MARCH - datetime.now(UTC))


@pytest.fixture
async def clock(present: Present) -> AsyncIterator[Clock]:
    clock = Clock(present)
    clock.start()
    yield clock
    clock.stop()


@pytest.fixture
def bells() -> Bells:
    return Bells()


async def all_that_is_due_rang(clock: Clock, present: Present, bells: Bells) -> None:
    """Wait for an alarm that is set after all others, for a later instant."""
    clock.alarm("last", present.now() + SOON, bells.bell("last"))
    await bells.rings("last")
    bells.rang.remove("last")


# ------------------------------------------------------------------------------------------------------------- alarms


async def test_an_alarm_rings_once_and_not_before_its_instant(clock: Clock, present: Present, bells: Bells) -> None:
    at, rang_at = present.now() + SOON, []

    def ring() -> None:
        rang_at.append(present.now())
        bells.ring("dose")

    clock.alarm("dose", at, ring)
    await bells.have_rung(1)
    await all_that_is_due_rang(clock, present, bells)
    assert bells.rang == ["dose"]
    assert rang_at[0] >= at


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(seconds=5), timedelta(days=400)])
async def test_an_alarm_whose_instant_is_over_rings_at_once(
    clock: Clock, present: Present, bells: Bells, ago: timedelta
) -> None:
    clock.alarm("dose", present.now() - ago, bells.bell("dose"))
    await bells.have_rung(1)


async def test_an_alarm_of_the_same_name_takes_its_place(clock: Clock, present: Present, bells: Bells) -> None:
    clock.alarm("dose", present.now() + SOON, bells.bell("first"))
    clock.alarm("dose", present.now() + SOON, bells.bell("second"))
    clock.alarm("other", present.now() + SOON, bells.bell("other"))
    await bells.have_rung(2)
    await all_that_is_due_rang(clock, present, bells)
    assert sorted(bells.rang) == ["other", "second"]


async def test_an_alarm_can_be_set_before_the_time_runs(present: Present, bells: Bells) -> None:
    clock = Clock(present)
    clock.alarm("dose", present.now(), bells.bell("first"))
    clock.alarm("dose", present.now(), bells.bell("second"))
    clock.start()
    await bells.have_rung(1)
    clock.stop()
    assert bells.rang == ["second"]


async def test_two_thousand_alarms_of_one_instant_all_ring(clock: Clock, present: Present, bells: Bells) -> None:
    at = present.now() + timedelta(seconds=1)
    for number in range(2000):
        clock.alarm(f"dose:{number}", at, bells.bell(f"dose:{number}"))
    await bells.have_rung(2000)
    assert len(set(bells.rang)) == 2000


async def test_an_alarm_that_fails_silences_no_other(clock: Clock, present: Present, bells: Bells) -> None:
    def fail() -> None:
        raise RuntimeError("a bell is broken")

    at = present.now() + SOON
    clock.alarm("broken", at, fail)
    clock.alarm("sound", at, bells.bell("sound"))
    await bells.have_rung(1)


async def test_no_alarm_rings_after_the_end(present: Present, bells: Bells) -> None:
    clock = Clock(present)
    clock.start()
    clock.alarm("dose", present.now() + SOON, bells.bell("dose"))
    clock.stop()
    clock.stop()
    await asyncio.sleep(2 * SOON.total_seconds())
    assert bells.rang == []


# ------------------------------------------------------------------------------------------------------------- pulses


async def test_a_pulse_beats_again_and_again(clock: Clock, bells: Bells) -> None:
    async def beat() -> None:
        bells.ring("beat")

    clock.pulse("rounds", SOON, beat)
    await bells.have_rung(3)


async def test_a_pulse_that_fails_goes_on_and_is_logged(
    clock: Clock, bells: Bells, caplog: pytest.LogCaptureFixture
) -> None:
    async def beat() -> None:
        bells.ring("beat")
        raise RuntimeError("the database is away")

    clock.pulse("rounds", SOON, beat)
    await bells.have_rung(3)
    assert "pulse.failed" in caplog.text
    assert "the database is away" in caplog.text


async def test_a_slow_beat_is_never_overtaken_by_the_next(clock: Clock, bells: Bells) -> None:
    at_once, most = 0, 0

    async def beat() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(3 * SOON.total_seconds())
        at_once -= 1
        bells.ring("beat")

    clock.pulse("rounds", SOON, beat)
    await bells.have_rung(3)
    assert most == 1


async def test_a_stop_cuts_off_a_beat_that_is_under_way_and_says_so_in_one_line(
    present: Present, bells: Bells, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    clock = Clock(present)

    async def beat() -> None:
        bells.ring("begun")
        try:
            await asyncio.Event().wait()
        finally:
            bells.ring("ended")

    clock.pulse("feeds", SOON, beat)
    clock.start()
    await bells.rings("begun")
    clock.stop()
    await bells.rings("ended")
    await asyncio.sleep(SOON.total_seconds())
    assert bells.rang == ["begun", "ended"]
    assert caplog.text.count("pulse.cut_off") == 1
    assert [record.message for record in caplog.records if record.levelno > logging.INFO] == []


async def test_a_stop_just_before_an_alarm_rings_is_as_quiet(
    present: Present, bells: Bells, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(present)
    clock.alarm("dose", present.now(), bells.bell("dose"))
    clock.start()
    clock.stop()
    await asyncio.sleep(SOON.total_seconds())
    assert (bells.rang, caplog.messages) == ([], [])


# -------------------------------------------------------------------------------------------------------- the present


def test_the_present_can_be_moved_forward_and_never_back(present: Present) -> None:
    before, seconds = present.now(), present.monotonic()
    present.move_to(before + timedelta(hours=1))
    assert present.now() >= before + timedelta(hours=1)
    assert present.monotonic() >= seconds + 3600
    present.move_to(before)
    assert present.now() >= before + timedelta(hours=1)
    assert present.monotonic() >= seconds + 3600


def test_the_wall_shows_the_system_s_time(present: Present) -> None:
    before = datetime.now(UTC)
    assert before <= present.on_the_wall(present.now()) <= datetime.now(UTC)


async def test_whoever_sleeps_wakes_when_the_time_is_moved(present: Present) -> None:
    asleep = [asyncio.create_task(present.sleep(seconds)) for seconds in (60.0, 86_400.0)]
    await asyncio.sleep(0)
    present.move_to(present.now() + timedelta(days=1))
    await asyncio.wait_for(asyncio.gather(*asleep), PATIENCE)


async def test_whoever_sleeps_wakes_when_the_time_is_over(present: Present) -> None:
    seconds = present.monotonic()
    await present.sleep(0.02)
    assert present.monotonic() >= seconds + 0.019


async def test_a_pulse_that_is_cut_off_gives_back_what_it_held(clock: Clock) -> None:
    begun, given_back = asyncio.Event(), []

    async def beat() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            for _ in range(50):  # such as a rollback, over a socket
                await asyncio.sleep(0)
            given_back.append("a connection")

    clock.pulse("slow", SOON, beat)
    await asyncio.wait_for(begun.wait(), PATIENCE)
    clock.stop()
    await clock.at_rest(PATIENCE)
    assert given_back == ["a connection"]
    await clock.at_rest(PATIENCE)
