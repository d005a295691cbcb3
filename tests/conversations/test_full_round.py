"""The full round: Bruno suggests, Carla approves, Ana gets it, it is exported, the bot starts again, and it is still hers."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.__main__ import main
from bot.catalog.file import read_catalog
from bot.store.tables import Completion, Suggestion
from tests.conftest import ENGINE, fresh_database
from tests.house import SMALL_CATALOG, House, given_role, settings_for, subscribed


async def test_from_a_link_to_the_file_and_back(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "catalog.yaml"
    shutil.copy(SMALL_CATALOG, file)
    url = fresh_database(request, ENGINE, tmp_path)
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    monkeypatch.setenv("BOT_CATALOG", str(file))
    monkeypatch.chdir(tmp_path)
    house = await House(settings_for(tmp_path, database_url=url).model_copy(update={"catalog": file})).open()
    bruno, carla = house.person("bruno", "en"), await given_role(house, "carla", "curator")
    ana = await subscribed(house.person("ana"), "pictures")

    await bruno.says("/suggest https://example.net/charts?utm_source=x how to choose one")
    await carla.says("/approve 1 topic=charts kind=article minutes=5 language=en title=Choosing a chart")
    for _ in range(2):
        await ana.says("/hoje")
        await ana.presses("Feito")
        await house.forward(hours=24)
    ana.sees()
    await ana.says("/hoje")
    assert "Choosing a chart" in ana.screen
    await ana.presses("Feito")
    assert await asyncio.to_thread(main, ["catalog", "export"]) == 0
    await house.restart()

    async with house.app.database.read() as session:
        entry = await session.scalar(select(Suggestion.resource_id))
        done = set(await session.scalars(select(Completion.resource_id)))
    exported = read_catalog(file).resource(entry or "")
    assert exported
    assert exported.url == "https://example.net/charts?utm_source=x"
    assert house.app.catalog.resource(exported.id) == exported
    assert exported.id in done
    await ana.says("/historico")
    assert "Choosing a chart" in ana.sees()
    await bruno.says("/suggest https://example.net/charts")
    assert "Choosing a chart is in the catalog already" in bruno.sees()
    await house.close()
