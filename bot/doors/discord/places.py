"""Addresses as Discord's channels, and what becomes of a person who takes no direct messages.

A person alone with us has their user id as the chat, whatever channel Discord opens for that; a channel or thread of a server is
`#` and its own id.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import islice
from typing import Literal

import discord
import structlog

from bot.chat import Address
from bot.errors import Unreachable

log = structlog.get_logger("doors.discord")

PLATFORM = "discord"
SERVERS_LOOKED_AT = 50
"""In how many servers somebody is looked for who takes no direct messages."""
THREADS_LOOKED_AT = 50
"""In how many of our threads."""
LONGEST_OPEN: Literal[10080] = 10_080
"""Minutes without a word after which a thread is archived: a week, the longest there is."""
KEPT = 20_000
"""How many people's channels are remembered; opening one again costs a call and is rationed by Discord."""


def at_channel(channel_id: int) -> Address:
    """A channel or thread of a server."""
    return Address(PLATFORM, f"#{channel_id}")


def at_person(user_id: int) -> Address:
    """Somebody alone with us."""
    return Address(PLATFORM, str(user_id))


class Places:
    """Finds the channel of an address."""

    def __init__(self, client: discord.Client) -> None:
        self.client = client
        self._direct: dict[int, int] = {}
        self._threads: dict[int, int] = {}
        self.forbidding: dict[int, str] = {}
        """Servers in which somebody needed a thread and we may open none, by their names."""

    async def channel(self, address: Address) -> discord.PartialMessageable:
        """Where messages to an address go. Raises Unreachable for one that is none of Discord's, and discord.py's errors."""
        try:
            number = int(address.chat.removeprefix("#"))
        except ValueError:
            raise Unreachable(f"{address.chat!r} is no place on Discord") from None
        if address.chat.startswith("#"):
            return self.client.get_partial_messageable(number)
        if number not in self._direct:
            opened = await self.client.create_dm(discord.Object(number))
            self.keep(number, opened.id)
        return self.client.get_partial_messageable(self._direct[number], type=discord.ChannelType.private)

    def keep(self, user_id: int, channel_id: int) -> None:
        """Remember a person's direct channel."""
        if len(self._direct) >= KEPT:
            self._direct.pop(next(iter(self._direct)))
        self._direct[user_id] = channel_id

    async def thread_for(self, user_id: int, name: str) -> Address | None:
        """The private thread of somebody with closed direct messages, in a server where they and we are; None if there can be none."""
        if number := self._threads.get(user_id) or await self._found_thread(user_id):
            self._threads[user_id] = number
            return at_channel(number)
        async for channel in self._channels_with(user_id):
            try:
                thread = await channel.create_thread(
                    name=name,
                    type=discord.ChannelType.private_thread,
                    invitable=False,
                    auto_archive_duration=LONGEST_OPEN,
                )
                await thread.add_user(discord.Object(user_id))
            except discord.HTTPException as error:
                log.warning("discord.no_thread", server=channel.guild.id, channel=channel.id, reason=str(error))
                continue
            log.info("discord.thread_opened", server=channel.guild.id, thread=thread.id)
            self._threads[user_id] = thread.id
            return at_channel(thread.id)
        return None

    async def _found_thread(self, user_id: int) -> int | None:
        """The thread that an earlier process opened for them."""
        ours = self.client.user.id if self.client.user else 0
        taken = set(self._threads.values())
        threads = (thread for guild in self.client.guilds for thread in guild.threads)
        likely = (one for one in threads if one.owner_id == ours and one.is_private() and one.id not in taken)
        for thread in islice(likely, THREADS_LOOKED_AT):
            with suppress(discord.NotFound):
                await thread.fetch_member(user_id)
                return thread.id
        return None

    def forget_thread(self, address: Address) -> None:
        """Nothing can be said in a thread any more; its person may get another one."""
        self._threads = {user: thread for user, thread in self._threads.items() if at_channel(thread) != address}

    async def _channels_with(self, user_id: int) -> AsyncIterator[discord.TextChannel]:
        """Text channels that the person sees and where we may open private threads, one for each server.

        A server that has none is remembered in `forbidding`, for its owner can mend that.
        """
        for guild in list(self.client.guilds)[:SERVERS_LOOKED_AT]:
            try:
                member = guild.get_member(user_id) or await guild.fetch_member(user_id)
            except discord.HTTPException:
                continue  # not there
            for channel in guild.text_channels:
                ours = channel.permissions_for(guild.me)
                theirs = channel.permissions_for(member)
                if ours.create_private_threads and ours.send_messages_in_threads and theirs.view_channel:
                    yield channel
                    break
            else:
                log.warning("discord.may_open_no_thread", server=guild.id)
                self.forbidding[guild.id] = guild.name
