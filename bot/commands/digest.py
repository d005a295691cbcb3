"""The weekly digest: off, or a day and an hour."""

from __future__ import annotations

import re
from datetime import time

from bot.cards.choices import day_words
from bot.cards.digest import digest_choice
from bot.chat import Answer, Question
from bot.commands.ask import Ask
from bot.commands.nudge import OFF
from bot.commands.reading.dates import read_days
from bot.commands.reading.hours import read_hour
from bot.commands.reading.typed import mistake_about
from bot.errors import UserMistake
from bot.i18n.showing import show_hour
from bot.learning.appointment import next_at
from bot.store import appointments
from bot.store.tables import Subscription

USUAL = time(18)
_PRESSED = re.compile(r"([1-7]):(\d\d:\d\d)")


async def set_digest(ask: Ask) -> Answer:
    """Choose the day and hour of the digest, or none."""
    subscription = await ask.subscription()
    if not ask.rest:
        return Answer(say=(digest_choice(ask.words),), ask=Question("digest", ask.words.say("digest.prompt")))
    if ask.rest.casefold() in OFF:
        subscription.digest_day = subscription.digest_at = None
        said = ask.words.message("digest.off")
    else:
        try:
            subscription.digest_day, subscription.digest_at = read_digest(ask.rest)
        except UserMistake as mistake:
            mistake.again = digest_choice(ask.words)
            raise
        day = day_words(str(subscription.digest_day), ask.words)
        said = ask.words.message("digest.set", day=day, hour=show_hour(subscription.digest_at))
    await keep_digest(ask, subscription)
    return ask.show(said)


async def keep_digest(ask: Ask, subscription: Subscription) -> None:
    """Make, move or strike the appointment, so that it follows the wish and the person's clock."""
    if subscription.digest_day is None or subscription.digest_at is None:
        await appointments.cancel(ask.session, ask.person.id, "digest")
        return
    weekday = frozenset({subscription.digest_day})
    at = next_at(await ask.schedules(subscription), subscription.digest_at, ask.now, weekday)
    await appointments.make(ask.session, ask.person.id, "digest", "", at)


def read_digest(words: str) -> tuple[int, time]:
    """The ISO weekday and hour of "domingo 18h", "Monday", "fri 8 pm". Raises UserMistake about a digest, a day or an hour."""
    if pressed := _PRESSED.fullmatch(words):
        return int(pressed[1]), read_hour(pressed[2])
    first, _, rest = words.strip().partition(" ")
    days = read_days(first)
    if len(days) != 1:
        raise mistake_about("digest", words)
    return min(days), read_hour(rest) if rest.strip() else USUAL
