"""/today once more: the newest open dose of the day, or the finished one with a way on."""

from __future__ import annotations

import pytest

from bot.doors.terminal import Person
from tests.house import House, subscribed


@pytest.fixture
async def done_with_it(house: House, ana: Person) -> Person:
    """Ana, who did her first dose: Tuesday, 3 March 2026, 08:00."""
    await subscribed(ana)
    await house.forward_to("2026-03-03 08:00")
    await ana.presses("Feito")
    ana.sees()
    return ana


async def test_a_finished_day_offers_one_more(done_with_it: Person) -> None:
    await done_with_it.says("/hoje")
    seen = done_with_it.sees()
    assert "What is data?" in seen
    assert "Por hoje está feito. Quer mais uma?" in seen
    await done_with_it.presses("Mais uma")
    assert "Data in words" in done_with_it.sees()


async def test_it_says_so_in_english_too(done_with_it: Person) -> None:
    await done_with_it.says("/language en")
    await done_with_it.says("/today")
    assert "Done for today. One more?" in done_with_it.sees()
    await done_with_it.presses("One more")
    assert "trail: First steps" in done_with_it.sees()


async def test_the_open_one_of_several_is_shown(done_with_it: Person) -> None:
    await done_with_it.says("/mais")
    await done_with_it.presses("Mais tarde")
    done_with_it.sees()
    await done_with_it.says("/hoje")
    seen = done_with_it.sees()
    assert "Data in words" in seen
    assert "What is data?" not in seen
    assert "Feito" in done_with_it.buttons()


async def test_another_trail_on_a_finished_day_offers_one_of_its_own(done_with_it: Person) -> None:
    await done_with_it.says("/trilha")
    await done_with_it.presses("Figuras")
    assert "A partir da próxima dose você segue Figuras." in done_with_it.sees()
    await done_with_it.presses("Mais uma")
    assert "trilha: Figuras" in done_with_it.sees()


async def test_the_trail_they_are_on_is_ticked(done_with_it: Person) -> None:
    for said in ("/trilha", "/assinar"):
        await done_with_it.says(said)
        assert done_with_it.buttons()[:2] == ("✓ Primeiros passos", "Figuras")
