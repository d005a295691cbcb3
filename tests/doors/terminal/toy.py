"""A bot of one page at the edge of these tests: it answers by a function, keeps what the contract tells it to keep, and moves time.

Run as a program it is the whole prompt over that bot, for the test that types at a real terminal.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.chat import Address, Answer, Button, Incoming, Message, MessageRef, Question, Text, rows, unstyled
from bot.contract import Menus
from bot.doors.terminal import TerminalDoor, converse
from bot.errors import DatabaseAway

HOME = ZoneInfo("America/Sao_Paulo")
START = datetime(2026, 3, 6, 12, 12, tzinfo=UTC)  # a Friday, 09:12 in São Paulo
MENUS = Menus({}, {}, {})


def say(words: str, *buttons: Button) -> Message:
    """A message in no style, its buttons in one row."""
    return Message(unstyled(words), (buttons,) if buttons else ())


class ToyHost:
    """A Host: answers by a function, stores the answer of a key until it was rendered, and never takes a key in twice."""

    def __init__(self, answers: Callable[[Incoming], Answer]) -> None:
        self.answers = answers
        self.at = START
        self.is_away = False
        self.heard: list[Incoming] = []
        self.shown: list[tuple[Incoming, tuple[MessageRef, ...]]] = []
        self.turns: list[Address] = []
        self.alerts: list[tuple[str, dict[str, str]]] = []
        self._kept: dict[str, Answer | None] = {}
        self._facts: dict[str, str] = {}

    async def answer(self, incoming: Incoming) -> Answer | None:
        if self.is_away:
            raise DatabaseAway("nobody there")
        await asyncio.sleep(0)
        if incoming.key not in self._kept:
            self.heard.append(incoming)
            self._kept[incoming.key] = self.answers(incoming)
        return self._kept[incoming.key]

    async def not_taken(self, incoming: Incoming) -> Answer:
        return Answer(say=(say("it did not count"),))

    async def is_there(self) -> bool:
        return not self.is_away

    async def rendered(self, incoming: Incoming, sent: tuple[MessageRef, ...]) -> None:
        self._kept[incoming.key] = None
        self.shown.append((incoming, sent))

    async def reply_turn(self, address: Address) -> None:
        self.turns.append(address)

    def silence(self, platform: str) -> float:
        return 0.0

    def slow_down(self, platform: str, seconds: float) -> None:
        self._facts[f"slow:{platform}"] = str(seconds)

    async def alert(self, key: str, /, **facts: str) -> None:
        self.alerts.append((key, facts))

    async def remembered(self, name: str) -> str | None:
        return self._facts.get(name)

    async def remember(
        self, name: str, value: str, *, owner: str | None = None, lasts: timedelta | None = None
    ) -> None:
        self._facts[name] = value

    async def all_remembered(self, beginning: str) -> dict[str, str]:
        return {name: value for name, value in self._facts.items() if name.startswith(beginning)}

    async def forget(self, name: str) -> None:
        self._facts.pop(name, None)

    def now(self) -> datetime:
        return self.at


class ToyBot:
    """The first minute of the real bot, in little: subscribe in two taps, a dose on working days at 08:00, Done, a streak."""

    def __init__(self) -> None:
        self.subscribed: set[Address] = set()
        self.done: set[str] = set()

    def answer(self, incoming: Incoming) -> Answer:
        """What the toy says to it."""
        if incoming.action:
            return self._pressed(incoming.action, incoming)
        if incoming.location:
            return Answer(say=(say(f"{incoming.location.latitude} by {incoming.location.longitude}"),))
        if incoming.text == "/crash":
            raise ValueError("the toy broke")
        if incoming.text == "/streak":
            return Answer(say=(say(f"{len(self.done)} day, best {len(self.done)}."),))
        if incoming.text == "/start":
            trails = (Button("From the start", "trail:data-science"), Button("Engineering", "trail:ml-engineering"))
            return Answer(say=(Message(unstyled(f"Hi, {incoming.sender.name}. Which way?"), rows(trails, 1)),))
        if incoming.text and incoming.text.startswith("/suggest"):
            return Answer(say=(say("It waits as #1.", Button("Mine", "suggest:mine")),))
        if incoming.text == "/queue" or (incoming.text or "").startswith("/edit 1 "):
            return Answer(say=(say("#1 · from Ana", Button("Approve", "approve:1")),))
        return Answer(say=(say(f"You said: {incoming.text}"),))

    def _pressed(self, action: str, incoming: Incoming) -> Answer:
        verb, _, about = action.partition(":")
        if verb == "trail":
            return Answer(edit=say(f"{about}, at 08:00?", Button("Begin", "begin"), Button("Hour", "hour")))
        if verb == "begin":
            self.subscribed.add(incoming.address)
            return Answer(edit=say("Until 08:00."), toast="Subscribed")
        if verb == "done" and about not in self.done:
            self.done.add(about)
            ask = Question("note", "One line to remember it by?", about)
            return Answer(edit=say(f"Done. Day {len(self.done)}.", Button("Right", f"rate:{about}:right")), ask=ask)
        if action == "approve:1":
            return Answer(edit=say("Which topic?", Button("Charts", "approve:1:charts")))
        if verb == "approve":
            return Answer(edit=say("Approved.", Button("Undo", "undo:1")))
        return Answer(toast="That is closed.")


def dose(number: int) -> Message:
    """A dose with the buttons of the real one."""
    buttons = (
        Button("Open", url=f"https://example.org/{number}"),
        Button("Done", f"done:{number}"),
        Button("Another", f"another:{number}"),
        Button("Later", f"later:{number}"),
    )
    return Message(unstyled(f"Overfitting without tears, {number}"), rows(buttons, 4))


class ToyControls:
    """Moves the host's clock; on the way every subscribed chat gets its dose at 08:00 of each working day."""

    def __init__(self, door: TerminalDoor, host: ToyHost, bot: ToyBot) -> None:
        self.door, self.host, self.bot = door, host, bot
        self.roles: dict[str, str] = {}

    async def forward(self, by: timedelta) -> None:
        until = self.host.at + by
        while (due := self._next_due()) <= until:
            self.host.at = due
            for address in sorted(self.bot.subscribed, key=lambda address: address.chat):
                number = len(self.door.sent) + 1
                await self.door.send(address, dose(number), nonce=f"dose:{number}")
        self.host.at = until

    def _next_due(self) -> datetime:
        day = self.host.at.astimezone(HOME).date()
        while (due := datetime.combine(day, time(8), HOME)) <= self.host.at or day.isoweekday() > 5:
            day += timedelta(days=1)
        return due.astimezone(UTC)

    async def give_role(self, person_id: str, role: str) -> None:
        self.roles[person_id] = role

    async def zone_of(self, person_id: str) -> tzinfo:
        return HOME

    def now(self) -> datetime:
        return self.host.at


class Keys:
    """Sentences as their keys and facts, so that these tests depend on no wording."""

    def text(self, key: str, **facts: str | int) -> Text:
        return unstyled(" ".join(["‹" + key, *(f"{name}={fact}" for name, fact in facts.items())]) + "›")


def keys_in(language: str) -> Keys:
    """The sentences of every language."""
    return Keys()


async def main() -> None:
    """The prompt over the toy, at this process's terminal; `/soon` brings a dose a moment later, unasked."""
    bot, door = ToyBot(), TerminalDoor()
    soon: set[asyncio.Task[None]] = set()

    async def send_soon(address: Address) -> None:
        await asyncio.sleep(1)
        await door.send(address, dose(99), nonce="soon")

    def answer(incoming: Incoming) -> Answer:
        if incoming.text == "/soon":
            soon.add(asyncio.create_task(send_soon(incoming.address)))
        return bot.answer(incoming)

    host = ToyHost(answer)
    await door.open(host, MENUS)
    await converse(door, host, ToyControls(door, host, bot), keys_in, scratch=Path(sys.argv[1]), language="en")
    await door.close()


if __name__ == "__main__":
    asyncio.run(main())
