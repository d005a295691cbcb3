"""Keeps text that others wrote from acting on the terminal: it may look strange, it can do nothing.

A title may hold escape sequences (which colour, move the cursor, set the clipboard), carriage returns that overwrite a line, and
marks that turn the reading direction (Unicode TR 36, section 3.1). All of them are characters of the categories Cc and Cf.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_ESCAPE = re.compile(
    r"(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC: window titles, links, the clipboard
    r"|(?:\x1b[P_^X]|[\x90\x9f\x9e\x98])[^\x1b\x9c]*(?:\x1b\\|\x9c)?"  # DCS, APC, PM, SOS
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, the cursor, erasing
    r"|\x1b[ -/]*[0-~]?"  # everything shorter
)
_JOINERS = "\u200c\u200d"  # letters of Persian and Hindi, and emoji of several parts, need them
_BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")


def clean(text: str) -> str:
    """The text with nothing in it that a terminal would obey; line breaks stay, tabs become spaces."""
    text = _ESCAPE.sub("", text)
    text = _BREAKS.sub("\n", text).replace("\t", "    ")
    return "".join(map(_harmless, text))


def one_line(text: str, at_most: int = 40) -> str:
    """The cleaned text on one line, cut after `at_most` characters: for names and labels."""
    flat = " ".join(clean(text).split())
    return flat if len(flat) <= at_most else flat[: at_most - 1].rstrip() + "…"


def web_address(url: str | None) -> str | None:
    """The address if it is an http(s) one without anything a terminal would obey, else None."""
    if not url or clean(url) != url or any(character.isspace() for character in url):
        return None
    try:
        return url if urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"  # a lone surrogate cannot be written to any stream
    if category in ("Cc", "Cf") and character != "\n" and character not in _JOINERS:
        return ""
    return character
