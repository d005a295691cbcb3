"""People are told between which minutes their dose comes, where many share one; owners hear of a queue that is too long."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.learning.window import window_of
from tests.delivery.crowd import crowd
from tests.house import House, settings_for, subscribed


@pytest.mark.parametrize(
    ("herd", "minutes"), [(0, 0), (1, 1), (1500, 1), (1501, 2), (10_000, 7), (60_000, 40), (100_000, 67)]
)
def test_a_window_is_what_the_pace_needs(herd: int, minutes: int) -> None:
    assert window_of(herd, 25) == timedelta(minutes=minutes)


@pytest.fixture
async def slow_house(tmp_path: Path) -> House:
    """A bot that sends one dose a second, for people to notice the queue."""
    return await House(settings_for(tmp_path, bulk_per_second=1, owners="terminal:dora")).open()


async def test_people_hear_between_which_minutes_their_dose_comes(slow_house: House) -> None:
    await crowd(slow_house.app.database, 200)  # at 08:00
    ana = slow_house.person("ana")
    await ana.says("/start")
    await ana.presses("trail:first-steps")
    await ana.presses("begin")
    assert "Muita gente escolheu esse horário, então ela chega entre 08:00 e 08:04." in ana.sees()
    await ana.says("/hora 10:30")
    assert "Muita gente" not in ana.sees()
    await ana.says("/hora 08:00")
    assert "entre 08:00 e 08:04" in ana.sees()
    await ana.says("/language en")
    await ana.says("/time 08:00")
    assert "Many people chose this time, so it comes between 08:00 and 08:04." in ana.sees()
    await slow_house.close()


async def test_the_settings_show_the_window_with_the_hour(slow_house: House) -> None:
    await crowd(slow_house.app.database, 200)  # at 08:00
    ana = await subscribed(slow_house.person("ana"))
    await ana.says("/ajustes")
    assert "Hora: entre 08:00 e 08:04\n" in ana.sees()
    await ana.says("/hora 10:30")
    ana.sees()
    await ana.says("/ajustes")
    assert "Hora: 10:30\n" in ana.sees()
    await ana.says("/language en")
    await ana.says("/time 08:00")
    ana.sees()
    await ana.says("/settings")
    assert "Time: between 08:00 and 08:04\n" in ana.sees()
    await slow_house.close()


async def test_an_hour_that_holds_from_tomorrow_is_shown_though_todays_window_is_another(slow_house: House) -> None:
    await crowd(slow_house.app.database, 200)
    ana = await subscribed(slow_house.person("ana"))
    await slow_house.forward_to("2026-03-03 07:30")
    await ana.says("/hora 07:00")  # over for today: today's dose still comes with the others
    ana.sees()
    await ana.says("/ajustes")
    assert "Hora: 07:00\n" in ana.sees()
    await slow_house.close()


async def test_owners_hear_once_of_a_queue_that_is_too_long(slow_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    slow_house.app.senders["terminal"].window = 50
    dora = slow_house.person("dora", "en")
    await dora.says("/start")
    dora.sees()
    await crowd(slow_house.app.database, 1000, first=2)
    await slow_house.forward_to("2026-03-03 08:01")
    told = dora.sees()
    assert told.count("1,000 doses are due at the same minute; the last of them will be about 17 minutes late.") == 1
    await slow_house.close()


async def test_an_ordinary_slot_says_nothing(house: House) -> None:
    ana = house.person("ana")
    await crowd(house.app.database, 200, first=1000)
    await subscribed(ana)
    await ana.says("/hora 08:00")
    assert "Muita gente" not in ana.sees()
