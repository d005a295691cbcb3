"""The curators' log as lines: “14:02 · Carla approved #41”."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.cards.suggestion import shorten, when_words
from bot.chat import Button, Message, Span, Text, lines
from bot.i18n.words import Words
from bot.store.audit import Deed


def log_message(words: Words, deeds: Sequence[Deed], now: datetime, zone: str, page: int, *, more: bool) -> Message:
    """The newest deeds first."""
    buttons = []
    if page:
        buttons.append(Button(words.say("button.newer"), f"log:{page - 1}"))
    if more:
        buttons.append(Button(words.say("button.earlier"), f"log:{page + 1}"))
    told = [_line(words, deed, now, zone) for deed in deeds]
    return Message(lines(words.text("log.head"), *told), (tuple(buttons),) if buttons else ())


def _line(words: Words, deed: Deed, now: datetime, zone: str) -> Text:
    what, _, name = deed.row.about.partition(":")
    shown = f"#{name}" if what == "suggestion" else f"feed #{name}" if what == "feed" else name or what
    said = words.text(f"log.did_{deed.row.did}", who=deed.who or words.say("desk.somebody"), what=shown)
    when = Span(f"{when_words(words, deed.row.at, now, zone)} · ")
    detail = _detail(deed)
    return (when, *said, Span(f" ({detail})")) if detail else (when, *said)


def _detail(deed: Deed) -> str:
    """How it was and how it became, in a few characters."""
    before, after = deed.row.before, deed.row.after
    if deed.row.did == "edit":
        return shorten(
            ", ".join(f"{name}: {before.get(name) or '–'} → {value or '–'}" for name, value in after.items()), 120
        )
    if deed.row.did == "role":
        return f"{before.get('role')} → {after.get('role')}"
    told = [str(after[name]) for name in ("topic", "reason", "words", "why", "hour", "file", "n") if after.get(name)]
    return shorten(": ".join(told), 120)
