"""A Message as the messages Discord needs for it: usually one; long texts and more than 25 buttons take several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, NamedTuple

import discord

from bot.chat import Message, Span, lines, unstyled
from bot.contract import rendering
from bot.doors.discord.components import Box, is_too_long, short_label, views
from bot.doors.discord.places import PLATFORM
from bot.doors.discord.render import bare, clean, parts

MORE = "…"
"""The words over buttons for which the first message had no room."""
ALT_LIMIT = 1024


class Attached(NamedTuple):
    """A file beside the words. Discord's own kind of it can be sent once only, so each try gets a new one."""

    name: str
    content: bytes
    description: str | None = None

    def native(self) -> discord.File:
        """As discord.py takes it."""
        return discord.File(BytesIO(self.content), self.name, description=self.description)


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of Discord's. The `main` one carries the buttons and is what is edited later."""

    content: str
    view: discord.ui.View | None = None
    files: tuple[Attached, ...] = ()
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
            given["files"] = [file.native() for file in self.files]
        return given

    def to_edit(self, *, whole: bool = True) -> dict[str, Any]:
        """What replacing a message by it needs; what the message held before goes. Where not the `whole` is replaced, its files stay."""
        given = {"content": self.content or None, "view": self.view, "allowed_mentions": discord.AllowedMentions.none()}
        return given | ({"attachments": [file.native() for file in self.files]} if whole else {})


def pieces(message: Message, *, ask: Box | None = None, plainly: bool = False) -> list[Piece]:
    """The messages in their order, exactly one `main`. Raises Rejected for buttons that cannot be sent, and where we make a mistake.

    `ask` adds a button that opens it. `plainly`: bare words, no attachment, no doubtful buttons.
    """
    with rendering(PLATFORM):
        return [*_pieces(message, ask=ask, plainly=plainly)]


def _pieces(message: Message, *, ask: Box | None, plainly: bool) -> Iterator[Piece]:
    message = _with_long_links_below(message)
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


def _with_long_links_below(message: Message) -> Message:
    """An address that fits into no button becomes a line of the text."""
    long = [button for row in message.buttons for button in row if is_too_long(button)]
    if not long:
        return message
    kept = tuple(tuple(button for button in row if button not in long) for row in message.buttons)
    return replace(
        message,
        text=lines(message.text, *((Span(short_label(button.label), link=button.url),) for button in long)),
        buttons=tuple(row for row in kept if row),
    )


def _files(message: Message) -> tuple[Attached, ...]:
    files = []
    if message.picture:
        files.append(Attached("picture.png", message.picture.png, clean(message.picture.alt)[:ALT_LIMIT]))
    if message.file:
        files.append(Attached(clean(message.file.name), message.file.content))
    return tuple(files)
