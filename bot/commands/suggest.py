"""What people bring for the catalog: a link with a word on why, or a message full of them; and what became of it."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.cards.names import topic_name
from bot.cards.suggested import list_message, state_line
from bot.chat import Answer, Button, Message, Question, Text, lines, rows
from bot.commands.ask import Ask
from bot.commands.note import kept_line, offered_line
from bot.curation.intake import FromPerson, New, Taken, TakenAs, clean, is_unheard_of, take_in
from bot.curation.queue import the_line
from bot.errors import UserMistake
from bot.store import suggestions, voices

DAY = timedelta(days=1)
AT_ONCE = 10
"""Links of one message that are looked at; the rest is said."""
LISTED = 10
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]+", re.IGNORECASE)
_BARE = re.compile(r"[^\s/@]+\.[^\s/@.]{2,}(?:/\S*)?")


async def suggest(ask: Ask) -> Answer:
    """Bring a link, with a word on why it is good; alone it asks for one. A reply to words with a link takes that link."""
    if not ask.rest and not ask.incoming.links:
        return Answer(say=(ask.words.message("suggest.how"),), ask=Question("suggest", ask.words.say("suggest.prompt")))
    return await _take(ask, ask.rest)


async def take_pasted(ask: Ask) -> Answer:
    """A link in private is a suggestion, and so is what somebody forwards."""
    return await _take(ask, ask.rest)


async def show_mine(ask: Ask) -> Answer:
    """What they brought, and what became of each."""
    mine = await voices.of_person(ask.session, ask.person.id, LISTED)
    if not mine:
        raise UserMistake("suggest.none")
    places = {one.id: place for place, one in enumerate(await the_line(ask.session, ask.now), 1)}
    shown = [await suggestions.see(ask.session, row.id) for row in mine]
    said = list_message(ask.words, ask.reasons, [one for one in shown if one], places)
    return ask.show(said)


async def press(ask: Ask) -> Answer:
    """The author's buttons: withdraw one, suggest another, see all; and a link from a line that was offered as a note."""
    what, _, number = ask.rest.partition(":")
    if what == "withdraw" and number.isdecimal() and len(number) < 18:
        return await _withdraw(ask, int(number))
    if what == "mine":
        return await show_mine(ask)
    if what == "offered":
        return await _take_offered(ask, number)
    return Answer(say=(ask.words.message("suggest.how"),), ask=Question("suggest", ask.words.say("suggest.prompt")))


async def _withdraw(ask: Ask, number: int) -> Answer:
    if not await voices.withdraw(ask.session, number, ask.person.id, ask.now):
        raise UserMistake("suggest.not_withdrawn")
    await ask.refresh_cards(number)
    return Answer(edit=ask.words.message("suggest.withdrawn"))


async def _take_offered(ask: Ask, mark: str) -> Answer:
    """The link of the line the button stands under; one that was kept as a note meanwhile is still at hand."""
    line = await offered_line(ask, mark)
    if line is None:
        line = await kept_line(ask, mark) if mark else None
    if line is None:
        raise UserMistake("suggest.gone", asks=Question("suggest", ask.words.say("suggest.prompt")))
    await ask.close_question()
    return await _take(ask, line.partition("\n")[2])


# -------------------------------------------------------------------------------------------------------- taking in


async def _take(ask: Ask, text: str) -> Answer:
    links = list(dict.fromkeys(ask.incoming.links or _LINK.findall(text) or _bare(text)))
    if not links:
        raise UserMistake(
            "suggest.no_link", typed=clean(text, 60), asks=Question("suggest", ask.words.say("suggest.prompt"))
        )
    why = _why(text, links)
    taken = [(link, await _one(ask, link, why)) for link in links[:AT_ONCE]]
    if len(links) == 1:
        link, one = taken[0]
        return await _answer_one(ask, link, one)
    return await _answer_many(ask, taken, len(links) - len(taken))


