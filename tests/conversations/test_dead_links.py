"""A dead link is not given out; Carla sees it with a copy in the archive and swaps it in by one press."""

from __future__ import annotations

from datetime import timedelta

from bot.curation.links import LinkOutcome
from bot.doors.terminal import Person
from bot.store import links, people
from bot.store.links import VisitFound
from tests.house import House, subscribed


async def die(house: House, resource_id: str) -> None:
    """Two visits that found nothing, days apart."""
    entry = house.app.catalog.resource(resource_id)
    assert entry is not None
    async with house.app.database.write() as session:
        for days in (4, 0):
            at = house.app.now() - timedelta(days=days)
            row, _ = await links.keep(session, resource_id, entry.url, VisitFound(LinkOutcome.GONE, 404, None), at)
        row.state, row.since = "dead", house.app.now()


async def curating(house: House) -> Person:
    """Carla, who curates, in English."""
    carla = house.person("carla", "en")
    await carla.says("/start")
    async with house.app.database.write() as session:
        await people.give_role(session, "terminal", "carla", "curator")
    carla.sees()
    return carla


async def test_a_dead_link_is_not_given_out(either_house: House) -> None:
    ana = await subscribed(either_house.person("ana"), trail="pictures")
    await die(either_house, "bars")
    await either_house.forward_to("2026-03-03 08:00")
    told = ana.sees()
    assert "Lines" in told
    assert "Bars" not in told


async def test_the_copy_is_swapped_in_by_one_press_and_taken_back_by_another(either_house: House) -> None:
    house = either_house
    ana = await subscribed(house.person("ana"), trail="pictures")
    carla = await curating(house)
    await carla.says("/links")
    assert "No link has been visited yet" in carla.sees()
    await die(house, "bars")
    await carla.says("/links")
    assert "1 dead" in carla.sees()
    await carla.presses("1 · Swap in the copy")
    told = carla.sees()
    assert "web.archive.org/web/" in told
    bars = house.app.catalog.resource("bars")
    assert bars is not None
    assert bars.url.endswith("/https://example.org/bars")
    await house.forward_to("2026-03-03 08:00")
    assert "Bars" in ana.sees()
    await carla.presses("Undo")
    again = house.app.catalog.resource("bars")
    assert again is not None
    assert again.url == "https://example.org/bars"


async def test_a_learner_s_press_does_nothing_and_a_second_one_is_told_kindly(house: House) -> None:
    ana = await subscribed(house.person("ana"), trail="pictures")
    await die(house, "bars")
    await ana.forges("swap:1")
    assert house.app.catalog.resource("bars").url == "https://example.org/bars"  # type: ignore[union-attr]
    carla = await curating(house)
    await carla.forges("swap:1")
    carla.sees()
    for stale in ("swap:1", "swap:99", "swap:x", "swap:" + "9" * 50):
        await carla.forges(stale)
        assert "settled already" in carla.sees()


async def test_what_a_learner_could_not_open_reaches_the_curators(house: House) -> None:
    ana = await subscribed(house.person("ana"), trail="pictures")
    await ana.says("/hoje")
    await ana.presses("Mais…")
    await ana.presses("Link quebrado")
    carla = await curating(house)
    await carla.says("/links")
    told = carla.sees()
    assert "Learners could not open these" in told
    assert "Bars\nhttps://example.org/bars\n1 learner" in told
    async with house.app.database.write() as session:
        later = house.app.now() + timedelta(minutes=1)
        row, _ = await links.keep(
            session, "bars", "https://example.org/bars", VisitFound(LinkOutcome.OPENS, 200, None), later
        )
        row.opened_at = later
    await carla.says("/links")
    assert "could not open" not in carla.sees()


async def test_a_report_taken_back_is_none(house: House) -> None:
    ana = await subscribed(house.person("ana"), trail="pictures")
    await ana.says("/hoje")
    await ana.presses("Mais…")
    await ana.presses("Link quebrado")
    await ana.presses("unpass")
    carla = await curating(house)
    await carla.says("/links")
    assert "could not open" not in carla.sees()
