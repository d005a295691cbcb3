"""Bytes or text of a list to clean lines: encodings, byte order marks, line ends, and text that was broken before.

A list that somebody once saved in the wrong encoding ("CiÃªncia" or "Ci√™ncia" for "Ciência") is mended line by line,
but only where the mending is exact (the line turns back into valid UTF-8) and only if most lines of the file agree:
a text that quotes such a string on purpose keeps it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import ftfy.bad_codecs  # noqa: F401  (registers sloppy-windows-1252)

from bot.catalog.markdown.report import Finding, Matter
from bot.catalog.problem import Problem
from bot.errors import CatalogError

LARGEST_LIST = 20_000_000
"""Characters (or bytes) of the largest list that is read."""

LONGEST_LINE = 50_000
"""Characters of the longest line that is read; no line that people write comes near."""

MISREAD_AS = {"Mac Roman": "mac_roman", "Windows-1252": "sloppy-windows-1252"}
"""The encodings in which UTF-8 has been misread; the second is ftfy's, which knows what browsers do with gaps in the table."""

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(slots=True)
class Source:
    """The lines of a list, ready to be read, and what had to be done to them."""

    lines: list[str]
    findings: list[Finding] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    def note(self, line: int, matter: Matter, text: str) -> None:
        """Write down what was done."""
        self.findings.append(Finding(line, matter, text))


def decode(content: str | bytes) -> Source:
    """Return the lines of a list. Raises CatalogError for what is no text or over 20 MB."""
    if len(content) > LARGEST_LIST:
        _refuse(f"the list has {len(content):,} characters; {LARGEST_LIST:,} are the most that is read")
    source = Source([])
    text = content if isinstance(content, str) else _text(content, source)
    source.lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _drop_monsters(source)
    _mend(source)
    _drop_controls(source)
    return source


def _text(content: bytes, source: Source) -> str:
    """Decode as UTF-8, UTF-16 with its mark, or (said so) Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        source.note(1, Matter.REPAIRED, "the file is UTF-16; it was read as such")
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content[:4096]:
        _refuse("the file is not text (it holds zero bytes)")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        source.note(line, Matter.REPAIRED, "this line is not UTF-8; the file was read as Latin-1 (Windows-1252)")
        return content.decode("cp1252", errors="replace")


def _drop_monsters(source: Source) -> None:
    """Take out lines that nobody wrote by hand, and say so."""
    for number, line in enumerate(source.lines, start=1):
        if len(line) > LONGEST_LINE:
            text = f"this line has {len(line):,} characters ({LONGEST_LINE:,} are the most that is read): {line[:60]}…"
            source.note(number, Matter.LEFT_OUT, text)
            source.lines[number - 1] = ""


def _drop_controls(source: Source) -> None:
    """Replace characters that cannot be seen by blanks; say it once for each line."""
    for number, line in enumerate(source.lines, start=1):
        if found := CONTROLS.search(line):
            source.lines[number - 1] = CONTROLS.sub(" ", line)
            text = f"an invisible character (U+{ord(found[0]):04X}) was taken out"
            source.note(number, Matter.REPAIRED, text)


def _mend(source: Source) -> None:
    """Undo a misreading of UTF-8 if most lines with foreign letters agree on it; else only point at such lines."""
    foreign = [number for number, line in enumerate(source.lines) if not line.isascii()]
    name, mended = _best_mending(source.lines, foreign)
    if not mended or len(mended) * 2 <= len(foreign):
        for number in mended:
            text = f"this looks broken (UTF-8 read as {name}) but stands alone, so it was left as it is"
            source.note(number + 1, Matter.DOUBTFUL, text)
        return
    for number, line in mended.items():
        source.lines[number] = line
    where = ", ".join(str(number + 1) for number in mended)
    text = f"the letters of {len(mended)} lines were broken (UTF-8 read as {name}) and are mended: {where}"
    source.note(min(mended) + 1, Matter.REPAIRED, text)
    for number in foreign:
        if number not in mended:
            source.note(number + 1, Matter.DOUBTFUL, "other lines had broken letters; this one could not be mended")


def _best_mending(lines: list[str], foreign: list[int]) -> tuple[str, dict[int, str]]:
    """Return the misreading that most lines agree on, and what those lines were before it."""
    best: tuple[str, dict[int, str]] = ("", {})
    for name, encoding in MISREAD_AS.items():
        mended = {number: text for number in foreign if (text := unread(lines[number], encoding))}
        best = max(best, (name, mended), key=lambda found: len(found[1]))
    return best


def unread(line: str, encoding: str) -> str | None:
    """Return what the line was before its UTF-8 was read in this encoding, or None if it never was."""
    try:
        return line.encode(encoding).decode("utf-8")
    except UnicodeError:
        return None


def _refuse(text: str) -> None:
    raise CatalogError((Problem(None, "", text),))
