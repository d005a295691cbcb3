"""The learning journal as Markdown: month by month, what, where, and the line they wrote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from babel.dates import format_date

from bot.cards.names import topic_name
from bot.catalog.entry import Catalog
from bot.catalog.markdown.escape import escape
from bot.i18n.showing import show_date
from bot.i18n.words import Words
from bot.store.journal import Entry


def journal_markdown(words: Words, catalog: Catalog, name: str, entries: Sequence[Entry]) -> str:
    """The whole journal. Titles and notes stay text, whatever they hold."""
    parts = [f"# {words.say('journal.title', name=escaped(name))}", *months(words, catalog, entries, "##")]
    if not entries:
        parts.append(words.say("journal.empty"))
    return "\n\n".join(parts) + "\n"


def months(words: Words, catalog: Catalog, entries: Sequence[Entry], mark: str) -> list[str]:
    """A heading (`mark` says how deep) and a list for each month."""
    parts: list[str] = []
    for _, month in groupby(entries, key=lambda entry: (entry.day.year, entry.day.month)):
        of_month = list(month)
        parts.append(f"{mark} {month_heading(of_month[0].day, words.language)}")
        parts.append("\n".join(_entry(words, catalog, entry) for entry in of_month))
    return parts


def month_heading(day: date, language: str) -> str:
    """“March 2026”, with a capital in both languages, as headings have it."""
    heading = format_date(day, "LLLL y", locale=language.replace("-", "_"))
    return f"{heading[:1].upper()}{heading[1:]}"


def _entry(words: Words, catalog: Catalog, entry: Entry) -> str:
    day = show_date(entry.day, words.language)
    notes = [f"  > {escaped(line)}" for note in entry.notes for line in note.splitlines()]
    if not entry.title:
        return "\n".join([f"- {day}", *notes])
    topic = topic_name(catalog, words, entry.topic)
    long = f" · {words.say('journal.sessions', n=entry.sessions)}" if entry.sessions else ""
    going_on = "" if entry.ended else f" · {words.say('journal.going_on')}"
    return "\n".join([f"- {day}: [{escaped(entry.title)}](<{entry.url}>) · {escaped(topic)}{long}{going_on}", *notes])


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, in one line; a heading may end with it."""
    return escape(" ".join(text.split())).replace(" #", " \\#")  # at the end of a heading that is no text
