"""A house whose catalog has long things, checklists, tips and people to follow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.doors.terminal import Person
from tests.conftest import ENGINE, ENGINES, fresh_database
from tests.conversations.two_doors import TwoDoors
from tests.house import STUDY_CATALOG, House, settings_for, subscribed


@pytest.fixture
async def study(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """That house on a Monday noon in São Paulo."""
    url = fresh_database(request, ENGINE, tmp_path)
    opened = await House(settings_for(tmp_path, database_url=url, catalog=STUDY_CATALOG)).open()
    yield opened
    await opened.close()


@pytest.fixture(params=ENGINES)
async def either_study(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """The same house, on one engine and then on the other."""
    url = fresh_database(request, request.param, tmp_path)
    opened = await House(settings_for(tmp_path, database_url=url, catalog=STUDY_CATALOG)).open()
    yield opened
    await opened.close()


@pytest.fixture
async def bia(study: House) -> Person:
    """Bia, who learns in English and has today's first dose on her screen: “A first look”."""
    return await begun(study)


async def begun(house: House) -> Person:
    """Bia of a house."""
    bia = house.person("bia", "en")
    await bia.says("/start")
    await bia.presses("trail:builder")
    await bia.says("Sao Paulo")
    await bia.presses("begin")
    await bia.says("/today")
    return bia


@pytest.fixture
async def caio(study: House) -> Person:
    """Caio, who takes courses in Portuguese and has the first session of one on his screen."""
    caio = await subscribed(study.person("caio"), "courses")
    await caio.says("/hoje")
    return caio


@pytest.fixture
async def two(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TwoDoors]:
    """A house with two platforms on a Monday noon in São Paulo."""
    opened = TwoDoors(tmp_path, fresh_database(request, ENGINE, tmp_path))
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture(params=ENGINES)
async def either_two(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[TwoDoors]:
    """The same house, on one engine and then on the other."""
    opened = TwoDoors(tmp_path, fresh_database(request, request.param, tmp_path))
    await opened.open()
    yield opened
    await opened.close()
