"""Addresses as Discord's channels, and what becomes of a person who takes no direct messages.

A person alone with us has their user id as the chat, whatever channel Discord opens for that; a channel or thread of a server is
`#` and its own id.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
import structlog

from bot.chat import Address
from bot.errors import Unreachable

log = structlog.get_logger("doors.discord")

PLATFORM = "discord"
SERVERS_LOOKED_AT = 50
"""In how many servers somebody is looked for who takes no direct messages."""
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
        self._client = client
        self._direct: dict[int, int] = {}

    async def channel(self, address: Address) -> discord.PartialMessageable:
        """Where messages to an address go. Raises Unreachable for one that is none of Discord's, and discord.py's errors."""
        try:
            number = int(address.chat.removeprefix("#"))
        except ValueError:
            raise Unreachable(f"{address.chat!r} is no place on Discord") from None
        if address.chat.startswith("#"):
            return self._client.get_partial_messageable(number)
        if number not in self._direct:
            opened = await self._client.create_dm(discord.Object(number))
            self.keep(number, opened.id)
        return self._client.get_partial_messageable(self._direct[number], type=discord.ChannelType.private)

    def keep(self, user_id: int, channel_id: int) -> None:
        """Remember a person's direct channel."""
        if len(self._direct) >= KEPT:
            self._direct.pop(next(iter(self._direct)))
        self._direct[user_id] = channel_id

    async def thread_for(self, user_id: int, name: str) -> Address | None:
        """A private thread for somebody with closed direct messages, in a server where they and we are; None if there is none."""
        async for channel in self._channels_with(user_id):
            try:
                thread = await channel.create_thread(
                    name=name, type=discord.ChannelType.private_thread, invitable=False
                )
                await thread.add_user(discord.Object(user_id))
            except discord.HTTPException as error:
                log.warning("discord.no_thread", server=channel.guild.id, channel=channel.id, reason=str(error))
                continue
            log.info("discord.thread_opened", server=channel.guild.id, thread=thread.id)
            return at_channel(thread.id)
        return None

    async def _channels_with(self, user_id: int) -> AsyncIterator[discord.TextChannel]:
        """Text channels that the person sees and where we may open private threads, one for each server."""
        for guild in list(self._client.guilds)[:SERVERS_LOOKED_AT]:
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
