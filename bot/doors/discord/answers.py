"""An Answer on the screen, within Discord's three seconds.

    interaction ─▶ host.answer ─┬─ within a second ─▶ the answer is the response
                                └─ later ─▶ "thinking…", then the answer takes its place
    no response any more (a late gateway, fifteen minutes, a lost connection) ─▶ what is left goes as messages of its own

An input box can only be a direct response to a press, so a question puts a button under the last message; its press is answered by
the box without asking the house, and what is written there comes in as text. In a channel, where words are not read, the box opens at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from typing import Any, TypeVar

import aiohttp
import discord
import structlog

from bot.chat import Address, Answer, Incoming, Message, MessageRef, unstyled
from bot.contract import Host
from bot.doors.discord.components import ASK, ASK_HERE, Box
from bot.doors.discord.errors import as_delivery_error, is_answered, is_too_late
from bot.doors.discord.incoming import interaction_data, is_hidden
from bot.doors.discord.pieces import Piece, pieces
from bot.doors.discord.places import at_channel, at_person
from bot.doors.discord.speaker import Speaker
from bot.errors import DeliveryError, Failing, Moved, NotSent, Rejected, SlowDown, Uncertain

log = structlog.get_logger("doors.discord")

ACKNOWLEDGE_WITHIN = 1.0
"""Seconds after which Discord is told to wait; it gives us three."""
BOX_LABEL_LIMIT, BOX_LIMIT = 45, 4000
"""Characters of a box's title and label, and of what fits in (Discord's documentation, "Modal", "Text Input")."""
DONE = "✓"
"""What is said where the house says nothing: a command must be answered."""
TRIES, FIRST_PAUSE = 5, 0.5
"""How often an answer is tried as a message, and the seconds after the first time, twice as many each time."""

Native = discord.Interaction[Any]
Got = TypeVar("Got")
Broken = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)
"""The ends of a response that did not reach the screen, or may not have."""


def opens_box(interaction: Native) -> bool:
    """Whether a press asks for the input box."""
    pressed = interaction.type is discord.InteractionType.component
    return pressed and interaction_data(interaction).get("custom_id") in (ASK, ASK_HERE)


async def open_box(interaction: Native) -> None:
    """Open the box whose prompt is the pressed button's label."""
    here = interaction_data(interaction).get("custom_id") == ASK_HERE
    try:
        await interaction.response.send_modal(_modal(Box(_label_of_pressed(interaction), here)))
    except Broken as error:
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
        response = self._response(interaction, incoming)
        await asyncio.wait([hearing], timeout=ACKNOWLEDGE_WITHIN)
        if not hearing.done():
            await response.ask_for_time()
        await self._show(incoming, response, await hearing)

    async def instead_of_others(
        self, interaction: Native, incoming: Incoming, hear: Callable[[], asyncio.Task[Answer | None]]
    ) -> None:
        """Answer where no other process did: Discord takes one response to each, and another one would have given its own by now."""
        response = self._response(interaction, incoming)
        if await response.ask_for_time():
            await self._show(incoming, response, await hear())

    def _response(self, interaction: Native, incoming: Incoming) -> _Response:
        return _Response(interaction, incoming, partial(self._host.reply_turn, incoming.address))

    async def _show(self, incoming: Incoming, response: _Response, answer: Answer | None) -> None:
        if answer is None:
            return
        try:
            await response.show(answer)
            sent = tuple(response.sent)
        except (*Broken, DeliveryError) as error:
            sent = (*response.sent, *await self._instead(incoming, response, error))
        await self._host.rendered(incoming, sent)

    async def to_message(self, incoming: Incoming, answer: Answer) -> None:
        """Answer words that somebody wrote to us."""
        await self._host.rendered(incoming, await self._as_messages(incoming, answer, incoming.address))

    async def _instead(self, incoming: Incoming, response: _Response, error: Exception) -> tuple[MessageRef, ...]:
        """What a response could not show, as messages; what only one person should see goes to them alone."""
        log.info("discord.not_as_response", key=incoming.key, reason=str(error), late=is_too_late(error))
        meant = as_delivery_error(error)
        if isinstance(meant, SlowDown):
            await self._speaker.be_silent(meant)
        elif isinstance(meant, Rejected) and not is_too_late(error):
            await self._host.alert("discord.reply_rejected", reason=meant.reason)
        to = at_person(int(incoming.sender.id)) if response.hidden else incoming.address
        left = response.left
        if left.toast:  # a passing word has nothing to pass over any more
            left = replace(left, say=(*left.say, Message(unstyled(left.toast))))
        return await self._as_messages(incoming, left, to)

    async def _as_messages(self, incoming: Incoming, answer: Answer, to: Address) -> tuple[MessageRef, ...]:
        """The answer as messages of its own."""
        sent = []
        if answer.edit and incoming.on:
            await self._host.reply_turn(to)
            try:
                ask = None if answer.say else _box(answer, 0, incoming)
                sent.append(await self._speaker.edit(incoming.on, answer.edit, ask=ask))
            except DeliveryError as error:
                log.info("discord.not_edited", key=incoming.key, reason=error.reason)
                answer = replace(answer, edit=None, say=(answer.edit, *answer.say))
        for number, message in enumerate(answer.say):
            ref = await self._bring(to, message, _nonce(incoming, number), _box(answer, number, incoming))
            to = ref.address
            sent.append(ref)
        return tuple(sent)

    async def _bring(self, to: Address, message: Message, nonce: str, ask: Box | None) -> MessageRef:
        """One message, tried again where that may help: the nonce lets it arrive once. Raises a DeliveryError."""
        plainly, pause = False, FIRST_PAUSE
        for _ in range(TRIES):
            await self._host.reply_turn(to)
            try:
                return await self._speaker.send(to, message, nonce=nonce, ask=ask, plainly=plainly)
            except Moved as moved:
                to = moved.address
            except Rejected as error:
                if plainly:
                    raise
                plainly = True
                await self._host.alert("discord.reply_rejected", reason=error.reason)
            except (NotSent, Failing, Uncertain):
                await asyncio.sleep(pause)
                pause *= 2
        raise NotSent("it was tried often enough")


