"""What waits for a curator: the queue and its views, one card, putting a card off."""

from __future__ import annotations

from bot.cards.queue import PAGE, queue_message, stats_message, topics_message
from bot.cards.suggestion import suggestion_message
from bot.chat import Answer, Message
from bot.commands.ask import Ask
from bot.commands.reading.fields import read_numbers, read_topic
from bot.curation.queue import RECENT, narrowed, the_line
from bot.errors import UserMistake
from bot.store import audit, shown_cards, suggestions
from bot.store.queue import InQueue
from bot.store.suggestions import WholeSuggestion

VIEWS = {"people": "people", "pessoas": "people", "feeds": "feeds", "feed": "feeds", "all": "", "tudo": "", "todas": ""}
STATS = frozenset(["stats", "numeros", "números"])


async def show_queue(ask: Ask) -> Answer:
    """The queue, oldest first, with the first card below.

    `people`, `feeds` or a topic narrow it, `stats` gives its figures, a number that card.
    """
    if ask.rest.casefold() in STATS:
        return await show_stats(ask)
    line = await the_line(ask.session, ask.now)
    numbers, rest = read_numbers(ask.rest)
    if numbers and not rest:
        return Answer(say=(await card_of(ask, await find(ask, numbers[0])),))
    source, topic = _view(ask)
    if not line:
        return Answer(say=(ask.words.message("queue.empty"),))
    first = await _first(ask, narrowed(line, source=source, topic=topic))
    return Answer(say=(await _page(ask, line, source, topic, 0), *first))


async def show_stats(ask: Ask) -> Answer:
    """How the queue does, and who decided how much."""
    line = await the_line(ask.session, ask.now)
    counts = await suggestions.counts(ask.session)
    decided = await audit.decided_since(ask.session, ask.now - RECENT)
    return Answer(say=(stats_message(ask.words, line, counts, decided, ask.now),))


def _view(ask: Ask) -> tuple[str, str]:
    """The source and the topic somebody typed, in either order."""
    source = topic = ""
    for word in ask.rest.split():
        if word.casefold() in VIEWS:
            source = VIEWS[word.casefold()]
        else:
            topic = read_topic(word, ask.catalog)
    return source, topic


async def press(ask: Ask) -> Answer:
    """The queue's buttons: a view of it, a page, its topics, one of its cards, the next card."""
    what, _, rest = ask.rest.partition(":")
    line = await the_line(ask.session, ask.now)
    if what == "see":
        return Answer(say=(await card_of(ask, await find(ask, number_in(rest))),))
    if what == "next":
        return Answer(say=await _first(ask, line) or (ask.words.message("queue.empty"),))
    if what == "topics":
        return Answer(edit=topics_message(ask.words, ask.catalog, line, rest if rest in ("people", "feeds") else ""))
    topic, _, page = rest.partition(":")
    if not line:
        return Answer(edit=ask.words.message("queue.empty"))
    source = what if what in ("people", "feeds") else ""
    known = {one.topic or "none" for one in line}
    topic = next((one for one in sorted(known) if topic and one.startswith(topic)), "")
    number = int(page) if page.isdecimal() and len(page) < 6 else 0
    return Answer(edit=await _page(ask, line, source, topic, number))


async def show_card(ask: Ask) -> Answer:
    """A card as it is now, in place of what hangs there."""
    return Answer(edit=await card_of(ask, await pressed_card(ask)))


async def put_off(ask: Ask) -> Answer:
    """Put a card at the end of the queue and bring the next one."""
    seen = await pressed_card(ask, hold=True)
    if not seen.row.is_waiting:
        return Answer(edit=await card_of(ask, seen))
    seen.row.later_at = ask.now
    await audit.write(ask.session, "later", f"suggestion:{seen.row.id}", by=ask.person.id, now=ask.now)
    await ask.session.flush()
    line = [one for one in await the_line(ask.session, ask.now) if one.id != seen.row.id]
    card = await card_of(ask, seen)
    following = await _first(ask, line) if ask.incoming.private else ()
    return Answer(edit=card, say=following, toast=ask.words.say("queue.put_off"))


# ----------------------------------------------------------------------------------------------- what others use too


async def find(ask: Ask, number: int) -> WholeSuggestion:
    """A suggestion by its number. Raises UserMistake for a number nothing has."""
    seen = await suggestions.see(ask.session, number) if number else None
    if seen is None:
        raise UserMistake("queue.no_such_number", number=str(number))
    return seen


async def pressed_card(ask: Ask, *, hold: bool = False) -> WholeSuggestion:
    """The suggestion whose card was pressed; the card is remembered, so that it changes with the others.

    With `hold` its row is held until the end of the transaction: what is changed now is not decided meanwhile.
    """
    number = number_in(ask.rest)
    if hold and number:
        await suggestions.lock(ask.session, number)
    seen = await find(ask, number)
    if ask.incoming.on:
        whose = ask.person.id if ask.incoming.private else None
        shows = shown_cards.named(number, seen.row.state)
        await shown_cards.remember(
            ask.session, shows, ask.incoming.on, person_id=whose, language=ask.words.language, now=ask.now
        )
    return seen


async def card_of(ask: Ask, seen: WholeSuggestion) -> Message:
    """The card in the words of whoever looks at it."""
    return suggestion_message(ask.words, ask.catalog, seen, ask.now, ask.settings.default_zone)


def number_in(rest: str) -> int:
    """The number at the beginning of what stands in a button; 0 where none does."""
    first = rest.partition(":")[0]
    return int(first) if first.isdecimal() and first.isascii() and len(first) < 18 else 0


async def _page(ask: Ask, line: list[InQueue], source: str, topic: str, page: int) -> Message:
    narrow = narrowed(line, source=source, topic=topic)
    page = min(page, max(0, (len(narrow) - 1) // PAGE))
    shown = [await suggestions.see(ask.session, one.id) for one in narrow[page * PAGE : page * PAGE + PAGE]]
    return queue_message(
        ask.words,
        ask.catalog,
        [seen for seen in shown if seen],
        line,
        ask.now,
        source=source,
        topic=topic,
        page=page,
    )


async def _first(ask: Ask, line: list[InQueue]) -> tuple[Message, ...]:
    """The card at the front, if there is one."""
    return (await card_of(ask, await find(ask, line[0].id)),) if line else ()
