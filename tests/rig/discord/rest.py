"""Discord's REST interface, the part of it that the bot calls. What breaks a documented limit gets a 400, as there."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.rig.bell import Bell
from tests.rig.discord.faults import Answer, Drop, Effect, Fault, Slow, refused
from tests.rig.discord.world import (
    APPLICATION,
    BOT,
    EPHEMERAL,
    Channel,
    Interaction,
    Posted,
    World,
    change,
    snowflake,
    user_json,
)

PREFIX = "/api/v10"
Files = list[tuple[str, bytes, str]]
DEFERRED = (5, 6)
SEND, OPEN_PRIVATE_THREADS, SEND_IN_THREADS = 1 << 11, 1 << 36, 1 << 38
"""Discord's permissions by their bits."""
OPEN = ("/interactions", "/webhooks", "/gateway", "/attachments/")
"""What needs no token in its header: it stands in the path, or comes later."""


class Rest:
    """The handlers and the faults before them; `calls` remembers (method, path, status) of all that came."""

    def __init__(self, world: World, bell: Bell, token: str) -> None:
        self.world = world
        self.bell = bell
        self.token = token
        self.gateway_url = ""
        self.faults: list[Fault] = []
        self.calls: list[tuple[str, str, int]] = []
        self.broken: list[str] = []
        """Sentences about calls that broke a documented rule."""
        self.files: dict[str, bytes] = {}
        """What people attached, by number."""

    def keep_file(self, name: str, content: bytes) -> dict[str, Any]:
        """An attachment as Discord tells of it; its address is that of the content network, which is here as well."""
        number = str(snowflake())
        self.files[number] = content
        host = self.gateway_url.removeprefix("ws://").partition("/")[0]
        url = f"http://{host}/attachments/{number}/{name}"
        return {"id": number, "filename": name, "size": len(content), "url": url, "proxy_url": url}

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._guard], client_max_size=30_000_000)
        add = app.router.add_route
        add("GET", f"{PREFIX}/users/@me", self._me)
        add("GET", f"{PREFIX}/oauth2/applications/@me", self._application)
        add("GET", f"{PREFIX}/gateway/bot", self._gateway)
        add("GET", f"{PREFIX}/gateway", self._gateway)
        add("PUT", PREFIX + "/applications/{app}/commands", self._set_commands)
        add("POST", f"{PREFIX}/users/@me/channels", self._open_direct)
        add("POST", PREFIX + "/channels/{channel}/messages", self._send)
        add("PATCH", PREFIX + "/channels/{channel}/messages/{message}", self._edit)
        add("POST", PREFIX + "/channels/{channel}/threads", self._open_thread)
        add("PUT", PREFIX + "/channels/{channel}/thread-members/{user}", self._join_thread)
        add("GET", PREFIX + "/channels/{channel}/thread-members/{user}", self._thread_member)
        add("GET", PREFIX + "/guilds/{guild}/members/{user}", self._member)
        add("POST", PREFIX + "/interactions/{id}/{token}/callback", self._respond)
        add("POST", PREFIX + "/webhooks/{app}/{token}", self._follow_up)
        add("PATCH", PREFIX + "/webhooks/{app}/{token}/messages/@original", self._edit_original)
        add("GET", "/attachments/{number}/{name}", self._file)
        return app

    async def _file(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["number"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        path = request.path.removeprefix(PREFIX)
        fault = self._fault_for(request.method, path)
        if isinstance(fault, Drop) and not fault.after:
            return self._drop(request)
        answer: web.StreamResponse
        if isinstance(fault, Answer):
            answer = _answered(fault)
        elif not path.startswith(OPEN) and not self._is_known(request):
            answer = _answered(Answer(401, {"code": 0, "message": "401: Unauthorized"}))
        else:
            try:
                answer = await handler(request)
            except Refused as refusal:
                answer = _answered(refusal.answer)
        self.calls.append((request.method, path, answer.status))
        self.bell.ring()
        if isinstance(fault, Slow):
            await asyncio.sleep(fault.seconds)
        return self._drop(request) if isinstance(fault, Drop) else answer

    def _is_known(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bot {self.token}"

    def _fault_for(self, method: str, path: str) -> Effect | None:
        for fault in self.faults:
            if fault.times > 0 and fault.method == method and path.startswith(fault.path):
                fault.times -= 1
                return fault.effect
        return None

    def _drop(self, request: web.Request) -> web.StreamResponse:
        if request.transport:
            request.transport.abort()
        self.bell.ring()
        return web.Response()

    # ---------------------------------------------------------------------------------------------------- who we are

    async def _me(self, _: web.Request) -> web.Response:
        return as_json(user_json(BOT, "trilha", bot=True))

    async def _application(self, _: web.Request) -> web.Response:
        return as_json(
            {
                "id": str(APPLICATION),
                "name": "Trilha",
                "icon": None,
                "description": "",
                "rpc_origins": [],
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "owner": user_json(BOT, "trilha", bot=True),
                "flags": 0,
                "team": None,
                "summary": "",
            }
        )

    async def _gateway(self, _: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return as_json({"url": self.gateway_url, "shards": 1, "session_start_limit": limit})

    async def _set_commands(self, request: web.Request) -> web.Response:
        self.world.commands = await request.json()
        self.world.commands_set += 1
        for command in self.world.commands:
            for name in (command["name"], *(command.get("name_localizations") or {}).values()):
                self._check(name == name.lower() and 1 <= len(name) <= 32, f"command name {name!r}")
            for words in (command["description"], *(command.get("description_localizations") or {}).values()):
                self._check(1 <= len(words) <= 100, f"description {words!r}")
        self._check(len(self.world.commands) <= 100, "more than a hundred commands")
        return as_json([])

    # ------------------------------------------------------------------------------------------------------ channels

    async def _open_direct(self, request: web.Request) -> web.Response:
        person = int((await request.json())["recipient_id"])
        self.world.direct_opened += 1
        return as_json(self.world.direct(person).as_json())

    async def _send(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        if channel.person in self.world.closed:
            raise Refused(refused(50007, "Cannot send messages to this user"))
        self._check_permission(channel, SEND_IN_THREADS if channel.parent else SEND)
        channel.archived = False
        payload, files = await _body(request)
        self._check_message(payload)
        return as_json(self.world.post(channel, payload, files).as_json())

    async def _edit(self, request: web.Request) -> web.Response:
        self._channel(request)
        posted = self.world.message(int(request.match_info["message"]))
        if posted is None:
            raise Refused(refused(10008, "Unknown Message", 404))
        if posted.channel.archived:
            raise Refused(refused(50083, "Thread is archived", 400))
        payload, files = await _body(request)
        self._check_message(payload, edits=True)
        change(posted, payload, files)
        return as_json(posted.as_json())

    async def _open_thread(self, request: web.Request) -> web.Response:
        payload = await request.json()
        self._check_permission(self._channel(request), OPEN_PRIVATE_THREADS)
        return as_json(self.world.thread(self._channel(request), payload["name"]).as_json(), status=201)

    async def _join_thread(self, request: web.Request) -> web.Response:
        self._channel(request).members.add(int(request.match_info["user"]))
        return web.Response(status=204)

    async def _member(self, request: web.Request) -> web.Response:
        server = self.world.servers[int(request.match_info["guild"])]
        person = int(request.match_info["user"])
        if person not in server.members:
            raise Refused(refused(10007, "Unknown Member", 404))
        return as_json(member_json(person, f"user{person}"))

    async def _thread_member(self, request: web.Request) -> web.Response:
        person = int(request.match_info["user"])
        channel = self._channel(request)
        if person not in channel.members:
            raise Refused(refused(10007, "Unknown Member", 404))
        joined = {
            "id": str(channel.id),
            "user_id": str(person),
            "join_timestamp": "2026-03-06T12:00:00+00:00",
            "flags": 0,
        }
        return as_json(joined)

    def _check_permission(self, channel: Channel, needed: int) -> None:
        server = self.world.servers.get(channel.server or 0)
        if server and not server.permissions & needed:
            raise Refused(refused(50013, "Missing Permissions"))

    def _channel(self, request: web.Request) -> Channel:
        channel = self.world.channels.get(int(request.match_info["channel"]))
        if channel is None:
            raise Refused(refused(10003, "Unknown Channel", 404))
        return channel

    # -------------------------------------------------------------------------------------------------- interactions

    async def _respond(self, request: web.Request) -> web.Response:
        found = self._interaction(request, 10062, "Unknown interaction")
        if found.callback is not None:
            raise Refused(refused(40060, "Interaction has already been acknowledged.", 400))
        body, files = await _body(request)
        data = body.get("data") or {}
        found.answered_after = time.monotonic() - found.at
        found.callback = body
        if body["type"] == 4:
            self._check_message(data)
            found.original = self._say(found, data, files)
        elif body["type"] == 7 and found.on:
            self._check_message(data, edits=True)
            change(found.on, data, files)
            found.original = found.on
        elif body["type"] == 6:
            found.original = found.on
        elif body["type"] == 9:
            self._check(len(data["title"]) <= 45, f"box title {data['title']!r}")
        resource = {"type": body["type"], "message": found.original.as_json()} if found.original else None
        return as_json(
            {
                "interaction": {
                    "id": str(found.id),
                    "type": found.kind,
                    "response_message_id": str(found.original.id) if found.original else None,
                    "response_message_loading": body["type"] in DEFERRED,
                    "response_message_ephemeral": bool((data.get("flags") or 0) & EPHEMERAL),
                },
                **({"resource": resource} if resource else {}),
            }
        )

    async def _follow_up(self, request: web.Request) -> web.Response:
        found = self._interaction(request, 50027, "Invalid Webhook Token")
        payload, files = await _body(request)
        self._check_message(payload)
        return as_json(self._say(found, payload, files).as_json())

    async def _edit_original(self, request: web.Request) -> web.Response:
        found = self._interaction(request, 50027, "Invalid Webhook Token")
        payload, files = await _body(request)
        if found.original is None:  # "thinking…" takes its words
            flags = ((found.callback or {}).get("data") or {}).get("flags") or 0
            found.original = self._say(found, payload | {"flags": flags}, files)
        else:
            self._check_message(payload, edits=True)
            change(found.original, payload, files)
        return as_json(found.original.as_json())

    def _interaction(self, request: web.Request, code: int, message: str) -> Interaction:
        found = self.world.interactions.get(request.match_info["token"])
        if found is None or found.expired:
            raise Refused(refused(code, message, 404 if code == 10062 else 401))
        return found

    def _say(self, found: Interaction, payload: dict[str, Any], files: Files) -> Posted:
        hidden = bool((payload.get("flags") or 0) & EPHEMERAL)
        posted = self.world.post(found.channel, payload, files, found.person if hidden else None)
        found.said.append(posted)
        return posted

    # --------------------------------------------------------------------------------------------------------- rules

    def _check_message(self, payload: dict[str, Any], *, edits: bool = False) -> None:
        """The documented limits of a message, and that it pings nobody."""
        content = payload.get("content") or ""
        self._check(len(content) <= 2000, f"{len(content)} characters")
        self._check("allowed_mentions" in payload and not payload["allowed_mentions"].get("parse"), "it may ping")
        self._check(edits or bool(payload.get("flags", 0) & 4), "its links unfold")
        self._check(len(payload.get("components") or []) <= 5, "more than five rows")
        for row in payload.get("components") or []:
            self._check(len(row["components"]) <= 5, "more than five buttons in a row")
            for button in row["components"]:
                self._check(len(button.get("url") or "") <= 512, f"address {button.get('url')!r}")
                self._check(1 <= len(button.get("label") or "") <= 80, f"label {button.get('label')!r}")
                self._check(len(button.get("custom_id") or "") <= 100, f"custom_id {button.get('custom_id')!r}")
        named = [
            child["custom_id"]
            for row in payload.get("components") or []
            for child in row["components"]
            if "custom_id" in child
        ]
        self._check(len(named) == len(set(named)), f"the same custom_id twice: {named}")
        self._check(len(str(payload.get("nonce") or "")) <= 25, f"nonce {payload.get('nonce')!r}")

    def _check(self, holds: bool, sentence: str) -> None:
        if not holds:
            self.broken.append(sentence)
            raise Refused(refused(50035, f"Invalid Form Body: {sentence}", 400))


def as_json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON under the content type that Discord uses, which discord.py compares to the letter."""
    return web.Response(
        body=json.dumps(body).encode(), status=status, headers={**(headers or {}), "Content-Type": "application/json"}
    )


class Refused(Exception):
    """A call that Discord refuses."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer))
        self.answer = answer


def member_json(person: int, name: str) -> dict[str, Any]:
    return {
        "user": user_json(person, name),
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "permissions": "0",
    }


def _answered(answer: Answer) -> web.Response:
    if isinstance(answer.body, str):
        headers = {name: value for name, value in answer.headers.items() if name != "Content-Type"}
        return web.Response(status=answer.status, text=answer.body, content_type="text/html", headers=headers)
    return as_json(answer.body, status=answer.status, headers=answer.headers)


async def _body(request: web.Request) -> tuple[dict[str, Any], Files]:
    """JSON, or a form of JSON and files with the words for those who cannot see them."""
    if not request.content_type.startswith("multipart/"):
        return await request.json(), []
    form = await request.post()
    payload: dict[str, Any] = json.loads(str(form["payload_json"]))
    named = (payload.get("data") or payload).get("attachments") or []
    words = {str(one["id"]): one.get("description") or "" for one in named}
    files: Files = []
    for name, part in form.items():
        if isinstance(part, web.FileField):
            files.append((part.filename, part.file.read(), words.get(name.strip("files[]"), "")))
    return payload, files
