"""The fetcher: validators to the byte, limits that hold, redirects, and a word for whatever goes wrong."""

from __future__ import annotations

import asyncio
import gzip
import resource
import tracemalloc
import zlib
from itertools import count

import brotli
import pytest
from aiohttp import web as site

from bot.errors import FetchFailed, FetchRefused
from bot.web.fetch import MOST, Fetcher
from tests.web.internet import Internet

URL = "http://feeds.example/feed.xml"
ZEROS = bytes(50_000_000)
ODD_TAGS = ['"abc"', 'W/"a b;c"', "no-quotes", '""', '"' + "x" * 4000 + '"', '"%20é"']


@pytest.mark.parametrize("etag", ODD_TAGS)
async def test_a_validator_goes_back_as_it_came(net: Internet, etag: str) -> None:
    modified = "Sat, 01 Mar 2026 7:5:3 +0000 (odd)"

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said.append(await reader.readuntil(b"\r\n\r\n"))
        head = f"HTTP/1.1 200 OK\r\nETag: {etag}\r\nLast-Modified: {modified}\r\nContent-Length: 2\r\n\r\nhi"
        writer.write(head.encode())
        await writer.drain()

    said: list[bytes] = []
    await net.raw("feeds.example", talk)
    async with net.fetcher() as web:
        first = await web.get(URL)
        await web.get(URL, etag=first.etag, modified=first.modified)
    assert b"If-None-Match" not in said[0]
    assert b"If-Modified-Since" not in said[0]
    assert f"\r\nIf-None-Match: {etag}\r\n".encode() in said[1]
    assert f"\r\nIf-Modified-Since: {modified}\r\n".encode() in said[1]


async def test_what_cannot_go_back_byte_for_byte_is_not_kept(net: Internet) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b'HTTP/1.1 200 OK\r\nETag: "\xe9"\r\nContent-Length: 2\r\n\r\nhi')
        await writer.drain()

    await net.raw("feeds.example", talk)
    async with net.fetcher() as web:
        assert (await web.get(URL)).etag is None


async def test_only_honest_headers_are_sent(net: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    net.page("feeds.example", "hi", Set_Cookie="a=b")
    async with net.fetcher(contact="https://trilha.example/about") as web:
        await web.get(URL + "?a=1&b=%7Ex#there")
        await web.get(URL)
    assert net.asked[0].raw_path == "/feed.xml?a=1&b=~x"
    names = {"Host", "User-Agent", "Accept", "Accept-Encoding"}
    assert all(set(request.headers) == names for request in net.asked)
    assert net.asked[1].headers["User-Agent"].endswith(" (+https://trilha.example/about)")
    assert net.asked[1].headers["Accept-Encoding"] == "gzip, deflate, br"


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "identity": bytes,
    "gzip, br": lambda body: brotli.compress(gzip.compress(body)),
}


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("body", [b"", b"a", "olá ".encode() * 300_000, bytes(65_536), bytes(65_537)], ids=len)
async def test_what_was_packed_is_unpacked(net: Internet, coding: str, body: bytes) -> None:
    net.page("feeds.example", PACKERS[coding](body), Content_Encoding=coding)
    async with net.fetcher() as web:
        assert (await web.get(URL)).body == body


async def test_raw_deflate_and_many_members_are_understood(net: Internet) -> None:
    bare = zlib.compressobj(wbits=-15)
    net.page("bare.example", bare.compress(b"hello") + bare.flush(), Content_Encoding="deflate")
    net.page("many.example", gzip.compress(b"hel") + gzip.compress(b"lo") + bytes(512), Content_Encoding="gzip")
    async with net.fetcher() as web:
        assert (await web.get("http://bare.example/")).body == b"hello"
        assert (await web.get("http://many.example/")).body == b"hello"


