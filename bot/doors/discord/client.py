"""The connection to Discord: discord.py's client with the least it needs, kept up whatever happens.

No privileged intents: servers (to know where a private thread may be opened) and direct messages (whose words Discord gives to whom they
are written) are enough.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
import discord.shard
import structlog

from bot.doors.discord.shards import Shard
from bot.hostnames import HostNames, Resolver

log = structlog.get_logger("doors.discord")

LONGEST_LIMIT = 30.0
"""Seconds that the library itself may wait for a rate limit (its smallest value); a longer one is ours to keep."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
NAMES_AT_ONCE = 8
"""There are a few: the API's and the gateways'."""
NEEDED = discord.Permissions(
    view_channel=True, send_messages=True, attach_files=True, create_private_threads=True, send_messages_in_threads=True
)
"""What we need in a server: to post cards and pictures, and a thread for who takes no direct messages."""
REFUSED = (4004, 4010, 4011, 4012, 4013, 4014)
"""Codes with which the gateway closes for good (Discord's documentation, "Gateway Close Event Codes")."""


discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # we never speak
discord.shard.Shard = Shard  # type: ignore[misc, assignment]  # the library makes its own by this name
for _name in ("discord.client", "discord.shard", "discord.gateway"):
    # a cut is everyday life and told below in one line; the library writes a page for each try to mend it
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class Client(discord.AutoShardedClient):
    """Hands every interaction and every direct message on.

    `reached` is called when the token was accepted, `listening` when the gateway lets events through. `away` holds the shards whose
    connection is cut just now.
    """

    def __init__(
        self,
        pressed: Callable[[discord.Interaction[Any]], Awaitable[None]],
        written: Callable[[discord.Message], Awaitable[None]],
        reached: Callable[[], Awaitable[None]],
        listening: Callable[[], None],
    ) -> None:
        super().__init__(
            connector=aiohttp.TCPConnector(limit=0, resolver=Resolver(HostNames(NAMES_AT_ONCE).look_up)),
            intents=discord.Intents(guilds=True, dm_messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=LONGEST_LIMIT,
        )
        self.away: set[int] = set()
        self._pressed, self._written, self._reached, self._listening = pressed, written, reached, listening

    async def setup_hook(self) -> None:
        """Logged in; the gateway comes next."""
        await self._reached()

    async def on_connect(self) -> None:
        """A shard is connected; what happens from now on is heard."""
        invite = discord.utils.oauth_url(self.application_id or 0, permissions=NEEDED)
        log.info("discord.connected", servers=len(self.guilds), invite=invite)
        self._listening()

    async def on_shard_connect(self, shard: int) -> None:
        """A shard has a new session."""
        self.away.discard(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """A cut is mended, and what happened meanwhile was served."""
        self.away.discard(shard)
        log.info("discord.resumed", shard=shard)

    async def on_shard_disconnect(self, shard: int) -> None:
        """The gateway is away; the library connects again by itself, and tells of each try."""
        if shard not in self.away:
            log.warning("discord.cut", shard=shard)
        self.away.add(shard)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Somebody used a command, pressed a button or filled in a box."""
        await self._pressed(interaction)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Somebody changed what they had written to us, or a preview of a link was added to it."""
        if event.message.edited_at is not None:
            await self._written(event.message)

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote to us."""
        await self._written(message)


async def keep_connected(
    make: Callable[[], Client], token: str, failed: Callable[[Exception], None], away: Callable[[], None]
) -> None:
    """Log in and stay connected until cancelled; what cannot be mended by waiting goes to `failed`, every other end is told by `away`.

    The library resumes a lost session by itself; only what it gives up is begun anew here, with growing pauses.
    """
    pause = FIRST_PAUSE
    while True:
        client = make()
        try:
            await client.start(token)
        except (discord.LoginFailure, discord.PrivilegedIntentsRequired) as error:
            return failed(error)
        except discord.ConnectionClosed as error:
            if error.code in REFUSED:
                return failed(error)
            log.warning("discord.closed", code=error.code)
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("discord.unreachable", reason=str(error) or repr(error), again_in=pause)
        except Exception:  # a fault in the library or an answer nobody expects: it must not end the door
            log.exception("discord.failed")
        finally:
            was_ready = client.is_ready()
            await client.close()
        away()
        await asyncio.sleep(FIRST_PAUSE if was_ready else pause)
        pause = FIRST_PAUSE if was_ready else min(pause * 2, LONGEST_PAUSE)
