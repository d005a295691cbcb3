"""A host at the edge of these tests: it answers by a function and keeps what the contract tells it to keep."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.chat import Address, Answer, Button, Incoming, Message, MessageRef, Text, rows, unstyled
from bot.contract import MenuEntry, Menus
from bot.errors import DatabaseAway, NotRendered
from tests.rig.bell import Bell
from tests.rig.telegram import Person, TelegramServer

NOW = datetime(2026, 3, 6, 12, 12, tzinfo=UTC)
MENUS = Menus(
    commands={
        "en": (MenuEntry("start", "Begin"), MenuEntry("today", "Today's dose")),
        "pt-BR": (MenuEntry("start", "Começar"), MenuEntry("hoje", "A dose de hoje")),
    },
    about={"en": "One dose a day.", "pt-BR": "Uma dose por dia."},
    description={"en": "Something good every day.", "pt-BR": "Algo bom todo dia."},
)

Answers = Callable[[Incoming], Answer | Awaitable[Answer]]


class ToyHost:
    """Stores the answer of a key until it was rendered, and never takes a key in twice.

    Its database may be away, or silent, or let whoever asks for it hang.
    """

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.is_away = self.is_silent = self.hangs = False
        self.heard: list[Incoming] = []
        self.shown: list[tuple[Incoming, tuple[MessageRef, ...]]] = []
        self.turns: list[Address] = []
        self.alerts: list[tuple[str, dict[str, str]]] = []
        self.silences: list[float] = []
        self.facts: dict[str, str] = {}
        self.owners: dict[str, str | None] = {}
        self._kept: dict[str, Answer | None] = {}
        self._silent_until = 0.0
        self._bell = Bell()

    async def answer(self, incoming: Incoming) -> Answer | None:
        if self.is_away:
            raise DatabaseAway("nobody there")
        if incoming.key not in self._kept:
            self.heard.append(incoming)
            self._bell.ring()
            answer = self.answers(incoming)
            self._kept[incoming.key] = answer if isinstance(answer, Answer) else await answer
        return self._kept[incoming.key]

    async def not_taken(self, incoming: Incoming) -> Answer:
        return Answer(say=(say("it did not count"),))

    async def is_there(self) -> bool:
        if self.hangs:
            await asyncio.Event().wait()
        return not self.is_away and not self.is_silent

    async def rendered(self, incoming: Incoming, sent: tuple[MessageRef, ...]) -> None:
        self.shown.append((incoming, sent))
        self._kept[incoming.key] = None
        self._bell.ring()

    async def reply_turn(self, address: Address) -> None:
        self.turns.append(address)
        await asyncio.sleep(max(0.0, self.silence(address.platform)))

    def silence(self, platform: str) -> float:
        return self._silent_until - asyncio.get_running_loop().time()

    def slow_down(self, platform: str, seconds: float) -> None:
        assert platform in ("telegram", "discord")
        self.silences.append(seconds)
        self._silent_until = asyncio.get_running_loop().time() + seconds

    async def alert(self, key: str, /, **facts: str) -> None:
        self.alerts.append((key, facts))
        self._bell.ring()

    async def complete(self, command: str, typed: str, language: str | None) -> tuple[str, ...]:
        return (f"{command} {typed}", f"in {language}")

    async def remembered(self, name: str) -> str | None:
        return self.facts.get(name)

    async def remember(
        self, name: str, value: str, *, owner: str | None = None, lasts: timedelta | None = None
    ) -> None:
        if self.is_away:
            raise DatabaseAway("nobody there")
        self.facts[name] = value
        self.owners[name] = owner

    async def all_remembered(self, beginning: str) -> dict[str, str]:
        return {name: value for name, value in self.facts.items() if name.startswith(beginning)}

    async def forget(self, name: str) -> None:
        self.facts.pop(name, None)

    def answered_before(self, key: str) -> None:
        """As if an earlier life of the bot had answered that update and shown it."""
        self._kept[key] = None

    async def has_heard(self, count: int = 1) -> None:
        """Wait until so many updates were taken in."""
        assert await self._bell.until(lambda: len(self.heard) >= count or None, 10), self.heard

    async def has_shown(self, count: int = 1) -> None:
        """Wait until so many answers were reported as rendered."""
        assert await self._bell.until(lambda: len(self.shown) >= count or None, 10), self.shown

    async def has_alerted(self, key: str) -> None:
        """Wait until the owners heard of that."""
        assert await self._bell.until(lambda: any(key == told for told, _ in self.alerts) or None, 10), self.alerts

    def now(self) -> datetime:
        return NOW


def say(words: str, *buttons: Button) -> Message:
    """A message in no style, its buttons in rows of three."""
    return Message(unstyled(words), rows(buttons))


def echo(incoming: Incoming) -> Answer:
    """A bot that says back what it hears."""
    return Answer(say=(say(f"heard {incoming.text or incoming.action or incoming.presence or 'a place'}"),))


def home(person: Person) -> Address:
    """A person's private chat."""
    return Address("telegram", str(person.id))


def styled(text: Text) -> Message:
    return Message(text)


def stumbles(incoming: Incoming) -> Answer:
    """A house with a fault: `/boom` breaks it, everything else is answered."""
    if incoming.text == "/boom":
        raise ZeroDivisionError("boom")
    return echo(incoming)


def breaks(*_: object, **__: object) -> None:
    """Stands in the place of what a door does before it calls its platform."""
    raise IndexError("a mistake of ours")


@contextmanager
def broken_before_the_call(where: object, what: str) -> Iterator[None]:
    """A mistake of ours in a door: what is sent meanwhile must be refused as one."""
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(where, what, breaks)
        with pytest.raises(NotRendered, match="a mistake of ours"):
            yield


def after(go: asyncio.Event) -> Answers:
    """A house that answers nobody before it may go."""

    async def slowly(incoming: Incoming) -> Answer:
        await go.wait()
        return echo(incoming)

    return slowly


async def confirmed(telegram: TelegramServer) -> None:
    """Wait until the server has nothing left that is unconfirmed."""
    calm = await telegram.bell.until(lambda: telegram.updates.pending() == [] or None, 10)
    assert calm, telegram.updates.pending()
