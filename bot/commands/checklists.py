"""Checklists: which there are, what is ticked off, and ticking. A step ticked off counts for the day, once for ever."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from bot.cards.checklists import checklist_message, checklists_message
from bot.cards.names import handle
from bot.catalog.entry import Checklist
from bot.chat import Answer, Message, plain
from bot.commands.ask import Ask
from bot.commands.streak import count, note_milestone, streak_line, unsay_milestones
from bot.errors import UserMistake
from bot.learning.cities import fold
from bot.learning.slip import why_it_stays
from bot.learning.way import stops_of
from bot.store import completions, outbox, ticks
from bot.store.tables import Subscription


async def show_checklists(ask: Ask) -> Answer:
    """The checklists, those of their way first; from a button `checklists:1` the second page."""
    subscription = await ask.subscription(stopped=True)
    way = {stop.id for stop in stops_of(ask.catalog, subscription.trail, subscription.topics) or ()}
    ordered = sorted(ask.catalog.checklists, key=lambda one: one.topic not in way)
    if not ordered:
        return Answer(say=(ask.words.message("checklist.none"),))
    ticked = await ticks.of_person(ask.session, ask.person.id)
    if ask.incoming.action:
        page = int(ask.rest) if ask.rest.isdecimal() and len(ask.rest) < 4 else 0
        return Answer(edit=checklists_message(ask.words, ordered, ticked, page))
    every = checklists_message(ask.words, ordered, ticked, 0)
    if not ask.rest:
        return Answer(say=(every,))
    meant = _meant(ordered, ask.rest)
    if len(meant) != 1:
        raise UserMistake("checklist.no_such", typed=ask.rest, again=every)
    return Answer(say=(checklist_message(ask.words, meant[0], ticked, 0),))


def _meant(checklists: Sequence[Checklist], typed: str) -> list[Checklist]:
    """The checklists that a number in the list or words of a name mean."""
    if typed.isascii() and typed.isdecimal() and len(typed) < 4:
        return list(checklists[max(int(typed) - 1, 0) : int(typed)])
    wanted = fold(typed)
    return [one for one in checklists if any(wanted in fold(name) for name in (one.id, one.name.en, one.name.pt))]


async def press_checklist(ask: Ask) -> Answer:
    """One checklist with its steps."""
    name, _, page = ask.rest.partition(":")
    return Answer(edit=await _shown(ask, _checklist(ask, name), page))


async def press_step(ask: Ask) -> Answer:
    """Tick a step off, or take the tick away."""
    name, _, rest = ask.rest.partition(":")
    step_name, _, what = rest.partition(":")
    what, _, page = what.partition(":")
    subscription = await ask.subscription(stopped=True)
    checklist = _checklist(ask, name)
    step = next((step for step in checklist.steps if handle(step.id) == step_name), None)
    if step is None:
        raise UserMistake("mistake.stale_button")
    if what == "off":
        await untick(ask, subscription, checklist.id, step.id)
        toast = ask.words.say("checklist.unticked")
    else:
        toast = await tick_off(ask, subscription, checklist.id, step.id)
    return Answer(edit=await _shown(ask, checklist, page), toast=toast)


async def tick_off(ask: Ask, subscription: Subscription, checklist: str, step: str) -> str:
    """Tick a step off and count the day; give the passing word for it. A step counts once, however often it is ticked."""
    await ticks.tick(ask.session, ask.person.id, checklist, step, ask.now)
    day = (await ask.schedules(subscription)).today(ask.now)
    new = await count(ask, subscription, day, _key(checklist, step), "step")
    if new:
        await outbox.withdraw_kind(ask.session, ask.person.id, "nudge")
        await ask.session.flush()
        await note_milestone(ask, subscription, day)
    return ask.words.say("checklist.ticked", streak=plain(await streak_line(ask, subscription))).strip()


async def untick(ask: Ask, subscription: Subscription, checklist: str, step: str) -> None:
    """Take a tick away. What may have been a slip counts for its day no more; later the day stays as it is."""
    await ticks.untick(ask.session, ask.person.id, checklist, step)
    counted = await completions.find(ask.session, ask.person.id, _key(checklist, step))
    if counted and why_it_stays(counted.at, counted.day, await ask.schedules(subscription), ask.now) is None:
        await completions.withdraw(ask.session, ask.person.id, counted.key, ask.now)
        await ask.session.flush()
        await unsay_milestones(ask, subscription)


def _key(checklist: str, step: str) -> str:
    """Under which key a step counts."""
    return f"step:{blake2b(f'{checklist}:{step}'.encode(), digest_size=16).hexdigest()}"


async def _shown(ask: Ask, checklist: Checklist, page: str) -> Message:
    ticked = await ticks.of_person(ask.session, ask.person.id)
    return checklist_message(ask.words, checklist, ticked, int(page) if page.isdecimal() and len(page) < 4 else 0)


def _checklist(ask: Ask, name: str) -> Checklist:
    found = next((one for one in ask.catalog.checklists if handle(one.id) == name), None)
    if found is None:
        raise UserMistake("mistake.stale_button")
    return found
