"""What we change about python-telegram-bot: honest errors, no token in any text, updates that fail one by one.

The library keeps only the description of a refusal and cannot tell a web page from an answer of the Bot API: a proxy's
403 would read as "blocked by the user". So the request raises what the library lacks, with the status.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Literal, cast

import httpx
import orjson
from telegram import TelegramObject, Update
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot
from telegram.request import BaseRequest, HTTPXRequest, RequestData

from bot.doors.telegram.places import Places
from bot.doors.telegram.render import Words
from bot.doors.telegram.wire import Wire

# Opt in to time spans in RetryAfter; the library warns at every 429 otherwise (its 22.2 release notes).
os.environ.setdefault("PTB_TIMEDELTA", "1")

Http = Literal["aiohttp", "httpx"]
CONNECT, READ = 10.0, 20.0
"""Seconds for a connection to open, and for an answer to come."""
CONNECTIONS = 310
"""Open connections at once: the bulk senders, replies to 32 people, and room for answers that come late."""
FREE_CONNECTION_WITHIN = 10.0
"""Seconds to wait for one of them; after that a call was certainly not sent."""
PAUSE_WITHOUT_A_FIGURE = 5
"""Seconds to be silent after a 429 that names none, as a restarting server gives it."""
LONGEST_PAUSE = 86_400
"""Seconds that a 429 is believed at most: after a day it is asked again, and says so again."""
NO_PREVIEW = {"is_disabled": True}
KNOWN_REFUSALS = (400, 401, 403, 404, 409, 429)
"""The error codes that the library tells apart by itself."""


def _by_aiohttp(connections: int, free_within: float) -> BaseRequest:
    return Wire(connections=connections, free_within=free_within, connect_within=CONNECT, read_within=READ)


class Httpx(BaseRequest):
    """The library's own way, with a pool for each connection: one that keeps several looks at all of them twice a call."""

    def __init__(self, connections: int, free_within: float) -> None:
        certificates = httpx.create_ssl_context()  # to read them takes as long as many calls
        self._pools = [
            HTTPXRequest(
                connection_pool_size=1,
                connect_timeout=CONNECT,
                read_timeout=READ,
                write_timeout=15,
                media_write_timeout=30,
                httpx_kwargs={"verify": certificates},
            )
            for _ in range(connections)
        ]
        self._free = list(self._pools)
        self._places = Places(connections, free_within)

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take."""
        return READ

    async def initialize(self) -> None:
        """Be ready; nothing is connected yet."""
        for pool in self._pools:
            await pool.initialize()

    async def shutdown(self) -> None:
        """Close every connection."""
        for pool in self._pools:
            await pool.shutdown()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """One call, on the connection that was busy last. Raises what the library raises."""
        await self._places.take()
        pool = self._free.pop()
        try:
            return await pool.do_request(*args, **kwargs)
        finally:
            self._free.append(pool)
            self._places.leave()


POOLS: dict[Http, Callable[[int, float], BaseRequest]] = {"aiohttp": _by_aiohttp, "httpx": Httpx}
"""Ways to the Bot API: ours, and the library's own."""


class ServerFailed(NetworkError):
    """The server answered that it is broken: a 5xx."""


class StrangerAnswered(ServerFailed):
    """Something in front of the server answered, with a page that is none of its answers."""


class Said:
    """What a call without files says, in the shape of the library's RequestData, whose own objects are slow to make."""

    __slots__ = ("parameters",)
    contains_files = False
    multipart_data: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, parameters: dict[str, Any]) -> None:
        self.parameters = parameters

    @property
    def json_parameters(self) -> dict[str, str]:
        """Each as it stands in a form."""
        return {name: value if isinstance(value, str) else json.dumps(value) for name, value in self.parameters.items()}


