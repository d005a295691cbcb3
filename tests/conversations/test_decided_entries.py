"""What curators decide is in the very next dose: where it was decided at once, in every other process when it looks next."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.catalog.overlay import read_facts
from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.table import BUTTONS, Reach
from bot.states import Role
from bot.store import catalog as kept_catalog
from bot.store import entries
from bot.store.database import Database
from tests.conftest import fresh_database
from tests.house import House, settings_for, subscribed

GRAPHS = {
    "title": "Graphs, in five minutes",
    "url": "https://example.org/graphs",
    "topic": "charts",
    "kind": "video",
    "language": "en",
    "minutes": 5,
    "core": True,
}


async def decide_elsewhere(house: House, *, out: tuple[str, ...] = (), add: bool = False) -> None:
    """What another process writes down."""
    other = Database(house.settings.database)
    async with other.write() as session:
        for resource_id in out:
            await entries.retire(session, resource_id, by=None, at=house.app.now(), why="old")
        if add:
            await entries.add(session, read_facts("graphs", GRAPHS), by=None, at=house.app.now())
    await other.close()


async def test_what_another_process_approved_is_in_the_next_dose(either_house: House) -> None:
    ana = await subscribed(either_house.person("ana"), trail="pictures")
    await decide_elsewhere(either_house, add=True, out=("bars", "lines"))
    await either_house.forward_to("2026-03-03 08:00")
    assert "Graphs, in five minutes" in ana.sees()


async def test_what_was_taken_out_again_is_not_given_and_progress_on_it_stays(either_house: House) -> None:
    ana = await subscribed(either_house.person("ana"), trail="pictures")
    await decide_elsewhere(either_house, add=True, out=("bars", "lines"))
    await either_house.forward(seconds=10)
    await ana.says("/hoje")
    assert "Graphs, in five minutes" in ana.sees()
    await ana.presses("Feito")
    await decide_elsewhere(either_house, out=("graphs",))
    ana.sees()
    await either_house.forward_to("2026-03-03 08:00")
    assert "Graphs" not in ana.sees()
    await ana.says("/sequencia")
    assert "1 dia" in ana.sees()
    await either_house.restart()
    assert either_house.app.catalog.resource("graphs") is None
    async with either_house.app.database.read() as session:
        assert (await kept_catalog.titles(session, ["graphs"])) == {"graphs": "Graphs, in five minutes"}


async def test_a_decision_made_here_counts_before_the_curator_reads_the_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def approve(ask: Ask) -> Answer:
        await entries.add(ask.session, read_facts("graphs", GRAPHS), by=ask.person.id, at=ask.now)
        return Answer(say=(ask.words.message("mistake.ours"),))

    monkeypatch.setitem(BUTTONS, "approve_here", Reach(approve, Role.LEARNER))
    carla = house.person("carla", "en")
    await carla.says("/start")
    await carla.presses("trail:pictures")
    before = house.app.catalog
    await carla.forges("approve_here")
    assert before.resource("graphs") is None, "whoever works with the old value goes on with it"
    assert house.app.catalog.resource("graphs") is not None


async def test_two_running_bots_serve_the_same_catalog(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = fresh_database(request, "postgresql", tmp_path)
    settings = settings_for(tmp_path, database_url=url)
    first, second = [await House(settings).open() for _ in range(2)]
    try:
        await decide_elsewhere(first, add=True, out=("bars",))
        for house in (first, second):
            await house.app.forward(timedelta(seconds=5))
        assert first.app.catalog == second.app.catalog
        assert second.app.catalog.resource("graphs") is not None
    finally:
        await second.close()
        await first.close()
