"""What do you know about my taste? All of it in plain words, and a way to have it forgotten."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.cards.taste import nothing_known, taste_message
from bot.chat import Answer, Button, Message
from bot.commands.ask import Ask
from bot.errors import UserMistake
from bot.learning.taste import LATER, Pressed, heard, taste_of
from bot.store import feedback
from bot.store.tables import Subscription

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


async def show_taste(ask: Ask) -> Answer:
    """What their presses say, as the chooser reads it."""
    subscription = await ask.subscription(stopped=True)
    said = await _told(ask, subscription)
    return ask.show(said)


async def press(ask: Ask) -> Answer:
    """Forget it, or take that back; without a word it is shown."""
    subscription = await ask.subscription(stopped=True)
    what, _, since = ask.rest.partition(":")
    if not what:
        return await show_taste(ask)
    if what == "forget":
        before = subscription.taste_since or BEGINNING
        subscription.taste_since = ask.now
        back = Button(ask.words.say("button.take_back"), f"taste:back:{int(before.timestamp())}")
        return Answer(edit=ask.words.message("taste.forgotten", ((back,),)))
    if what == "back" and since.isdecimal() and len(since) < 12:
        before = datetime.fromtimestamp(int(since), UTC)
        subscription.taste_since = before if BEGINNING < before <= ask.now else None
        return Answer(edit=await _told(ask, subscription))
    raise UserMistake("mistake.stale_button")


async def _told(ask: Ask, subscription: Subscription) -> Message:
    rows = await feedback.of_person(ask.session, ask.person.id, subscription.taste_since)
    pressed = [Pressed(entry, row.kind, row.at) for row in rows if (entry := ask.catalog.resource(row.resource_id))]
    counting = heard(pressed, ask.now, subscription.taste_since)
    if not counting:
        return nothing_known(ask.words)
    taste = taste_of(counting, ask.now, subscription.taste_since)
    put_off = sum(press.kind == LATER for press in counting)
    return taste_message(ask.words, taste.told(), len(counting), put_off, subscription.level)
