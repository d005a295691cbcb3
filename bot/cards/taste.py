"""What is known of somebody's taste, in plain words: what they lean to, what away from, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import Button, Message, Text, lines
from bot.i18n.words import Words
from bot.learning.taste import Leaning

CLEARLY = 0.45
"""From what strength on a leaning is told without "a little"."""
MOST = 5
"""How many leanings a line tells."""


def taste_message(words: Words, told: Sequence[Leaning], pressed: int, put_off: int, level: int) -> Message:
    """What they lean to and away from; how many presses it rests on and how much they put off; and the way to begin anew."""
    taste = [one for one in told if one.dimension not in ("difficulty", "effort")]
    wishes = [one for one in told if one.dimension in ("difficulty", "effort")]
    parts = [
        words.text("taste.head"),
        _line(words, "taste.likes", [one for one in taste if one.strength > 0]),
        _line(words, "taste.dislikes", [one for one in taste if one.strength < 0]),
        *(words.text(f"taste.{one.value}", n=put_off) for one in wishes),
        words.text("taste.level", level=words.one_of("depth", str(level))),
        (),
        words.text("taste.fades", n=pressed),
    ]
    buttons = [Button(words.say("button.forget_taste"), "taste:forget")] if pressed else []
    return Message(lines(*parts), (tuple(buttons),) if buttons else ())


def nothing_known(words: Words) -> Message:
    """Nobody pressed anything yet that says something."""
    return words.message("taste.nothing")


def _line(words: Words, key: str, leanings: Sequence[Leaning]) -> Text | None:
    if not leanings:
        return None
    return words.text(key, what=", ".join(_named(words, one) for one in leanings[:MOST]))


def _named(words: Words, leaning: Leaning) -> str:
    """“videos”, “a little: short things”, “Jay Alammar”."""
    if leaning.dimension == "author":
        name = leaning.value
    elif leaning.dimension == "kind":
        name = words.one_of("kind", leaning.value)
    elif leaning.dimension == "language":
        name = words.say("taste.in_language", language=words.one_of("language", leaning.value))
    else:
        name = words.one_of("length", leaning.value)
    return name if abs(leaning.strength) >= CLEARLY else words.say("taste.a_little", what=name)
