"""Reads lines from a person at a terminal while everything else goes on: history, editing, Tab for commands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from bot.doors.terminal.clean import one_line
from bot.doors.terminal.paint import MARK


class Reader(Protocol):
    """Where lines come from."""

    async def line(self, name: str) -> str:
        """The next line of the person of that name. Raises EOFError or KeyboardInterrupt when they leave."""


class TerminalReader:
    """Lines of the person at this terminal; `commands` gives what Tab completes at the start of a line."""

    def __init__(self, commands: Callable[[], Iterable[str]]) -> None:
        self._session: PromptSession[str] = PromptSession(
            history=InMemoryHistory(), completer=_Commands(commands), complete_while_typing=False
        )

    async def line(self, name: str) -> str:
        """The next line. Raises EOFError at Ctrl-D and KeyboardInterrupt at Ctrl-C.

        Whatever is printed meanwhile, doses and log lines alike, appears above the line that is being typed.
        """
        with patch_stdout(raw=True):
            return await self._session.prompt_async(FormattedText([("bold ansicyan", f"{one_line(name)} {MARK} ")]))


class PipedReader:
    """Lines of a file or a pipe, to its end."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines

    async def line(self, name: str) -> str:
        """The next line. Raises EOFError after the last."""
        line = await asyncio.to_thread(self._lines.readline)
        if not line:
            raise EOFError
        return line


class _Commands(Completer):
    def __init__(self, commands: Callable[[], Iterable[str]]) -> None:
        self._commands = commands

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        typed = document.text_before_cursor
        if typed[:1] in ("/", ":"):
            for command in self._commands():
                if command.startswith(typed):
                    yield Completion(command, start_position=-len(typed))
