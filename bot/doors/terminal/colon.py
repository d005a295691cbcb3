"""The prompt's own commands: each begins with a colon, because none of them goes to the bot."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from babel.dates import format_skeleton

from bot.chat import LARGEST_DOCUMENT, unstyled
from bot.doors.terminal.clean import one_line
from bot.doors.terminal.controls import ROLES
from bot.doors.terminal.screen import Shown
from bot.languages import LANGUAGES

if TYPE_CHECKING:
    from bot.doors.terminal.prompt import Prompt

FARTHEST = timedelta(days=366)
_SHOWN_AT_ONCE = 30
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"(\d{1,6})([smhdw])")
_NAME = re.compile(r"\w[\w .'-]{0,39}")


class Leave(Exception):
    """The person wants to go."""


@dataclass(frozen=True, slots=True)
class Colon:
    """One command of the prompt: how it is typed, the sentence that explains it, what it does with the rest of its line."""

    usage: str
    about: str
    do: Callable[[Prompt, str], Awaitable[None]]


async def obey(prompt: Prompt, line: str) -> None:
    """Do what a line that begins with a colon says; what cannot be understood gets a sentence. Raises Leave."""
    name, _, rest = line[1:].partition(" ")
    command = COLONS.get(name.lower())
    if command is None:
        prompt.hint("terminal.unknown", name=one_line(name))
    else:
        await command.do(prompt, rest.strip())


def is_name(typed: str) -> bool:
    """Whether somebody may be called so."""
    return _NAME.fullmatch(typed) is not None


def span(typed: str) -> timedelta | None:
    """A length of time such as `90m`, `24h`, `2d` or `1d12h`; None where it is not one, is nothing or is over a year."""
    typed = typed.strip().lower()
    parts = _SPAN.findall(typed)
    if not parts or "".join(number + unit for number, unit in parts) != typed:
        return None
    length = sum((timedelta(**{_UNITS[unit]: int(number)}) for number, unit in parts), timedelta())
    return length if timedelta() < length <= FARTHEST else None


def place(typed: str) -> tuple[float, float] | None:
    """Degrees such as `-23.55 -46.63`, a comma between them or not; None where that is no place on Earth."""
    parts = typed.replace(",", " ").split()
    try:
        latitude, longitude = (float(part) for part in parts)
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


async def _as(prompt: Prompt, rest: str) -> None:
    name, _, role = (part.strip() for part in rest.partition("--role"))
    role = role.lstrip("= ").lower()
    if not is_name(name) or ("--role" in rest and role not in ROLES):
        prompt.hint("terminal.as_how", roles=", ".join(ROLES))
        return
    who = "-".join(name.lower().split())
    if role:
        await prompt.controls.give_role(who, role)
    prompt.become(who)
    prompt.person.role = role or prompt.person.role
    prompt.hint("terminal.as_role" if role else "terminal.as_now", name=prompt.person.sender.name, role=role)


async def _forward(prompt: Prompt, rest: str) -> None:
    by = span(rest)
    if by is None:
        prompt.hint("terminal.forward_how")
        return
    await prompt.controls.forward(by)
    await prompt.show_news()
    prompt.hint("terminal.clock", when=await _when(prompt))


async def _clock(prompt: Prompt, rest: str) -> None:
    prompt.hint("terminal.clock", when=await _when(prompt))


async def _when(prompt: Prompt) -> str:
    at: datetime = await prompt.local(prompt.controls.now())
    locale = prompt.painter.language.replace("-", "_")
    return f"{format_skeleton('yMMMEd', at, locale=locale)} {at:%H:%M} ({at.tzinfo})"


async def _people(prompt: Prompt, rest: str) -> None:
    for person in prompt.door.people:
        key = "terminal.person_away" if person.unread else "terminal.person_quiet"
        key = "terminal.person_here" if person is prompt.person else key
        prompt.hint(key, name=one_line(person.sender.name), id=one_line(person.sender.id), n=person.unread)


async def _screen(prompt: Prompt, rest: str) -> None:
    entries = prompt.screen.entries[-_SHOWN_AT_ONCE:]
    earlier = len(prompt.screen.entries) - len(entries)
    if not entries:
        prompt.hint("terminal.nothing_yet")
    if earlier:
        prompt.hint("terminal.earlier", n=earlier)
    prompt.painter.day = None
    prompt.screen.number_again([entry for entry in entries if isinstance(entry, Shown)])
    for entry in entries:
        await prompt.show_past(entry)


async def _buttons(prompt: Prompt, rest: str) -> None:
    if not prompt.screen.numbered:
        prompt.hint("terminal.no_buttons")
    prompt.painter.table(
        (f"[{number}] {one_line(button.label, 60)}", unstyled(button.action or button.url or ""))
        for number, (_, button) in prompt.screen.numbered.items()
    )


async def _location(prompt: Prompt, rest: str) -> None:
    found = place(rest)
    if found is None:
        prompt.hint("terminal.location_how")
    else:
        await prompt.person.sends_location(*found)


async def _send(prompt: Prompt, rest: str) -> None:
    """Send a file of this machine; `:send list.opml | words` with words beside it."""
    path, _, beside = (part.strip() for part in rest.partition("|"))
    if not path:
        prompt.hint("terminal.send_how")
        return
    try:
        content = await asyncio.to_thread(_read_file, path)
    except OSError as error:
        _say_unread(prompt, path, error)
        return
    await prompt.person.sends_file(Path(path).name, content, beside)


def _say_unread(prompt: Prompt, path: str, error: OSError) -> None:
    """Why a file was not sent: what happens to anybody in our words, the rest in those of the system."""
    file = one_line(path)
    for kind, key in _WHY_UNREAD.items():
        if isinstance(error, kind):
            prompt.hint(key, file=file)
            return
    prompt.hint("terminal.send_lost", file=file, why=(error.strerror or "").lower())


_WHY_UNREAD = {
    FileNotFoundError: "terminal.send_missing",
    IsADirectoryError: "terminal.send_folder",
    PermissionError: "terminal.send_closed",
}


def _read_file(path: str) -> bytes:
    with Path(path).expanduser().open("rb") as file:
        return file.read(LARGEST_DOCUMENT + 1)  # one more tells that it is too large


async def _lang(prompt: Prompt, rest: str) -> None:
    language = next((ours for ours in LANGUAGES if ours.lower().startswith(rest.lower())), None) if rest else None
    if language is None:
        prompt.hint("terminal.lang_how", languages=", ".join(LANGUAGES))
        return
    prompt.painter.language = language
    prompt.person.speaks(language)
    prompt.hint("terminal.lang_now")


async def _say(prompt: Prompt, rest: str) -> None:
    if rest:
        await prompt.person.says(rest)
    else:
        prompt.hint("terminal.say_how")


async def _help(prompt: Prompt, rest: str) -> None:
    about = [(command.usage, prompt.text(command.about)) for command in COLONS.values()]
    prompt.painter.table([("1, 2, 3…", prompt.text("terminal.help_number")), *about])
    menu = prompt.menu
    if menu:
        prompt.painter.blank()
        prompt.painter.table((f"/{entry.name}", unstyled(entry.description)) for entry in menu)


async def _quit(prompt: Prompt, rest: str) -> None:
    raise Leave


COLONS = {
    "as": Colon(":as carla --role curator", "terminal.help_as", _as),
    "forward": Colon(":forward 24h", "terminal.help_forward", _forward),
    "clock": Colon(":clock", "terminal.help_clock", _clock),
    "people": Colon(":people", "terminal.help_people", _people),
    "screen": Colon(":screen", "terminal.help_screen", _screen),
    "buttons": Colon(":buttons", "terminal.help_buttons", _buttons),
    "location": Colon(":location -23.55 -46.63", "terminal.help_location", _location),
    "send": Colon(":send feeds.opml", "terminal.help_send", _send),
    "lang": Colon(":lang en", "terminal.help_lang", _lang),
    "say": Colon(":say 15", "terminal.help_say", _say),
    "help": Colon(":help", "terminal.help_help", _help),
    "quit": Colon(":quit", "terminal.help_quit", _quit),
}
NAMES = tuple(COLONS)