BOMBS = {
    "plain": ("identity", bytes(MOST + 1)),
    "gzip": ("gzip", gzip.compress(ZEROS)),
    "br": ("br", brotli.compress(ZEROS, quality=5)),
    "deflate": ("deflate", zlib.compress(ZEROS)),
    "gzip in gzip": ("gzip, gzip", gzip.compress(gzip.compress(ZEROS))),
    "br in gzip": ("br, gzip", gzip.compress(brotli.compress(ZEROS, quality=5))),
    "members of nothing": ("gzip, gzip", gzip.compress(gzip.compress(b"") * 300_000)),
}


@pytest.mark.parametrize("bomb", BOMBS)
async def test_a_bomb_ends_at_the_limit(net: Internet, bomb: str) -> None:
    coding, body = BOMBS[bomb]
    net.page("feeds.example", body, Content_Encoding=coding)
    async with net.fetcher() as web:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        tracemalloc.start()
        with pytest.raises(FetchFailed) as failed:
            await web.get(URL)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert failed.value.reason == "too_large"
    assert most < 20_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000  # kB, with the server's own copies


@pytest.mark.parametrize("coding", ["zstd", "gzip, gzip, gzip", "compress", "magic"])
async def test_a_coding_nobody_asked_for_is_refused(net: Internet, coding: str) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: 2\r\n\r\nhi".encode())
        await writer.drain()

    await net.raw("feeds.example", talk)
    async with net.fetcher() as web:
        with pytest.raises(FetchFailed) as failed:
            await web.get(URL)
    assert failed.value.reason == "coding"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
