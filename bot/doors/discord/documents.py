"""A file somebody attached, to a direct message or to a command, and how to fetch it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import aiohttp
import discord

from bot.chat import Document
from bot.doors.discord.render import clean
from bot.errors import DocumentUnread

LONGEST_NAME = 100


def document_of(files: Sequence[discord.Attachment]) -> Document | None:
    """The file they mean: of several the first list of feeds, else the first of all."""
    named_so = [one for one in files if one.filename.casefold().endswith(".opml")]
    for one in (*named_so, *files):
        name = " ".join(clean(one.filename).split())[:LONGEST_NAME]
        return Document(name or "…", one.size, partial(_fetch, one))
    return None


def attached(interaction: discord.Interaction[Any]) -> Sequence[discord.Attachment]:
    """The files that came with a command; the library makes them only for commands that it has in a tree."""
    data: dict[str, Any] = dict(interaction.data or {})
    attachments: dict[str, Any] = (data.get("resolved") or {}).get("attachments") or {}
    return [discord.Attachment(data=one, state=interaction._state) for one in attachments.values()]


async def _fetch(one: discord.Attachment) -> bytes:
    try:
        return await one.read()
    except (discord.DiscordException, aiohttp.ClientError, OSError):
        raise DocumentUnread("lost") from None
