"""The small thing of a dose: a step of a checklist is ticked off, and the tick can be taken away."""

from __future__ import annotations

from bot.chat import Answer
from bot.commands.ask import Ask
from bot.commands.checklists import tick_off, untick
from bot.commands.dose.card import card_of, own_dose
from bot.errors import UserMistake
from bot.learning.small import STEP, small_from, step_in


async def press_tick(ask: Ask) -> Answer:
    """The step beside the dose is done; it counts for the day."""
    subscription, dose = await own_dose(ask, ask.rest)
    small = small_from(dose.small)
    found = step_in(ask.catalog, small) if small and small.kind == STEP else None
    if found is None:
        raise UserMistake("mistake.stale_button")
    checklist, step = found
    toast = await tick_off(ask, subscription, checklist.id, step.id)
    return Answer(edit=await card_of(ask, subscription, dose), toast=toast)


async def press_untick(ask: Ask) -> Answer:
    """It was not."""
    subscription, dose = await own_dose(ask, ask.rest)
    small = small_from(dose.small)
    if small is None or small.kind != STEP:
        raise UserMistake("mistake.stale_button")
    checklist, _, step = small.id.partition(":")
    await untick(ask, subscription, checklist, step)
    return Answer(edit=await card_of(ask, subscription, dose), toast=ask.words.say("checklist.unticked"))
