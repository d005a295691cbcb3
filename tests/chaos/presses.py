"""People who press Done under their dose, one after the other, whatever happens to the bot meanwhile: each press counts once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import select

from bot.ending import end
from bot.i18n.words import words_in
from bot.store.tables import Completion
from tests.chaos.judge import Verdict
from tests.chaos.stage import Stage
from tests.rig.telegram import Message

PAUSE = 0.1
"""Seconds between two presses."""
KEPT = 30
"""How many who have their dose wait with their press until the database goes away."""
LABEL = "Done"
APOLOGIES = tuple(words_in("en").say(f"mistake.{key}") for key in ("ours", "away", "unwritten"))


class Presses:
    """Who pressed, in their order."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._pressed: list[int] = []
        self._kept = KEPT
        self._meanwhile: list[int] = []

    @property
    def count(self) -> int:
        """How many have pressed."""
        return len(self._pressed)

    @property
    def who(self) -> frozenset[int]:
        """Who has pressed; the subscription of each has the same number."""
        return frozenset(self._pressed)

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """The database goes away within this block: now those press as well who waited for it."""
        before, self._kept = self.count, 0
        yield
        self._kept = KEPT
        self._meanwhile.append(self.count - before)

    async def press(self) -> None:
        """Press for ever, each person once, by chance among those whose dose is there."""
        while True:
            if len(ready := self._ready()) > self._kept:
                number = self._stage.chance.choice(ready)
                self._stage.people[number].presses(LABEL)
                self._pressed.append(number)
            await asyncio.sleep(PAUSE)

    async def all_taken(self) -> None:
        """Wait until the bot has confirmed every press."""
        telegram = self._stage.telegram
        taken = await telegram.bell.until(lambda: not telegram.updates.pending() or None, self._stage.patience)
        assert taken, f"{len(telegram.updates.pending())} presses are not confirmed after {self._stage.patience:g} s"

    async def judge(self, verdict: Verdict) -> None:
        """Each press counts, none twice, and nobody was told otherwise."""
        async with self._stage.database.read() as session:
            counted = Counter(await session.scalars(select(Completion.person_id)))
        lost = sorted(self.who - set(counted))
        doubled = sorted(number for number, times in counted.items() if times > 1)
        verdict.require(not lost, f"{len(lost)} of {self.count} presses are lost: {lost[:10]}")
        verdict.require(not doubled, f"presses that count twice: {doubled[:10]}")
        verdict.require(self.who.issuperset(counted), "somebody's dose is done who never pressed")
        told = [number for number, person in self._stage.people.items() if any(map(_apologises, person.sees()))]
        verdict.require(not told, f"{len(told)} people read that it went wrong: {told[:10]}")
        verdict.require(min(self._meanwhile) > 0, "nobody pressed while the database was away")
        verdict.notes.append(
            f"{self.count} presses ({sum(self._meanwhile)} meanwhile), {len(lost)} lost, {len(doubled)} doubled"
        )

    def _ready(self) -> list[int]:
        there = {int(shown.chat) for times in self._stage.platform.doses().values() for shown in times}
        return sorted(there.difference(self._pressed))


def _apologises(message: Message) -> bool:
    return any(words in message for words in APOLOGIES)


@asynccontextmanager
async def presses(stage: Stage) -> AsyncIterator[Presses]:
    """People press as long as the block lasts; then the bot has taken all of it."""
    going = Presses(stage)
    pressing = asyncio.create_task(going.press())
    try:
        yield going
        if pressing.done():
            await pressing  # it goes on for ever, unless it failed
    finally:
        await end(pressing)
    await going.all_taken()
