"""THE table of platform answers: what each of Discord's errors means for a send.

Codes are those of Discord's documentation ("Opcodes and Status Codes", JSON error codes).
"""

from __future__ import annotations

import aiohttp
import discord

from bot.errors import DeliveryError, Failing, NotSent, Rejected, SlowDown, Unauthorized, Uncertain, Unreachable

CANNOT_SEND, NO_MUTUAL_GUILD = 50007, 50278
CLOSED = (CANNOT_SEND, NO_MUTUAL_GUILD)
"""The person takes no direct message from us: closed, blocked, or no server in common."""
OPENING_TOO_FAST = 40003
FLAGGED = 20026
"""Discord takes the bot for one that spams, and lets it open no direct messages; its owner must appeal."""
NOT_EDITABLE = (10008, 50083)
"""A message that is gone, or stands in an archived thread: what should replace it can only be said anew."""
ANSWERED = 40060
TOO_LATE = (10062, 10015, 50027)
"""An interaction that Discord no longer knows, or whose token ran out."""
NOBODY_THERE = (10003, 10013, 50001, 50013)
"""Unknown channel, unknown user, no access, no permission: nothing of ours is taken there, whatever it holds."""
BAN = 600.0
"""Seconds of silence after a 429 that does not come from Discord itself (no `Via` header): its shield has shut this address out."""
OPENING_PAUSE = 60.0
LONG_LIMIT = 60.0

NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""What the HTTP library raises before it wrote a byte of the request."""


def as_delivery_error(error: BaseException) -> DeliveryError:
    """What the end of one call means for its message."""
    match error:
        case DeliveryError():
            return error
        case discord.RateLimited():
            return SlowDown(str(error), error.retry_after)
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return Unauthorized("Discord does not know this token; the developer portal shows how to reset it")
        case discord.HTTPException():
            return _of_answer(error)
        case _ if isinstance(error, NEVER_LEFT):
            return NotSent(f"no connection: {error}")
        case TimeoutError() | aiohttp.ClientError() | OSError():
            return Uncertain(repr(error))
    return Failing(repr(error))


def _of_answer(error: discord.HTTPException) -> DeliveryError:
    reason = f"{error.status} {error.code}: {error.text}"[:300]
    if error.status == 429 and error.response.headers.get("Via"):
        return SlowDown(reason, LONG_LIMIT)  # the library waited for it, several times, and in vain
    if error.status == 429 or error.code == FLAGGED:
        return SlowDown(f"shut out: {reason}", BAN)
    if error.code == OPENING_TOO_FAST:
        return SlowDown(reason, OPENING_PAUSE)
    if error.status == 401:
        return Unauthorized(f"Discord does not accept the bot's token ({reason})")
    if error.code in (*CLOSED, *NOBODY_THERE) or (error.status == 404 and error.code not in NOT_EDITABLE):
        return Unreachable(reason)
    if error.status >= 500:
        return Failing(reason)
    return Rejected(reason)


def is_closed(error: BaseException) -> bool:
    """Whether it says that the person takes no direct message."""
    return isinstance(error, discord.HTTPException) and error.code in CLOSED


def is_not_editable(error: BaseException | None) -> bool:
    """Whether it says that a message cannot be replaced any more."""
    return isinstance(error, discord.HTTPException) and error.code in NOT_EDITABLE


def is_answered(error: BaseException) -> bool:
    """Whether it says that an interaction has its response already."""
    return isinstance(error, discord.HTTPException) and error.code == ANSWERED


def is_too_late(error: BaseException) -> bool:
    """Whether it says that an interaction can no longer be answered as one."""
    return isinstance(error, discord.HTTPException) and error.code in TOO_LATE