class Request(BaseRequest):
    """One pool of connections to the Bot API, whatever library keeps it. Whatever a server sends back is freed of the token."""

    __slots__ = ("_pool", "_token", "when_flooded")

    def __init__(self, token: str, pool: BaseRequest) -> None:
        self._token = token
        self._pool = pool
        self.when_flooded: Callable[[str, float], None] = _nobody_waits

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take."""
        return self._pool.read_timeout

    async def initialize(self) -> None:
        """Be ready to call."""
        await self._pool.initialize()

    async def shutdown(self) -> None:
        """Close every connection."""
        await self._pool.shutdown()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What an answer says; the library's own reading is slower, and forgives more."""
        try:
            return cast(dict[str, Any], orjson.loads(payload))
        except orjson.JSONDecodeError:
            return BaseRequest.parse_json_payload(payload)

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Raise what the library would blur: 5xx and foreign pages, a 429 without a figure, rare 4xx."""
        try:
            code, payload = await self._pool.do_request(*args, **kwargs)
        except TelegramError as error:
            error.message = redact(error.message, self._token)
            raise
        payload = payload.replace(self._token.encode(), b"<token>")
        if 200 <= code <= 299:
            return code, payload
        description = _description(payload)
        if description is None:
            raise StrangerAnswered(f"{code}: a page that is no answer of the Bot API")
        if code >= 500:
            raise ServerFailed(f"{code}: {description}")
        if code == 429:
            wait = _wait_in(payload)
            self.when_flooded(_method_of(kwargs["url"]), wait)
            raise RetryAfter(timedelta(seconds=wait))  # what the library reads of it may be nothing that it could read
        if code not in KNOWN_REFUSALS:
            raise BadRequest(description)
        return code, payload


def _description(payload: bytes) -> str | None:
    """What the Bot API says about its refusal; None for anything that is not in its shape."""
    try:
        answer = json.loads(payload)
    except ValueError:
        return None
    if not isinstance(answer, dict) or answer.get("ok") is not False:
        return None
    return str(answer.get("description", "no description"))


def _wait_in(payload: bytes) -> float:
    """The seconds that a 429 asks for, within reason; a few where it names none, or what is no number of seconds."""
    parameters = json.loads(payload).get("parameters")
    asked = parameters.get("retry_after") if isinstance(parameters, dict) else None
    try:
        wait = float(asked or 0)
    except (TypeError, ValueError, OverflowError):
        wait = 0.0
    # "not a number" is not more than 0 either
    return min(wait, LONGEST_PAUSE) if wait > 0 else PAUSE_WITHOUT_A_FIGURE


def _method_of(url: str) -> str:
    """What was asked; of a file nothing but that it is one, as its place may tell more."""
    return "getFile" if "/file/bot" in url else url.rpartition("/")[2]


def _nobody_waits(_: str, __: float) -> None:
    """Nobody speaks through it yet."""


class TelegramBot(ExtBot[None]):
    """The library's bot, which hands out updates as they came and does not show its token."""

    def __init__(
        self, token: str, api_url: str, connections: int, free_connection_within: float, http: Http = "aiohttp"
    ) -> None:
        base = api_url.rstrip("/")
        open_pool = POOLS[http]
        super().__init__(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=Request(token, open_pool(connections, free_connection_within)),
            get_updates_request=Request(token, open_pool(2, free_connection_within)),
        )

    async def fetch(self, *, offset: int | None, limit: int, wait: int, kinds: list[str]) -> list[dict[str, Any]]:
        """`getUpdates` as JSON: read one by one later, so that one the library cannot read does not hide the others."""
        asked = {"offset": offset, "limit": limit, "timeout": wait, "allowed_updates": kinds}
        updates: list[dict[str, Any]] = await self._post("getUpdates", asked, read_timeout=wait + 10)
        return updates

    def post_text(self, words: Words, **given: Any) -> Awaitable[int]:
        """`sendMessage`, of whose answer only the number is read: the library would make an object of all of it, for each dose.

        What is asked goes as it is, for the same reason; what is None is not said at all. How long the answer may take, whoever calls
        says: a time-out for each part of it would be set anew with each. All is put together before anything is awaited.
        """
        asked = {
            "text": words.text,
            "entities": words.marks or None,
            "link_preview_options": NO_PREVIEW,
            **given,
        }
        said = Said({name: _bare(value) for name, value in asked.items() if value is not None})
        return self._post_said(cast(RequestData, said))

    async def _post_said(self, said: RequestData) -> int:
        sent = await self.request.post(f"{self.base_url}/sendMessage", said, read_timeout=None)
        number: int = cast(dict[str, Any], sent)["message_id"]
        return number

    def read(self, update: dict[str, Any]) -> Update:
        """One fetched update as the library's object. Raises anything if it is malformed."""
        return Update.de_json(update, self)

    def tell_floods(self, tell: Callable[[str, float], None]) -> None:
        """Have somebody told, whatever is asked, when the server wants silence: the method, and for how many seconds.

        Of `getUpdates` whoever polls tells.
        """
        cast(Request, self.request).when_flooded = tell

    def __repr__(self) -> str:
        return "TelegramBot[token=…]"


def _bare(value: Any) -> Any:
    """What a call says of something, without the library's object around it."""
    return value.to_dict() if isinstance(value, TelegramObject) else value


def redact(text: str, token: str) -> str:
    """The text without the token."""
    return text.replace(token, "<token>")


def silence_libraries() -> None:
    """No address in the log: httpx writes each at INFO, the library its own at DEBUG, and the token is in both."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
