"""python-telegram-bot's calls over aiohttp instead of httpx: the same questions for a fraction of the processor (docs/benchmarks.md).

Only the way to the server differs. What an answer means is read elsewhere (library.py, errors.py), the same for both ways.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import orjson
from aiohttp.connector import Connection
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.doors.telegram.places import NoFreeConnection, Places
from bot.hostnames import HostNames, Resolver


class NotConnected(aiohttp.ClientError):
    """No connection came of it, such as through a proxy that hangs up; nothing was sent."""


NEVER_LEFT = (
    NoFreeConnection,
    NotConnected,
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
"""What is raised before a byte of the request was written."""
NOT_GIVEN = BaseRequest.DEFAULT_NONE
JSON = "application/json"
NAMES_AT_ONCE = 4
"""There are one or two: the server's and a proxy's."""


class Lines(aiohttp.TCPConnector):
    """Connections; whatever goes wrong before one is there is told apart from what goes wrong on it."""

    async def connect(self, *given: Any, **named: Any) -> Connection:
        """A connection for a request. Raises one of NEVER_LEFT, or as it is cancelled."""
        try:
            return await super().connect(*given, **named)
        except (*NEVER_LEFT, TimeoutError):  # the session says of a time-out that it was one of connecting
            raise
        except (aiohttp.ClientError, OSError) as error:
            raise NotConnected(type(error).__name__) from None  # the words may name the address


class Wire(BaseRequest):
    """A pool of connections to the Bot API. Proxies come from the environment (`HTTPS_PROXY`), as with httpx.

    A connection is reused for fifteen seconds, less than any server keeps it, so that none closes under a message that nobody could
    tell from a lost one. There is no time-out for writing, which would matter for large uploads only: the speaker ends every call.
    """

    def __init__(self, *, connections: int, free_within: float, connect_within: float, read_within: float) -> None:
        self._places = Places(connections, free_within)
        self._names = HostNames(NAMES_AT_ONCE)
        self._connect_within, self._read_within = connect_within, read_within
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take."""
        return self._read_within

    async def initialize(self) -> None:
        """Be ready; nothing is connected yet."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # the places are counted here, for a wait of their own
                connector=Lines(limit=0, resolver=Resolver(self._names.look_up)),
                headers={"User-Agent": self.USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = NOT_GIVEN,
        write_timeout: Any = NOT_GIVEN,
        connect_timeout: Any = NOT_GIVEN,
        pool_timeout: Any = NOT_GIVEN,
    ) -> tuple[int, bytes]:
        """One call; whatever `pool_timeout` says, it waits for a place as all do. Raises NetworkError with its cause, TimedOut for time."""
        if self._session is None:
            raise RuntimeError("the connections are closed")
        within = _limits(_or(connect_timeout, self._connect_within), _or(read_timeout, self._read_within))
        await self._places.take()
        try:
            async with self._session.request(
                method,
                url,
                data=_body(request_data),
                timeout=within,
                allow_redirects=False,
                proxy=self._proxy(url),
            ) as answer:
                return answer.status, await answer.read()
        except aiohttp.ServerTimeoutError as error:
            raise TimedOut(f"{type(error).__name__}: {error}") from error
        except (aiohttp.ClientError, OSError) as error:
            # what breaks off in the middle names the address, and the token is in that; what never left is told by its kind
            cause = error if isinstance(error, NEVER_LEFT) else None
            raise NetworkError(f"{type(error).__name__}: {error}") from cause
        finally:
            self._places.leave()

    def _proxy(self, url: str) -> str | None:
        """The way there that the environment asks for. aiohttp would look for it at each call, in a thread (`trust_env`)."""
        scheme, _, rest = url.partition("://")
        server = rest.partition("/")[0]
        if server not in self._proxies:
            host = urlsplit(f"//{server}").hostname
            proxy = getproxies().get(scheme) if host and not proxy_bypass(host) else None
            self._proxies[server] = f"http://{proxy}" if proxy and "://" not in proxy else proxy
        return self._proxies[server]


def _body(data: RequestData | None) -> aiohttp.BytesPayload | aiohttp.FormData | None:
    """The parameters as JSON; where there are files as a form in parts, as the Bot API wants it ("Making requests").

    File names go as they are: the server knows no other writing of them.
    """
    if data is None:
        return None
    if not data.contains_files:
        return aiohttp.BytesPayload(_json(data.parameters), content_type=JSON)
    form = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for part, (filename, content, kind) in data.multipart_data.items():
        form.add_field(part, content, filename=filename, content_type=kind)
    return form


def _json(values: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(values)
    except TypeError:  # it takes no half of a character and no number past 64 bits
        return json.dumps(values).encode()


@lru_cache
def _limits(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    """`connect` holds for everything before the request: name, socket, proxy, TLS. It is no wait for a place; those are counted here."""
    return aiohttp.ClientTimeout(total=None, connect=connect, sock_read=read)


def _or(given: Any, otherwise: float) -> float | None:
    """What was given, which may be None for no limit; else the other."""
    limit: float | None = otherwise if given is NOT_GIVEN else given
    return limit
