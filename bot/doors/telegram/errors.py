"""THE table of platform answers: what each of Telegram's errors means for a send.

The strings are the real server's (tdlib/telegram-bot-api, Client.cpp; tdlib/td).
"""

from __future__ import annotations

from datetime import timedelta

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.chat import Address
from bot.doors.telegram import wire
from bot.doors.telegram.library import ServerFailed, StrangerAnswered
from bot.errors import (
    DeliveryError,
    Failing,
    Moved,
    NotSent,
    Rejected,
    SlowDown,
    Unauthorized,
    Uncertain,
    Unreachable,
)

NEVER_LEFT = (
    *wire.NEVER_LEFT,
    httpx.PoolTimeout,
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
"""What the HTTP libraries raise before they wrote a byte of the request."""

NOBODY_THERE = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "input_user_deactivated",
    "user_is_blocked",
    "chat_write_forbidden",
    "chat_restricted",
    "have no rights to send a message",
    "have no write access to the chat",
    "not enough rights to send text messages",
    "need administrator rights in the channel chat",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
)
"""Parts of a 400 that say: nothing of ours is taken at this address, whatever it holds.

Where only pictures or files are not taken, words are, so that is no part of it: such a message goes once more, plainly.
"""

NOT_FOUND = "chat not found"
"""What a server also says that has just begun and did not load the chat yet: asked once more before it is believed."""

NOT_MODIFIED = "message is not modified"

NO_TEXT = "there is no text in the message to edit"
"""What Telegram says of words below a picture: those are its caption."""

CANNOT_BE_EDITED = (
    "message to edit not found",
    "message can't be edited",
    NO_TEXT,
    "message_id_invalid",
    "message identifier is not specified",
)
"""Parts of a 400 to an edit that say: say it anew."""


def as_delivery_error(error: TelegramError, to: Address) -> DeliveryError:
    """What the answer to one call means for a message to that address."""
    reason = str(error)
    match error:
        case RetryAfter():
            return SlowDown(reason, seconds_to_wait(error))
        case ChatMigrated():
            return Moved(reason, Address(to.platform, str(error.new_chat_id)))
        case Forbidden():
            return Unreachable(reason)
        case InvalidToken():
            return Unauthorized(f"Telegram does not accept the bot's token ({reason})")
        case BadRequest():
            gone = says(error, NOBODY_THERE)
            return Unreachable(reason, sure=not says(error, (NOT_FOUND,))) if gone else Rejected(reason)
        case StrangerAnswered():
            return Uncertain(reason)
        case ServerFailed():
            return Failing(reason)
        case _ if isinstance(error.__cause__, NEVER_LEFT):
            return NotSent(reason)
    return Uncertain(reason)


def seconds_to_wait(error: RetryAfter) -> float:
    """The silence that a 429 asks for."""
    span = error.retry_after
    return span.total_seconds() if isinstance(span, timedelta) else float(span)


def says(error: TelegramError, parts: tuple[str, ...]) -> bool:
    """Whether one of those stands in the server's words."""
    words = str(error).lower()
    return any(part in words for part in parts)
