"""*Too long today* on the real catalog: what comes instead is of the same topic or next to it on the way, as long as that has anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.learning.dose.ground import way_of
from bot.store.tables import Dose
from tests.house import House, settings_for, subscribed

CATALOG = Path(__file__).parent.parent.parent / "catalog.yaml"
NEAR = 1
"""How many topics away a neighbour is."""


@pytest.mark.parametrize("trail", ["data-science", "ml-engineering"])
async def test_what_comes_instead_at_the_start_of_a_trail_is_near(tmp_path: Path, trail: str) -> None:
    house = await House(settings_for(tmp_path, catalog=CATALOG)).open()
    ana = await subscribed(house.person("ana"), trail)
    way = way_of(house.app.catalog, trail)
    assert way
    await ana.says("/hoje")
    held = await held_by(house)
    for _ in range(3):
        await ana.forges(f"pass:{held.id}:too_long")
        now = await held_by(house)
        assert now.resource_id != held.resource_id
        assert held.resource_id
        assert now.resource_id
        before, after = way.items[held.resource_id][0].at, way.items[now.resource_id][0].at
        assert abs(before - after) <= NEAR, f"{held.resource_id} gave way to {now.resource_id}"
        held = now
    await house.close()


async def held_by(house: House) -> Dose:
    async with house.app.database.read() as session:
        found = await session.scalar(select(Dose))
    assert found
    return found