def _bare(text: str) -> list[str]:
    """The first word, where it looks like an address that somebody typed without https."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return [first] if _BARE.fullmatch(first) else []


def _why(text: str, links: list[str]) -> str:
    """What they say besides the links."""
    for link in sorted(links, key=len, reverse=True):
        text = text.replace(link, " ")
    return re.sub(r"^[\s:;,.–—-]+", "", text).strip()


async def _one(ask: Ask, link: str, why: str) -> Taken | None:
    """Take one link in; None where they brought as many today as they may."""
    full = await voices.open_since(ask.session, ask.person.id, ask.now - DAY) >= ask.settings.suggestions_per_day
    new = New(link, FromPerson(ask.person.id, ask.person.name), why)
    if full and await is_unheard_of(ask.session, ask.catalog, new):
        return None  # PostgreSQL would not take the number of a row back, and people see #1, #2, #3
    async with ask.session.begin_nested() as attempt:
        taken = await take_in(ask.session, ask.catalog, new, ask.now)
        if full and taken.kind in (TakenAs.NEW, TakenAs.SECOND_VOICE):
            await attempt.rollback()
            return None
    return taken


async def _answer_one(ask: Ask, link: str, taken: Taken | None) -> Answer:
    if taken is None:
        raise UserMistake("suggest.enough_today", n=ask.settings.suggestions_per_day)
    if taken.kind is TakenAs.NOT_A_LINK:
        again = Question("suggest", ask.words.say("suggest.prompt"))
        raise UserMistake("suggest.not_a_link", typed=clean(link, 60), asks=again)
    if taken.kind is TakenAs.PRIVATE:
        raise UserMistake("follow.none_private", url=clean(link, 60))
    buttons = await _buttons_for(ask, taken)
    return Answer(say=(Message(await _said(ask, taken), rows(buttons, 2)),))


async def _buttons_for(ask: Ask, taken: Taken) -> list[Button]:
    words = ask.words
    entry = ask.catalog.resource(taken.resource_id) if taken.resource_id else None
    if entry:
        return [Button(words.say("button.open"), url=entry.url)]
    if taken.kind is TakenAs.REJECTED_BEFORE:
        return [Button(words.say("button.suggest_another"), "suggest")]
    return [
        Button(words.say("button.withdraw"), f"suggest:withdraw:{taken.suggestion_id}"),
        Button(words.say("button.my_suggestions"), "suggest:mine"),
    ]


async def _said(ask: Ask, taken: Taken) -> Text:
    """The sentence for one link."""
    words = ask.words
    if taken.kind is TakenAs.IN_CATALOG:
        entry = ask.catalog.resource(taken.resource_id or "")
        assert entry is not None, "it was found in this catalog"
        return words.text("suggest.in_catalog", title=entry.title, topic=topic_name(ask.catalog, words, entry.topic))
    assert taken.suggestion_id is not None, "everything else has a row"
    seen = await suggestions.see(ask.session, taken.suggestion_id)
    assert seen is not None, "it was taken in this transaction"
    if taken.kind is TakenAs.REJECTED_BEFORE:
        return words.text("suggest.rejected_before", why=state_line(words, ask.reasons, seen))
    line = [one.id for one in await the_line(ask.session, ask.now)]
    place = line.index(seen.row.id) + 1 if seen.row.id in line else len(line)
    return words.text(f"suggest.{taken.kind}", number=str(seen.row.id), n=place)


async def _answer_many(ask: Ask, taken: list[tuple[str, Taken | None]], left: int) -> Answer:
    """One line for what became of how many."""
    counts = {kind: sum(one is not None and one.kind is kind for _, one in taken) for kind in TakenAs}
    told = [ask.words.text(f"suggest.many_{kind}", n=n) for kind, n in counts.items() if n]
    if over := sum(one is None for _, one in taken):
        told.append(ask.words.text("suggest.many_enough", n=over, most=ask.settings.suggestions_per_day))
    if left:
        told.append(ask.words.text("suggest.many_left", n=left, most=AT_ONCE))
    mine = Button(ask.words.say("button.my_suggestions"), "suggest:mine")
    return Answer(say=(Message(lines(*told), ((mine,),) if counts[TakenAs.NEW] else ()),))
