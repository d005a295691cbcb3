"""Everything somebody can change, on one screen."""

from __future__ import annotations

from bot.cards.choices import days_choice, hour_choice
from bot.cards.preferences import minutes_choice
from bot.cards.settings import Held, settings_message
from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.pausing.pause import ask_how_long
from bot.commands.schedule import question
from bot.commands.window import window_for
from bot.commands.zone import which_clock, zone_so_far
from bot.errors import UserMistake
from bot.learning.pauses import block, current, is_planned
from bot.store import days_off


async def show_settings(ask: Ask) -> Answer:
    """What holds now, each with the button that changes it."""
    subscription = await ask.subscription()
    today = (await ask.schedules(subscription)).today(ask.now)
    pauses = await days_off.pauses(ask.session, subscription.id)
    ahead = (one for one in pauses if is_planned(one, today))
    held = Held(
        subscription=subscription,
        way=ask.trail_name(subscription.trail),
        language=ask.words.say("language.own_name"),
        today=today,
        now=ask.now,
        pause=current(pauses, today) or block(pauses) or next(ahead, None),
        window=await window_for(ask, subscription),
    )
    return Answer(say=(settings_message(ask.words, held),))


async def press_ask(ask: Ask) -> Answer:
    """A button that asks for one thing: the hour, the minutes, the days or the clock."""
    choices = {
        "hour": (hour_choice, "time.prompt"),
        "minutes": (minutes_choice, "minutes.prompt"),
        "days": (days_choice, "days.prompt"),
    }
    if ask.rest == "clock":
        return which_clock(ask, await zone_so_far(ask))
    if ask.rest not in choices:
        raise UserMistake("mistake.stale_button")
    choice, prompt = choices[ask.rest]
    return Answer(edit=choice(ask.words), ask=question(ask, ask.rest, prompt))


async def press_settings(ask: Ask) -> Answer:
    """The one choice that no other command offers: how long a pause."""
    if ask.rest != "pause":
        raise UserMistake("mistake.stale_button")
    return await ask_how_long(ask, await ask.subscription())
