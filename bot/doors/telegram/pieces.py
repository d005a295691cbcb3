"""A Message as the calls that it needs: Telegram holds text, pictures, files and the two kinds of keyboards apart.

Usually one call. What is too long for a caption is a text of its own before its picture, and a keyboard for the location
comes with a line of its own if the message has buttons. The main piece comes first: what fails after it is not said again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from telegram import ForceReply, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.chat import File, Message, Picture, Text, plain, unstyled
from bot.contract import rendering
from bot.doors.telegram.incoming import PLATFORM
from bot.doors.telegram.keyboards import Inline, inline_keyboard, location_keyboard
from bot.doors.telegram.render import CAPTION_LIMIT, Words, length, web_link, words

Keyboard = Inline | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply


@dataclass(frozen=True, slots=True)
class Piece:
    """One call: words, or a picture or file with words. The `main` one carries the buttons and is what is edited later."""

    words: Words
    keyboard: Keyboard | None = None
    attachment: Picture | File | None = None
    main: bool = False


def pieces(message: Message, *, private: bool, plainly: bool = False) -> list[Piece]:
    """The calls in their order, the first of them `main`. Raises Rejected for buttons that cannot be sent, and where we make a mistake.

    `plainly`: the bare characters with the addresses written out, no picture, no file, no doubtful buttons.
    """
    with rendering(PLATFORM):
        return [*_pieces(message, private=private, plainly=plainly)]


def _pieces(message: Message, *, private: bool, plainly: bool) -> Iterator[Piece]:
    keyboard: Keyboard | None = inline_keyboard(message.buttons, plainly=plainly)
    if plainly:
        yield Piece(words(unstyled(plain_words(message))), keyboard, main=True)
        return
    asks_place = bool(message.location_label) and private
    companion = asks_place and keyboard is not None
    if asks_place and not companion:
        keyboard = location_keyboard(message.location_label or "")
    yield from _body(message, keyboard)
    if companion:
        label = message.location_label or ""
        yield Piece(words(unstyled(label)), location_keyboard(label))


def _body(message: Message, keyboard: Keyboard | None) -> Iterator[Piece]:
    """Text and attachments; the text is the caption of the first one if it fits there."""
    attachments = [thing for thing in (message.picture, message.file) if thing is not None]
    if not attachments:
        yield Piece(words(message.text), keyboard, main=True)
        return
    text = message.text or (unstyled(message.picture.alt) if message.picture else ())
    fits = length(plain(text)) <= CAPTION_LIMIT
    if not fits:
        yield Piece(words(text), keyboard, main=True)
    for number, attachment in enumerate(attachments):
        main = fits and number == 0
        yield Piece(words(text, CAPTION_LIMIT) if main else Words(""), keyboard if main else None, attachment, main)


def as_caption(piece: Piece, message: Message, *, plainly: bool) -> Piece:
    """The main piece of a message as what stands below a picture, where there is less room."""
    with rendering(PLATFORM):
        text = unstyled(plain_words(message)) if plainly else message.text
        return replace(piece, words=words(text, CAPTION_LIMIT))


def plain_words(message: Message) -> str:
    """All of a message in bare characters: links and link buttons as addresses, a picture as its words."""
    text = "".join(_spelt(message.text)) or (message.picture.alt if message.picture else "")
    links = [f"{button.label}: {button.url}" for row in message.buttons for button in row if web_link(button.url)]
    return "\n".join([text, *links])


def _spelt(text: Text) -> Iterator[str]:
    for span in text:
        yield span.text
        if (link := web_link(span.link)) and link not in span.text:
            yield f" ({link})"
