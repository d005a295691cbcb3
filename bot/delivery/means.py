"""What sending needs: the house's parts that a sender, and the reaction to an answer, have in hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from bot.chat import Message
from bot.contract import Door
from bot.delivery.book import Book
from bot.delivery.figures import Figures
from bot.delivery.line import Line
from bot.delivery.pace import Pace
from bot.errors import DeliveryError
from bot.store.database import Database
from bot.store.outbox import Parcel


@dataclass(frozen=True, slots=True)
class Means:
    """What sending needs.

    The book that rows are taken from and marked in, the doors by platform, a pace and a line for each, how to write a row's message and
    finish its picture, the time, chance, counts, and who hears of what was given up.
    """

    database: Database
    book: Book
    doors: Mapping[str, Door]
    paces: Mapping[str, Pace]
    lines: Mapping[str, Line]
    compose: Callable[[Parcel], Message | None]
    finish: Callable[[Message], Awaitable[Message]]
    now: Callable[[], datetime]
    chance: Random
    stop: Callable[[DeliveryError], None]
    figures: Figures
    owners: Sequence[tuple[str, str]]
