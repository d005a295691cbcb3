"""The way, topic by topic: how far they are, and what they know already. Or topics of their own instead of a trail."""

from __future__ import annotations

from bot.cards.names import handle
from bot.cards.topics import topic_choice, topic_message, way_message, which_topic
from bot.catalog.entry import Topic
from bot.chat import Answer, Button, Message
from bot.commands.ask import Ask
from bot.commands.reading.search import read_topics
from bot.commands.schedule import on_the_way_again, theirs
from bot.commands.start import draft_of, take_way
from bot.errors import UserMistake
from bot.learning.progress import TopicProgress, topics_of
from bot.learning.way import OWN, groundwork, stops_of
from bot.planning.offers import offer_another
from bot.states import Marked
from bot.store import doses, marks, outbox, subscriptions
from bot.store.tables import Subscription

# --------------------------------------------------------------------------------------------------------- their way


async def show_way(ask: Ask) -> Answer:
    """The topics of their way with what is done, open and known; for somebody without a way, topics to pick."""
    found = await subscriptions.of_person(ask.session, ask.person.id)
    if found is None or not found.trail or found.is_stopped:
        return await show_topics(ask)
    if ask.rest:
        return await _named(ask, found)
    return await _way(ask, found, 0)


async def _named(ask: Ask, subscription: Subscription) -> Answer:
    """“/topics python”: that topic's card; of several that the words fit, those to choose from."""
    try:
        fitting = read_topics(ask.rest, ask.catalog)
    except UserMistake as mistake:
        mistake.again = Message((), ((Button(ask.words.say("button.topics"), "way:list:0"),),))
        raise
    way = {stop.id for stop in stops_of(ask.catalog, subscription.trail, subscription.topics) or ()}
    topics = [topic for topic in ask.catalog.topics if topic.id in (fitting & way or fitting)]
    if not fitting & way:
        elsewhere = (
            Button(ask.words.say("button.pick_topics"), "topics"),
            Button(ask.words.say("button.trails"), "trails"),
        )
        name = topics[0].name.in_(ask.words.language)
        return Answer(say=(ask.words.message("way.not_on_it", (elsewhere,), topic=name),))
    if len(topics) == 1:
        return Answer(say=(await _topic(ask, subscription, topics[0], 0),))
    return Answer(say=(which_topic(ask.words, topics),))


async def press_way(ask: Ask) -> Answer:
    """The buttons of the way: its pages, a topic, “I know this” and back."""
    what, _, rest = ask.rest.partition(":")
    subscription = await theirs(ask)
    if what == "list":
        return await _way(ask, subscription, _page(rest))
    if what == "proposal" and subscription.is_draft:
        return Answer(edit=ask.proposal(subscription))
    name, _, page = rest.partition(":")
    topic = next((one for one in ask.catalog.topics if handle(one.id) == name), None)
    if topic is None or what not in ("see", "know", "unknow"):
        raise UserMistake("mistake.stale_button")
    if what != "see":
        know(subscription, topic.id, what == "know")
    if what == "unknow":
        await on_the_way_again(ask, subscription)
    card = await _topic(ask, subscription, topic, _page(page))
    if what == "know" and await _swap_today(ask, subscription, topic):
        today = Button(ask.words.say("button.today"), "today")
        return Answer(
            edit=card, say=(ask.words.message("way.swapped", ((today,),), topic=topic.name.in_(ask.words.language)),)
        )
    return Answer(edit=card)


async def press_groundwork(ask: Ask) -> Answer:
    """“I know Python” at the start: the button goes to and fro."""
    subscription = await theirs(ask)
    topic = groundwork(ask.catalog, stops_of(ask.catalog, subscription.trail, subscription.topics) or ())
    if not subscription.is_draft or topic is None:
        return await _way(ask, subscription, 0)
    know(subscription, topic, topic not in subscription.known_topics)
    return Answer(edit=ask.proposal(subscription))


def know(subscription: Subscription, topic: str, known: bool) -> None:
    """Write down that they know a topic, or that they do not: it is skipped, or comes again."""
    others = [one for one in subscription.known_topics if one != topic]
    subscription.known_topics = [*others, topic] if known else others


async def _swap_today(ask: Ask, subscription: Subscription, topic: Topic) -> bool:
    """If today's dose is open and of a topic they know, it gets something else."""
    if not subscription.is_active:
        return False
    today = (await ask.schedules(subscription)).today(ask.now)
    dose = await doses.of_day(ask.session, subscription.id, today)
    entry = ask.catalog.resource(dose.resource_id) if dose and dose.resource_id else None
    if dose is None or dose.outcome or entry is None or entry.topic != topic.id:
        return False
    await ask.session.flush()
    if await offer_another(ask.session, ask.catalog, subscription, dose, ask.now):
        return False
    await outbox.withdraw_dose(ask.session, dose.id)
    return True


async def _way(ask: Ask, subscription: Subscription, page: int) -> Answer:
    topics = await _topics(ask, subscription)
    if not topics:
        return await show_topics(ask)
    if subscription.is_draft:
        last = Button(ask.words.say("button.to_proposal"), "way:proposal")
    else:
        last = Button(ask.words.say("button.pick_topics"), "topics")
    trail = ask.trail_name(subscription.trail)
    said = way_message(ask.words, ask.catalog, trail, topics, subscription.known_topics, page, last=last)
    return ask.show(said)


async def _topic(ask: Ask, subscription: Subscription, topic: Topic, page: int) -> Message:
    topics = await _topics(ask, subscription)
    progress = next((one for one in topics if one.id == topic.id), TopicProgress(topic.id, 0, 0, 0))
    known = topic.id in subscription.known_topics
    return topic_message(ask.words, ask.catalog, topic, progress, page, known=known)


async def _topics(ask: Ask, subscription: Subscription) -> tuple[TopicProgress, ...]:
    """Every topic of their way, also those they know; none where the trail left the catalog."""
    marked = await marks.by_name(ask.session, ask.person.id)
    settled = marks.settled_in(marked)
    way = stops_of(ask.catalog, subscription.trail, subscription.topics) or ()
    return topics_of(ask.catalog, way, marked.get(Marked.DONE, frozenset()), settled)


def _page(number: str) -> int:
    return int(number) if number.isdecimal() and len(number) < 4 else 0


# ------------------------------------------------------------------------------------------------ topics of their own


async def show_topics(ask: Ask) -> Answer:
    """All topics, those picked ticked; from a button `topics:2` the second page."""
    found = await subscriptions.of_person(ask.session, ask.person.id)
    picked = (found.ticked or found.topics) if found else []
    said = topic_choice(ask.catalog, ask.words, picked, _page(ask.rest))
    return ask.show(said)


async def press_topic(ask: Ask) -> Answer:
    """Tick a topic or take the tick away; nothing acts before they say so."""
    topic, _, page = ask.rest.partition(":")
    if ask.catalog.topic(topic) is None:
        raise UserMistake("mistake.stale_button")
    subscription = await draft_of(ask)
    ticked = set(subscription.ticked or subscription.topics) ^ {topic}
    subscription.ticked = [one.id for one in ask.catalog.topics if one.id in ticked]
    return Answer(edit=topic_choice(ask.catalog, ask.words, subscription.ticked, _page(page)))


async def press_chosen(ask: Ask) -> Answer:
    """These topics, then."""
    subscription = await draft_of(ask)
    if not (subscription.ticked or subscription.topics):
        return Answer(edit=topic_choice(ask.catalog, ask.words, [], 0), toast=ask.words.say("topics.none"))
    subscription.topics, subscription.ticked = subscription.ticked or subscription.topics, []
    return await take_way(ask, OWN)
