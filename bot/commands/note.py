"""The line somebody writes to remember a thing by. What is kept of it is in `card.py`."""

from __future__ import annotations

import re
from hashlib import blake2b

from bot.chat import Answer, Button, Question
from bot.commands.ask import Ask
from bot.commands.card import day_of, list_all, shown
from bot.commands.reading.line import read_line
from bot.commands.search import search_button
from bot.errors import UserMistake
from bot.store import cards, catalog, completions

_LINK = re.compile(r"https?://|www\.\w", re.IGNORECASE)
_QUESTION = re.compile(r"(?P<q>[^\n]{2,300}?\?)\s+(?P<a>\S.*)", re.DOTALL)
LINE = "note"
"""The kind of the question that waits for a line."""
LIST = frozenset(["list", "lista", "todas", "all", "edit", "editar", "change", "mudar", "delete", "apagar"])
"""Words that ask for what is kept; each of it can be changed and deleted there."""
LOOKED_AT = 100
"""The newest cards among which a line is looked for that was kept already."""


async def note(ask: Ask) -> Answer:
    """Write a line about the last thing done, or a question with its answer; alone it lists what is kept, or asks for a line."""
    await ask.subscription()
    if ask.rest.casefold() in LIST:
        return await list_all(ask, 0)
    last = await completions.last_done(ask.session, ask.person.id)
    if not ask.rest:
        return await _ask_or_list(ask, last)
    if found := _QUESTION.fullmatch(ask.rest):
        return await _keep(ask, None, read_line(found["a"]), found["q"].strip())
    if last is None:
        raise UserMistake("note.nothing_done")
    return await _keep(ask, last, read_line(ask.rest))


async def _ask_or_list(ask: Ask, last: str | None) -> Answer:
    if await cards.newest(ask.session, ask.person.id, 0, 1):
        answer = await list_all(ask, 0)
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
    waiting = await ask.open_question()
    assert waiting is not None, "only an open question calls its reader"
    if _LINK.search(ask.rest) and ask.incoming.reply_to is None:
        return await _offer(ask, waiting.about.partition("\n")[0])
    return await _keep(ask, waiting.about, read_line(ask.rest))


async def keep_reply(ask: Ask, resource_id: str) -> Answer:
    """The line somebody wrote in reply to the message that asked for it, however long ago that was."""
    answer = await _keep(ask, resource_id, read_line(ask.rest))
    waiting = await ask.open_question()
    if waiting and (waiting.kind, waiting.about) == (LINE, resource_id):
        await ask.close_question()
    return answer


async def follow_edit(ask: Ask) -> Answer:
    """They changed a message of theirs: a line that was kept from it says the same from now on. Nothing else acts twice."""
    card = await cards.written_in(ask.session, ask.person.id, ask.incoming.said)
    if card is None or not card.answer or read_line(ask.rest) == card.answer:
        return Answer()
    card.answer = read_line(ask.rest)
    await cards.mend(ask.session, card)
    return Answer(say=(ask.words.message("note.followed"), await shown(ask, card)))


async def offer(ask: Ask) -> Answer:
    """Words that nothing waits for: perhaps they are a line about the last thing done."""
    found = await completions.last_done(ask.session, ask.person.id)
    if found is None:
        look = await search_button(ask, ask.rest)
        return Answer(say=(ask.words.message("mistake.free_text", ((look,),) if look else ()),))
    return await _offer(ask, found)


async def _offer(ask: Ask, resource_id: str) -> Answer:
    kept = await catalog.find(ask.session, resource_id)
    line = f"{resource_id}\n{read_line(ask.rest)}"
    buttons = [Button(ask.words.say("button.keep_note"), f"note:keep:{_mark(line)}")]
    if ask.incoming.links:
        buttons.append(Button(ask.words.say("button.suggest_it"), f"suggest:offered:{_mark(line)}"))
    elif look := await search_button(ask, ask.rest):
        buttons.append(look)
    said = ask.words.message("note.offer", (tuple(buttons),), title=kept.title if kept else resource_id)
    return Answer(say=(said,), ask=Question("note_offered", ask.words.say("note.prompt"), about=line))


async def press_note(ask: Ask) -> Answer:
    """Keep what they wrote a moment ago, if it is what the button stands under."""
    what, _, mark = ask.rest.partition(":")
    if what != "keep":
        raise UserMistake("note.gone")
    if mark and await kept_line(ask, mark):
        raise UserMistake("note.twice")
    line = await offered_line(ask, mark)
    if line is None:
        raise UserMistake("note.gone")
    await ask.close_question()
    resource_id, _, text = line.partition("\n")
    return await _keep(ask, resource_id, text)


async def offered_line(ask: Ask, mark: str) -> str | None:
    """The resource and the line that were offered as a note, if they are still held; without a mark, as older buttons are, whatever is."""
    waiting = await ask.open_question()
    if waiting is None or waiting.kind != "note_offered":
        return None
    return waiting.about if mark in ("", _mark(waiting.about)) else None


async def kept_line(ask: Ask, mark: str) -> str | None:
    """The resource and the line of a mark, if a card has it already."""
    cards_of_theirs = await cards.newest(ask.session, ask.person.id, 0, LOOKED_AT)
    lines = (f"{card.resource_id}\n{card.answer}" for card, _ in cards_of_theirs if card.origin == "note")
    return next((line for line in lines if _mark(line) == mark), None)


def _mark(line: str) -> str:
    """What tells a line from another on a button; what people write is not remembered for it, as the names of things are."""
    return blake2b(line.encode(), digest_size=6).hexdigest()


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
