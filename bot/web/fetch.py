"""Fetches one address of the web: politely, within limits, from public addresses only.

    async with Fetcher(contact="mailto:ana@example.org") as web:
        got = await web.get(url, etag=before.etag, modified=before.modified)

A validator goes back as it came, to the byte. The limits hold for a server that wants to hurt us as well: 20 s in all however
slowly it drips, 5 MB after unpacking, 64 kB of headers, five redirects, two at once to a host, no cookies and no proxy from the
environment.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import ip_address
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from bot.errors import FetchFailed, FetchRefused
from bot.hostnames import HostNames, Resolve
from bot.web.addresses import is_public
from bot.web.decode import CODINGS, PIECE, Unpacker
from bot.web.gate import Allowed, Closed, Gate
from bot.web.turns import Turns

MOST = 5_000_000
"""Bytes of a body, unpacked."""
HEADERS = 64 * 1024
HEADER_LINES = 128
PATIENCE = 20.0
"""Seconds for an address with all its redirects, waiting for a turn not counted."""
CONNECT = 10.0
AT_ONCE = 20
"""Addresses that are fetched at the same time."""
NAMES_AT_ONCE = 2 * AT_ONCE
"""Names that are looked up at the same time: the system may go on asking for one after we gave it up."""
REDIRECTS = 5
PORTS = frozenset({80, 443})
LONGEST = 4096
"""Characters of an address."""
REDIRECTING = frozenset({301, 302, 303, 307, 308})
ANY = "*/*"

_OVERFULL = re.compile(r"[Mm]ore than|[Tt]oo many")  # the library has one class for all that is wrong with a head


@dataclass(frozen=True, slots=True)
class Got:
    """What came back, whatever its status. Only a success has a body; header names are in lower case.

    `url` is where it came from in the end, `moved` each redirect on the way: its status and where it led. `etag` and `modified`
    are what to send the next time, exactly as they stood there.
    """

    status: int
    url: str
    moved: tuple[tuple[int, str], ...] = ()
    headers: Mapping[str, str] | None = None
    body: bytes = b""
    etag: str | None = None
    modified: str | None = None

    def header(self, name: str) -> str:
        """The value of a header, empty where there is none."""
        return (self.headers or {}).get(name.lower(), "")


class Fetcher:
    """One client for everything we fetch. `allowed` and `resolve` are arguments so that a test can be its own Internet."""

    def __init__(
        self,
        *,
        contact: str | None = None,
        allowed: Allowed = is_public,
        resolve: Resolve | None = None,
        patience: float = PATIENCE,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._gate = Gate(allowed, resolve or HostNames(NAMES_AT_ONCE).look_up)
        self._agent = f"Trilha/{version('trilha')} (+{contact})" if contact else f"Trilha/{version('trilha')}"
        self._patience = patience
        self._clock = clock
        self._client: aiohttp.ClientSession | None = None
        self._turns = Turns(in_all=AT_ONCE, each=2)

    async def __aenter__(self) -> Self:
        self.open()
        return self

    def open(self) -> None:
        """Be ready to fetch."""
        self._client = self._client or aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0,  # the turns are the limit
                use_dns_cache=False,
                resolver=self._gate,
                socket_factory=self._gate.open_socket,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._agent, "Accept-Encoding": ", ".join(_offered())},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT),
            auto_decompress=False,
            trust_env=False,
            max_headers=HEADER_LINES,
        )

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Let every connection go."""
        if self._client:
            await self._client.close()
            self._client = None

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        modified: str | None = None,
        most: int = MOST,
        cut: bool = False,
        accept: str = ANY,
    ) -> Got:
        """Fetch an address, through its redirects. With `cut` a longer body ends at `most` bytes instead of failing.

        Raises FetchRefused for where we do not go, FetchFailed for what did not come.
        """
        headers = {"Accept": accept, **_conditions(etag, modified)}
        here, moved, left = _checked(url), list[tuple[int, str]](), self._patience
        while True:
            async with self._turns.turn(here.raw_host or ""):
                began = self._time()
                got = await self._visit(here, headers, left, most, cut)
                left -= self._time() - began
            if got.status not in REDIRECTING or not got.header("location"):
                return Got(got.status, str(here), tuple(moved), got.headers, got.body, got.etag, got.modified)
            if len(moved) == REDIRECTS:
                raise FetchFailed("redirects", f"more than {REDIRECTS}")
            here = _checked(got.header("location"), here)
            moved.append((got.status, str(here)))

    async def _visit(self, here: URL, headers: Mapping[str, str], left: float, most: int, cut: bool) -> Got:
        """One hop. Whatever goes wrong becomes one of our errors."""
        if self._client is None:
            raise RuntimeError("the fetcher is not open")
        try:
            async with (
                asyncio.timeout(left),
                self._client.get(here, headers=headers, allow_redirects=False) as response,
            ):
                if sum(len(name) + len(value) + 4 for name, value in response.raw_headers) > HEADERS:
                    raise FetchFailed("headers", f"over {HEADERS} bytes")
                body = await _read(response, most, cut) if 200 <= response.status < 300 else b""
                return Got(
                    status=response.status,
                    url=str(here),
                    headers={name.lower(): ", ".join(response.headers.getall(name)) for name in response.headers},
                    body=body,
                    etag=_sendable(response.headers.get("ETag")),
                    modified=_sendable(response.headers.get("Last-Modified")),
                )
        except TimeoutError:
            raise FetchFailed("time", f"over {self._patience:g} s") from None
        except aiohttp.InvalidURL:
            raise FetchRefused("address") from None
        except aiohttp.ClientError as error:
            raise _explained(error) from None
        except ValueError as error:  # a name or a header that the library itself will not send
            raise FetchRefused("address", type(error).__name__) from None

    def _time(self) -> float:
        return self._clock() if self._clock else asyncio.get_running_loop().time()


