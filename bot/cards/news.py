"""What a dose says before itself: a milestone reached, days that we excused. And the evening's word about a day that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from bot.cards.unknown import said, tell_unknown
from bot.chat import Button, Message, Picture, Text, lines
from bot.i18n.showing import show_date
from bot.i18n.words import Words
from bot.store.news import REFUSED

Pieces = Sequence[dict[str, Any]]
Says = Callable[[Words, Pieces], list[Text]]


def with_news(words: Words, message: Message, news: Sequence[dict[str, Any]]) -> Message:
    """The dose's message with its news above it."""
    told = news_lines(words, news) if news else []
    return replace(message, text=lines(*told, (), message.text)) if told else message


def with_milestone(message: Message, news: Sequence[dict[str, Any]]) -> Message:
    """The message with the picture of a milestone, as it was when that was reached."""
    drawn = next((piece for piece in news if piece.get("drawing")), None)
    picture = said("news", str(drawn["kind"]), lambda: Picture(b"", drawn["alt"], drawn["drawing"])) if drawn else None
    return replace(message, picture=picture) if picture else message


def news_lines(words: Words, news: Sequence[dict[str, Any]]) -> list[Text]:
    """A welcome after a pause, a milestone, what left the catalog in the middle, days of late or lost doses, and thanks for a link.

    What a newer version wrote, and this one knows nothing of, is left out.
    """
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for piece in news:
        by_kind.setdefault(str(piece.get("kind")), []).append(piece)
    for kind in by_kind.keys() - {*SAYS, REFUSED}:
        tell_unknown("news", kind)
    told = [said("news", kind, partial(say, words, by_kind[kind])) for kind, say in SAYS.items() if kind in by_kind]
    return [line for lines_said in told for line in lines_said or ()]


def _back(words: Words, pieces: Pieces) -> list[Text]:
    return [words.text("news.back") for _ in pieces]


def _milestones(words: Words, pieces: Pieces) -> list[Text]:
    return [words.text(f"news.milestone_{piece['n']}") for piece in pieces]


def _retired(words: Words, pieces: Pieces) -> list[Text]:
    return [words.text("news.retired", title=piece["title"], part=piece["part"], of=piece["of"]) for piece in pieces]


def _helped(words: Words, pieces: Pieces) -> list[Text]:
    return [words.text("news.helped", n=piece["n"], title=piece["title"]) for piece in pieces]


def _excused(why: str) -> Says:
    """Days that were excused for one reason, in one sentence."""

    def say(words: Words, pieces: Pieces) -> list[Text]:
        days = sorted(date.fromisoformat(piece["day"]) for piece in pieces)
        key = f"news.{why}_several" if len(days) > 1 else f"news.{why}"
        return [words.text(key, days=_days(words, days))]

    return say


SAYS: dict[str, Says] = {
    "back": _back,
    "milestone": _milestones,
    "retired": _retired,
    **{why: _excused(why) for why in ("late", "lost", "unsure", "restored")},
    "helped": _helped,
}
"""What each kind says, in the order in which it is said."""


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
