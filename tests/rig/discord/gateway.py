"""Discord's gateway: hello, identify or resume, heartbeats, events; it can be cut in every way that it is cut in life."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.rig.bell import Bell
from tests.rig.discord.world import APPLICATION, BOT, Server, World, user_json

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11
HEARTBEAT_MS = 41_250


@dataclass
class Session:
    """What the gateway remembers for a resume: every event so far."""

    id: str
    events: list[dict[str, Any]] = field(default_factory=list)


class Connection:
    """One open websocket, zlib-stream as discord.py asks for it."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._deflate = zlib.compressobj()

    async def send(self, body: dict[str, Any]) -> None:
        packed = self._deflate.compress(json.dumps(body).encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(packed)


class Gateway:
    """Serves one bot. Events while nobody is connected wait for a resume, and are lost to an identify, as in life."""

    def __init__(self, world: World, bell: Bell, token: str) -> None:
        self.world = world
        self.bell = bell
        self.token = token
        self.url = ""
        self.identifies = 0
        self.resumes = 0
        self.acknowledges = True
        self.session: Session | None = None
        self.connection: Connection | None = None
        self._count = 0
        self._read = 0

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket)
        await connection.send({"op": HELLO, "d": {"heartbeat_interval": HEARTBEAT_MS}, "s": None, "t": None})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._take(connection, json.loads(message.data))
        finally:
            if self.connection is connection:
                self.connection = None
            self.bell.ring()
        return socket

    async def dispatch(self, kind: str, data: dict[str, Any]) -> bool:
        """Let something happen; False where no bot is there to hear it at once."""
        if self.session is None:
            return False
        event = {"op": DISPATCH, "t": kind, "s": len(self.session.events) + 1, "d": data}
        self.session.events.append(event)
        if self.connection is None:
            return False
        await self.connection.send(event)
        return True

    async def taken(self) -> None:
        """Return when the bot has read every event so far: it says so in the heartbeat that is asked of it."""
        connection, session = self.connection, self.session
        if connection is None or session is None:
            return
        latest = len(session.events)
        self._read = -1  # a heartbeat of its own, from before, says nothing about the latest
        await connection.send({"op": HEARTBEAT, "d": None, "s": None, "t": None})
        assert await self.bell.until(lambda: self._read >= latest or None, 10), "the bot reads no events"

    async def again(self) -> None:
        """Serve the latest event once more, as a resume may."""
        assert self.session, "nobody was ever connected"
        if self.connection:
            await self.connection.send(self.session.events[-1])

    async def cut(self, how: str) -> None:
        """End the connection: `reset`, `reconnect` (op 7), `invalid` (op 9), or a close code such as `4000`."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        if how == "reset":
            assert connection.socket._req is not None
            transport = connection.socket._req.transport
            if transport:
                transport.abort()
        elif how == "reconnect":
            await connection.send({"op": RECONNECT, "d": None, "s": None, "t": None})
        elif how == "invalid":
            self.session = None
            await connection.send({"op": INVALID, "d": False, "s": None, "t": None})
        else:
            await connection.socket.close(code=int(how))

    async def _take(self, connection: Connection, body: dict[str, Any]) -> None:
        match body["op"]:
            case 1:
                self._read = body["d"] or 0
                self.bell.ring()
                if self.acknowledges:
                    await connection.send({"op": ACK, "d": None, "s": None, "t": None})
            case 2:
                await self._identify(connection, body["d"])
            case 6:
                await self._resume(connection, body["d"])

    async def _identify(self, connection: Connection, data: dict[str, Any]) -> None:
        if data["token"] != self.token:
            await connection.socket.close(code=4004)
            return
        self.identifies += 1
        self._count += 1
        self.session = Session(f"session{self._count}")
        self._read = 0
        self.connection = connection
        await self.dispatch(
            "READY",
            {
                "v": 10,
                "user": user_json(BOT, "trilha", bot=True),
                "guilds": [{"id": str(one.id), "unavailable": True} for one in self.world.servers.values()],
                "session_id": self.session.id,
                "resume_gateway_url": self.url,
                "shard": [0, 1],
                "application": {"id": str(APPLICATION), "flags": 0},
            },
        )
        for server in self.world.servers.values():
            await self.dispatch("GUILD_CREATE", self.server_json(server))
        self.bell.ring()

    async def _resume(self, connection: Connection, data: dict[str, Any]) -> None:
        if self.session is None or data["session_id"] != self.session.id:
            await connection.send({"op": INVALID, "d": False, "s": None, "t": None})
            return
        self.resumes += 1
        self.connection = connection
        missed = [event for event in self.session.events if event["s"] > data["seq"]]
        for event in missed:
            await connection.send(event)
        await self.dispatch("RESUMED", {})
        self.bell.ring()

    def server_json(self, server: Server) -> dict[str, Any]:
        """A server with its channels, as its owner's bot sees it."""
        everyone = {
            "id": str(server.id),
            "name": "@everyone",
            "permissions": str(server.permissions),
            "position": 0,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        channels = [one for one in self.world.channels.values() if one.server == server.id and one.parent is None]
        return {
            "id": str(server.id),
            "name": "Servidor",
            "icon": None,
            "owner_id": "1",
            "roles": [everyone],
            "emojis": [],
            "features": [],
            "channels": [one.as_json() for one in channels],
            "threads": [
                one.as_json() for one in self.world.channels.values() if one.server == server.id and one.parent
            ],
            "members": [
                {
                    "user": user_json(BOT, "trilha", bot=True),
                    "roles": [],
                    "joined_at": "2026-01-01T00:00:00+00:00",
                    "deaf": False,
                    "mute": False,
                    "flags": 0,
                }
            ],
            "member_count": len(server.members) + 1,
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "stickers": [],
            "large": False,
            "unavailable": False,
            "joined_at": "2026-01-01T00:00:00+00:00",
            "afk_timeout": 300,
            "afk_channel_id": None,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_progress_bar_enabled": False,
            "preferred_locale": "en-US",
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "application_id": None,
            "description": None,
            "splash": None,
            "discovery_splash": None,
            "banner": None,
            "vanity_url_code": None,
        }
