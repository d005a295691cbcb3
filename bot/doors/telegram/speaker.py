"""Messages out: each call once, its answer read by the table of errors.py, its pieces in order.

Nothing is repeated here; who repeats what is decided by delivery for the outbox and by replies.py for answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import structlog
from telegram import (
    ForceReply,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram import Message as NativeMessage
from telegram.error import TelegramError

from bot.chat import Address, Message, MessageRef, Picture
from bot.contract import Host, rendering
from bot.doors.telegram.errors import CANNOT_BE_EDITED, NO_TEXT, NOT_MODIFIED, as_delivery_error
from bot.doors.telegram.incoming import PLATFORM
from bot.doors.telegram.keyboards import LABEL_LIMIT
from bot.doors.telegram.library import TelegramBot
from bot.doors.telegram.pieces import Keyboard, Piece, as_caption, pieces
from bot.doors.telegram.render import Words, clean
from bot.errors import DeliveryError, NotSent, Rejected, SlowDown, Uncertain, Unreachable

log = structlog.get_logger("doors.telegram")

WHOLE_CALL = 45.0
"""Seconds after which a call is given up whatever its connection still does, such as to drip a byte now and then."""
TEXT_CALL = 25.0
"""The same for a text: longer than waiting for a connection and opening one may take together."""
ALL_PIECES = 40.0
"""Seconds after the beginning of a message within which its later pieces go: whoever sends it waits somewhat longer (`Door.send`)."""
PIECE_AGAIN = 1.0
"""Seconds after which a later piece is tried again that found no connection."""
KNOCK = 5.0
"""Seconds in which a server that is well says who we are."""
TOAST_LIMIT = 200
TOAST_WITHIN = 5.0
"""Seconds for which a press waits for the end of a silence with its spinner; beyond them the app is left to end that by itself."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Got = TypeVar("Got")
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply


class Asked(NamedTuple):
    """A message of a group that ours replies to, if there is one; with a `hint`, the person's input box opens for the answer."""

    message_id: int | None
    hint: str | None = None


def _in_reply_to(asked: Asked | None) -> ReplyParameters | None:
    if asked is None or asked.message_id is None:
        return None
    return ReplyParameters(asked.message_id, allow_sending_without_reply=True)


