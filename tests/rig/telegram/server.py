"""The Bot API server: HTTP in front of the world, with a log, limits and scripted faults.

    async with TelegramServer() as telegram:
        ana = telegram.person(7, "Ana", "pt-br")
        bot = Bot(telegram.token, base_url=telegram.base_url)
        ana.says("/start")

It answers as the real server does, and where that one is lenient it is strict. A suite ends with
`telegram.check()`, which fails on every call that was refused or altered without the test having announced
it.
"""

import asyncio
import inspect
import json
import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Self, TextIO
from urllib.parse import unquote

from aiohttp import web

from .clock import TimeSource
from .control import Control
from .faults import DropBefore, Effect, Faults, Flood, Garbage, HtmlPage, Refuse, Slow, Trickle
from .fields import read_fields
from .html import JSON
from .limits import Limits, Throttle
from .log import Call
from .methods import METHODS, Method
from .refusal import Refused, too_many_requests
from .webhook import Webhook
from .wire import chat_id, hang_up, make_request, read_body, respond, respond_garbage, respond_page, trickle
from .world import World

TOKEN = "4711000001:AArig-token-of-the-local-server-000"
OUR_FAULT = {400, 404, 413}


class Dropped(NamedTuple):
    """Something that the real server leaves out of a call without a word."""

    call: Call
    what: str


