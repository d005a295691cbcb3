"""No link, redirect, name or second lookup leads inside: a trap at loopback counts connections, and counts none."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FetchError, FetchRefused
from bot.web.addresses import is_public
from bot.web.fetch import Fetcher
from bot.web.gate import Gate
from tests.web.internet import LOOPBACK, Internet

PRIVATE_WRITTEN = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.254 168.63.129.16
169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1
192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1:: 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe:: 3fff::1 5f00::1
fc00::1 fd00:ec2::254 fdff::1 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1 ff05::1:3
"""
PUBLIC_WRITTEN = """
1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 169.253.1.1 172.15.0.1 172.32.0.1 192.0.1.1 198.17.0.1
198.20.0.1 223.255.255.255 2606:4700::1111 2001:4860:4860::8888 2a00:1450::1 ::ffff:8.8.8.8 64:ff9b::808:808
"""
SPELLINGS_WRITTEN = """
http://127.0.0.1/ http://127.1/ http://127.0.1/ http://2130706433/ http://0x7f.1/ http://0x7f000001/ http://0177.0.0.1/
http://017700000001/ http://0/ http://0x0/ http://127.0.0.1./ http://LOCALHOST/ http://localhost/ http://localhost./
http://localhost.localdomain/ http://[::1]/ http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[0:0:0:0:0:0:0:1]/
http://[64:ff9b::7f00:1]/ http://[fe80::1%25lo]/ http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://127%2e0%2e0%2e1/
http://2852039166/ http://169.254.169.254/latest/meta-data/ http://[fd00:ec2::254]/ https://127.0.0.1/ https://[::1]/
"""
PRIVATE, PUBLIC, SPELLINGS = PRIVATE_WRITTEN.split(), PUBLIC_WRITTEN.split(), SPELLINGS_WRITTEN.split()
TRICKS = [
    "http://example.com@127.0.0.1/",
    "http://ana:secret@example.com/",
    "http://127.0.0.1\\@example.com/",
    "http://example.com\\.evil.example/",
    "http://127.0.0.1:8080/",
    "http://127.0.0.1:22/",
    "https://example.com:8443/",
    "http://example.com:0/",
    "http://example.com:99999/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:70/_",
    "dict://127.0.0.1:2628/",
    "data:text/xml,<rss/>",
    "javascript:alert(1)",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "jar:http://127.0.0.1!/",
    "http:///etc/passwd",
    "//127.0.0.1/",
    "127.0.0.1/",
    "http://",
    "http://[/",
    "http://exa mple.com/",
    "http://example.com/\x00",
    "http://example.com/" + "a" * 5000,
    "",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_not(address: str) -> None:
    assert is_public(address)


@given(st.text(max_size=40))
def test_what_is_no_address_is_not_public(text: str) -> None:
    if not text[:1].isdigit() and ":" not in text:
        assert not is_public(text)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_is_judged_by_itself(address: object) -> None:
    assert is_public(str(address)) == is_public(f"::ffff:{address}") == is_public(f"64:ff9b::{address}")


OPEN = "127.0.0.2"


class Trap:
    """Listens where nobody may connect, and counts."""

    def __init__(self) -> None:
        self.connections = 0
        self.port = 0

    async def spring(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret")
        writer.close()


@pytest.fixture
async def trap() -> AsyncIterator[Trap]:
    set_trap = Trap()
    server = await asyncio.start_server(set_trap.spring, LOOPBACK, 0)
    set_trap.port = server.sockets[0].getsockname()[1]
    yield set_trap
    server.close()


@asynccontextmanager
async def lured(trap: Trap, *answers: Sequence[str]) -> AsyncIterator[Fetcher]:
    """A fetcher with the real rule, whose lookups give these answers, one after the other, with the trap's port."""
    given_out = iter(answers)

    async def resolve(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [(address, trap.port) for address in next(given_out)]

    async with Fetcher(resolve=resolve, patience=5) as web:
        yield web


@pytest.mark.parametrize("url", SPELLINGS)
async def test_no_spelling_of_a_private_address_is_connected_to(trap: Trap, url: str) -> None:
    """With the system's own lookup, which takes 2130706433 for 127.0.0.1."""

    async def to_the_trap(host: str, port: int) -> Sequence[tuple[str, int]]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            found = []  # a name this machine has not; it may be another's loopback
        return [(str(where[0]), trap.port) for *_, where in found] or [(LOOPBACK, trap.port)]

    async with Fetcher(resolve=to_the_trap, patience=5) as web:
        with pytest.raises(FetchRefused):
            await web.get(url)
    assert trap.connections == 0


@pytest.mark.parametrize("url", TRICKS)
async def test_no_trick_gets_past_the_look_of_the_address(trap: Trap, url: str) -> None:
    async with lured(trap, [LOOPBACK]) as web:
        with pytest.raises(FetchRefused):
            await web.get(url)
    assert trap.connections == 0


@pytest.mark.parametrize("address", PRIVATE)
async def test_no_name_leads_inside_also_beside_a_public_address(trap: Trap, address: str) -> None:
    async with lured(trap, [address], ["8.8.8.8", address], [address, "2606:4700::1111"]) as web:
        for _ in range(3):
            with pytest.raises(FetchRefused) as refused:
                await web.get("http://evil.example/")
            assert refused.value.reason == "private"
    assert trap.connections == 0


@pytest.mark.parametrize("target", [*SPELLINGS, *TRICKS[:20]])
@pytest.mark.parametrize("status", [301, 307])
async def test_no_redirect_leads_inside(net: Internet, trap: Trap, target: str, status: int) -> None:
    """The site stands at 127.0.0.2, the only open address of this Internet; every other name leads to the trap."""
    asked = 0

    async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status} Moved\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    await net.raw("open.example", redirect, at=OPEN)
    port = (await net.resolve("open.example", 80))[0][1]

    async def resolve(host: str, _: int) -> Sequence[tuple[str, int]]:
        return [(OPEN, port) if host == "open.example" else (LOOPBACK, trap.port)]

    async with net.fetcher(resolve=resolve, allowed=lambda address: address == OPEN) as web:
        with pytest.raises(FetchError) as failed:
            await web.get("http://open.example/")
    assert asked == 1 or "open.example" in urljoin("http://open.example/", target)
    assert failed.value.reason in ("private", "address", "scheme", "port", "user", "redirects")
    assert trap.connections == 0


async def test_a_name_that_changes_its_mind_reaches_nobody(trap: Trap) -> None:
    """Rebinding: public at the first lookup, loopback at the next. There is one lookup, and the socket sees its own address."""
    async with lured(trap, ["8.8.8.8", LOOPBACK], [LOOPBACK]) as web:
        for _ in range(2):
            with pytest.raises(FetchRefused):
                await web.get("http://rebind.example/")
    assert trap.connections == 0


def test_the_socket_checks_the_address_it_is_given() -> None:
    async def nobody(host: str, port: int) -> Sequence[tuple[str, int]]:
        return []

    gate = Gate(is_public, nobody)
    where = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (LOOPBACK, 80))
    with pytest.raises(OSError, match="no public address"):
        gate.open_socket(where)


async def test_the_trap_works(trap: Trap) -> None:
    """Where the rule lets loopback through, the trap counts: the zeros above mean something."""

    async def resolve(host: str, port: int) -> Sequence[tuple[str, int]]:
        return [(LOOPBACK, trap.port)]

    async with Fetcher(resolve=resolve, allowed=lambda _: True) as web:
        assert (await web.get("http://evil.example/")).body == b"secret"
    assert trap.connections == 1
