"""Nothing gets through to somebody: what ends when they let us in again, and what they hear who are here without that."""

from __future__ import annotations

from datetime import date

from bot.cards.pauses import back_button
from bot.chat import Message
from bot.commands.ask import Ask
from bot.i18n.showing import show_date
from bot.learning.pauses import blocked_since
from bot.states import SubscriptionState
from bot.store import days_off, people, subscriptions
from bot.store.tables import Subscription


async def is_blocked(ask: Ask, subscription: Subscription) -> bool:
    """Whether doses are paused because nothing got through."""
    return subscription.is_paused and bool(blocked_since(await days_off.pauses(ask.session, subscription.id)))


async def let_in(ask: Ask, subscription: Subscription, today: date) -> None:
    """What stood for a block ends. Where they were may be gone: they are here now."""
    if ask.incoming.private:
        here = ask.incoming.address
        subscription.platform, subscription.chat, subscription.thread = here.platform, here.chat, here.thread
    await days_off.end_block(ask.session, subscription.id, today)
    subscription.state = SubscriptionState.ACTIVE


async def unreached(ask: Ask) -> Message | None:
    """For somebody whose doses are paused because none got through, and who is here: since when, and what to change."""
    if not await people.exists(ask.session, ask.person.id):
        return None
    subscription = await subscriptions.of_person(ask.session, ask.person.id)
    if subscription is None or not subscription.is_paused:
        return None
    since = blocked_since(await days_off.pauses(ask.session, subscription.id))
    if since is None:
        return None
    today = (await ask.schedules(subscription)).today(ask.now)
    day = show_date(min(since, today), ask.words.language, today=today)
    return ask.words.message("pause.unreached", ((back_button(ask.words),),), day=day)