class TelegramServer(World):
    """A Bot API server on this machine; an asynchronous context manager. See `World` for the other arguments.

    `limits` switches the flood limits on. `log` holds every call in order of arrival; `unexpected` the
    refused ones that no test announced; `dropped` what the real server would have left out silently.
    `log_file` gets each call as a line of JSON when it was answered.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: Limits | None = None,
        log_file: TextIO | None = None,
        clock: TimeSource | None = None,
        username: str = "trilha_bot",
        welcomes_strangers: bool = False,
        reads_all_group_messages: bool = False,
        quick: bool = True,
    ) -> None:
        super().__init__(
            token,
            clock=clock,
            username=username,
            welcomes_strangers=welcomes_strangers,
            reads_all_group_messages=reads_all_group_messages,
            quick=quick,
        )
        self.host, self.port = host, port
        self.faults = Faults()
        self.webhook = Webhook(self.updates, self.clock, self.bell, pace=0.01 if quick else 1.0)
        self.log: list[Call] = []
        self.unexpected: list[Call] = []
        self.dropped: list[Dropped] = []
        self.limit(limits)
        self._expected: list[str] = []
        self._flooded_until = -math.inf
        self._log_file = log_file
        self._prefix = f"/bot{token}/"
        self._control = Control(self)
        self._runner: web.ServerRunner | None = None

    # how a test uses it

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; after a `stop`, on the same port and with everything as it was."""
        server = web.Server(self._serve, request_factory=make_request, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close every connection and the port: an outage, or the end of a test."""
        self.updates.let_go()
        await self.webhook.delete()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    @property
    def url(self) -> str:
        """What `BOT_TELEGRAM_API_URL` names."""
        return f"http://{self.host}:{self.port}"

    @property
    def base_url(self) -> str:
        """What python-telegram-bot calls `base_url`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

    def limit(self, limits: Limits | None) -> None:
        """Switch the flood limits on, or off with None. The count starts afresh."""
        self._throttle = Throttle(limits) if limits else None

    def expects(self, part: str) -> None:
        """Announce refusals whose description holds these words, so that `check` lets them pass."""
        self._expected.append(part)

    def calls(self, method: str | None = None, chat_id: int | None = None) -> list[Call]:
        """The calls of one method, of one chat, or both."""
        return [c for c in self.log if method in (None, c.method) and chat_id in (None, c.chat_id)]

    async def calls_reach(self, count: int, method: str = "sendMessage", within: float = 5.0) -> list[Call]:
        """Wait until that many calls of the method took effect or were refused. Raises `AssertionError`."""

        def answered() -> list[Call] | None:
            done = [call for call in self.log if call.method == method and (call.delivered or call.answer)]
            return done if len(done) >= count else None

        done = await self.bell.until(answered, within)
        if done is None:
            raise AssertionError(f"fewer than {count} calls of {method} within {within:g} s: {len(self.calls(method))}")
        return done

    def check(self) -> None:
        """Raise `AssertionError` if a call was refused or altered without having been announced."""
        faults = [f"{call.method} {call.params}: {call.error}" for call in self.unexpected]
        faults += [f"{call.method} {call.params}: Telegram drops {what}" for call, what in self.dropped]
        if faults:
            raise AssertionError("the bot made calls that Telegram does not like:\n  " + "\n  ".join(faults))

    # how it serves

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.raw_path
        if path.startswith(self._prefix):
            return await self._serve_call(request, path[len(self._prefix) :].partition("?")[0])
        path = unquote(path.partition("?")[0])
        if path.startswith("/_control/"):
            return await self._control.serve(request, path.removeprefix("/_control/"))
        if path.startswith(f"/file{self._prefix}"):
            return self._serve_file(path.removeprefix(f"/file{self._prefix}"))
        if path.startswith(self._prefix):
            return await self._serve_call(request, path.removeprefix(self._prefix))
        is_token = re.match(r"(?:/file)?/bot[1-9]\d*:[A-Za-z0-9_-]+/", path)
        return respond(Refused(401, "Unauthorized").as_json() if is_token else Refused(404, "Not Found").as_json())

    async def _serve_call(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        at = self.clock.monotonic()
        method = METHODS.get(name.lower())
        if self.faults and self.faults.drops_unread(name):
            self.log.append(Call(at, method.name if method else name, None, {}))
            return hang_up(request, rudely=True)
        try:
            given = await read_body(request)
        except ConnectionError:  # the bot died while it wrote; the real server never saw that call either
            return web.Response()
        call = Call(at, method.name if method else name, chat_id(given.get("chat_id")), dict(given))
        self.log.append(call)
        self.bell.ring()
        effect = self.faults.next(call.method, call.chat_id) if self.faults else None
        response = await self._meet(effect, request, call, method, given)
        if self._log_file:
            self._log_file.write(json.dumps(call.as_json(), default=str) + "\n")
        self.bell.ring()
        return response

    async def _meet(
        self,
        effect: Effect | None,
        request: web.BaseRequest,
        call: Call,
        method: Method | None,
        given: Mapping[str, Any],
    ) -> web.StreamResponse:
        """Perform the call and answer it, or do what the script says instead."""
        match effect:
            case None:
                call.answer = await self._perform(call, method, given)
                return respond(call.answer)
            case Flood() | Refuse():
                call.answer = self._scripted(effect, call.at)
                return respond(call.answer)
            case DropBefore():
                return hang_up(request, rudely=True)
            case HtmlPage(after=False):
                return respond_page(effect.status)
            case Garbage(after=False):
                return respond_garbage()
        answer = await self._perform(call, method, given)
        self.bell.ring()
        return await self._spoil(effect, request, call, answer)

    async def _spoil(self, effect: Effect, request: web.BaseRequest, call: Call, answer: JSON) -> web.StreamResponse:
        """The faults that come after the call took effect."""
        match effect:
            case HtmlPage():
                return respond_page(effect.status)
            case Garbage():
                return respond_garbage()
            case Slow():
                await asyncio.sleep(effect.seconds)
                call.answer = answer
                return respond(answer)
            case Trickle():
                return await trickle(request, answer, effect.bytes_per_second)
            case _:
                return hang_up(request, rudely=False)

    async def _perform(self, call: Call, method: Method | None, given: Mapping[str, Any]) -> JSON:
        """Check the call and let it take effect; the answer in the Bot API's shape."""
        lost: list[str] = []
        try:
            if method is None:
                raise Refused(404, "Not Found: method not found")
            call.params = read_fields(method.fields, method.required, given, lost)
            if method.sends:
                self._admit(call)
            result = method.answer(self, call.params, lost)
            if inspect.isawaitable(result):
                result = await result
        except Refused as refused:
            call.answer = refused.as_json()
            self._note_refusal(call, refused)
            return call.answer
        call.delivered = True
        self.dropped.extend(Dropped(call, what) for what in lost)
        return {"ok": True, "result": result}

    def _admit(self, call: Call) -> None:
        if call.at < self._flooded_until:
            raise too_many_requests(math.ceil(self._flooded_until - call.at))
        if self._throttle and isinstance(call.chat_id, int):
            paid = call.params.get("allow_paid_broadcast", False)
            self._throttle.admit(call.chat_id, call.at, paid=paid)

    def _scripted(self, effect: Flood | Refuse, now: float) -> JSON:
        if isinstance(effect, Refuse):
            return Refused(effect.code, effect.description, effect.parameters).as_json()
        if effect.hold:
            self._flooded_until = now + effect.retry_after
        return too_many_requests(effect.retry_after).as_json()

    def _note_refusal(self, call: Call, refused: Refused) -> None:
        announced = refused.announced or any(part in refused.description for part in self._expected)
        if refused.code in OUR_FAULT and not announced:
            self.unexpected.append(call)

    def _serve_file(self, path: str) -> web.Response:
        file = self.files.at_path(path)
        if file is None:
            return respond(Refused(404, "Not Found").as_json())
        return web.Response(body=file.data, content_type="application/octet-stream")
