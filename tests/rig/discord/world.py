"""What exists on this Discord: people, servers, channels, messages, interactions. Ids are snowflakes that count up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

DM, TEXT, PRIVATE_THREAD = 1, 0, 12
EPHEMERAL = 1 << 6
NONCE_LASTS = 120.0
"""Seconds that a nonce is known ("past few minutes", Discord's documentation)."""
BOT, APPLICATION = 7001, 7001
EPOCH = 1_420_070_400_000
_numbers = count(1)


def snowflake() -> int:
    """An id that says it is of now."""
    return ((int(time.time() * 1000) - EPOCH) << 22) | next(_numbers)


@dataclass
class Posted:
    """A message of the bot. `seen_by` is the one person who sees it, where it is ephemeral."""

    id: int
    channel: Channel
    content: str
    components: list[dict[str, Any]]
    files: list[tuple[str, bytes, str]]
    flags: int
    nonce: str | None
    payload: dict[str, Any]
    seen_by: int | None = None
    deleted: bool = False
    edits: int = 0

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The buttons under it, row by row."""
        return [child for row in self.components for child in row["components"]]

    def as_json(self) -> dict[str, Any]:
        return message_json(self.id, self.channel.id, user_json(BOT, "trilha", bot=True), self.content) | {
            "flags": self.flags,
            "components": self.components,
            "nonce": self.nonce,
        }


@dataclass
class Channel:
    """A direct channel (`person`), a text channel of a server, or a private thread in one."""

    id: int
    kind: int
    person: int | None = None
    server: int | None = None
    parent: int | None = None
    name: str = ""
    members: set[int] = field(default_factory=set)
    messages: list[Posted] = field(default_factory=list)
    archived: bool = False

    def is_open_to(self, person: int) -> bool:
        """Whether somebody sees what is said there."""
        return self.person == person if self.kind == DM else self.kind == TEXT or person in self.members

    def as_json(self) -> dict[str, Any]:
        made: dict[str, Any] = {"id": str(self.id), "type": self.kind, "last_message_id": None, "flags": 0}
        if self.person is not None:
            return made | {"recipients": [user_json(self.person, f"user{self.person}")]}
        made |= {"guild_id": str(self.server), "name": self.name, "position": 0, "permission_overwrites": []}
        if self.kind == PRIVATE_THREAD:
            made |= {
                "parent_id": str(self.parent),
                "owner_id": str(BOT),
                "message_count": 0,
                "member_count": len(self.members),
                "thread_metadata": {
                    "archived": self.archived,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": "2026-03-06T12:00:00+00:00",
                    "locked": False,
                },
            }
        return made


@dataclass
class Server:
    """A server the bot is in; `permissions` are those of everybody in it."""

    id: int
    members: set[int] = field(default_factory=set)
    permissions: int = (1 << 10) | (1 << 11) | (1 << 36) | (1 << 38)


@dataclass
class Interaction:
    """A command, press or box that waits for its response, and what the bot answered."""

    id: int
    token: str
    kind: int
    person: int
    channel: Channel
    on: Posted | None
    at: float
    answered_after: float | None = None
    callback: dict[str, Any] | None = None
    original: Posted | None = None
    said: list[Posted] = field(default_factory=list)
    expired: bool = False


class World:
    """Everything there is."""

    def __init__(self) -> None:
        self.channels: dict[int, Channel] = {}
        self.servers: dict[int, Server] = {}
        self.interactions: dict[str, Interaction] = {}
        self.closed: set[int] = set()
        self.commands: list[dict[str, Any]] = []
        self.commands_set = 0
        self.direct_opened = 0
        self.forgotten: list[Posted] = []
        """What came again when its nonce was known no more: nothing could tell that it is a copy."""
        self._nonces: dict[str, tuple[float, Posted]] = {}

    def direct(self, person: int) -> Channel:
        """The direct channel with somebody."""
        for channel in self.channels.values():
            if channel.person == person:
                return channel
        return self._add(Channel(snowflake(), DM, person=person))

    def server(self) -> tuple[Server, Channel]:
        """A new server with one text channel."""
        server = Server(snowflake())
        self.servers[server.id] = server
        return server, self._add(Channel(snowflake(), TEXT, server=server.id, name="general"))

    def thread(self, parent: Channel, name: str) -> Channel:
        """A private thread in a channel."""
        return self._add(
            Channel(snowflake(), PRIVATE_THREAD, server=parent.server, parent=parent.id, name=name, members={BOT})
        )

    def _add(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def post(
        self, channel: Channel, payload: dict[str, Any], files: list[tuple[str, bytes, str]], seen_by: int | None = None
    ) -> Posted:
        """Put a message of the bot into a channel; a known nonce gives the earlier one."""
        nonce = payload.get("nonce")
        known = self._nonces.get(str(nonce)) if payload.get("enforce_nonce") else None
        if known and time.monotonic() - known[0] < NONCE_LASTS:
            return known[1]
        posted = Posted(
            snowflake(),
            channel,
            payload.get("content") or "",
            with_ids(payload.get("components") or []),
            files,
            payload.get("flags") or 0,
            str(nonce) if nonce else None,
            payload,
            seen_by,
        )
        channel.messages.append(posted)
        if known:
            self.forgotten.append(posted)
        if nonce:
            self._nonces[str(nonce)] = (time.monotonic(), posted)
        return posted

    def message(self, number: int) -> Posted | None:
        """A message by its id, wherever it is."""
        return next((one for one in self.every_message() if one.id == number and not one.deleted), None)

    def every_message(self) -> Iterator[Posted]:
        """All messages of the bot, channel by channel."""
        for channel in self.channels.values():
            yield from channel.messages


def change(posted: Posted, payload: dict[str, Any], files: list[tuple[str, bytes, str]]) -> None:
    """Edit a message: what the payload names is replaced."""
    posted.edits += 1
    if "content" in payload:
        posted.content = payload["content"] or ""
    if "components" in payload:
        posted.components = with_ids(payload["components"] or [])
    if "attachments" in payload or files:
        posted.files = files


def with_ids(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Components as Discord gives them back: each with a number."""
    numbers = count(1)
    return [
        row | {"id": next(numbers), "components": [child | {"id": next(numbers)} for child in row["components"]]}
        for row in components
    ]


def message_json(number: int, channel: int, author: dict[str, Any], content: str) -> dict[str, Any]:
    """A message with nothing beside its words."""
    return {
        "id": str(number),
        "channel_id": str(channel),
        "author": author,
        "content": content,
        "timestamp": "2026-03-06T12:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
        "components": [],
    }


def user_json(number: int, name: str, *, bot: bool = False) -> dict[str, Any]:
    return {
        "id": str(number),
        "username": f"user{number}",
        "global_name": None if bot else name,
        "discriminator": "0",
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
    }