async def test_half_a_body_is_none(net: Internet, coding: str) -> None:
    whole = PACKERS[coding]("olá ".encode() * 1000)
    net.page("half.example", whole[: len(whole) // 2], Content_Encoding=coding)
    net.page("junk.example", b"no such thing" * 9, Content_Encoding=coding)

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhi")
        await writer.drain()

    await net.raw("gone.example", hang_up)
    async with net.fetcher() as web:
        for host, reasons in (("half", {"cut_off"}), ("junk", {"coding", "cut_off"}), ("gone", {"cut_off"})):
            with pytest.raises(FetchFailed) as failed:
                await web.get(f"http://{host}.example/")
            assert failed.value.reason in reasons


async def test_a_drip_ends_when_patience_does(net: Internet) -> None:
    """A byte a moment for ever: in the headers, in the body, and over many redirects."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<")
        for _ in count():
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.02)

    async def drip_headers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in count():
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.02)

    async def dawdle(request: site.Request) -> site.Response:
        await asyncio.sleep(0.15)
        return site.Response(status=302, headers={"Location": f"/{len(net.asked)}"})

    await net.raw("drip.example", drip)
    await net.raw("headers.example", drip_headers)
    net.site("dawdle.example", dawdle)
    async with net.fetcher(patience=0.4) as web:
        for host in ("drip", "headers", "dawdle"):
            with pytest.raises(FetchFailed) as failed:
                await web.get(f"http://{host}.example/")
            assert failed.value.reason == "time"
    assert len(net.asked) <= 3


@pytest.mark.parametrize(
    "headers",
    [b"X-Long: " + b"a" * 100_000 + b"\r\n", b"".join(b"X-%d: %s\r\n" % (n, b"a" * 8000) for n in range(20)),
     b"X: y\r\n" * 30_000],
    ids=["one long", "20 long ones", "many"],
)  # fmt: skip
async def test_headers_end_at_64_kilobytes(net: Internet, headers: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + headers + b"Content-Length: 2\r\n\r\nhi")
        await writer.drain()

    await net.raw("feeds.example", talk)
    async with net.fetcher() as web:
        with pytest.raises(FetchFailed) as failed:
            await web.get(URL)
    assert failed.value.reason == "headers"


async def test_redirects_are_followed_and_told(net: Internet) -> None:
    async def move(request: site.Request) -> site.Response:
        ways = {"/feed.xml": (301, "https://feeds.example/b"), "/b": (302, "c?x=1"), "/c": (308, "//other.example/d")}
        status, to = ways[request.path]
        return site.Response(status=status, headers={"Location": to.replace("https:", "http:")})

    net.site("feeds.example", move)
    net.page("other.example", "hi", ETag='"1"')
    async with net.fetcher() as web:
        got = await web.get(URL, etag='"0"')
    assert (got.status, got.url, got.body, got.etag) == (200, "http://other.example/d", b"hi", '"1"')
    assert got.moved == (
        (301, "http://feeds.example/b"),
        (302, "http://feeds.example/c?x=1"),
        (308, "http://other.example/d"),
    )


async def test_a_loop_ends_after_five(net: Internet) -> None:
    async def around(request: site.Request) -> site.Response:
        return site.Response(status=301, headers={"Location": URL})

    net.site("feeds.example", around)
    async with net.fetcher() as web:
        with pytest.raises(FetchFailed) as failed:
            await web.get(URL)
    assert failed.value.reason == "redirects"
    assert len(net.asked) == 6


@pytest.mark.parametrize("status", [304, 404, 410, 429, 500, 503])
async def test_a_status_is_an_answer_and_its_body_is_not_read(net: Internet, status: int) -> None:
    net.page("feeds.example", b"" if status == 304 else b"no gzip at all", status, Retry_After="7")
    async with net.fetcher() as web:
        got = await web.get(URL)
    assert (got.status, got.body, got.header("Retry-After")) == (status, b"", "7")


async def test_a_long_page_can_be_cut(net: Internet) -> None:
    net.page("feeds.example", gzip.compress(bytes(3_000_000)), Content_Encoding="gzip")
    async with net.fetcher() as web:
        assert len((await web.get(URL, most=100_000, cut=True)).body) == 100_000
        with pytest.raises(FetchFailed):
            await web.get(URL, most=100_000)


async def test_whatever_goes_wrong_has_a_word(net: Internet) -> None:
    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        await writer.drain()

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    await net.raw("nonsense.example", nonsense)
    await net.raw("gone.example", hang_up)
    net.page("plain.example", "hi")
    reasons = {
        "http://nobody.example/": "name",
        "http://nonsense.example/": "broken",
        "http://gone.example/": "broken",
        "https://plain.example/": "tls",
    }
    async with net.fetcher() as web:
        for url, reason in reasons.items():
            with pytest.raises(FetchFailed) as failed:
                await web.get(url)
            assert failed.value.reason == reason, url


async def test_a_closed_port_has_a_word_too() -> None:
    async def nowhere(host: str, port: int) -> list[tuple[str, int]]:
        return [("127.0.0.1", 1)]

    async with Fetcher(allowed=lambda _: True, resolve=nowhere) as web:
        with pytest.raises(FetchFailed) as failed:
            await web.get(URL)
    assert failed.value.reason == "connect"


async def test_two_at_once_to_a_host_and_twenty_in_all(net: Internet) -> None:
    under_way: dict[str, int] = {}
    most: dict[str, int] = {}
    go = asyncio.Event()

    async def count_up(request: site.Request) -> site.Response:
        for name in (request.host, "all"):
            under_way[name] = under_way.get(name, 0) + 1
            most[name] = max(most.get(name, 0), under_way[name])
        await go.wait()
        for name in (request.host, "all"):
            under_way[name] -= 1
        return site.Response(text="hi")

    hosts = [f"host{n}.example" for n in range(15)]
    for host in hosts:
        net.site(host, count_up)
    async with net.fetcher() as web:
        fetching = [asyncio.create_task(web.get(f"http://{host}/{n}")) for host in hosts for n in range(4)]
        while under_way.get("all", 0) < 20:  # noqa: ASYNC110 (the server's side gives no event)
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        go.set()
        await asyncio.gather(*fetching)
    assert most.pop("all") == 20
    assert max(most.values()) == 2


async def test_a_private_address_is_refused_in_one_word(net: Internet) -> None:
    async with Fetcher() as web:
        with pytest.raises(FetchRefused) as refused:
            await web.get("http://[::1]/")
    assert refused.value.reason == "private"
