"""Says between which minutes a dose comes, where so many people share its minute that it matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from bot.chat import Message, lines
from bot.commands.ask import Ask
from bot.i18n.showing import show_hour
from bot.learning.timetable import find_zone
from bot.learning.window import TOLD, window_of
from bot.store import subscriptions
from bot.store.tables import Subscription


async def with_window(ask: Ask, message: Message, subscription: Subscription) -> Message:
    """The message about somebody's hour, with the window below it if the herd at their next dose is large."""
    window = await window_for(ask, subscription)
    if window is None:
        return message
    first, last = window
    told = ask.words.text("window.between", first=show_hour(first), last=show_hour(last))
    return replace(message, text=lines(message.text, told))


async def window_for(ask: Ask, subscription: Subscription) -> tuple[time, time] | None:
    """Between which hours on their clock the next dose comes, if so many people share its minute that it matters."""
    at = subscription.next_due_at
    if at is None:
        return None
    await ask.session.flush()
    herd = await subscriptions.count_due(ask.session, at, at, [subscription.platform])
    window = window_of(herd, ask.settings.pace_of(subscription.platform))
    if window < TOLD:
        return None
    zone = find_zone(subscription.zone)
    return at.astimezone(zone).time(), (at + window).astimezone(zone).time()
