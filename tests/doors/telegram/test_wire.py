"""The way to the Bot API over aiohttp: what it says when the way is closed, slow, or leads through a proxy."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn

import aiohttp
import pytest
from telegram import InputFile
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.chat import Address, Message
from bot.doors.telegram import TelegramDoor, speaker
from bot.doors.telegram.library import FREE_CONNECTION_WITHIN
from bot.doors.telegram.places import NoFreeConnection
from bot.doors.telegram.wire import NEVER_LEFT, Wire
from bot.errors import Uncertain
from bot.hostnames import HostNames
from tests.rig.proxy import BlackHole, FaultProxy, Refused, Reset, Says
from tests.rig.telegram import TelegramServer

from .toy import MENUS, ToyHost

YES = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'
NOWHERE = "http://127.0.0.1:9/bot1:x/getMe"


@asynccontextmanager
async def wired(
    connections: int = 4, *, free: float = 60.0, connect: float = 60.0, read: float = 60.0
) -> AsyncIterator[Wire]:
    """A wire that is patient, but for what a test makes it wait for in vain."""
    wire = Wire(connections=connections, free_within=free, connect_within=connect, read_within=read)
    await wire.initialize()
    yield wire
    await wire.shutdown()


@asynccontextmanager
async def yes_man(heard: list[bytes]) -> AsyncIterator[str]:
    """A server that says yes to everything, at its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")), 0)
        heard.append(head + await reader.readexactly(length))
        writer.write(YES)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"http://127.0.0.1:{port}"


async def error_of(wire: Wire, url: str) -> TelegramError:
    with pytest.raises(TelegramError) as caught:
        await wire.do_request(url, "POST")
    return caught.value


async def test_what_is_not_there_was_never_sent() -> None:
    async with wired() as wire:
        for address in (NOWHERE, "http://nobody.invalid/bot1:x/getMe", "http:///bot1:x/getMe"):
            error = await error_of(wire, address)
            assert type(error) is NetworkError
            assert isinstance(error.__cause__, NEVER_LEFT), address


async def test_who_waits_too_long_for_a_connection_sent_nothing(telegram: TelegramServer) -> None:
    async with FaultProxy("127.0.0.1", telegram.port) as proxy, wired(connections=1, free=0.05) as wire:
        proxy.fault = BlackHole()
        url = f"http://127.0.0.1:{proxy.port}/bot{telegram.token}/getMe"
        first = asyncio.create_task(wire.do_request(url, "POST"))
        await asyncio.sleep(0)
        error = await error_of(wire, url)
        assert isinstance(error, TimedOut)
        assert isinstance(error.__cause__, NoFreeConnection)
        first.cancel()
        await asyncio.wait([first])
        proxy.heal()
        assert (await wire.do_request(url, "POST"))[0] == 200


async def test_silence_and_resets_after_sending_leave_a_doubt(telegram: TelegramServer) -> None:
    for fault in (BlackHole(), Reset(), Refused()):
        async with FaultProxy("127.0.0.1", telegram.port) as proxy, wired(read=0.2) as wire:
            proxy.fault = fault
            error = await error_of(wire, f"http://127.0.0.1:{proxy.port}/bot{telegram.token}/getMe")
            assert isinstance(error, NetworkError)
            assert not isinstance(error.__cause__, NEVER_LEFT), fault
            assert isinstance(error, TimedOut) is isinstance(fault, BlackHole)


async def test_a_redirect_is_an_answer_and_is_not_followed(telegram: TelegramServer) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    async with FaultProxy("127.0.0.1", telegram.port) as proxy, wired() as wire:
        proxy.fault = Says(moved)
        assert (await wire.do_request(f"http://127.0.0.1:{proxy.port}/bot1:x/getMe", "POST"))[0] == 302


@pytest.mark.parametrize("scheme", ["http://", ""])
async def test_a_proxy_from_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    heard: list[bytes] = []
    async with yes_man(heard) as proxy, wired() as wire:
        monkeypatch.setenv("http_proxy", proxy.replace("http://", scheme))
        monkeypatch.delenv("no_proxy", raising=False)
        assert await wire.do_request("http://api.example.org/bot1:x/getMe", "POST") == (200, b'{"ok":true}')
        assert heard[0].startswith(b"POST http://api.example.org/bot1:x/getMe HTTP/1.1\r\n")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 502 Bad Gateway\r\n\r\n", b"nonsense\r\n\r\n"], ids=repr)
