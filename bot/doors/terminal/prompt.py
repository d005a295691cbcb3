"""The interactive prompt: one line in, and what the person sees after it.

line ──┬── :command ──▶ colon.py
       ├── number ────▶ that button
       └── words ─────▶ the bot
                            └──▶ everything new on the person's screen is printed
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from rich.console import Console

from bot.chat import Text, plain
from bot.contract import Host, MenuEntry
from bot.doors.terminal import colon
from bot.doors.terminal.clean import one_line
from bot.doors.terminal.colon import Leave
from bot.doors.terminal.controls import Controls, WordsIn
from bot.doors.terminal.door import TerminalDoor
from bot.doors.terminal.paint import Painter, console_here, links_work
from bot.doors.terminal.person import Person
from bot.doors.terminal.reader import Reader, TerminalReader
from bot.doors.terminal.screen import Entry, Passing, Said, Screen, Shown
from bot.ending import end


class Prompt:
    """One person at a time in front of the door; `latest` is what the last line made them see."""

    def __init__(
        self, door: TerminalDoor, host: Host, controls: Controls, words: WordsIn, painter: Painter, first: str
    ) -> None:
        self.door = door
        self.host = host
        self.controls = controls
        self.painter = painter
        self.latest: tuple[Entry, ...] = ()
        self.person = door.person(first, language=painter.language)
        self._words = words
        self._told: dict[Person, int] = {}
        self._changed: set[tuple[str, str]] = set()

    async def take(self, line: str) -> None:
        """Do what a line says, then show what came of it. Raises Leave."""
        self.latest = ()
        self._changed.clear()
        self.painter.after_typing()
        self.screen.turn_page()
        try:
            await self._obey(line.strip())
        finally:
            await self.show_news()

    async def show_news(self) -> None:
        """Print what is new for this person, and who else has something waiting."""
        fresh = self.person.news()
        self.latest += fresh
        printed = [entry for entry in fresh if not (isinstance(entry, Shown) and self._changed_elsewhere(entry))]
        left = self.screen.keep_numbers_small([entry for entry in printed if isinstance(entry, Shown)])
        for entry in printed:
            self.painter.blank()
            if isinstance(entry, Shown):
                mark = "terminal.edited" if entry.edited_at else ""
                await self._paint_message(entry, entry.edited_at or entry.at, mark)
            elif isinstance(entry, Passing):
                self.painter.whisper(entry)
        if left:
            self.painter.blank()
            self.hint("terminal.unnumbered")
        self._tell_of_others()
        self.painter.blank()

    def _changed_elsewhere(self, shown: Shown) -> bool:
        """Whether the same card, changed by the same line, was printed already: it may hang in several places of the chat."""
        if not shown.edited_at or not shown.message.shows:
            return False
        card = (shown.message.shows, plain(shown.message.text))
        known = card in self._changed
        self._changed.add(card)
        return known

    async def show_past(self, entry: Entry) -> None:
        """Print one entry of the whole screen: what people did too, every message at its first hour."""
        self.painter.blank()
        if isinstance(entry, Said):
            self.painter.said(entry, await self.local(entry.at))
        elif isinstance(entry, Passing):
            self.painter.whisper(entry)
        else:
            await self._paint_message(entry, entry.at, "terminal.edited" if entry.edited_at else "")

    async def _paint_message(self, shown: Shown, at: datetime, mark: str) -> None:
        words = plain(self.text(mark)) if mark else ""
        self.painter.message(shown, self.screen, await self.local(at), mark=words)

    def text(self, key: str, **facts: str | int) -> Text:
        """A sentence in the language of the prompt."""
        return self._words(self.painter.language).text(key, **facts)

    def hint(self, key: str, **facts: str | int) -> None:
        """A sentence of the prompt's own."""
        self.painter.note(self.text(key, **facts))

    async def local(self, at: datetime) -> datetime:
        """An instant in the zone of the present person."""
        return at.astimezone(await self.controls.zone_of(self.person.sender.id))

    async def apologise(self, fault: Exception, line: str = "") -> None:
        """A fault of ours: the facts go to the log and the owners, one sentence to the person."""
        await self.host.alert("terminal-failed", line=line, error=repr(fault))
        self.hint("terminal.broke")

    def become(self, who: str) -> None:
        """Somebody else sits down; they speak the language the prompt speaks unless they were here before."""
        self.person = self.door.person(who, language=self.painter.language)
        self.painter.day = None

    @property
    def screen(self) -> Screen:
        """The chat of the present person."""
        return self.person.their_screen

    @property
    def menu(self) -> tuple[MenuEntry, ...]:
        """The commands that the present person may use, in the language of the prompt."""
        menus = self.door.menus
        return menus.of_role.get(self.person.role, menus.commands).get(self.painter.language, ())

    def completions(self) -> Iterable[str]:
        """What Tab offers."""
        return [*(f"/{entry.name}" for entry in self.menu), *(f":{name}" for name in colon.NAMES)]

    async def _obey(self, line: str) -> None:
        if not line:
            return
        if line.startswith(":"):
            await colon.obey(self, line)
        elif line.isascii() and line.isdigit() and len(line) < 4 and await self._press(int(line)):
            return
        else:
            await self.person.says(line)

    async def _press(self, number: int) -> bool:
        """Press that button; False where a number is more likely something to say."""
        held = self.screen.numbered.get(number)
        if held:
            self.painter.pressed(held[1].label)
            await self.person.presses(number)
            if held[1].url:
                self.painter.address(held[1].url)
        elif self.screen.numbered and self.person.sender.id not in self.screen.asked:
            numbers = self.screen.numbered
            self.hint("terminal.no_button", number=number, least=min(numbers), most=max(numbers))
        else:
            return False
        return True

    def _tell_of_others(self) -> None:
        for other in self.door.people:
            if other is not self.person and other.unread > self._told.get(other, 0):
                name, who = one_line(other.sender.name), one_line(other.sender.id)
                self.hint("terminal.waiting", name=name, id=who, n=other.unread)
            self._told[other] = other.unread


