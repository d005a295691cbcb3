"""What every test may ask for: a database on either engine, a small catalog, and a house with a terminal door.

Ana and Bruno learn, Carla is a curator. Their house is the real one; only the platform is played.
"""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

import bot.app
import bot.catalog.file
from bot.doors.terminal import Person
from bot.logs import set_up
from bot.store.database import PRAGMAS, Database
from bot.store.migrate import migrate
from tests.house import House, given_role, settings_for
from tests.rig.postgres import Postgres
from tests.rig.telegram import TelegramServer

pytest_plugins = ["tests.rig.patience"]

ENGINE = os.environ.get("TRILHA_ENGINE", "sqlite")
"""What the houses stand on that are played on one engine only: SQLite, unless `make engines` asks for PostgreSQL."""
ENGINES = ("sqlite", "postgresql")
MIGRATED = "migrated"

# no deadline and no word about slowness: the machine may be shared, and a slow example is no wrong one
hypothesis_settings.register_profile(
    "suite", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("suite")


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Two more than there are cores: a third of the suite's time is spent waiting for a database or a clock."""
    return (yield) + 2


def pytest_collection_finish() -> None:
    """What is imported and collected by now stays to the end: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; each test gets a copy."""
    path = tmp_path_factory.mktemp("template") / "trilha.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL server from a wheel, with a migrated database to make others from.

    Its folder is not pytest's: the server runs as somebody else where root runs the tests, and the next run of pytest
    closes that folder to everybody else while this one is still using it.
    """
    with TemporaryDirectory(prefix="trilha-tests-") as folder:
        server = Postgres(Path(folder) / "postgres")
        server.wait_for_no_disk()
        _migrate(server.create(MIGRATED))
        yield server
        server.close()


def _migrate(url: str) -> None:
    async def bring_up() -> None:
        database = Database(url)
        await migrate(database)
        await database.close()

    with ThreadPoolExecutor(1) as apart:  # a test's own loop may be running here
        apart.submit(asyncio.run, bring_up()).result()


_numbers = iter(range(1_000_000))


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh, migrated database, on one engine and then on the other."""
    return fresh_database(request, request.param, tmp_path)


def fresh_database(request: pytest.FixtureRequest, engine: str, folder: Path) -> str:
    """A fresh, migrated database on one engine."""
    if engine == "sqlite":
        path = folder / "trilha.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    return fresh_on_postgres(request, MIGRATED)


def fresh_on_postgres(request: pytest.FixtureRequest, template: str = "template0") -> str:
    """A fresh database on PostgreSQL, gone when who asks for it is done: thousands of them would fill a small disk."""
    server: Postgres = request.getfixturevalue("postgres")
    name = f"test{os.getpid()}_{next(_numbers)}"
    url = server.create(name, template)
    request.addfinalizer(partial(server.drop, name))
    return url


@pytest.fixture(autouse=True, scope="session")
def the_same_text_is_parsed_once() -> Iterator[None]:
    """Thousands of houses open with one small catalog. A catalog never changes, and a file that does has another text."""
    with pytest.MonkeyPatch.context() as meanwhile:
        meanwhile.setattr(bot.catalog.file, "parse_catalog", lru_cache(8)(bot.catalog.file.parse_catalog))
        yield


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database, on one engine and then on the other."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """A house on a Monday noon in São Paulo, on SQLite unless `TRILHA_ENGINE` says otherwise."""
    engine = "sqlite" if request.node.get_closest_marker("of_a_file") else ENGINE
    url = fresh_database(request, engine, tmp_path)
    opened = await House(settings_for(tmp_path, database_url=url)).open()
    yield opened
    await opened.close()


@pytest.fixture(params=ENGINES)
async def either_house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """The same house, on one engine and then on the other."""
    url = fresh_database(request, request.param, tmp_path)
    opened = await House(settings_for(tmp_path, database_url=url)).open()
    yield opened
    await opened.close()


@pytest.fixture
def ana(house: House) -> Person:
    """Ana, who learns, in Portuguese."""
    return house.person("ana")


@pytest.fixture
def bruno(house: House) -> Person:
    """Bruno, who learns, in English."""
    return house.person("bruno", "en")


@pytest.fixture
async def carla(house: House) -> Person:
    """Carla, a curator, in English."""
    return await given_role(house, "carla", "curator")


@pytest.fixture
async def dora(house: House) -> Person:
    """Dora, who owns the bot, in English."""
    return await given_role(house, "dora", "owner")


@pytest.fixture(autouse=True)
def plain_log(tmp_path: Path) -> None:
    """The log as lines of text, so that a failing test shows what happened."""
    set_up(settings_for(tmp_path, log_format="text"))


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """Nothing here outlives the run, unless another process is what a test is about: that one has the settings of its own."""
    with pytest.MonkeyPatch.context() as apart:
        apart.setitem(PRAGMAS, "synchronous", "OFF")
        yield


@pytest.fixture(autouse=True)
def patient_stops() -> Iterator[None]:
    """A stop is given as long as it takes on a slow machine; what is about its limits sets them."""
    with pytest.MonkeyPatch.context() as apart:  # a test's own patches are gone before its house closes
        apart.setattr(bot.app, "STOPPED_WITHIN", 120.0)
        apart.setattr(bot.app, "LAST_PLANS", 60.0)
        apart.setattr(bot.app, "MOMENT", 2.0)
        yield


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    """Fails the test for every call that Telegram would refuse or alter, unless the test announced it."""
    async with TelegramServer() as server:
        yield server
    server.check()