async def _read(response: aiohttp.ClientResponse, most: int, cut: bool) -> bytes:
    """The body, unpacked as it arrives."""
    unpacker = Unpacker(response.headers.get("Content-Encoding", ""), max(most, MOST) if cut else most)
    body = bytearray()
    async for arrived in response.content.iter_chunked(PIECE):
        for piece in unpacker.unpack(arrived):
            body += piece
            if cut and len(body) >= most:
                return bytes(body[:most])
    unpacker.check_finished()
    return bytes(body)


def why_refused(url: str) -> str | None:
    """Why we would never go to an address, as far as it tells by itself; None where we would try."""
    try:
        host = _checked(url).raw_host or ""
        ip_address(host)
    except FetchRefused as error:
        return error.reason
    except ValueError:  # a name; where it leads is seen when we go
        return None
    return None if is_public(host) else "private"


def _checked(url: str, base: URL | None = None) -> URL:
    """The address taken apart, if it is one we would go to. Raises FetchRefused."""
    text = url.strip()
    if len(text) > LONGEST or "\\" in text or not text.isprintable() or " " in text:
        raise FetchRefused("address")
    try:
        parsed = base.join(URL(text)) if base else URL(text)
        scheme, host, port, user = parsed.scheme, parsed.raw_host, parsed.port, parsed.raw_user or parsed.raw_password
    except ValueError:
        raise FetchRefused("address") from None
    if scheme not in ("http", "https"):
        raise FetchRefused("scheme", scheme[:20])
    if not host:
        raise FetchRefused("address")
    if user:
        raise FetchRefused("user")
    if port not in PORTS:
        raise FetchRefused("port", str(port))
    return parsed.with_fragment(None)


def _conditions(etag: str | None, modified: str | None) -> dict[str, str]:
    conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in conditions.items() if value}


def _sendable(validator: str | None) -> str | None:
    """A validator that can go back byte for byte; what cannot be is none."""
    if not validator or not validator.isprintable():  # this also finds bytes that were no UTF-8
        return None
    return validator


def _explained(error: aiohttp.ClientError) -> FetchFailed | FetchRefused:
    """What the library's error means to us."""
    if isinstance(error, aiohttp.ClientConnectorError) and isinstance(error.os_error, Closed):
        return FetchRefused("private", str(error.os_error))
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchFailed("name", str(error.os_error))
    if isinstance(error, aiohttp.ClientSSLError):
        return FetchFailed("tls", type(error).__name__)
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchFailed("connect", str(error.os_error))
    if isinstance(error, aiohttp.ClientPayloadError):
        return FetchFailed("cut_off", str(error)[:80])
    if isinstance(error, aiohttp.ClientResponseError):
        return FetchFailed("headers" if _OVERFULL.search(error.message) else "broken", error.message[:80])
    return FetchFailed("broken", type(error).__name__)


def _offered() -> tuple[str, ...]:
    return tuple(name for name in CODINGS if not name.startswith("x-"))
