"""A Message as the messages Discord needs for it: usually one; long texts and more than 25 buttons take several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import discord

from bot.chat import Message, unstyled
from bot.doors.discord.components import views
from bot.doors.discord.render import bare, clean, parts

MORE = "…"
"""The words over buttons for which the first message had no room."""
ALT_LIMIT = 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of Discord's. The `main` one carries the buttons and is what is edited later."""

    content: str
    view: discord.ui.View | None = None
    files: tuple[discord.File, ...] = ()
    main: bool = False

    def to_send(self) -> dict[str, Any]:
        """What sending it needs. Nobody is ever pinged and no link unfolds."""
        given: dict[str, Any] = {
            "content": self.content or None,
            "allowed_mentions": discord.AllowedMentions.none(),
            "suppress_embeds": True,
        }
        if self.view is not None:
            given["view"] = self.view
        if self.files:
            given["files"] = list(self.files)
        return given

    def to_edit(self) -> dict[str, Any]:
        """What replacing a message by it needs; what the message held before goes."""
        return {
            "content": self.content or None,
            "view": self.view,
            "attachments": list(self.files),
            "allowed_mentions": discord.AllowedMentions.none(),
        }


def pieces(message: Message, *, ask: str | None = None, plainly: bool = False) -> Iterator[Piece]:
    """The messages in their order, exactly one of them `main`. Raises Rejected for buttons that cannot be sent.

    `ask` adds a button that opens an input box. `plainly`: bare words, no attachment, no doubtful buttons.
    """
    text = bare(message.text) if plainly else message.text
    if not text and message.picture:
        text = unstyled(message.picture.alt)
    *before, last = parts(text)
    for content in before:
        yield Piece(content)
    laid = [*views(message.buttons, ask=ask, plainly=plainly)]
    files = () if plainly else _files(message)
    yield Piece(last or ("" if files else MORE), laid[0] if laid else None, files, main=True)
    for view in laid[1:]:
        yield Piece(MORE, view)


def _files(message: Message) -> tuple[discord.File, ...]:
    files = []
    if message.picture:
        alt = clean(message.picture.alt)[:ALT_LIMIT]
        files.append(discord.File(BytesIO(message.picture.png), "picture.png", description=alt))
    if message.file:
        files.append(discord.File(BytesIO(message.file.content), clean(message.file.name)))
    return tuple(files)
