"""Messages out: each call once as far as the house is concerned, its end read by the table of errors.py.

discord.py itself waits for short rate limits and repeats after a 5xx. Every send carries a nonce with `enforce_nonce`, so that neither
that nor a second try of ours after a crash brings a copy (Discord's documentation, "Create Message": "past few minutes").
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from hashlib import blake2b
from typing import TypeVar

import discord
import structlog
from discord.http import Route

from bot.chat import Address, Message, MessageRef
from bot.contract import Host, rendering
from bot.doors.discord.components import Box
from bot.doors.discord.errors import BAN, as_delivery_error, is_closed, is_not_editable
from bot.doors.discord.pieces import Piece, pieces
from bot.doors.discord.places import PLATFORM, Places
from bot.errors import DeliveryError, Moved, NotSent, SlowDown, Unreachable

log = structlog.get_logger("doors.discord")

WHOLE_CALL = 45.0
"""Seconds after which a call is given up, whatever the library still waits for."""
THREAD = "Trilha"

Got = TypeVar("Got")


class Speaker:
    """Puts messages on Discord's screens. Raises a DeliveryError where Discord says anything but yes."""

    def __init__(self, places: Places, host: Host) -> None:
        self._places = places
        self._host = host
        self.reached = asyncio.Event()
        """Set once Discord has accepted our token; before that nothing goes out."""

    async def send(
        self, to: Address, message: Message, *, nonce: str, plainly: bool = False, ask: Box | None = None
    ) -> MessageRef:
        """All pieces of one message; the reference is that of the main one, which `edit` can change."""
        main: MessageRef | None = None
        for number, piece in enumerate(pieces(message, ask=ask, plainly=plainly)):
            named = nonce if piece.main else f"{nonce}.{number}"
            if main is not None:
                await self._put_or_warn(to, piece, named)
                continue
            sent = await self._call(to, self._put(to, piece, named))
            main = MessageRef(to, str(sent.id)) if piece.main else None
        assert main is not None, "pieces() makes one main piece"
        return main

    async def knock(self) -> None:
        """Return when Discord answers at all. Raises a DeliveryError."""
        if not self.reached.is_set():
            raise NotSent("Discord is not reached yet")
        try:
            async with asyncio.timeout(WHOLE_CALL):
                await self._places.client.http.request(Route("GET", "/gateway"))
        except Exception as error:
            raise as_delivery_error(error) from error

    async def edit(
        self, ref: MessageRef, message: Message, *, plainly: bool = False, ask: Box | None = None, anew: bool = True
    ) -> MessageRef:
        """Replace a message. Where it is gone, say it `anew`, or nothing: then a picture stays as well."""
        main = next(piece for piece in pieces(message, ask=ask, plainly=plainly) if piece.main)
        try:
            await self._call(ref.address, self._replace(ref, main, whole=anew))
        except DeliveryError as error:
            if not is_not_editable(error.__cause__):
                raise
            if anew:
                return await self.send(ref.address, message, nonce=_anew(ref, main), plainly=plainly, ask=ask)
        return ref

    async def _put_or_warn(self, to: Address, piece: Piece, nonce: str) -> None:
        """What comes after the main piece must not fail the message: it would be sent a second time."""
        try:
            await self._call(to, self._put(to, piece, nonce))
        except DeliveryError as error:
            log.warning("discord.piece_lost", chat=to.chat, reason=error.reason)

    async def _put(self, to: Address, piece: Piece, nonce: str) -> discord.Message:
        with rendering(PLATFORM):
            given = piece.to_send()
        channel = await self._places.channel(to)
        return await channel.send(nonce=nonce, **given)

    async def _replace(self, ref: MessageRef, piece: Piece, *, whole: bool) -> discord.Message:
        with rendering(PLATFORM):
            given = piece.to_edit(whole=whole)
        channel = await self._places.channel(ref.address)
        return await channel.get_partial_message(int(ref.id)).edit(**given)

    async def _call(self, to: Address, call: Awaitable[Got]) -> Got:
        """The answer to one call. Raises a DeliveryError for every other end of it."""
        if not self.reached.is_set():
            asyncio.ensure_future(call).cancel()
            raise NotSent("Discord is not reached yet")
        try:
            async with asyncio.timeout(WHOLE_CALL):
                return await call
        except Exception as error:
            if is_closed(error):
                raise await self._elsewhere(to, str(error)) from error
            meant = as_delivery_error(error)
            if isinstance(meant, Unreachable):
                self._places.forget_thread(to)
            if isinstance(meant, SlowDown):
                await self.be_silent(meant)
            raise meant from error

    async def _elsewhere(self, to: Address, reason: str) -> DeliveryError:
        """They take no direct message: a private thread in a server we share is their place from now on, if there can be one."""
        if to.chat.startswith("#"):
            return Unreachable(reason)
        self._places.forbidding.clear()
        try:
            async with asyncio.timeout(WHOLE_CALL):
                thread = await self._places.thread_for(int(to.chat), THREAD)
        except (TimeoutError, discord.DiscordException) as error:
            return as_delivery_error(error)
        if thread:
            return Moved(reason, thread)
        if self._places.forbidding:
            await self._host.alert("discord.no_thread", server=", ".join(self._places.forbidding.values()))
        return Unreachable(reason)

    async def be_silent(self, error: SlowDown) -> None:
        """Nothing goes to Discord for a while; somebody hears of it where it is more than a short limit."""
        self._host.slow_down("discord", error.retry_after)
        if error.retry_after >= BAN:
            await self._host.alert("discord.shut_out", reason=error.reason)


def _anew(ref: MessageRef, main: Piece) -> str:
    """A nonce for what is said instead of a message that is gone: the same for the same words, another when they changed meanwhile."""
    return f"a{blake2b(f'{ref.id} {main.content}'.encode(), digest_size=8).hexdigest()}"