class _Response:
    """The responses to one interaction, in their order. What was deferred is filled in first.

    `sent` names what can be edited later, which nothing is that only one person sees; `left` is what is not on the screen yet.
    """

    def __init__(self, interaction: Native, incoming: Incoming, turn: Callable[[], Awaitable[None]]) -> None:
        self._interaction = interaction
        self._incoming = incoming
        self._turn = turn
        self._kind = interaction.type
        self._answered = self._thinking = False
        self.hidden = is_hidden(interaction, incoming)
        self.sent: list[MessageRef] = []
        self.left = Answer()

    async def ask_for_time(self) -> bool:
        """Tell Discord that the answer will come. False where that is not to be had, or somebody did before."""
        pressed = self._kind is discord.InteractionType.component
        try:
            if pressed:
                await self._interaction.response.defer()
            else:
                await self._interaction.response.defer(ephemeral=self.hidden, thinking=True)
        except Broken as error:
            if not is_answered(error):  # too late already, most likely: the answer goes as a message
                log.info("discord.not_deferred", interaction=self._interaction.id, reason=str(error))
                return False
            is_first = False
        else:
            is_first = True
        self._answered = True
        self._thinking = not pressed
        return is_first

    async def show(self, answer: Answer) -> None:
        """Edit, words, passing word."""
        self.left = answer
        if answer.edit is not None:
            self._note(await self._edit(answer.edit, None if answer.say else _box(answer, 0, self._incoming)))
            self.left = replace(self.left, edit=None)
        elif self._wants_box_at_once(answer):
            await self._open_box(answer)
        elif self._kind is discord.InteractionType.component and not self._answered:
            await self._respond(self._interaction.response.defer)
        for number, message in enumerate(answer.say):
            self._note(await self._say(message, _box(answer, number, self._incoming)))
            self.left = replace(self.left, say=answer.say[number + 1 :])
        if answer.toast:
            await self._put(Piece(answer.toast), hidden=True)
            self.left = replace(self.left, toast=None)
        if not self._answered or self._thinking:
            await self._put(Piece(DONE), hidden=True)

    def _note(self, ref: MessageRef | None) -> None:
        if ref:
            self.sent.append(ref)

    def _wants_box_at_once(self, answer: Answer) -> bool:
        """A press in a server that only asks for words: nobody could write them there. A box cannot follow a box."""
        return (
            bool(answer.ask)
            and len(answer.say) == 1
            and not self._answered
            and self._interaction.guild_id is not None
            and self._kind is discord.InteractionType.component
        )

    async def _open_box(self, answer: Answer) -> None:
        """The words around it follow below, with the button that opens it again."""
        box = _box(answer, 0, self._incoming)
        assert box is not None, "it has one message and a question"
        await self._respond(partial(self._interaction.response.send_modal, _modal(box)))

    async def _edit(self, message: Message, ask: Box | None) -> MessageRef | None:
        """Replace the pressed message; what does not fit into it follows."""
        await self._turn()
        main, *others = sorted(pieces(message, ask=ask), key=lambda piece: not piece.main)
        if self._answered or not await self._respond(lambda: self._interaction.response.edit_message(**main.to_edit())):
            await _twice(lambda: self._interaction.edit_original_response(**main.to_edit()))
        for piece in others:
            await self._put(piece, self.hidden)
        on = self._interaction.message
        return _ref(self._interaction, on.id) if on and not on.flags.ephemeral else None

    async def _say(self, message: Message, ask: Box | None) -> MessageRef | None:
        await self._turn()
        main = None
        for piece in pieces(message, ask=ask):
            number = await self._put(piece, self.hidden)
            if piece.main:
                main = number
        return main

    async def _put(self, piece: Piece, hidden: bool) -> MessageRef | None:
        """One message: as the response, in the place of “thinking…”, or after it.

        What follows a response has no nonce: where its answer is lost, it is said again and may stand there twice.
        """
        if not self._answered:
            answered = await self._respond(
                lambda: self._interaction.response.send_message(ephemeral=hidden, **piece.to_send())
            )
            self._thinking = answered is None  # the response stands there already: this is what it says
            if answered:
                return _ref(self._interaction, answered.message_id) if answered.message_id and not hidden else None
        if self._thinking:
            number = (await _twice(lambda: self._interaction.edit_original_response(**piece.to_edit()))).id
            self._thinking = False
        else:
            number = (await self._interaction.followup.send(ephemeral=hidden, wait=True, **piece.to_send())).id
        return _ref(self._interaction, number) if not hidden else None

    async def _respond(self, call: Callable[[], Awaitable[Any]]) -> Any:
        """The first response, tried once more after a lost connection. None where an earlier try of it did arrive."""
        try:
            answered = await _twice(call)
        except discord.HTTPException as error:
            if not is_answered(error):
                raise
            answered = None
        self._answered = True
        return answered


