"""What somebody keeps to remember: the list of it, and each card as one sees, rewrites, sets aside or deletes it."""

from __future__ import annotations

from datetime import date, datetime

from bot.cards.recall import PAGE, Faced, card_message, notes_message
from bot.chat import Answer, Button, Message, Question
from bot.commands.ask import Ask
from bot.commands.reading.line import read_line
from bot.errors import UserMistake
from bot.i18n.showing import show_date
from bot.learning.timetable import find_zone
from bot.store import cards
from bot.store.tables import Card, Subscription


async def press(ask: Ask) -> Answer:
    """The buttons of a card: see, change, rewrite, set aside, bring back, delete (asked once more), and the list of all.

    To change it is to see it with everything that can be done, and to rewrite it by simply writing.
    """
    what, _, number = ask.rest.partition(":")
    if what == "list":
        return await list_all(ask, int(number) if number.isdecimal() and len(number) < 6 else 0)
    card = await their_card(ask, number)
    if what in ("edit", "change"):
        question = Question("rewrite", ask.words.say("note.prompt"), about=str(card.id))
        seen = await shown(ask, card) if what == "change" else None
        return Answer(edit=seen, say=(ask.words.message("note.rewrite"),), ask=question)
    if what == "delete":
        buttons = (
            Button(ask.words.say("button.delete_it"), f"card:gone:{card.id}"),
            Button(ask.words.say("button.keep_it"), f"card:see:{card.id}"),
        )
        return Answer(edit=ask.words.message("note.delete_sure", (buttons,)))
    if what == "gone":
        await cards.remove(ask.session, card)
        await ask.close_question()  # it may have waited for new words
        return Answer(edit=ask.words.message("note.deleted"))
    if what in ("aside", "back"):
        card.suspended = what == "aside"
    elif what != "see":
        raise UserMistake("mistake.stale_button")
    return Answer(edit=await shown(ask, card))


async def rewrite(ask: Ask) -> Answer:
    """The new words of a card; it is no leech any more."""
    waiting = await ask.open_question()
    card = await their_card(ask, waiting.about if waiting else "")
    card.answer, card.lapses = read_line(ask.rest), 0
    return Answer(say=(await shown(ask, card),))


async def their_card(ask: Ask, number: str) -> Card:
    """The card of a number, if it is the presser's. Raises UserMistake for every other number."""
    found = (
        await cards.find(ask.session, int(number), ask.person.id) if number.isdecimal() and len(number) < 18 else None
    )
    if found is None:
        raise UserMistake("mistake.stale_button")
    await cards.mend(ask.session, found)
    return found


async def shown(ask: Ask, card: Card) -> Message:
    """The card with its buttons."""
    subscription = await ask.subscription()
    faced = Faced(card, await cards.title_of(ask.session, card))
    return card_message(ask.words, faced, day_of(ask, subscription, card.due_at))


async def list_all(ask: Ask, page: int) -> Answer:
    """A page of all they keep, the newest first. Raises UserMistake where there is nothing."""
    found = await cards.newest(ask.session, ask.person.id, page * PAGE, PAGE + 1)
    if not found:
        raise UserMistake("note.none")
    said = notes_message(ask.words, found[:PAGE], page, more=len(found) > PAGE)
    return ask.show(said)


def day_of(ask: Ask, subscription: Subscription, at: datetime) -> str:
    """The date of an instant on their clock."""
    day = at.astimezone(find_zone(subscription.zone)).date()
    return show_date(day, ask.words.language, today=ask.now.astimezone(find_zone(subscription.zone)).date())


async def keep_questions(ask: Ask, subscription: Subscription, resource_id: str, day: date) -> None:
    """The curators' questions about what was just done become cards, once."""
    entry = ask.catalog.resource(resource_id)
    for number, asked in enumerate(entry.recall if entry else ()):
        await cards.make(
            ask.session,
            person_id=ask.person.id,
            key=f"catalog:{resource_id}:{number}",
            origin="catalog",
            resource_id=resource_id,
            prompt=asked.q.in_(ask.words.language),
            answer=asked.a.in_(ask.words.language),
            now=ask.now,
            day=day,
            retention=subscription.retention,
        )
