"""Buttons as Telegram's keyboards: inline ones under a message, and the one that shares a location."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from telegram import KeyboardButton, ReplyKeyboardMarkup

from bot.chat import Button, Rows, shorten, wrong_action
from bot.doors.telegram.render import clean, web_link
from bot.errors import Rejected

Inline = dict[str, list[list[dict[str, str]]]]
"""The buttons under a message as the Bot API writes them. The library's objects ask each for everything that a button could have."""

LABEL_LIMIT = 64
"""A choice of ours: more does not fit a phone."""
ROW_LIMIT = 8
BUTTON_LIMIT = 100
"""Both undocumented (telegram.constants.InlineKeyboardMarkupLimit)."""
FITS = (0, LABEL_LIMIT, 20, 12, 9, 7, 5, 4, 4)
"""How many characters of each label a phone shows where so many buttons share a row; what is longer ends in dots there."""


def inline_keyboard(rows: Rows, *, plainly: bool = False) -> Inline | None:
    """The keyboard under a message; None without buttons. Rows too wide for a phone are broken, beyond a hundred buttons none is shown.

    `plainly` leaves out links and buttons that are not in order. Raises Rejected, saying which button is wrong.
    """
    if plainly:
        rows = tuple(tuple(button for button in row if not problem(button) and button.action) for row in rows)
    left = BUTTON_LIMIT
    laid: list[list[dict[str, str]]] = []
    for row in _broken(rows):
        made = [_inline_button(button) for button in islice(row, left)]
        left -= len(made)
        if made:
            laid.append(made)
    return {"inline_keyboard": laid} if laid else None


def location_keyboard(label: str) -> ReplyKeyboardMarkup:
    """One button that shares the person's location, instead of their letters. Telegram allows it in private chats only."""
    button = KeyboardButton(short_label(label), request_location=True)
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)


@lru_cache(1024)
def short_label(label: str) -> str:
    """A label on one line and not too long; never empty, which Telegram refuses."""
    return shorten(" ".join(clean(label).split()), LABEL_LIMIT) or "…"


def problem(button: Button) -> str | None:
    """What Telegram would refuse about a button, in a sentence for the log."""
    if button.action is not None:
        return wrong_action(button.action)
    return None if web_link(button.url) else f"its address {button.url!r} is no plain web address"


def _inline_button(button: Button) -> dict[str, str]:
    if wrong := problem(button):
        raise Rejected(f"the button “{short_label(button.label)}” cannot be sent: {wrong}")
    does = {"url": button.url or ""} if button.action is None else {"callback_data": button.action}
    return {"text": short_label(button.label), **does}


def _broken(rows: Rows) -> Iterator[tuple[Button, ...]]:
    """The rows, each broken where its longest label would not fit any more: Telegram makes all buttons of a row equally wide."""
    for row in rows:
        start = 0
        longest = 0
        for place, button in enumerate(row):
            longest = max(longest, len(button.label))
            count = place + 1 - start
            if count > ROW_LIMIT or (count > 1 and longest > FITS[count]):
                yield row[start:place]
                start, longest = place, len(button.label)
        yield row[start:]
