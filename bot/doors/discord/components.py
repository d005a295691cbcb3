"""Buttons as Discord's components.

A button's `custom_id` is its action, so that it works after a restart and the process keeps nothing of it: discord.py forgets a
view that is stopped before it is sent, and its presses reach us as plain interactions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import discord

from bot.chat import Button, Rows
from bot.doors.discord.render import clean, web_link
from bot.errors import Rejected

LABEL_LIMIT = 80
ACTION_LIMIT = 64
"""Bytes, as everywhere in the house; Discord itself takes a hundred characters."""
ROW_LIMIT, ROWS_LIMIT = 5, 5
"""Buttons in a row, rows under a message (Discord's documentation, "Action Rows")."""
ASK = "~ask"
"""The custom_id of the button that opens an input box. The box is the door's own affair: the house hears the words."""


def views(rows: Rows, *, ask: str | None = None, plainly: bool = False) -> Iterator[discord.ui.View]:
    """The buttons in as many messages' worth as they need, `ask` (a prompt) as the last one. Raises Rejected for a wrong button."""
    if plainly:
        rows = tuple(tuple(button for button in row if button.action and not problem(button)) for row in rows)
    laid = [list(map(_button, row)) for row in rows if row]
    if len(laid) > ROWS_LIMIT or any(len(row) > ROW_LIMIT for row in laid):
        every = list(chain.from_iterable(laid))
        laid = [every[start : start + ROW_LIMIT] for start in range(0, len(every), ROW_LIMIT)]
    if ask is not None:
        laid.append([discord.ui.Button(label=short_label(ask), custom_id=ASK, emoji="✏️")])
    for start in range(0, len(laid), ROWS_LIMIT):
        yield _view(laid[start : start + ROWS_LIMIT])


def short_label(label: str) -> str:
    """A label on one line and not too long; never empty, which Discord refuses."""
    line = " ".join(clean(label).split())
    return line if 0 < len(line) <= LABEL_LIMIT else f"{line[: LABEL_LIMIT - 1]}…"


def problem(button: Button) -> str | None:
    """What Discord would refuse about a button, in a sentence for the log."""
    if button.action is not None:
        size = len(button.action.encode(errors="replace"))
        return None if 0 < size <= ACTION_LIMIT else f"its action {button.action!r} has {size} of 1 to 64 bytes"
    return None if web_link(button.url) else f"its address {button.url!r} is no plain web address"


def _view(rows: list[list[discord.ui.Button[discord.ui.View]]]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for button in row:
            button.row = number
            view.add_item(button)
    view.stop()
    return view


def _button(button: Button) -> discord.ui.Button[discord.ui.View]:
    if wrong := problem(button):
        raise Rejected(f"the button “{short_label(button.label)}” cannot be sent: {wrong}")
    label = short_label(button.label)
    if button.action is not None:
        return discord.ui.Button(label=label, custom_id=button.action)
    return discord.ui.Button(label=label, url=button.url)