async def converse(
    door: TerminalDoor,
    host: Host,
    controls: Controls,
    words: WordsIn,
    *,
    scratch: Path,
    language: str = "pt-BR",
    person: str = "ana",
    reader: Reader | None = None,
    console: Console | None = None,
) -> None:
    """Talk until the person leaves by `:quit`, Ctrl-D or Ctrl-C. The door is open already; `scratch` receives attachments.

    A fault of ours goes to `host.alert` as `terminal-failed`; the person reads one sentence and can go on.
    """
    console = console or console_here()
    painter = Painter(console, scratch, language, links=links_work(console))
    prompt = Prompt(door, host, controls, words, painter, person)
    prompt.hint("terminal.tip")
    painter.blank()
    try:
        async with _Arrivals(prompt) as arrivals:
            await _take_lines(prompt, reader or TerminalReader(prompt.completions), arrivals.busy)
    finally:
        painter.blank()
        prompt.hint("terminal.goodbye")


async def _take_lines(prompt: Prompt, reader: Reader, busy: asyncio.Lock) -> None:
    with suppress(EOFError, KeyboardInterrupt, Leave):
        while True:
            line = await reader.line(prompt.person.sender.name)
            async with busy:
                try:
                    await prompt.take(line)
                except Leave:
                    raise
                except Exception as fault:
                    await prompt.apologise(fault, line)


class _Arrivals:
    """Prints what arrives while nobody types a line: the clock sends doses on its own."""

    def __init__(self, prompt: Prompt) -> None:
        self.busy = asyncio.Lock()
        self._prompt = prompt
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> _Arrivals:
        self._prompt.door.watchers.append(self._note)
        self._watch = asyncio.create_task(self._print())
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._prompt.door.watchers.remove(self._note)
        await end(self._watch)

    def _note(self, screen: Screen) -> None:
        self._arrived.set()

    async def _print(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            async with self.busy:
                try:
                    await self._prompt.show_news()
                except Exception as fault:
                    await self._prompt.apologise(fault)
