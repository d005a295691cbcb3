"""The bot on Discord for tests that play a whole round: the real App and discord.py, people on a Discord of our own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import App
from bot.clock import Present
from bot.doors.discord import DiscordDoor
from bot.doors.discord.components import ASK
from bot.store import people
from bot.web.fetch import Fetcher
from tests.house import nowhere, settings_for
from tests.rig.discord import Channel, DiscordServer, Person, Posted, Press
from tests.rig.discord.markdown import read
from tests.rig.discord.people import MODAL


def words_of(posted: Posted) -> str:
    """What somebody reads of a message."""
    return read(posted.content).text


def labels_of(posted: Posted) -> list[str]:
    """The words on its buttons."""
    return [button["label"] for button in posted.buttons]


@dataclass
class Play:
    """A running bot and what happens around it. Each step returns when everything is answered and sent."""

    discord: DiscordServer
    app: App
    door: DiscordDoor

    async def uses(self, person: Person, command: str, words: str = "", channel: Channel | None = None) -> None:
        """Somebody uses a command."""
        await person.uses(command, words, channel)
        await self.settled()

    async def presses(self, person: Person, label: str, on: Posted | None = None) -> Press:
        """Somebody presses a button."""
        press = await person.presses(label, on)
        await self.settled()
        return press

    async def fills_in(self, person: Person, words: str, box: Press) -> None:
        """Somebody writes into the box that a press opened; or opens it first, where the house took its time and a button came instead."""
        opened = (await box.is_answered()).interaction.callback
        if opened is None or opened["type"] != MODAL:
            shown = person.sees(box.interaction.channel)
            action, on = next(
                (button["custom_id"], one)
                for one in reversed(shown)
                for button in one.buttons
                if button.get("custom_id", "").startswith(ASK)
            )
            box = await person.presses_action(action, on)
        await person.fills_in(words, box)
        await self.settled()

    async def writes(self, person: Person, words: str) -> int:
        """Somebody writes a direct message."""
        number = await person.writes(words)
        await self.settled()
        return number

    async def settled(self) -> None:
        """Return when everything that happened is answered, and what follows from it sent."""
        await self.discord.gateway.taken()
        await self.door.at_rest()
        await self.app.settle()

    async def forward(self, **by: float) -> None:
        """Let time pass."""
        await self.app.forward(timedelta(**by))

    async def give_role(self, person: Person, role: str) -> None:
        """An owner gave it to them before."""
        await self.uses(person, "help")
        async with self.app.database.write() as session:
            await people.give_role(session, "discord", str(person.id), role)

    async def shared_server(self, *members: Person) -> Channel:
        """A server that they and the bot are in; its channel."""
        server, channel = self.discord.world.server()
        server.members |= {person.id for person in members}
        await self.discord.gateway.dispatch("GUILD_CREATE", self.discord.gateway.server_json(server))
        await self.discord.gateway.taken()
        return channel

    @staticmethod
    def sees(person: Person, words: str, channel: Channel | None = None) -> Posted:
        """The newest message that says so, on somebody's screen."""
        shown = person.sees(channel) if channel else person.sees_everywhere()
        found = [one for one in shown if words in words_of(one)]
        assert found, (words, [words_of(one) for one in shown])
        return found[-1]


@asynccontextmanager
async def playing(discord: DiscordServer, folder: Path, at: datetime, **settings: Any) -> AsyncIterator[Play]:
    """A bot that begins at an instant and ends with the block."""
    door = DiscordDoor(discord.token)
    app = App(settings_for(folder, **settings), [door], Present(at - datetime.now(UTC)), Fetcher(resolve=nowhere))
    try:
        await app.start()
        app.clock.stop()  # on a slow machine a page would be looked up, and its card changed, between two presses
        yield Play(discord, app, door)
    finally:
        await app.stop()
        discord.gateway.session = None
