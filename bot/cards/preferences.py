"""How big, how hard, in which languages: what can be chosen, and what holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat import Button, Message, Rows, rows
from bot.i18n.showing import show_days, show_minutes
from bot.i18n.words import Words
from bot.learning.preferences import LEVELS, SIZES, SPOKEN

WEEKEND = "weekend"
AS_WE_SPEAK = "as-we-speak"


def minutes_choice(words: Words) -> Message:
    """How many minutes a day? The weekend may have its own."""
    weekend = Button(words.say("button.other_weekend"), f"minutes:{WEEKEND}")
    return words.message("minutes.choose", (*size_rows(words, "minutes"), (weekend,)))


def weekend_choice(words: Words) -> Message:
    """How many minutes on Saturday and Sunday?"""
    sizes = rows((Button(show_minutes(n), f"minutes:{n} sat, sun") for n in SIZES), 5)
    return words.message("minutes.choose_weekend", sizes)


def size_rows(words: Words, verb: str) -> Rows:
    """A button for each size, as `verb:15`."""
    return rows((Button(show_minutes(n), f"{verb}:{n}") for n in SIZES), 5)


def show_sizes(words: Words, usual: int, by_weekday: Mapping[str, int]) -> str:
    """“15 min”, or by weekday “15 min (Mon–Fri), 60 min (Sat and Sun)”, in the order of the week."""
    week = {day: by_weekday.get(str(day), usual) for day in range(1, 8)}
    sizes = dict.fromkeys(week.values())
    if len(sizes) == 1:
        return show_minutes(usual)
    return ", ".join(
        f"{show_minutes(size)} ({show_days(frozenset(day for day in week if week[day] == size), words.language)})"
        for size in sizes
    )


def level_choice(words: Words, now: int) -> Message:
    """How hard may it be?"""
    buttons = rows((Button(_ticked(words.one_of("depth", str(n)), n == now), f"level:{n}") for n in LEVELS), 1)
    return words.message("level_wish.choose" if now < max(LEVELS) else "level_wish.choose_at_top", buttons)


def languages_choice(words: Words, now: Sequence[str] | None) -> Message:
    """In which languages, and in what order?"""
    choices = [*([one, other] for one in SPOKEN for other in SPOKEN if one != other), *([one] for one in SPOKEN)]
    buttons = [
        Button(
            _ticked(
                _capital(
                    words.say(
                        "button.languages_then" if len(choice) > 1 else "button.languages_only",
                        first=show_languages(words, choice[:1]),
                        rest=show_languages(words, choice[1:]),
                    )
                ),
                now is not None and list(now) == choice,
            ),
            f"languages:{' '.join(choice)}",
        )
        for choice in choices
    ]
    buttons.append(Button(_ticked(words.say("button.as_we_speak"), now is None), f"languages:{AS_WE_SPEAK}"))
    return words.message("languages.choose", rows(buttons, 1))


def show_languages(words: Words, codes: Sequence[str]) -> str:
    """Languages by name, in their order."""
    return ", ".join(words.one_of("language", code) for code in codes)


def _ticked(label: str, ticked: bool) -> str:
    return f"✓ {label}" if ticked else label


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