async def test_a_proxy_that_makes_no_connection_sent_nothing(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        writer.close()

    heard: list[bytes] = []
    proxy = await asyncio.start_server(hangs_up, "127.0.0.1", 0)
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}")
    monkeypatch.delenv("no_proxy", raising=False)
    async with proxy, wired() as wire:
        error = await error_of(wire, "https://api.example.org/bot1:secret/getMe")
    assert heard[0].startswith(b"CONNECT api.example.org:443 HTTP/1.1\r\n")
    assert isinstance(error.__cause__, NEVER_LEFT)
    assert "secret" not in f"{error} {error.__cause__}"


async def test_a_server_that_needs_no_proxy_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []
    async with yes_man(heard) as server, wired() as wire:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert (await wire.do_request(f"{server}/bot1:x/getMe", "POST"))[0] == 200
        assert heard[0].startswith(b"POST /bot1:x/getMe HTTP/1.1\r\n")


async def test_a_closed_proxy_was_never_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with wired() as wire:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        monkeypatch.delenv("no_proxy", raising=False)
        assert isinstance((await error_of(wire, "http://api.example.org/bot1:x/getMe")).__cause__, NEVER_LEFT)


async def never(*_: object, **__: object) -> NoReturn:
    await asyncio.Event().wait()
    raise AssertionError


async def test_a_name_that_nobody_looks_up_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HostNames, "look_up", never)
    async with wired(connect=0.2) as wire:
        error = await asyncio.wait_for(error_of(wire, "http://api.example.org/bot1:x/getMe"), 30)
        assert isinstance(error, TimedOut)
        assert isinstance(error.__cause__, NEVER_LEFT)


async def test_a_proxy_that_takes_us_nowhere_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with await asyncio.start_server(listens_only, "127.0.0.1", 0) as proxy, wired(1, connect=0.2) as wire:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        for _ in range(2):  # and its place is free again
            error = await asyncio.wait_for(error_of(wire, "https://api.example.org/bot1:x/getMe"), 30)
            assert isinstance(error, TimedOut)
            assert isinstance(error.__cause__, aiohttp.ConnectionTimeoutError)
            assert isinstance(error.__cause__, NEVER_LEFT)


async def listens_only(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything and say nothing."""
    await reader.read()
    writer.close()


async def test_a_knock_ends_in_its_time_whatever_it_waits_for(
    telegram: TelegramServer, host: ToyHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaker, "KNOCK", 0.2)
    async with FaultProxy("127.0.0.1", telegram.port) as proxy:
        door = TelegramDoor(telegram.token, f"http://127.0.0.1:{proxy.port}", connections=1)
        await door.open(host, MENUS)
        proxy.fault = BlackHole()
        keeps_the_place = asyncio.create_task(door.send(Address("telegram", "7"), Message("hi"), nonce="1"))
        await asyncio.sleep(0)
        with pytest.raises(Uncertain):
            await asyncio.wait_for(door.knock(), FREE_CONNECTION_WITHIN / 2)
        keeps_the_place.cancel()
        proxy.heal()
        await door.close()


async def test_the_name_of_a_file_goes_as_it_is_written() -> None:
    heard: list[bytes] = []
    upload = RequestParameter.from_input("document", InputFile(b"# Di\xc3\xa1rio", filename="diário de março.md"))
    async with yes_man(heard) as server, wired() as wire:
        await wire.do_request(f"{server}/bot1:x/sendDocument", "POST", RequestData([upload]))
    assert 'filename="diário de março.md"'.encode() in heard[0]
    assert b"filename*" not in heard[0]


@pytest.mark.parametrize("value", ["half a character \ud83d", 1 << 70, "são 3 às 5 ✓"])
async def test_what_is_asked_arrives_whatever_it_holds(value: object) -> None:
    heard: list[bytes] = []
    async with yes_man(heard) as url, wired() as wire:
        await wire.do_request(f"{url}/bot1:x/sendMessage", "POST", RequestData([RequestParameter("text", value, None)]))
    assert json.loads(heard[0].partition(b"\r\n\r\n")[2]) == {"text": value}


async def test_it_can_be_closed_twice_and_opened_again(telegram: TelegramServer) -> None:
    wire = Wire(connections=1, free_within=1, connect_within=1, read_within=1)
    url = f"{telegram.url}/bot{telegram.token}/getMe"
    await wire.shutdown()
    for _ in range(2):
        await wire.initialize()
        await wire.initialize()
        assert (await wire.do_request(url, "POST"))[0] == 200
        await wire.shutdown()
        await wire.shutdown()
        with pytest.raises(RuntimeError):
            await wire.do_request(url, "POST")
