"""Says between which minutes a dose comes, where so many people share its minute that it matters."""

from __future__ import annotations

from dataclasses import replace

from bot.chat import Message, lines
from bot.commands.ask import Ask
from bot.i18n.showing import show_hour
from bot.learning.timetable import find_zone
from bot.learning.window import TOLD, window_of
from bot.store import subscriptions
from bot.store.tables import Subscription


async def with_window(ask: Ask, message: Message, subscription: Subscription) -> Message:
    """The message about somebody's hour, with the window below it if the herd at their next dose is large."""
    at = subscription.next_due_at
    if at is None:
        return message
    await ask.session.flush()
    window = window_of(await subscriptions.count_due(ask.session, at, at), ask.settings.bulk_per_second)
    if window < TOLD:
        return message
    first, last = (show_hour(end.astimezone(find_zone(subscription.zone)).time()) for end in (at, at + window))
    return replace(message, text=lines(message.text, ask.words.text("window.between", first=first, last=last)))
