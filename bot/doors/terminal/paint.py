"""How the bot looks on a terminal: styled where the terminal can, bare characters in a pipe or under NO_COLOR.

Rich lays out and styles; this file decides what a message looks like, and cleans all text that others wrote.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from babel.dates import format_skeleton
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text as Styled

from bot.chat import Button, Span, Text, unstyled
from bot.doors.terminal.clean import clean, one_line, web_address
from bot.doors.terminal.screen import Passing, Said, Screen, Shown

WIDEST = 90
BOT = "Trilha"
MARK = "▸"
_MARGIN = "  "
_LINKING = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio")


class Painter:
    """Writes on one console. Dates and hours come in the zone they are to be read in."""

    def __init__(self, console: Console, scratch: Path, language: str, *, links: bool = False) -> None:
        self.console = console
        self.scratch = scratch
        self.language = language
        self.links = links
        self.day: date | None = None
        self._after_blank = False

    @property
    def width(self) -> int:
        """Columns that are used."""
        return min(self.console.width, WIDEST)

    def blank(self) -> None:
        """An empty line, unless there is one already."""
        if not self._after_blank:
            self.console.print()
        self._after_blank = True

    def after_typing(self) -> None:
        """The person ended a line: what comes next stands right under it."""
        self._after_blank = False

    def note(self, text: Text, *, margin: str = _MARGIN) -> None:
        """A dim line of the prompt's own, or a passing one of the bot."""
        self._flow(self._styled(text, Style(dim=True)), margin)

    def pressed(self, label: str) -> None:
        """The button that a number stood for."""
        self.note(unstyled(f"[ {one_line(label, 60)} ]"))

    def whisper(self, entry: Passing) -> None:
        """A toast, or what the bot waits to be told."""
        self.note(unstyled(f"{'✎' if entry.asks else '·'} {entry.text}"))

    def typed(self, name: str, line: str) -> None:
        """What a person typed, as it stands behind the prompt."""
        self._flow(Styled.assemble((f"{one_line(name)} {MARK} ", "bold cyan"), clean(line)), "")

    def said(self, entry: Said, at: datetime) -> None:
        """What a person did earlier."""
        self.turn_to(at)
        self.typed(entry.who.name, entry.text)

    def turn_to(self, at: datetime) -> None:
        """A line with the date where the day is another one than above."""
        if at.date() != self.day:
            self.day = at.date()
            words = format_skeleton("MMMEd", at, locale=self.language.replace("-", "_"))
            self._flow(Styled(f"── {words} ──", "dim"), _MARGIN)
            self.blank()

    def message(self, shown: Shown, screen: Screen, at: datetime, *, mark: str = "") -> None:
        """One message of the bot, with its buttons as numbers; `mark` stands beside the hour, as "edited" does."""
        self.turn_to(at)
        beside = " · ".join(part for part in (f"{at:%H:%M}", mark) if part)
        self._flow(Styled.assemble((BOT, "bold green"), "  ", (beside, "dim")), _MARGIN)
        if shown.message.text:
            self._flow(self._styled(shown.message.text, Style()), _MARGIN)
        self._attachments(shown)
        self._buttons(shown, screen)

    def address(self, url: str) -> None:
        """The address a link button leads to, whole, so that it can be copied."""
        safe = web_address(url)
        style = Style(link=safe if self.links else None, underline=True)
        self._print(Styled.assemble(_MARGIN, "→ ", (clean(url), style)))

    def table(self, rows: Iterable[tuple[str, Text]]) -> None:
        """Two columns: what to type, and what it does."""
        listed = [(clean(left), right) for left, right in rows]
        column = max((cell_len(left) for left, _ in listed), default=0) + 3
        for left, right in listed:
            words = self._styled(right, Style(dim=True))
            lines = words.wrap(self.console, max(20, self.width - column - len(_MARGIN)))
            for number, line in enumerate(lines):
                start = left if number == 0 else ""
                pad = " " * (column - cell_len(start))
                self._print(Styled.assemble(_MARGIN, (start, "cyan"), pad, line))

    # -------------------------------------------------------------------------------------------------------- inside

    def _attachments(self, shown: Shown) -> None:
        message = shown.message
        if message.picture:
            kept = keep(self.scratch, "picture.png", message.picture.png)
            self._attached(f"[picture: {clean(message.picture.alt)}]", kept)
        if message.file:
            kept = keep(self.scratch, message.file.name, message.file.content)
            self._attached(f"[file: {one_line(message.file.name)}]", kept)

    def _attached(self, words: str, path: Path) -> None:
        self._flow(Styled(words, "italic"), _MARGIN)
        self._print(Styled(f"{_MARGIN}{path}", "dim"))

    def _buttons(self, shown: Shown, screen: Screen) -> None:
        numbers = dict(enumerate(n for n, held in screen.numbered.items() if held[0] is shown))
        if shown.buttons or shown.message.location_label:
            self.blank()
        place = 0
        for row in shown.message.buttons:
            self._row([self._button(numbers.get(place + offset), button) for offset, button in enumerate(row)])
            place += len(row)
        if shown.message.location_label:
            label = one_line(shown.message.location_label)
            self._row([Styled.assemble((":location LAT LON", "cyan"), "  ", label)])

    def _button(self, number: int | None, button: Button) -> Styled:
        label = one_line(button.label, 60)
        url = web_address(button.url) if self.links else None
        words = Styled.assemble((label, Style(link=url)), " ↗" if button.url else "")
        if number is None:  # of an earlier screenful: it is there, but no number leads to it
            return Styled.assemble("[ ", words, " ]", style="dim")
        return Styled.assemble((f"[{number}]", "cyan"), " ", words)

    def _row(self, labels: list[Styled]) -> None:
        """Buttons side by side; where they do not fit, on as few lines as they need and as evenly as they go."""
        for number in range(1, len(labels) + 1):
            size = -(-len(labels) // number)
            lines = [Styled("   ").join(labels[start : start + size]) for start in range(0, len(labels), size)]
            if number == len(labels) or all(line.cell_len <= self.width - len(_MARGIN) for line in lines):
                break
        for line in lines:
            self._flow(line, _MARGIN)

    def _styled(self, text: Text, base: Style) -> Styled:
        """The spans in their styles; code is dim, and in a dim line it is what stands out."""
        out = Styled(style=base)
        code = Style(color="cyan", dim=False) if base.dim else Style(dim=True)
        for span in text:
            self._append(out, span, code if span.code else Style())
        return out

    def _append(self, out: Styled, span: Span, code: Style) -> None:
        style = code + Style(bold=span.bold or None, italic=span.italic or None)
        words, url = clean(span.text), web_address(span.link)
        if url and self.links:
            out.append(words, style + Style(link=url, underline=True))
            return
        out.append(words, style)
        if url and url != words:
            out.append(f" ({url})", Style(dim=True))

    def _flow(self, text: Styled, margin: str) -> None:
        """Wrap at the width and print behind a margin."""
        for line in text.wrap(self.console, max(20, self.width - cell_len(margin))):
            self._print(Styled.assemble(margin, line) if margin else line)

    def _print(self, line: Styled) -> None:
        """One line as it is: a terminal may break it, so that an address or a path can be copied whole."""
        line.rstrip()
        self._after_blank = False
        self.console.print(line, soft_wrap=True)


def console_here(environ: Mapping[str, str] = os.environ) -> Console:
    """The console of this process; without a terminal, or with NO_COLOR set, it writes bare characters."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")  # an old locale shows a question mark instead of ending the conversation
    if environ.get("NO_COLOR") or not sys.stdout.isatty():
        return Console(color_system=None, highlight=False)
    return Console(highlight=False)


def links_work(console: Console, environ: Mapping[str, str] = os.environ) -> bool:
    """Does the terminal say that it follows OSC 8 links? Where it does not, the address stands beside the words."""
    if not console.is_terminal or console.color_system is None:
        return False
    known = environ.get("TERM_PROGRAM") in _LINKING or environ.get("TERM", "") in (
        "xterm-kitty",
        "foot",
        "alacritty",
    )
    vte = environ.get("VTE_VERSION", "")
    named = any(name in environ for name in ("WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "DOMTERM"))
    return known or named or (vte.isdigit() and int(vte) >= 5000)


def keep(folder: Path, name: str, content: bytes) -> Path:
    """Write an attachment into the folder and say where; the same content under the same name is one file."""
    base = re.sub(r"[^\w.-]+", "-", one_line(Path(name.replace("\\", "/")).name, 80)).strip(".-") or "file"
    stem, dot, suffix = base.rpartition(".")
    digest = hashlib.sha256(content).hexdigest()[:8]
    path = folder / (f"{stem}-{digest}.{suffix}" if dot and stem else f"{base}-{digest}")
    folder.mkdir(parents=True, exist_ok=True)
    with open(path, "wb", opener=_for_us_alone) as file:
        file.write(content)
    return path


def _for_us_alone(path: str, flags: int) -> int:
    """What somebody may know of themselves is nobody else's on the machine."""
    return os.open(path, flags, 0o600)
