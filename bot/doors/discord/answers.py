"""An Answer on the screen, within Discord's three seconds.

    interaction ─▶ host.answer ─┬─ within a second ─▶ the answer is the response
                                └─ later ─▶ "thinking…", then the answer takes its place
    token gone (15 minutes, a late gateway) ─▶ the answer goes to the person's place as a message of its own

An input box can only be a direct response to a press, so a question puts a button under the last message; its press is answered by
the box without asking the house, and what is written there comes in as text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import discord
import structlog

from bot.chat import Answer, Host, Incoming, Message, MessageRef
from bot.doors.discord.components import ASK
from bot.doors.discord.errors import as_delivery_error, is_too_late
from bot.doors.discord.incoming import interaction_data, is_hidden
from bot.doors.discord.pieces import Piece, pieces
from bot.doors.discord.places import at_channel, at_person
from bot.doors.discord.speaker import Speaker

log = structlog.get_logger("doors.discord")

ACKNOWLEDGE_WITHIN = 1.0
"""Seconds after which Discord is told to wait; it gives us three."""
BOX_LABEL_LIMIT, BOX_LIMIT = 45, 4000
"""Characters of a box's title and label, and of what fits in (Discord's documentation, "Modal", "Text Input")."""
DONE = "✓"
"""What is said where the house says nothing: a command must be answered."""

Native = discord.Interaction[Any]


def opens_box(interaction: Native) -> bool:
    """Whether a press asks for the input box."""
    return (
        interaction.type is discord.InteractionType.component and interaction_data(interaction).get("custom_id") == ASK
    )


async def open_box(interaction: Native) -> None:
    """Open the box whose prompt is the pressed button's label."""
    label = _label_of_pressed(interaction)[:BOX_LABEL_LIMIT]
    box = discord.ui.Modal(title=label, custom_id=ASK, timeout=None)
    box.add_item(discord.ui.TextInput(label=label, style=discord.TextStyle.paragraph, max_length=BOX_LIMIT))
    box.stop()  # what is written comes in as an interaction; nothing of the box is kept
    try:
        await interaction.response.send_modal(box)
    except discord.HTTPException as error:
        log.info("discord.box_lost", interaction=interaction.id, reason=str(error))


class Answers:
    """Brings the host's answers to the screens of those who pressed or typed a command."""

    def __init__(self, host: Host, speaker: Speaker) -> None:
        self._host = host
        self._speaker = speaker

    async def to_interaction(
        self, interaction: Native, incoming: Incoming, hearing: asyncio.Task[Answer | None]
    ) -> None:
        """Answer a command, a press or a box, in time."""
        await asyncio.wait([hearing], timeout=ACKNOWLEDGE_WITHIN)
        hidden = is_hidden(interaction, incoming)
        if not hearing.done():
            await self._ask_for_time(interaction, hidden)
        answer = await hearing
        if answer is None:
            return
        turn = partial(self._host.reply_turn, incoming.address)
        try:
            sent = await _Response(interaction, hidden, turn).show(answer)
        except discord.HTTPException as error:
            if not is_too_late(error):
                raise as_delivery_error(error) from error
            log.info("discord.too_late", key=incoming.key, reason=str(error))
            sent = await self.as_messages(incoming, answer)
        await self._host.rendered(incoming, sent)

    async def to_message(self, incoming: Incoming, answer: Answer) -> None:
        """Answer words that somebody wrote to us."""
        await self._host.rendered(incoming, await self.as_messages(incoming, answer))

    async def as_messages(self, incoming: Incoming, answer: Answer) -> tuple[MessageRef, ...]:
        """The answer as messages of its own at the person's place."""
        sent = []
        if answer.edit and incoming.on:
            await self._host.reply_turn(incoming.address)
            sent.append(await self._speaker.edit(incoming.on, answer.edit))
        for number, message in enumerate(answer.say):
            await self._host.reply_turn(incoming.address)
            nonce = f"r{incoming.key.rpartition(':')[2]}.{number}"[:25]
            ask = answer.ask.prompt if answer.ask and number == len(answer.say) - 1 else None
            sent.append(await self._speaker.send(incoming.address, message, nonce=nonce, ask=ask))
        return tuple(sent)

    async def _ask_for_time(self, interaction: Native, hidden: bool) -> None:
        """Tell Discord that the answer will come."""
        try:
            if interaction.type is discord.InteractionType.component:
                await interaction.response.defer()
            else:
                await interaction.response.defer(ephemeral=hidden, thinking=True)
        except discord.HTTPException as error:  # too late already: the answer goes as a message
            log.info("discord.not_deferred", interaction=interaction.id, reason=str(error))


