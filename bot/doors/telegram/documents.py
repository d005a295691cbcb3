"""A file somebody sent, and how to fetch it: `getFile` tells its place on the server, from where it comes."""

from __future__ import annotations

from functools import partial

from telegram import Document as Sent
from telegram import Message
from telegram.error import TelegramError

from bot.chat import LARGEST_DOCUMENT, Document
from bot.doors.telegram.render import clean
from bot.errors import DocumentUnread

LONGEST_NAME = 100


def document_of(message: Message) -> Document | None:
    """The file in a message. A moving picture carries one as well, for old clients; that is none (Bot API, Message)."""
    sent = message.document
    if sent is None or message.animation:
        return None
    name = " ".join(clean(sent.file_name or "").split())[:LONGEST_NAME]
    return Document(name or "…", sent.file_size or 0, partial(_fetch, sent))


async def _fetch(sent: Sent) -> bytes:
    """Its bytes. The library's errors stay in here: their words and causes may hold the address, and that holds the token."""
    try:
        file = await sent.get_file()
        if (file.file_size or 0) > LARGEST_DOCUMENT:
            raise DocumentUnread("too_large")
        return bytes(await file.download_as_bytearray())
    except (TelegramError, OSError, RuntimeError):
        raise DocumentUnread("lost") from None
