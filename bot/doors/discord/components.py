"""Buttons as Discord's components.

A button's `custom_id` is its action, so that it works after a restart and the process keeps nothing of it: discord.py forgets a
view that is stopped before it is sent, and its presses reach us as plain interactions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import discord

from bot.chat import Button, Rows, shorten, wrong_action
from bot.doors.discord.render import clean, web_link
from bot.errors import Rejected

LABEL_LIMIT = 80
URL_LIMIT = 512
"""Characters of the address behind a button (Discord's documentation, "Button"); a text takes longer ones."""
AGAIN = "\u2063"
ROW_LIMIT, ROWS_LIMIT = 5, 5
"""Buttons in a row, rows under a message (Discord's documentation, "Action Rows")."""
ASK, ASK_HERE = "~ask", "~ask:here"
"""The custom_ids of the button that opens an input box, and of the box. A box is the door's own affair: the house hears the words."""


@dataclass(frozen=True, slots=True)
class Box:
    """An input box for the words that a question waits for. `here`: it was asked in a channel, before others."""

    prompt: str
    here: bool = False

    @property
    def custom_id(self) -> str:
        """Where the words belong, so that no memory is needed for it."""
        return ASK_HERE if self.here else ASK


def views(rows: Rows, *, ask: Box | None = None, plainly: bool = False) -> Iterator[discord.ui.View]:
    """The buttons in as many messages' worth as they need, the one for the box as the last. Raises Rejected for a wrong button."""
    if plainly:
        rows = tuple(tuple(button for button in row if button.action and not problem(button)) for row in rows)
    laid = [list(map(_button, row)) for row in rows if row]
    if len(laid) > ROWS_LIMIT or any(len(row) > ROW_LIMIT for row in laid):
        every = list(chain.from_iterable(laid))
        laid = [every[start : start + ROW_LIMIT] for start in range(0, len(every), ROW_LIMIT)]
    if ask is not None:
        laid.append([discord.ui.Button(label=short_label(ask.prompt), custom_id=ask.custom_id, emoji="✏️")])
    _tell_apart(chain.from_iterable(laid))
    for start in range(0, len(laid), ROWS_LIMIT):
        yield _view(laid[start : start + ROWS_LIMIT])


def _tell_apart(buttons: Iterable[discord.ui.Button[discord.ui.View]]) -> None:
    """Discord refuses a message with two buttons of one custom_id: the second gets marks that are taken off when it is pressed."""
    known: set[str] = set()
    for button in buttons:
        if button.custom_id:
            while button.custom_id in known:
                button.custom_id += AGAIN
            known.add(button.custom_id)


def action_of(custom_id: str) -> str:
    """The action of a pressed button."""
    return custom_id.rstrip(AGAIN)


def short_label(label: str) -> str:
    """A label on one line and not too long; never empty, which Discord refuses."""
    return shorten(" ".join(clean(label).split()), LABEL_LIMIT) or "…"


def problem(button: Button) -> str | None:
    """What Discord would refuse about a button, in a sentence for the log."""
    if button.action is not None:
        return wrong_action(button.action)
    return None if web_link(button.url) else f"its address {button.url!r} is no plain web address"


def is_too_long(button: Button) -> bool:
    """Whether its address fits into no button."""
    return button.url is not None and len(button.url) > URL_LIMIT and web_link(button.url) is not None


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
