"""DiscordDoor: opens, takes interactions and direct messages in and lets messages out, closes.

gateway ─▶ client ─▶ understand ─▶ hearing ─▶ answers ─▶ host.rendered
                                        │
              delivery ─▶ send, edit ─▶ speaker ─▶ Discord's REST interface
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import aiohttp
import discord
import structlog

from bot.chat import Address, Answer, Incoming, Message, MessageRef
from bot.contract import Host, Menus
from bot.doors.discord.answers import Answers, open_box, opens_box
from bot.doors.discord.client import Client, keep_connected
from bot.doors.discord.commands import set_commands
from bot.doors.discord.completing import complete
from bot.doors.discord.errors import as_delivery_error
from bot.doors.discord.hearing import PATIENCE, Hearing
from bot.doors.discord.incoming import of_interaction, of_message
from bot.doors.discord.places import PLATFORM, Places
from bot.doors.discord.speaker import Speaker
from bot.ending import end
from bot.errors import DeliveryError, NotSent, Unauthorized

log = structlog.get_logger("doors.discord")

OPENING = 10.0
"""Seconds that opening waits for Discord; a platform that is away must not keep the others waiting."""
GOODBYE = 2.0
"""Seconds that saying goodbye may take. The library may not hear of the end while it connects; then it is told once more."""
ASKED_WITHIN = 5.0
"""Seconds for the question whether the token is known."""
LAST_ANSWERS, LAST_WORDS, GIVEN_UP = 4.0, 1.0, 1.0
"""Seconds that stopping gives to what was taken in, to the word that it did not count, and to the giving up of what takes longer."""

Got = TypeVar("Got")


class DiscordDoor:
    """A bot.contract.Door to Discord.

    One connection serves every shard; when it cannot be had, sends raise NotSent and the connection is tried again and again.
    """

    platform = PLATFORM
    listens_alone = True
    honours_nonce = True

    def __init__(self, token: str, *, opening: float = OPENING, patience: float = PATIENCE) -> None:
        """`opening` and `patience` are how many seconds are waited for Discord at the start, and for the database by whoever acts."""
        self._token = token
        self._opening, self._patience = opening, patience
        self._listening = False
        self._failure: Exception | None = None
        self._connection: asyncio.Task[None] | None = None
        self._speaker: Speaker | None = None
        self._busy: set[asyncio.Task[Any]] = set()

    @property
    def trouble(self) -> str | None:
        """Whether the gateway is away while we should hear it."""
        reached = self._speaker is not None and self._speaker.reached.is_set() and not self._client.away
        return None if reached or not self._listening else "no connection to the gateway"

    def per_minute(self, to: Address) -> int | None:
        """The library keeps Discord's own counts."""
        return None

    async def refusal(self) -> str | None:
        """Whether Discord knows our token, if it answers within a moment."""
        asking = discord.Client(intents=discord.Intents.none())
        try:
            async with asyncio.timeout(ASKED_WITHIN):
                await asking.login(self._token)
        except discord.LoginFailure as error:
            return as_delivery_error(error).reason
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError):
            return None
        finally:
            await asking.close()
        return None

    async def open(self, host: Host, menus: Menus, *, listen: bool = True) -> None:
        """Reach Discord, set the commands if they changed, begin to listen. Raises Unauthorized if the token is not known.

        Where Discord cannot be reached within a few seconds, this returns all the same and goes on trying. Without `listen` nothing
        is connected yet: another process has the gateway.
        """
        self._host, self._menus = host, menus
        self._hearing = Hearing(host, self._patience)
        self._before_others = {command.name for command in menus.slash if command.in_groups}
        self._opened = asyncio.Event()
        self._failure = None
        if listen:
            await self._begin_to_listen()
            if self._failure:
                raise as_delivery_error(self._failure) from None

    async def listen(self) -> None:
        """Connect, or hear again what comes over a connection that is there. A refused token is told to the house."""
        await self._begin_to_listen()
        if self._failure:
            await self._tell_refusal(self._failure)

    async def _begin_to_listen(self) -> None:
        self._listening = True
        if self._connection and not self._connection.done():
            return
        self._connection = asyncio.create_task(keep_connected(self._connect, self._token, self._fail, self._opened.set))
        with suppress(TimeoutError):
            async with asyncio.timeout(self._opening):
                await self._opened.wait()
        if self.trouble and not self._failure:
            log.warning("discord.not_reached_yet")
        log.info("discord.listening")

    async def send(self, to: Address, message: Message, *, nonce: str, plainly: bool = False) -> MessageRef:
        """Put one message there. Raises a DeliveryError. The same `nonce` within some minutes brings no second copy."""
        return await self._out().send(to, message, nonce=nonce, plainly=plainly)

    async def edit(self, ref: MessageRef, message: Message, *, plainly: bool = False, anew: bool = True) -> MessageRef:
        """Replace a message. Where it is gone, say it `anew`, or nothing. Raises a DeliveryError."""
        return await self._out().edit(ref, message, plainly=plainly, anew=anew)

    async def knock(self) -> None:
        """Ask Discord for anything at all: its gateway may be away while messages go out. Raises a DeliveryError."""
        await self._out().knock()

    async def stop_listening(self) -> None:
        """Take nothing new in; what was taken is answered. The connection stays, for what is on its way out."""
        self._listening = False
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_ANSWERS):
                await self.at_rest()

    async def at_rest(self) -> None:
        """Return when everything that was taken in is answered."""
        while self._busy:
            await asyncio.wait(set(self._busy))

    async def close(self) -> None:
        """Finish and disconnect."""
        if self._listening:
            await self.stop_listening()
        await self._give_up()
        if self._connection:
            if self._failure:  # nobody wants us: it closes by itself
                await asyncio.wait([self._connection], timeout=GOODBYE)
            await end(self._connection, again=GOODBYE)
            self._connection = None
        if self._speaker:
            log.info("discord.closed")
        self._speaker = None

    async def _give_up(self) -> None:
        """Whoever waits for the database hears that it did not count; what goes on after that is cut off."""
        if self._connection:  # also what comes until that has ended waits no longer
            self._hearing.end()
        if self._busy:
            await asyncio.wait(set(self._busy), timeout=LAST_WORDS)
            await end(*self._busy, within=GIVEN_UP)

    # ------------------------------------------------------------------------------------------------- the connection

    def _connect(self) -> Client:
        """A client of its own for each connection; discord.py's cannot be used twice."""
        client = Client(self._pressed, self._written, self._reached, self._opened.set)
        self._client = client
        self._places = Places(client)
        self._speaker = Speaker(self._places, self._host)
        self._answers = Answers(self._host, self._speaker)
        return client

    async def _reached(self) -> None:
        self._out().reached.set()
        self._me = self._client.application_id or 0
        await set_commands(self._client, self._host, self._menus)

    def _fail(self, error: Exception) -> None:
        """Discord will not have us: the opening raises it, and a running house is told."""
        self._failure = error
        if self._opened.is_set():
            self._begin(self._tell_refusal(error))
        self._opened.set()

    async def _tell_refusal(self, error: Exception) -> None:
        meant = as_delivery_error(error)
        name = "discord.unauthorized" if isinstance(meant, Unauthorized) else "discord.refused"
        await self._host.alert(name, reason=meant.reason)

    def _out(self) -> Speaker:
        if self._speaker is None:
            raise NotSent("the door is not open")
        return self._speaker

    # ------------------------------------------------------------------------------------------------ what people do

    async def _pressed(self, interaction: discord.Interaction[Any]) -> None:
        """Who does not lead leaves it to others; where the database is away nobody leads, and Discord knows whether somebody answers."""
        stands_in = not self._listening
        if interaction.type is discord.InteractionType.autocomplete:
            if not stands_in:
                await complete(interaction, self._host)
        elif opens_box(interaction):
            await self._begin(self._open_box(interaction, stands_in=stands_in))
        elif incoming := of_interaction(interaction, self._me, self._before_others, self._host.now()):
            if interaction.guild_id is None and interaction.channel_id:
                self._places.keep(interaction.user.id, interaction.channel_id)
            await self._finish(incoming, self._to_interaction(interaction, incoming, stands_in=stands_in))

    async def _open_box(self, interaction: discord.Interaction[Any], *, stands_in: bool) -> None:
        if not stands_in or await self._hearing.is_left_to_us():
            await open_box(interaction)

    async def _written(self, message: discord.Message) -> None:
        if incoming := of_message(message, self._me, self._host.now()):
            await self._finish(incoming, self._to_message(message, incoming, stands_in=not self._listening))

    async def _to_interaction(
        self, interaction: discord.Interaction[Any], incoming: Incoming, *, stands_in: bool
    ) -> None:
        if not stands_in:
            await self._answers.to_interaction(interaction, incoming, self._hear(incoming))
        elif await self._hearing.is_left_to_us():
            await self._answers.instead_of_others(interaction, incoming, partial(self._hear, incoming))

    def _hear(self, incoming: Incoming) -> asyncio.Task[Answer | None]:
        """Ask the house; we see to it that it ends when we do."""
        return self._begin(self._hearing.hear(incoming))

    async def _to_message(self, message: discord.Message, incoming: Incoming, *, stands_in: bool) -> None:
        """Answer words; who stands in does so where nobody leads, and of words their key alone tells whether somebody answered."""
        if stands_in and not await self._hearing.is_left_to_us():
            return
        self._places.keep(message.author.id, message.channel.id)
        if answer := await self._hearing.hear(incoming):
            await self._answers.to_message(incoming, answer)

    async def _finish(self, incoming: Incoming, answering: Awaitable[None]) -> None:
        """See an answer through. One that cannot reach its screen is told in the log; its effects are committed."""
        task = self._begin(self._tell_failures(incoming, answering))
        await asyncio.wait([task])

    async def _tell_failures(self, incoming: Incoming, answering: Awaitable[None]) -> None:
        try:
            await answering
        except asyncio.CancelledError:
            log.error("discord.reply_lost", key=incoming.key, reason="we stop")
            raise
        except DeliveryError as error:
            log.error("discord.reply_lost", key=incoming.key, reason=error.reason)
        except Exception:
            log.exception("discord.update_failed", key=incoming.key)

    def _begin(self, work: Awaitable[Got]) -> asyncio.Task[Got]:
        task = asyncio.ensure_future(work)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        return task