async def _twice(call: Callable[[], Awaitable[Got]]) -> Got:
    """A call whose repetition changes nothing, tried once more after a lost connection."""
    try:
        return await call()
    except (aiohttp.ClientError, OSError):
        return await call()


def _nonce(incoming: Incoming, number: int) -> str:
    """A name for one message of an answer, of its own among all that we send: Discord looks at the author, not at the channel."""
    return f"r{blake2b(incoming.key.encode(), digest_size=8).hexdigest()}.{number}"


def _box(answer: Answer, number: int, incoming: Incoming) -> Box | None:
    """The input box for what an answer asks, under the last of its messages, the edited one if there is no other."""
    if answer.ask is None or number < len(answer.say) - 1:
        return None
    return Box(answer.ask.prompt, here=not incoming.private)


def _modal(box: Box) -> discord.ui.Modal:
    label = box.prompt[:BOX_LABEL_LIMIT]
    modal = discord.ui.Modal(title=label, custom_id=box.custom_id, timeout=None)
    modal.add_item(discord.ui.TextInput(label=label, style=discord.TextStyle.paragraph, max_length=BOX_LIMIT))
    modal.stop()  # what is written comes in as an interaction; nothing of the box is kept
    return modal


def _ref(interaction: Native, number: int) -> MessageRef:
    place = at_person(interaction.user.id) if interaction.guild_id is None else at_channel(interaction.channel_id or 0)
    return MessageRef(place, str(number))


def _label_of_pressed(interaction: Native) -> str:
    """The words on the button that was pressed."""
    for row in interaction.message.components if interaction.message else ():
        for child in getattr(row, "children", ()):
            if getattr(child, "custom_id", None) in (ASK, ASK_HERE) and child.label:
                return str(child.label)
    return "…"