class Speaker:
    """Puts messages on Telegram's screens. Raises a DeliveryError where Telegram says anything but yes."""

    def __init__(self, bot: TelegramBot, host: Host) -> None:
        self._bot = bot
        self._host = host
        self._with_location_keyboard: set[str] = set()

    async def send(
        self, to: Address, message: Message, *, plainly: bool = False, asked: Asked | None = None, paid: bool = False
    ) -> MessageRef:
        """All pieces of one message; the reference is that of the main one, which `edit` can change. `paid` ones may pass the free pace."""
        main, *others = pieces(message, private=is_private(to), plainly=plainly)
        until = _now() + ALL_PIECES if others else 0.0
        ref = await self._put(to, main, asked, paid)
        for piece in others:
            await self._put_or_warn(to, piece, until, paid)
        return ref

    async def edit(self, ref: MessageRef, message: Message, *, plainly: bool = False, anew: bool = True) -> MessageRef:
        """Replace a message. Where Telegram cannot (deleted, too old, a picture, a file), say it `anew`, or nothing."""
        if not anew:
            return await self._edit_or_leave(ref, message, plainly)
        first, *others = pieces(message, private=is_private(ref.address), plainly=plainly)
        until = _now() + ALL_PIECES
        # Telegram puts a keyboard for the location, a picture or a file under new messages only
        if first.attachment or isinstance(first.keyboard, ReplyKeyboardMarkup):
            return await self.send(ref.address, message, plainly=plainly)
        try:
            await self._call(ref.address, self._replace(ref, first))
        except Rejected as error:
            reason = error.reason.lower()
            if any(part in reason for part in CANNOT_BE_EDITED):
                log.info("telegram.said_anew", chat=ref.address.chat, message=ref.id, reason=error.reason)
                return await self.send(ref.address, message, plainly=plainly)
            if NOT_MODIFIED not in reason:
                raise
        for piece in others:
            await self._put_or_warn(ref.address, piece, until)
        return ref

    async def _edit_or_leave(self, ref: MessageRef, message: Message, plainly: bool) -> MessageRef:
        """Replace the main piece of a message where Telegram can, be it the caption of a picture. No other piece goes: it would be new."""
        first, *_ = pieces(message, private=is_private(ref.address), plainly=plainly)
        if first.attachment is not None or isinstance(first.keyboard, ReplyKeyboardMarkup):
            return ref
        if NO_TEXT in await self._refused(ref, self._replace(ref, first)):
            await self._refused(ref, self._replace_caption(ref, as_caption(first, message, plainly=plainly)))
        return ref

    async def _refused(self, ref: MessageRef, edit: Awaitable[NativeMessage | bool]) -> str:
        """Make an edit; what Telegram says where it can make none, or need not. Raises a DeliveryError for every other end."""
        try:
            await self._call(ref.address, edit)
        except Rejected as error:
            reason = error.reason.lower()
            if not any(part in reason for part in (*CANNOT_BE_EDITED, NOT_MODIFIED)):
                raise
            return reason
        return ""

    async def knock(self) -> None:
        """Have Telegram answer the smallest question there is."""
        await self._call(Address(PLATFORM, ""), self._bot.get_me(), within=KNOCK)

    async def toast(self, to: Address, press: str, said: str | None) -> None:
        """Stop the button's spinner, with a passing word if there is one. It fails for nothing: the press has its effect.

        It is no message, and the limits of messages do not count it, so it takes no turn. But a silence is asked of every call: one that
        comes all the same is held against the bot, and everybody's doses wait longer for the sake of a spinner.
        """
        if not await self._silence_ends(TOAST_WITHIN):
            log.info("telegram.toast_left_out", press=press)
            return
        text = clean(said)[:TOAST_LIMIT] if said else None
        try:
            await self._call(to, self._bot.answer_callback_query(press, text=text))
        except DeliveryError as error:  # as a rule "query is too old"
            log.info("telegram.toast_lost", press=press, reason=error.reason)

    def shared_location(self, address: Address) -> None:
        """A location came, so the keyboard that asked for it is out, even if another process put it there."""
        self._with_location_keyboard.add(address.chat)

    async def put_keyboard_away(self, address: Address) -> None:
        """Give the person their letters back where no message did it on the way: a word that is gone at once."""
        if address.chat not in self._with_location_keyboard:
            return
        try:
            await self._host.reply_turn(address)
            ref = await self._put(address, Piece(Words("✓")), None)
            await self._call(address, self._bot.delete_message(int(address.chat), int(ref.id)))
        except DeliveryError as error:
            log.info("telegram.keyboard_stays", chat=address.chat, reason=error.reason)

    def offers_location(self, address: Address) -> bool:
        """Whether the keyboard that shares a location is out there."""
        return address.chat in self._with_location_keyboard

    async def _put_or_warn(self, to: Address, piece: Piece, until: float, paid: bool = False) -> None:
        """What comes after the main piece must not fail the message: it would be sent a second time.

        It is a message of its own to Telegram, so it takes a reply's turn: who got the main piece waits for it. One that certainly did
        not go waits, for the end of a silence or for a connection, and goes then, if that is in time.
        """
        try:
            async with asyncio.timeout_at(until):
                await self._host.reply_turn(to)
                while (wait := await self._put_unless_held_up(to, piece, paid)) is not None:
                    if _now() + wait >= until:
                        raise TimeoutError
                    await asyncio.sleep(wait)
                    await self._host.reply_turn(to)
        except (DeliveryError, TimeoutError) as error:
            log.warning("telegram.piece_lost", chat=to.chat, reason=str(error) or f"it did not go in {ALL_PIECES:g} s")

    async def _put_unless_held_up(self, to: Address, piece: Piece, paid: bool) -> float | None:
        """Send a piece; the seconds to wait where it certainly did not go. Raises a DeliveryError for every other end."""
        try:
            await self._put(to, piece, None, paid)
        except SlowDown as error:
            return error.retry_after
        except NotSent:
            return PIECE_AGAIN
        return None

    async def _silence_ends(self, within: float) -> bool:
        """Wait until Telegram wants no silence any more; False, at once, where that takes longer than some seconds."""
        until = _now() + within
        while (wait := self._host.silence(PLATFORM)) > 0:
            if _now() + wait > until:
                return False
            await asyncio.sleep(wait)
        return True

    async def _put(self, to: Address, piece: Piece, asked: Asked | None, paid: bool = False) -> MessageRef:
        """Send one piece."""
        within = TEXT_CALL if piece.attachment is None else WHOLE_CALL
        with rendering(PLATFORM):
            piece = self._with_keyboard(to, piece, asked)
            call = self._send(to, piece, asked, paid)
        number = await self._call(to, call, within)
        if isinstance(piece.keyboard, ReplyKeyboardMarkup):
            self._with_location_keyboard.add(to.chat)
        elif isinstance(piece.keyboard, ReplyKeyboardRemove):
            self._with_location_keyboard.discard(to.chat)
        return MessageRef(to, str(number))

    def _with_keyboard(self, to: Address, piece: Piece, asked: Asked | None) -> Piece:
        """A text without buttons takes the location keyboard away on its way, or opens the box for an answer."""
        if piece.keyboard is None and to.chat in self._with_location_keyboard:
            return replace(piece, keyboard=ReplyKeyboardRemove())
        if piece.keyboard is None and asked and asked.hint:
            hint = clean(asked.hint)[:LABEL_LIMIT]
            box = ForceReply(selective=asked.message_id is not None, input_field_placeholder=hint)
            return replace(piece, keyboard=box)
        return piece

    def _send(self, to: Address, piece: Piece, asked: Asked | None, paid: bool) -> Awaitable[int]:
        """The call for a piece; it gives the number of the message."""
        common: dict[str, Any] = {
            "chat_id": _chat_id(to),
            "message_thread_id": int(to.thread) if to.thread else None,
            "reply_markup": piece.keyboard if piece.attachment is None else _markup(piece.keyboard),
            "allow_paid_broadcast": paid or None,
            "reply_parameters": _in_reply_to(asked),
        }
        if piece.attachment is None:
            return self._bot.post_text(piece.words, **common)
        caption: dict[str, Any] = {
            "caption": piece.words.text or None,
            "caption_entities": piece.words.entities or None,
        }
        if isinstance(piece.attachment, Picture):
            picture = piece.attachment.png
            return _number_of(self._bot.send_photo(photo=picture, filename="picture.png", **caption, **common))
        content, name = piece.attachment.content, clean(piece.attachment.name)
        return _number_of(self._bot.send_document(document=content, filename=name, **caption, **common))

    def _replace(self, ref: MessageRef, piece: Piece) -> Awaitable[NativeMessage | bool]:
        with rendering(PLATFORM):
            return self._bot.edit_message_text(
                piece.words.text,
                chat_id=_chat_id(ref.address),
                message_id=int(ref.id),
                entities=piece.words.entities,
                reply_markup=_inline(piece.keyboard),
                link_preview_options=NO_PREVIEW,
            )

    def _replace_caption(self, ref: MessageRef, piece: Piece) -> Awaitable[NativeMessage | bool]:
        with rendering(PLATFORM):
            return self._bot.edit_message_caption(
                chat_id=_chat_id(ref.address),
                message_id=int(ref.id),
                caption=piece.words.text,
                caption_entities=piece.words.entities,
                reply_markup=_inline(piece.keyboard),
            )

    async def _call(self, to: Address, call: Awaitable[Got], within: float = WHOLE_CALL) -> Got:
        """The answer to one call. Raises a DeliveryError for every other end of it."""
        try:
            async with asyncio.timeout(within):
                return await call
        except TelegramError as error:
            raise as_delivery_error(error, to) from error
        except TimeoutError as error:
            raise Uncertain(f"no whole answer in {within:g} s") from error
        except Exception as error:  # Telegram said yes in a way that the library cannot read
            log.exception("telegram.answer_unreadable", chat=to.chat)
            raise Uncertain(f"an answer that cannot be read: {error!r}") from error


def is_private(to: Address) -> bool:
    """Groups and channels have negative numbers (Bot API)."""
    return not to.chat.startswith("-")


def _inline(keyboard: Keyboard | None) -> InlineKeyboardMarkup | None:
    """The buttons of a message that is edited: there it has no other kind of keyboard."""
    return InlineKeyboardMarkup.de_json(keyboard) if isinstance(keyboard, dict) else None


def _markup(keyboard: Keyboard | None) -> Markup | None:
    """A keyboard as the library's object, for those of its calls that we leave to it."""
    return InlineKeyboardMarkup.de_json(keyboard) if isinstance(keyboard, dict) else keyboard


async def _number_of(call: Awaitable[NativeMessage]) -> int:
    return (await call).message_id


def _chat_id(to: Address) -> int:
    try:
        return int(to.chat)
    except ValueError:
        raise Unreachable(f"{to.chat!r} is no chat of Telegram") from None


def _now() -> float:
    return asyncio.get_running_loop().time()
