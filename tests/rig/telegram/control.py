"""The control door, `/_control/…`: how a test in another process moves people, reads the log and sets faults.

Bodies and answers are JSON. `process.py` speaks it for tests in Python.

    POST person         {"user_id": 7, "name": "Ana", "language_code": "pt-br", "started": false}
    POST group          {"chat_id": -100, "title": "Room", "members": [7], "kind": "group"}
    POST act            {"person": 7, "does": "says", "with": {"text": "/start"}}
    POST sees           {"person": 7, "chat": null}
    POST sees_something {"person": 7, "text": "Done", "within": 5}
    POST updates        {"kind": "message", "body": {…}, "lane": 7}
    POST log            {"since": 0, "method": null}
    POST times          {"since": 0, "part": "done:"}   when messages with such a button got through
    POST calls_reach    {"count": 100, "method": "sendMessage", "within": 10}
    POST check          {}                     the words of `TelegramServer.check`, or null
    POST expects        {"part": "message is not modified"}
    POST fault          {"effect": "Flood", "retry_after": 3, "method": "sendMessage", "at": 100}
    POST heal           {}                     no more faults
    POST limits         {"per_second": 30} or null
    POST forward        {"seconds": 151}
    POST menu           {"person": 7, "chat": null}
"""

import base64
import inspect
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .faults import read_fault
from .html import JSON
from .limits import Limits
from .messages import Message
from .people import Person, Press

if TYPE_CHECKING:
    from .chats import Chat
    from .server import TelegramServer

ACTIONS = {
    "says",
    "replies_to",
    "edits",
    "forwards",
    "sends_location",
    "sends_file",
    "presses",
    "taps",
    "blocks",
    "unblocks",
    "deletes_account",
}


class Control:
    """Turns control requests into what a test in the same process would call."""

    def __init__(self, server: "TelegramServer") -> None:
        self._server = server
        self._commands: dict[str, Callable[..., Any]] = {
            "person": self._person,
            "group": self._group,
            "act": self._act,
            "sees": self._sees,
            "sees_something": self._sees_something,
            "updates": self._push,
            "log": self._log,
            "times": self._times,
            "calls_reach": self._calls_reach,
            "check": self._check,
            "expects": server.expects,
            "fault": self._fault,
            "heal": lambda: server.faults.clear(),
            "limits": self._limit,
            "forward": server.forward,
            "menu": self._menu,
        }

    async def serve(self, request: web.BaseRequest, command: str) -> web.Response:
        """Carry out a command: 200 with its result, 404 if unknown, 422 with the reason if it failed."""
        if command not in self._commands:
            return web.json_response({"error": f"no command {command}", "commands": [*self._commands]}, status=404)
        try:
            given = json.loads(await request.read() or b"{}") or {}
            done = self._commands[command](**given)
            return web.json_response(await done if inspect.isawaitable(done) else done)
        except (AssertionError, LookupError, TypeError, ValueError, RuntimeError) as problem:
            return web.json_response({"error": f"{type(problem).__name__}: {problem}"}, status=422)

    def _person(self, user_id: int, name: str, language_code: str | None = None, started: bool = False) -> JSON:
        return self._server.person(user_id, name, language_code, started=started).as_json()

    def _group(self, chat_id: int, title: str, members: list[int], kind: str = "group") -> JSON:
        people = [self._server.people[member] for member in members]
        return self._server.group(chat_id, title, people, kind=kind).as_json()

    def _act(self, person: int, does: str, **more: Any) -> JSON | None:
        """`with` holds the arguments of the action; `message` and `chat` are ids there, `data` is base64."""
        if does not in ACTIONS:
            raise ValueError(f"nobody {does}; they can {sorted(ACTIONS)}")
        given = dict(more.get("with") or {})
        who = self._server.people[person]
        chat = self._chat(who, given.get("chat"))
        if given.get("chat") is not None:
            given["chat"] = chat
        if "message" in given:
            given["message"] = chat.messages[given["message"]]
        if does in ("replies_to", "edits"):
            given.pop("chat", None)
        if "data" in given:
            given["data"] = base64.b64decode(given["data"])
        return _describe(getattr(who, does)(**given))

    def _sees(self, person: int, chat: int | None = None) -> list[JSON]:
        who = self._server.people[person]
        return [message.as_json() for message in who.sees(self._chat(who, chat))]

    async def _sees_something(
        self, person: int, text: str | None = None, within: float = 5.0, chat: int | None = None
    ) -> JSON:
        who = self._server.people[person]
        return (await who.sees_something(text, within, self._chat(who, chat))).as_json()

    def _push(self, kind: str, body: JSON, lane: int = 0) -> int | None:
        return self._server.updates.push(kind, body, (kind, lane))

    def _log(self, since: int = 0, method: str | None = None) -> JSON:
        calls = self._server.log[since:]
        wanted = [call.as_json() for call in calls if method in (None, call.method)]
        return {"calls": wanted, "next": since + len(calls)}

    def _times(self, since: int = 0, part: str = "") -> JSON:
        """Only what is over by now: `next` stays at the oldest message that still waits. (Polls wait as a rule.)"""
        calls = self._server.log[since:]
        sends = [(place, call) for place, call in enumerate(calls) if call.method == "sendMessage"]
        waiting = next((place for place, call in sends if not call.delivered and not call.answer), len(calls))
        sent = (call for place, call in sends if place < waiting and call.delivered)
        times = [call.at for call in sent if part in str(call.params.get("reply_markup"))]
        return {"times": times, "next": since + waiting}

    async def _calls_reach(self, **given: Any) -> int:
        return len(await self._server.calls_reach(**given))

    def _check(self) -> str | None:
        try:
            self._server.check()
        except AssertionError as problem:
            return str(problem)
        return None

    def _fault(self, **given: Any) -> None:
        effect, occasions = read_fault(given)
        self._server.faults.add(effect, **occasions)

    def _limit(self, **given: Any) -> None:
        self._server.limit(Limits(**given) if given else None)

    def _menu(self, person: int, chat: int | None = None) -> dict[str, str]:
        who = self._server.people[person]
        return self._server.menu_for(who, self._chat(who, chat))

    def _chat(self, person: Person, chat: int | None) -> "Chat":
        return person.chat if chat is None else self._server.chats[chat]


def _describe(done: Message | Press | None) -> JSON | None:
    if isinstance(done, Press):
        return {"id": done.id, "message_id": done.message.id}
    return done.as_json() if done else None
