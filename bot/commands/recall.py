"""What comes back: one card at a time, the prompt, the answer, how it was. No debt is shown."""

from __future__ import annotations

import re

from bot.cards.recall import Faced, aim_rows, answer_message, prompt_message
from bot.chat import Answer, Button, Message, lines
from bot.commands.ask import Ask
from bot.commands.card import day_of, their_card
from bot.commands.reading.typed import mistake_about
from bot.commands.streak import count, note_milestone, streak_line
from bot.errors import UserMistake
from bot.learning.recall import LEECH, RATINGS
from bot.store import cards
from bot.store.tables import Card, Subscription

LEAST, MOST = 70, 97
"""The shares, in percent, between which FSRS's intervals make sense."""


async def recall(ask: Ask) -> Answer:
    """The card they know least of those that are due today; with “90%” how well they want to know them."""
    subscription = await ask.subscription()
    if ask.rest:
        return await _aim(ask, subscription, ask.rest)
    said = await _next(ask, subscription)
    return Answer(say=(said or await _nothing(ask, subscription),))


async def press(ask: Ask) -> Answer:
    """Show, and the four answers."""
    subscription = await ask.subscription()
    what, _, rest = ask.rest.partition(":")
    if not what:
        return await recall(ask)
    if what == "aim":
        if not rest:
            return Answer(say=(ask.words.message("recall.which_aim", aim_rows(ask.words, subscription.retention)),))
        return await _aim(ask, subscription, rest)
    number, _, reviewed = rest.partition(":")
    card = await their_card(ask, number)
    if str(card.reviewed) != reviewed:
        return Answer(edit=ask.words.message("recall.before"))
    if what == "show":
        return Answer(edit=answer_message(ask.words, Faced(card, await cards.title_of(ask.session, card))))
    if what not in RATINGS:
        raise UserMistake("mistake.stale_button")
    return await _rate(ask, subscription, card, RATINGS[what])


async def _rate(ask: Ask, subscription: Subscription, card: Card, rating: int) -> Answer:
    await cards.answer(ask.session, card, rating, ask.now, subscription.retention)
    day = (await ask.schedules(subscription)).today(ask.now)
    await count(ask, subscription, day, f"recall:{card.id}:{card.reviewed}", "recall")
    await note_milestone(ask, subscription, day)
    await ask.session.flush()
    title = await cards.title_of(ask.session, card) or card.prompt
    done = ask.words.message("recall.comes_titled", title=title, day=day_of(ask, subscription, card.due_at))
    if rating == RATINGS["again"] and card.lapses >= LEECH and card.lapses % LEECH == 0:
        return Answer(edit=done, say=(_leech(ask, card),))
    following = await _next(ask, subscription)
    if following is None:
        line = await streak_line(ask, subscription)
        following = Message(lines(ask.words.text("recall.all_done", streak=line)))
    return Answer(edit=done, say=(following,))


def _leech(ask: Ask, card: Card) -> Message:
    """It slipped away too often: other words may hold it better."""
    buttons = (
        Button(ask.words.say("button.rewrite"), f"card:edit:{card.id}"),
        Button(ask.words.say("button.set_aside"), f"card:aside:{card.id}"),
        Button(ask.words.say("button.next_card"), "recall"),
    )
    return ask.words.message("recall.leech", (buttons[:2], buttons[2:]), n=card.lapses)


async def _next(ask: Ask, subscription: Subscription) -> Message | None:
    history = await ask.schedules(subscription)
    _, day_ends = history.bounds(history.today(ask.now))
    card = await cards.least_known(ask.session, ask.person.id, day_ends, ask.now)
    return prompt_message(ask.words, Faced(card, await cards.title_of(ask.session, card))) if card else None


async def _nothing(ask: Ask, subscription: Subscription) -> Message:
    due = await cards.next_due(ask.session, ask.person.id)
    if due is None:
        return ask.words.message("recall.none")
    day = day_of(ask, subscription, due)
    aim = str(subscription.retention)
    return ask.words.message("recall.later", aim_rows(ask.words, subscription.retention), day=day, aim=aim)


async def _aim(ask: Ask, subscription: Subscription, typed: str) -> Answer:
    found = re.fullmatch(r"(\d{2}) ?%?", typed.strip())
    if found is None or not LEAST <= int(found[1]) <= MOST:
        mistake = mistake_about("retention", typed)
        mistake.again = Message((), aim_rows(ask.words, subscription.retention))
        raise mistake
    subscription.retention = int(found[1])
    said = ask.words.message("recall.aim", n=subscription.retention)
    return ask.show(said)
