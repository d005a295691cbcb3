"""Small readings of plain text that several parts of the importer share: emoji, slugs, labels, shortening."""

from __future__ import annotations

import re
import unicodedata

from bot.catalog.markdown.vocabulary import GENERIC

EMOJI = (
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\u2300-\u23ff\u25a0-\u25ff\ufe0f\u200d\u20e3"
    "\U000e0020-\U000e007f]"
)
EMOJI_AT_ENDS = re.compile(rf"^(?:{EMOJI}|\s|:[a-z0-9_+-]+:(?=\s))+|(?:{EMOJI}|\s)+$")
FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
ELLIPSIS = "…"


def squeeze(text: str) -> str:
    """Join the lines of a text and take out doubled blanks."""
    return " ".join(text.split())


def bare_of_emoji(text: str) -> str:
    """Take emoji and `:shortcodes:` off both ends; a text of nothing else stays as it is."""
    return EMOJI_AT_ENDS.sub("", text) or text.strip()


def without_emoji(text: str) -> str:
    """Take emoji and `:shortcodes:` off both ends, even if nothing is left."""
    return EMOJI_AT_ENDS.sub("", text)


def is_generic(text: str) -> bool:
    """Tell whether a link text is no title ("link", "here", "paper")."""
    return bare_of_emoji(squeeze(text)).strip(" .:").lower() in GENERIC


def emoji_of(text: str) -> list[str]:
    """Return the emoji of a text one by one, a flag being one of them."""
    flags = FLAG.findall(text)
    return flags + [
        found for found in re.findall(rf"{EMOJI}\ufe0f?", FLAG.sub("", text)) if found.strip("\ufe0f\u200d")
    ]


def shorten(text: str, length: int = 80) -> str:
    """Cut a text between words."""
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + ELLIPSIS


def group_label(text: str) -> str:
    """Return what a parent bullet is called: the words before its colon where an enumeration or a sentence follows.

    "Regression: RMSE, MAE, MAPE" is "Regression"; "Papers:" keeps its colon, as the list writes it.
    """
    head, colon, tail = text.partition(": ")
    if colon and tail.strip() and 0 < len(head) <= 40:
        return head
    return shorten(text)


def heading_slug(text: str) -> str:
    """Return the fragment that GitHub gives a heading."""
    kept = "".join(letter for letter in text.strip().lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")


def slug(text: str, length: int = 60) -> str:
    """Return a readable id of ASCII letters, digits and hyphens, at most `length` long; empty if nothing is left."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ").replace("+", " plus "))
    plain = plain.encode("ascii", "ignore").decode().lower().replace("'", "")
    joined = "-".join(re.findall(r"[a-z0-9]+", plain))
    return joined if len(joined) <= length else joined[: length + 1].rsplit("-", 1)[0][:length]
