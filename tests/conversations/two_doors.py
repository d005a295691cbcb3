"""A house with two platforms, and how somebody becomes one person on both."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from bot.app import App
from bot.clock import Present
from bot.doors.terminal import Person, TerminalDoor
from tests.house import House, settings_for


class OtherDoor(TerminalDoor):
    """A second platform."""

    platform = "discord"


class TwoDoors(House):
    """A house that people enter from two platforms; who they are on the other one is called by another id."""

    def __init__(self, folder: Path, url: str) -> None:
        self.other = OtherDoor()
        super().__init__(settings_for(folder, database_url=url))

    def _build(self, at: datetime) -> App:
        return App(self.settings, [self.door, self.other], Present(at - datetime.now(UTC)), self._web)

    def elsewhere(self, who: str, language: str = "pt-BR") -> Person:
        return self.other.person(f"{who}-2", name=who.capitalize(), language=language)


async def code_of(person: Person) -> str:
    await person.says("/link")
    found = re.search(r"/link ([2-9A-Z]{4}-[2-9A-Z]{4})", person.sees())
    assert found, person.screen
    return found[1]


async def link(here: Person, there: Person) -> None:
    """`here` makes the code, `there` uses it."""
    await there.says(f"/link {await code_of(here)}")
    await there.presses("link:yes")
