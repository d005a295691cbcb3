"""A name server that does not answer: nothing else waits for it, and neither does the end of the process."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.doors.terminal import Person
from bot.errors import FetchFailed
from bot.hostnames import HostNames, Loop
from bot.store.database import Database
from bot.web.fetch import Fetcher
from tests.doors.telegram.test_wire import wired
from tests.house import House
from tests.rig.telegram import TelegramServer

FOR_EVER = 60
"""Seconds after which what hangs is taken to hang for ever."""
ENDS = """
import asyncio, socket, threading
from bot.web.fetch import Fetcher

socket.getaddrinfo = lambda *asked, **how: threading.Event().wait()

async def main():
    async with Fetcher() as web:
        visits = [asyncio.create_task(web.get(f"https://gone{n}.example/")) for n in range(20)]
        await asyncio.sleep(0.5)
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)

asyncio.run(main())
"""
ENDS_IN_ITS_LOOP = """
import asyncio, socket, threading
from bot.hostnames import Loop

socket.getaddrinfo = lambda *asked, **how: threading.Event().wait()

async def main():
    asking = [asyncio.create_task(asyncio.get_running_loop().getaddrinfo(f"gone{n}.example", 5432)) for n in range(50)]
    await asyncio.sleep(0.5)
    for one in asking:
        one.cancel()
    await asyncio.gather(*asking, return_exceptions=True)

with asyncio.Runner(loop_factory=Loop) as runner:
    runner.run(main())
"""


class NameServer:
    """Is silent about names that end in `.example` until `answers` is set; `asked` is what it heard of those, and `heard` brings each."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        self.answers = threading.Event()
        self.asked: list[str] = []
        self._real = socket.getaddrinfo

    def look_up(self, host: str, *asked: Any, **how: Any) -> Any:
        if host.endswith(".example"):
            self.asked.append(host)
            self._loop.call_soon_threadsafe(self.heard.put_nowait, host)
            self.answers.wait()
            raise socket.gaierror("nobody is called that")
        return self._real(host, *asked, **how)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[NameServer]:
    server = NameServer(asyncio.get_running_loop())
    monkeypatch.setattr(socket, "getaddrinfo", server.look_up)
    yield server
    server.answers.set()


@pytest.fixture
async def busy(server: NameServer) -> AsyncIterator[None]:
    """Forty visits whose names nobody looks up."""
    async with Fetcher() as web:
        visits = [asyncio.create_task(web.get(f"https://gone{n}.example/feed")) for n in range(40)]
        for _ in range(20):
            await server.heard.get()
        yield
        server.answers.set()
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)


@pytest.mark.usefixtures("busy")
async def test_what_is_done_beside_the_loop_goes_on_while_names_hang() -> None:
    async with asyncio.timeout(FOR_EVER):
        assert await asyncio.to_thread(lambda: "done") == "done"


@pytest.mark.usefixtures("busy")
async def test_telegram_is_reached_by_its_name_while_others_hang() -> None:
    async with TelegramServer() as telegram, wired() as wire:
        url = telegram.url.replace("127.0.0.1", "localhost")
        status, _ = await wire.do_request(f"{url}/bot{telegram.token}/getMe", "POST")
    assert status == 200


@pytest.mark.parametrize("program", [ENDS, ENDS_IN_ITS_LOOP])
def test_the_process_ends_while_names_hang(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], check=True, timeout=FOR_EVER)


def test_a_database_whose_name_hangs_takes_no_thread_from_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked by a driver that knows nothing of us, twenty connections at once; the pool has a handful of threads."""

    async def play() -> None:
        server = NameServer(asyncio.get_running_loop())
        monkeypatch.setattr(socket, "getaddrinfo", server.look_up)
        database = Database("postgresql://somebody@database.example/trilha")
        connecting = [asyncio.create_task(database.engine.connect().__aenter__()) for _ in range(20)]
        for _ in range(20):
            await server.heard.get()
        async with asyncio.timeout(FOR_EVER):
            assert await asyncio.to_thread(lambda: "done") == "done"
        server.answers.set()
        for failed in await asyncio.gather(*connecting, return_exceptions=True):
            assert isinstance(failed, socket.gaierror)
        await database.close()

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(play())


def test_the_loop_finds_what_the_system_finds() -> None:
    async def play() -> None:
        loop, how = asyncio.get_running_loop(), {"type": socket.SOCK_STREAM}
        assert await loop.getaddrinfo("localhost", 80, **how) == socket.getaddrinfo("localhost", 80, **how)  # type: ignore[arg-type]

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(play())


async def test_a_name_that_was_given_up_holds_its_place_until_the_system_gives_up(server: NameServer) -> None:
    names = HostNames(at_once=1)
    first = asyncio.create_task(names.look_up("one.example", 80))
    await server.heard.get()
    first.cancel()
    second = asyncio.create_task(names.look_up("two.example", 80))
    for _ in range(5):
        await asyncio.sleep(0)
    assert server.asked == ["one.example"]
    server.answers.set()
    with pytest.raises(socket.gaierror):
        await second
    assert server.asked == ["one.example", "two.example"]


async def test_a_machine_that_gives_no_thread_more_finds_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    names = HostNames(at_once=1)
    with monkeypatch.context() as machine:
        machine.setattr(threading.Thread, "start", refuse)
        for _ in range(2):  # and the place is free again
            with pytest.raises(OSError, match="new thread"):
                await names.look_up("localhost", 80)
    assert ("127.0.0.1", 80) in await names.look_up("localhost", 80)


async def test_a_name_that_is_none_is_told_as_such() -> None:
    async with Fetcher() as web:
        with pytest.raises(FetchFailed, match="name"):
            await web.get("https://nobody.invalid/")


async def test_a_search_waits_for_no_thread(house: House, ana: Person) -> None:
    """Its transaction is the only writer: Bruno would wait as well, and the doses."""
    free = threading.Event()
    occupied = [asyncio.create_task(asyncio.to_thread(free.wait)) for _ in range(40)]
    await asyncio.sleep(0)
    try:
        async with asyncio.timeout(FOR_EVER):
            await ana.says("/buscar bars")
    finally:
        free.set()
        await asyncio.gather(*occupied)
    assert "1." in ana.sees()


async def test_a_catalog_serves_with_its_index(house: House, carla: Person) -> None:
    assert "index" in vars(house.app.catalog)
    before = house.app.catalog
    await carla.says("/retire bars too old")
    assert house.app.catalog is not before
    assert "index" in vars(house.app.catalog)