class _Response:
    """The responses to one interaction, in their order. What was deferred is filled in first."""

    def __init__(self, interaction: Native, hidden: bool, turn: Callable[[], Awaitable[None]]) -> None:
        self._interaction = interaction
        self._hidden = hidden
        self._turn = turn
        self._pressed = interaction.type is discord.InteractionType.component
        self._thinking = interaction.response.type is discord.InteractionResponseType.deferred_channel_message

    async def show(self, answer: Answer) -> tuple[MessageRef, ...]:
        """Edit, words, passing word; the references of what can be edited later, which nothing is that only one person sees."""
        sent: list[MessageRef | None] = []
        if answer.edit is not None:
            sent.append(await self._edit(answer.edit))
        elif self._pressed and not self._interaction.response.is_done():
            await self._interaction.response.defer()
        for number, message in enumerate(answer.say):
            last = number == len(answer.say) - 1
            sent.append(await self._say(message, answer.ask.prompt if answer.ask and last else None))
        if answer.toast:
            await self._put(Piece(answer.toast), hidden=True)
        if not self._interaction.response.is_done() or self._thinking:
            await self._put(Piece(DONE), hidden=True)
        return tuple(ref for ref in sent if ref)

    async def _edit(self, message: Message) -> MessageRef | None:
        """Replace the pressed message; what does not fit into it follows."""
        await self._turn()
        main, *others = sorted(pieces(message), key=lambda piece: not piece.main)
        if self._interaction.response.is_done():
            await self._interaction.edit_original_response(**main.to_edit())
        else:
            await self._interaction.response.edit_message(**main.to_edit())
        for piece in others:
            await self._put(piece, self._hidden)
        on = self._interaction.message
        return _ref(self._interaction, on.id) if on and not on.flags.ephemeral else None

    async def _say(self, message: Message, ask: str | None) -> MessageRef | None:
        await self._turn()
        main = None
        for piece in pieces(message, ask=ask):
            number = await self._put(piece, self._hidden)
            if piece.main:
                main = number
        return main

    async def _put(self, piece: Piece, hidden: bool) -> MessageRef | None:
        """One message: as the response, in the place of “thinking…”, or after it."""
        given = piece.to_send()
        if not self._interaction.response.is_done():
            answered = await self._interaction.response.send_message(ephemeral=hidden, **given)
            number = answered.message_id
        elif self._thinking:
            self._thinking = False
            number = (await self._interaction.edit_original_response(**piece.to_edit())).id
        else:
            number = (await self._interaction.followup.send(ephemeral=hidden, wait=True, **given)).id
        return _ref(self._interaction, number) if number and not hidden else None


def _ref(interaction: Native, number: int) -> MessageRef:
    place = at_person(interaction.user.id) if interaction.guild_id is None else at_channel(interaction.channel_id or 0)
    return MessageRef(place, str(number))


def _label_of_pressed(interaction: Native) -> str:
    """The words on the button that was pressed."""
    for row in interaction.message.components if interaction.message else ():
        for child in getattr(row, "children", ()):
            if getattr(child, "custom_id", None) == ASK and child.label:
                return str(child.label)
    return "…"
