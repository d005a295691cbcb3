"""What a dose says before itself: a milestone reached, days that we excused. And the evening's word about a day that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.chat import Button, Message, Picture, Text, lines
from bot.i18n.showing import show_date
from bot.i18n.words import Words


def with_news(words: Words, message: Message, news: Sequence[dict[str, Any]]) -> Message:
    """The dose's message with its news above it."""
    told = news_lines(words, news) if news else []
    return replace(message, text=lines(*told, (), message.text)) if told else message


def with_milestone(message: Message, news: Sequence[dict[str, Any]]) -> Message:
    """The message with the picture of a milestone, as it was when that was reached."""
    drawn = next((piece for piece in news if piece.get("drawing")), None)
    return replace(message, picture=Picture(b"", drawn["alt"], drawn["drawing"])) if drawn else message


def news_lines(words: Words, news: Sequence[dict[str, Any]]) -> list[Text]:
    """A welcome after a pause, a milestone, what left the catalog in the middle, days of late or lost doses, and thanks for a link."""
    told = [words.text("news.back") for piece in news if piece["kind"] == "back"]
    told += [words.text(f"news.milestone_{piece['n']}") for piece in news if piece["kind"] == "milestone"]
    told += [
        words.text("news.retired", title=piece["title"], part=piece["part"], of=piece["of"])
        for piece in news
        if piece["kind"] == "retired"
    ]
    for why in ("late", "lost", "unsure", "restored"):
        days = sorted(date.fromisoformat(piece["day"]) for piece in news if piece["kind"] == why)
        if days:
            key = f"news.{why}_several" if len(days) > 1 else f"news.{why}"
            told.append(words.text(key, days=_days(words, days)))
    told += [
        words.text("news.helped", n=piece["n"], title=piece["title"]) for piece in news if piece["kind"] == "helped"
    ]
    return told


def _days(words: Words, days: Sequence[date]) -> str:
    """“Tue 3 Mar, Wed 4 Mar”; of more than three the first and the last."""
    shown = [show_date(day, words.language, weekday=True) for day in days]
    return ", ".join(shown) if len(shown) <= 3 else f"{shown[0]} … {shown[-1]}"


def silence_message(words: Words) -> Message:
    """The one kind word before silence; a press is as good as a word."""
    return words.message("silence.begins", ((Button(words.say("button.today"), "today"),),))


def nudge_message(words: Words, facts: Mapping[str, str]) -> Message:
    """Today is open, and what waits; one button shows it."""
    today = Button(words.say("button.today"), "today")
    return words.message("nudge.open", ((today,),), title=facts["title"], until=facts["until"])
