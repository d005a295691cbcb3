"""The feeds we follow: all of them, one of them, and what curators may do with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.cards.feed import FeedFacts, feed_message, list_message, mark_of, preview_message
from bot.cards.pages import page_of
from bot.chat import Answer, Button, File, Message, Question, rows
from bot.commands.ask import Ask
from bot.commands.desk.follow import audit_feed, only_curators
from bot.commands.reading.filter import read_filter
from bot.commands.reading.search import read_topics
from bot.curation.intake import take_in
from bot.errors import UserMistake
from bot.feeds.filters import Filter, preview
from bot.feeds.opml import write_opml
from bot.feeds.take import FATES, item_of, suggestion_of
from bot.states import FeedState
from bot.store import feed_items, feeds
from bot.store.tables import Feed, FeedItem

RECENT = timedelta(days=7)
"""How long what had no room is offered."""
LAST_MONTH = timedelta(days=30)
"""What a filter would have hidden is told of this time."""
AT_A_TIME = 5
NOT_SO_FAST = timedelta(minutes=5)


async def show_feeds(ask: Ask) -> Answer:
    """Every feed, a page at a time; `opml` gives them as a file for other readers, a number is that feed."""
    if not ask.incoming.action and ask.rest.lstrip("#")[:1].isdecimal():
        return await feed(ask)
    followed = await feeds.all_of(ask.session)
    if ask.rest.strip().casefold() == "opml":
        file = File("feeds.opml", write_opml(followed).encode())
        return Answer(say=(Message(ask.words.text("feeds.opml", n=len(followed)), file=file),))
    known = await feeds.reputations(ask.session, [feed.id for feed in followed])
    number = int(ask.rest) if ask.rest.isdecimal() and len(ask.rest) < 4 else 0
    page = page_of([FeedFacts(feed, known[feed.id]) for feed in followed], number)
    said = list_message(ask.words, page, ask.now)
    return ask.show(said)


async def feed(ask: Ask) -> Answer:
    """One feed by its number, and what is to be done with it: `/feed 7 pause`."""
    number, _, rest = ask.rest.strip().lstrip("#").partition(" ")
    if not number:
        return await show_feeds(replace(ask, rest=""))
    return await _do(ask, number, *rest.strip().partition(" ")[::2])


async def press_feed(ask: Ask) -> Answer:
    """A button of a feed: `feed:7`, `feed:7:pause`."""
    number, _, rest = ask.rest.partition(":")
    return await _do(ask, number, *rest.partition(":")[::2])


async def read_filter_answer(ask: Ask) -> Answer:
    """The filter they were asked for; the question remembers of which feed."""
    return await _answer(ask, "filter")


async def _do(ask: Ask, number: str, deed: str, more: str) -> Answer:
    found = await feeds.find(ask.session, int(number)) if number.isdecimal() and len(number) < 10 else None
    if found is None or found.state not in feeds.FOLLOWED:
        raise UserMistake("feeds.no_such_feed", typed=number)
    deed = _ALIASES.get(deed.casefold(), deed.casefold())
    if deed not in _DEEDS:
        raise UserMistake("feeds.no_such_deed", typed=deed, again=Message((), _card_buttons(ask, found)))
    return await _DEEDS[deed](ask, found, more.strip())


def _card_buttons(ask: Ask, found: Feed) -> tuple[tuple[Button, ...], ...]:
    return ((Button(ask.words.say("button.show_feed"), f"feed:{found.id}"),),)


async def _show(ask: Ask, found: Feed, _: str) -> Answer:
    known = await feeds.reputations(ask.session, [found.id])
    facts = FeedFacts(
        found,
        known[found.id],
        await feed_items.latest(ask.session, found.id, 5),
        await feed_items.count_over(ask.session, found.id, ask.now - RECENT),
    )
    said = feed_message(ask.words, ask.catalog, facts, ask.now)
    return ask.show(said)


async def _pause(ask: Ask, found: Feed, _: str) -> Answer:
    if found.state == FeedState.ACTIVE:
        found.state = FeedState.PAUSED
        audit_feed(ask, found, "pause")
    return await _shown_with(ask, found, "feeds.paused")


async def _resume(ask: Ask, found: Feed, _: str) -> Answer:
    found.state = FeedState.ACTIVE
    _visit_soon(ask, found)
    found.failures, found.failing_since, found.problem = 0, None, None
    audit_feed(ask, found, "resume")
    return await _shown_with(ask, found, "feeds.resumed")


async def _now(ask: Ask, found: Feed, _: str) -> Answer:
    if found.state != FeedState.ACTIVE:
        return await _resume(ask, found, "")
    _visit_soon(ask, found)
    return await _shown_with(ask, found, "feeds.soon")


def _visit_soon(ask: Ask, found: Feed) -> None:
    """The next minute, unless we were there a moment ago: whoever presses ten times makes one visit."""
    found.next_at = max(ask.now, (found.checked_at or ask.now - NOT_SO_FAST) + NOT_SO_FAST)


async def _topic(ask: Ask, found: Feed, typed: str) -> Answer:
    if not typed:
        said = ask.words.message("feeds.which_topic", title=found.title or found.host)
        return Answer(say=(said,), ask=Question("feed_topic", ask.words.say("feeds.topic_prompt"), str(found.id)))
    topics = read_topics(typed, ask.catalog)
    if len(topics) != 1:
        raise UserMistake("follow.which_topic", typed=typed)
    found.topic = next(iter(topics))
    audit_feed(ask, found, "topic", topic=found.topic)
    return await _show(ask, found, "")


async def _filter(ask: Ask, found: Feed, typed: str) -> Answer:
    """Show what a filter would have hidden; it holds once they keep it."""
    if not typed:
        said = ask.words.message("feeds.how_to_filter")
        return Answer(say=(said,), ask=Question("feed_filter", ask.words.say("feeds.filter_prompt"), str(found.id)))
    draft = read_filter(typed)
    found.draft = {**draft, "mark": mark_of(draft)}
    wanted = Filter(tuple(draft["include"]), tuple(draft["exclude"]), draft["shortest"])
    rows_of = await feed_items.latest(ask.session, found.id)
    recent = [item_of(row) for row in rows_of if (row.published_at or row.seen_at) > ask.now - LAST_MONTH]
    hidden = [(item.title, why) for item, why in preview(recent, wanted)]
    said = preview_message(ask.words, found, draft, hidden, len(recent))
    return ask.show(said)


async def _keep(ask: Ask, found: Feed, mark: str) -> Answer:
    """Keep the filter that was shown; should another curator try one meanwhile, the button is none for theirs."""
    draft = {name: value for name, value in found.draft.items() if name != "mark"}
    if not draft or (mark and mark != found.draft.get("mark")):
        raise UserMistake("feeds.other_filter", again=Message((), _card_buttons(ask, found)))
    feeds.set_columns(found, **draft)
    audit_feed(ask, found, "filter", **draft)
    found.draft = {}
    return await _shown_with(ask, found, "feeds.kept")


async def _more(ask: Ask, found: Feed, _: str) -> Answer:
    """Bring what the day had no room for, a handful at a time; a handful of which nothing is new is passed over."""
    brought = 0
    while not brought:
        waiting = await feed_items.oldest_over(ask.session, found.id, ask.now - RECENT, AT_A_TIME)
        if not waiting:
            break
        brought = await _bring(ask, found, waiting)
    answer = await _show(ask, found, "")
    told = ask.words.message("feeds.brought", n=brought) if brought else ask.words.message("feeds.brought_none")
    return replace(answer, say=(told, *answer.say))


async def _bring(ask: Ask, found: Feed, waiting: Sequence[FeedItem]) -> int:
    """Put items into the queue; how many of them are cards there now."""
    for row in waiting:
        if row.link is None:
            row.fate = "no_link"
            continue
        taken = await take_in(ask.session, ask.catalog, suggestion_of(found, None, item_of(row), row.link), ask.now)
        row.fate, row.suggestion_id = FATES.get(taken.kind, "known"), taken.suggestion_id
    return sum(row.fate == "suggested" for row in waiting)


async def _unfollow(ask: Ask, found: Feed, sure: str) -> Answer:
    title = found.title or found.host
    if sure != "yes":
        buttons = (
            Button(ask.words.say("button.unfollow_it"), f"feed:{found.id}:unfollow:yes"),
            Button(ask.words.say("button.keep_it"), f"feed:{found.id}"),
        )
        said = ask.words.message("feeds.unfollow_sure", rows(buttons, 2), title=title)
        return ask.show(said)
    found.state = FeedState.UNFOLLOWED
    audit_feed(ask, found, "unfollow")
    said = ask.words.message("feeds.unfollowed", title=title)
    return ask.show(said)


async def _shown_with(ask: Ask, found: Feed, key: str) -> Answer:
    """The feed's card, with a word on what happened."""
    answer = await _show(ask, found, "")
    if answer.edit:
        return replace(answer, toast=ask.words.say(key))
    return replace(answer, say=(ask.words.message(key), *answer.say))


async def read_topic_answer(ask: Ask) -> Answer:
    """The topic they were asked for; the question remembers of which feed."""
    return await _answer(ask, "topic")


async def _answer(ask: Ask, deed: str) -> Answer:
    only_curators(ask)
    waiting = await ask.open_question()
    return await _do(ask, waiting.about if waiting else "", deed, ask.rest)


FeedDeed = Callable[[Ask, Feed, str], Awaitable[Answer]]
_DEEDS: dict[str, FeedDeed] = {
    "": _show,
    "pause": _pause,
    "resume": _resume,
    "now": _now,
    "topic": _topic,
    "filter": _filter,
    "keep": _keep,
    "more": _more,
    "unfollow": _unfollow,
}
_ALIASES = {
    "pausa": "pause",
    "pausar": "pause",
    "voltar": "resume",
    "retomar": "resume",
    "agora": "now",
    "tema": "topic",
    "topico": "topic",
    "tópico": "topic",
    "filtro": "filter",
    "filtrar": "filter",
    "mais": "more",
    "deixar": "unfollow",
}
"""What may be done to a feed, in English and Portuguese."""
