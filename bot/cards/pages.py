"""Lists that are turned page by page: which part is shown, and the buttons that turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.chat import Button, Rows, rows
from bot.i18n.words import Words

PAGE = 5
"""How many things one screen lists, so that a phone shows them without scrolling."""
TITLE, TYPED = 90, 60
"""Characters of a title in a list, and of what was looked for, that fit a phone."""
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some of many things, counted from 1: “6–10 of 23”."""

    items: tuple[Item, ...]
    number: int
    total: int

    @property
    def first(self) -> int:
        """The place of the first thing shown."""
        return self.number * PAGE + 1

    @property
    def last(self) -> int:
        """The place of the last thing shown."""
        return self.number * PAGE + len(self.items)


def page_of(things: Sequence[Item], number: int) -> Page[Item]:
    """A page by its number from 0; past the end it is the last one there is."""
    number = max(0, min(number, (len(things) - 1) // PAGE))
    return Page(tuple(things[number * PAGE : (number + 1) * PAGE]), number, len(things))


def page_rows(words: Words, page: Page[Item], choose: Callable[[Item], str], turn: Callable[[int], str]) -> Rows:
    """A button with its number for each thing that has something to open, and below them the way to the pages beside this one."""
    chosen = [(place, choose(item)) for place, item in enumerate(page.items, page.first)]
    numbered = rows((Button(str(place), action) for place, action in chosen if action), PAGE)
    around = []
    if page.number:
        around.append(Button(words.say("button.page_before"), turn(page.number - 1)))
    if page.last < page.total:
        around.append(Button(words.say("button.page_after"), turn(page.number + 1)))
    return (*numbered, tuple(around)) if around else numbered
