"""The line somebody writes to remember a thing by, and everything they keep that way."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.cards.recall import PAGE, Faced, card_message, notes_message
from bot.chat import Answer, Button, Message, Question
from bot.commands.ask import Ask
from bot.commands.search import search_button
from bot.errors import UserMistake
from bot.i18n.showing import show_date
from bot.learning.timetable import find_zone
from bot.store import cards, catalog, completions, questions
from bot.store.tables import Card, Subscription

LONGEST = 1000
"""Characters of a line; what is longer is an essay, and no prompt brings an essay back."""
_LINK = re.compile(r"https?://|www\.\w", re.IGNORECASE)
_QUESTION = re.compile(r"(?P<q>[^\n]{2,300}?\?)\s+(?P<a>\S.*)", re.DOTALL)
LINE = "note"
"""The kind of the question that waits for a line."""
LIST = frozenset(["list", "lista", "todas", "all", "edit", "editar", "change", "mudar", "delete", "apagar"])
"""Words that ask for what is kept; each of it can be changed and deleted there."""


async def note(ask: Ask) -> Answer:
    """Write a line about the last thing done, or a question with its answer; alone it lists what is kept, or asks for a line."""
    await ask.subscription()
    if ask.rest.casefold() in LIST:
        return await _list(ask, 0)
    last = await completions.last_done(ask.session, ask.person.id)
    if not ask.rest:
        return await _ask_or_list(ask, last)
    if found := _QUESTION.fullmatch(ask.rest):
        return await _keep(ask, None, clean_note(found["a"]), found["q"].strip())
    if last is None:
        raise UserMistake("note.nothing_done")
    return await _keep(ask, last, clean_note(ask.rest))


async def _ask_or_list(ask: Ask, last: str | None) -> Answer:
    if await cards.newest(ask.session, ask.person.id, 0, 1):
        answer = await _list(ask, 0)
        return Answer(say=answer.say, ask=await question_about(ask, last) if last else None)
    if last is None:
        raise UserMistake("note.nothing_done")
    kept = await catalog.find(ask.session, last)
    said = ask.words.message("note.about", title=kept.title if kept else last)
    return Answer(say=(said,), ask=await question_about(ask, last))


async def question_about(ask: Ask, resource_id: str) -> Question:
    """The open question that waits for a line about a resource."""
    return Question(LINE, ask.words.say("note.prompt"), about=resource_id)


async def read_note(ask: Ask) -> Answer:
    """The line that was waited for. One with a link in it is kept only if they say so, or if it replies to a message of ours."""
    waiting = await questions.open_question(ask.session, ask.person.id, ask.incoming.address, ask.now)
    assert waiting is not None, "only an open question calls its reader"
    if _LINK.search(ask.rest) and ask.incoming.reply_to is None:
        return await _offer(ask, waiting.about.partition("\n")[0])
    return await _keep(ask, waiting.about, clean_note(ask.rest))


async def keep_reply(ask: Ask, resource_id: str) -> Answer:
    """The line somebody wrote in reply to the message that asked for it, however long ago that was."""
    answer = await _keep(ask, resource_id, clean_note(ask.rest))
    waiting = await questions.open_question(ask.session, ask.person.id, ask.incoming.address, ask.now)
    if waiting and (waiting.kind, waiting.about) == (LINE, resource_id):
        await questions.close(ask.session, ask.person.id, ask.incoming.address)
    return answer


async def follow_edit(ask: Ask) -> Answer:
    """They changed a message of theirs: a line that was kept from it says the same from now on. Nothing else acts twice."""
    card = await cards.written_in(ask.session, ask.person.id, ask.incoming.said)
    if card is None or not card.answer or clean_note(ask.rest) == card.answer:
        return Answer()
    card.answer = clean_note(ask.rest)
    await cards.mend(ask.session, card)
    return Answer(say=(ask.words.message("note.followed"), await _shown(ask, card)))


async def offer(ask: Ask) -> Answer:
    """Words that nothing waits for: perhaps they are a line about the last thing done."""
    found = await completions.last_done(ask.session, ask.person.id)
    if found is None:
        look = await search_button(ask, ask.rest)
        return Answer(say=(ask.words.message("mistake.free_text", ((look,),) if look else ()),))
    return await _offer(ask, found)


async def _offer(ask: Ask, resource_id: str) -> Answer:
    kept = await catalog.find(ask.session, resource_id)
    text = clean_note(ask.rest)
    buttons = [Button(ask.words.say("button.keep_note"), "note:keep")]
    if ask.incoming.links:
        buttons.append(Button(ask.words.say("button.suggest_it"), "suggest:offered"))
    elif look := await search_button(ask, ask.rest):
        buttons.append(look)
    said = ask.words.message("note.offer", (tuple(buttons),), title=kept.title if kept else resource_id)
    return Answer(
        say=(said,), ask=Question("note_offered", ask.words.say("note.prompt"), about=f"{resource_id}\n{text}")
    )


async def press_note(ask: Ask) -> Answer:
    """Keep what they wrote a moment ago."""
    waiting = await questions.open_question(ask.session, ask.person.id, ask.incoming.address, ask.now)
    if ask.rest != "keep" or waiting is None or waiting.kind != "note_offered":
        raise UserMistake("note.gone")
    await questions.close(ask.session, ask.person.id, ask.incoming.address)
    resource_id, _, text = waiting.about.partition("\n")
    return await _keep(ask, resource_id, text)


def clean_note(text: str) -> str:
    """A line as it is kept: without characters nobody sees. Raises UserMistake where nothing is left, or far too much."""
    seen = "".join(letter for letter in text if letter.isprintable() or letter in "\n\u200d").strip()
    if not seen:
        raise UserMistake("note.empty")
    if len(seen) > LONGEST:
        raise UserMistake("note.too_long", most=str(LONGEST))
    return seen


async def _keep(ask: Ask, resource_id: str | None, text: str, prompt: str = "") -> Answer:
    subscription = await ask.subscription()
    history = await ask.schedules(subscription)
    stamp = int(ask.now.timestamp() * 1000)
    card = await cards.make(
        ask.session,
        person_id=ask.person.id,
        key=f"note:{stamp}",
        origin="note",
        resource_id=resource_id,
        prompt=prompt,
        answer=text,
        now=ask.now,
        day=history.today(ask.now),
        retention=subscription.retention,
        said=None if prompt else ask.incoming.said,
    )
    if card is None:
        raise UserMistake("note.twice")
    change = Button(ask.words.say("button.edit_card"), f"card:change:{card.id}")
    return Answer(say=(ask.words.message("note.kept", ((change,),), day=day_of(ask, subscription, card.due_at)),))


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


# ------------------------------------------------------------------------------------------------------ what is kept


async def press_card(ask: Ask) -> Answer:
    """The buttons of a card: see, change, rewrite, set aside, bring back, delete (asked once more), and the list of all.

    To change it is to see it with everything that can be done, and to rewrite it by simply writing.
    """
    what, _, number = ask.rest.partition(":")
    if what == "list":
        return await _list(ask, int(number) if number.isdecimal() and len(number) < 6 else 0)
    card = await their_card(ask, number)
    if what in ("edit", "change"):
        question = Question("rewrite", ask.words.say("note.prompt"), about=str(card.id))
        shown = await _shown(ask, card) if what == "change" else None
        return Answer(edit=shown, say=(ask.words.message("note.rewrite"),), ask=question)
    if what == "delete":
        buttons = (
            Button(ask.words.say("button.delete_it"), f"card:gone:{card.id}"),
            Button(ask.words.say("button.keep_it"), f"card:see:{card.id}"),
        )
        return Answer(edit=ask.words.message("note.delete_sure", (buttons,)))
    if what == "gone":
        await cards.remove(ask.session, card)
        await questions.close(ask.session, ask.person.id, ask.incoming.address)  # it may have waited for new words
        return Answer(edit=ask.words.message("note.deleted"))
    if what in ("aside", "back"):
        card.suspended = what == "aside"
    elif what != "see":
        raise UserMistake("mistake.stale_button")
    return Answer(edit=await _shown(ask, card))


async def rewrite(ask: Ask) -> Answer:
    """The new words of a card; it is no leech any more."""
    waiting = await questions.open_question(ask.session, ask.person.id, ask.incoming.address, ask.now)
    card = await their_card(ask, waiting.about if waiting else "")
    card.answer, card.lapses = clean_note(ask.rest), 0
    return Answer(say=(await _shown(ask, card),))


async def their_card(ask: Ask, number: str) -> Card:
    """The card of a number, if it is the presser's. Raises UserMistake for every other number."""
    found = (
        await cards.find(ask.session, int(number), ask.person.id) if number.isdecimal() and len(number) < 18 else None
    )
    if found is None:
        raise UserMistake("mistake.stale_button")
    await cards.mend(ask.session, found)
    return found


async def _shown(ask: Ask, card: Card) -> Message:
    subscription = await ask.subscription()
    faced = Faced(card, await cards.title_of(ask.session, card))
    return card_message(ask.words, faced, day_of(ask, subscription, card.due_at))


async def _list(ask: Ask, page: int) -> Answer:
    found = await cards.newest(ask.session, ask.person.id, page * PAGE, PAGE + 1)
    if not found:
        raise UserMistake("note.none")
    said = notes_message(ask.words, found[:PAGE], page, more=len(found) > PAGE)
    return Answer(edit=said) if ask.incoming.action else Answer(say=(said,))


def day_of(ask: Ask, subscription: Subscription, at: datetime) -> str:
    """The date of an instant on their clock."""
    day = at.astimezone(find_zone(subscription.zone)).date()
    return show_date(day, ask.words.language, today=ask.now.astimezone(find_zone(subscription.zone)).date())
