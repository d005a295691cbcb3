"""The words both sides share: what people send and what they get. What a door is stands in `bot/contract.py`.

    native event → door → Incoming → conversation → Answer → door → native message
                                    outbox row → delivery → Message → door.send → MessageRef

Nothing here knows a platform, a language or the database. Everything is a frozen value, so that an answer can be stored as
JSON with the effects of its update and given again (`dump_answer`, `load_answer`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import Base64Bytes, TypeAdapter

from bot.errors import DocumentUnread

# ---------------------------------------------------------------------------------------------------------------- where


@dataclass(frozen=True, slots=True)
class Address:
    """A place messages go to: a chat on a platform, optionally one thread of it. Ids are text, as platforms' ids differ."""

    platform: str
    chat: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class MessageRef:
    """One message that a platform holds, so that it can be edited later."""

    address: Address
    id: str


# ----------------------------------------------------------------------------------------------------------- what we say


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style; `link` is an http(s) address. The text is never parsed again by anybody."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str | None = None

    def saying(self, text: str) -> Span:
        """Other words in the same style."""
        return Span(text, self.bold, self.italic, self.code, self.link)


Text = tuple[Span, ...]


def plain(text: Text) -> str:
    """The bare characters of a styled text."""
    return "".join(span.text for span in text)


def unstyled(words: str) -> Text:
    """Characters as they are, in no style."""
    return (Span(words),) if words else ()


def shorten(words: str, most: int) -> str:
    """Words in at most so many characters; where some are left out, the last one is an ellipsis."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


_BREAK, _EMPTY = Span("\n"), (Span(""),)


def lines(*parts: Text | None) -> Text:
    """Join texts with line breaks; what is None is left out, what is empty stays as an empty line."""
    joined: list[Span] = []
    for part in parts:
        if part is None:
            continue
        if joined:
            joined.append(_BREAK)
        joined.extend(part or _EMPTY)
    return tuple(joined)


ACTION_LIMIT = 64
"""Bytes of a button's action on every platform, for Telegram takes no more (Bot API, InlineKeyboardButton.callback_data)."""


@dataclass(frozen=True, slots=True)
class Button:
    """Words to press: either an `action` that comes back to us (at most 64 bytes) or a `url` that opens."""

    label: str
    action: str | None = None
    url: str | None = None


def wrong_action(action: str) -> str | None:
    """Why no button can carry an action, in words for the log; None where one can."""
    size = len(action.encode(errors="replace"))
    return None if 0 < size <= ACTION_LIMIT else f"its action {action!r} has {size} of 1 to {ACTION_LIMIT} bytes"


Rows = tuple[tuple[Button, ...], ...]


def rows(buttons: Iterable[Button], width: int = 3) -> Rows:
    """Lay buttons out in rows of at most `width`."""
    every = tuple(buttons)
    return tuple(every[start : start + width] for start in range(0, len(every), width))


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with words for those who cannot see it. `drawing` is what it is drawn from, off the loop, while `png` is empty."""

    png: Base64Bytes
    alt: str
    drawing: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A document to download."""

    name: str
    content: Base64Bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One message on a screen. `location_label` offers, where the platform can, one button that shares a location.

    `shows` names what it shows, such as `suggestion:41`, so that it can be edited wherever it hangs when that changes.
    """

    text: Text
    buttons: Rows = ()
    picture: Picture | None = None
    file: File | None = None
    location_label: str | None = None
    shows: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What the next free text of this person in this chat will be taken for.

    `kind` names the row of `commands.table.QUESTIONS` that reads it, `about` travels along (an id, say). It is forgotten after
    `lasts`. Where a platform can, `prompt` becomes the label of an input box.
    """

    kind: str
    prompt: str
    about: str = ""
    lasts: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something for somebody else, written to the outbox in the same transaction; `key` makes it happen once.

    `kind` says how it is composed (`bot/delivery/compose.py`), `facts` fill it. `person` is whose it is, so that it is in their language
    and leaves with them.
    """

    key: str
    to: Address
    kind: str
    facts: dict[str, str] = field(default_factory=dict)
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command gives back: it sends nothing itself.

    `edit` replaces the message whose button was pressed (or is said anew where there is none), `say` comes after it, `toast` is a
    passing word over the button, `ask` waits for free text. `menu` is the role whose menu the person should see from now on.
    """

    say: tuple[Message, ...] = ()
    edit: Message | None = None
    toast: str | None = None
    ask: Question | None = None
    also: tuple[Notice, ...] = ()
    menu: str = "learner"


# --------------------------------------------------------------------------------------------------------- what we hear


@dataclass(frozen=True, slots=True)
class Sender:
    """Who spoke, as far as the platform says: its own id for the person, a name to greet, the client's language."""

    id: str
    name: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Degrees north and east."""

    latitude: float
    longitude: float


LARGEST_DOCUMENT = 1_000_000
"""Bytes of a file that are fetched; a list of ten thousand feeds fits in."""
DOCUMENT_WITHIN = 10.0
"""Seconds that fetching one may take."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file somebody sent: its name, how many bytes the platform says it has, and how to fetch them from there."""

    name: str
    size: int
    fetch: Callable[[], Awaitable[bytes]]

    async def read(self) -> bytes:
        """The bytes, which may take a while: not inside of a transaction. Raises DocumentUnread."""
        if self.size > LARGEST_DOCUMENT:
            raise DocumentUnread("too_large")
        try:
            async with asyncio.timeout(DOCUMENT_WITHIN):
                content = await self.fetch()
        except TimeoutError:
            raise DocumentUnread("too_slow") from None
        if len(content) > LARGEST_DOCUMENT:  # the platform said otherwise, or nothing
            raise DocumentUnread("too_large")
        return content


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing somebody did. Exactly one of `text`, `action`, `location`, `presence`, `moved_to` is there.

    `key` is the platform's own name of the update, the same whenever it is served again. `at` is our clock at receipt (the client's
    time is never used). `on` is the message that held the pressed button; `reply_to` the message a text answers. `presence`
    tells that the person blocked us ("gone") or let us in again ("back"); `moved_to` that the whole chat lives there from now on.
    `links` are the web addresses in a text, also those that hide behind words; `forwarded` says that somebody else wrote it; `names` are
    the people it names: whose message it replies to, who is mentioned with an account, whose contact it is. `said` is the message a text
    stands in, where the platform tells; `edited` that its words are other ones now. A `document` comes with the words beside it, or with
    an empty text.
    """

    key: str
    address: Address
    sender: Sender
    at: datetime
    text: str | None = None
    action: str | None = None
    location: Location | None = None
    presence: str | None = None
    moved_to: Address | None = None
    on: MessageRef | None = None
    reply_to: MessageRef | None = None
    private: bool = True
    links: tuple[str, ...] = ()
    forwarded: bool = False
    names: tuple[Sender, ...] = ()
    said: MessageRef | None = None
    edited: bool = False
    document: Document | None = None


_answers = TypeAdapter(Answer)


def dump_answer(answer: Answer) -> str:
    """An answer as JSON, to be stored with the effects of its update."""
    return _answers.dump_json(answer, exclude_defaults=True).decode()


def load_answer(stored: str) -> Answer:
    """The answer that `dump_answer` stored."""
    return _answers.validate_json(stored)
