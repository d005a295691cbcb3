"""A suggestion as its curators see it: who brought it and why, what it is, where it belongs, and the buttons to decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.cards.names import topic_name
from bot.catalog.entry import Catalog
from bot.catalog.kinds import KINDS, Kind
from bot.chat import Button, Message, Rows, Span, Text, lines, rows, shorten
from bot.curation.describe import likely_language
from bot.curation.reasons import Reasons
from bot.i18n.showing import show_date, show_hour, show_minutes
from bot.i18n.words import Words
from bot.states import SuggestionState
from bot.store import shown_cards
from bot.store.suggestions import WholeSuggestion

TITLE = 160
WHY = 200
VOICES = 3
"""How many voices a card quotes; the rest is a number."""
SURE = 0.6
"""From which likeness on a topic counts as sure."""


def suggestion_message(words: Words, catalog: Catalog, seen: WholeSuggestion, now: datetime, zone: str) -> Message:
    """The card as it stands now: with its buttons while it waits, with the outcome once it is decided."""
    return Message(
        lines(
            *_voices(words, seen),
            (Span(shorten(seen.title, TITLE), bold=bool(seen.known.get("title"))),),
            (Span(" · ".join(fact_words(words, seen))),),
            *_place(words, catalog, seen),
            words.text(f"desk.problem_{seen.row.problem}") if seen.row.problem else None,
            *_outcome(words, catalog, seen, now, zone),
        ),
        _buttons(words, seen),
        shows=shown_cards.named(seen.row.id, seen.row.state),
    )


def fact_words(words: Words, seen: WholeSuggestion) -> list[str]:
    """“jalammar.github.io · article · ~25 min · English”: what is known, and nothing that is guessed from nothing."""
    known = seen.known
    told = [host_of(seen.row.url)]
    if known.get("kind"):
        told.append(words.one_of("kind", known["kind"]))
    if minutes := known.get("minutes"):
        about = "" if "minutes" in seen.row.edits else "~"
        told.append(about + show_minutes(int(minutes)))
    language = likely_language(known, seen.told_title, seen.row.url)
    sure = "" if known.get("language") == language else "?"
    told.append(f"{words.one_of('language', language)}{sure}")
    if known.get("level"):
        told.append(words.one_of("level", known["level"]))
    if known.get("author"):
        told.append(shorten(str(known["author"]), 60))
    if known.get("published"):
        told.append(str(known["published"])[:4])
    return told


def host_of(url: str) -> str:
    """The real host of an address, as a curator should see it before they open it."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def _voices(words: Words, seen: WholeSuggestion) -> list[Text]:
    number = seen.row.id
    if not seen.voices:
        return [words.text("desk.from_nobody", number=str(number))]
    told = []
    for place, voice in enumerate(seen.voices[:VOICES]):
        key = "desk.from_feed" if voice.feed else "desk.from_person"
        head = words.text(key if place == 0 else f"{key}_too", number=str(number), name=shorten(voice.name, 60))
        told.append((*head, Span(f" · “{shorten(voice.why, WHY)}”")) if voice.why else head)
    if more := len(seen.voices) - VOICES:
        told += [words.text("desk.more_voices", n=more)] if more > 0 else []
    return told


def _place(words: Words, catalog: Catalog, seen: WholeSuggestion) -> list[Text]:
    """Where it belongs: the topic that was set, or the likeliest with how sure that is, and what it resembles."""
    known = seen.known
    told: list[Text] = []
    if set_topic := seen.row.edits.get("topic"):
        told.append(words.text("desk.topic", topic=topic_name(catalog, words, set_topic)))
    elif guess := likely_topic(known):
        key = "desk.topic_sure" if guess[1] >= SURE else "desk.topic_maybe"
        told.append(words.text(key, topic=topic_name(catalog, words, guess[0])))
    elif seen.row.is_waiting:
        told.append(words.text("desk.topic_unknown"))
    near = [entry.title for entry in map(catalog.resource, known.get("near", ())) if entry]
    if near and seen.row.is_waiting:
        told.append(words.text("desk.near", titles=" · ".join(shorten(title, 60) for title in near[:3])))
    return told


def likely_topic(known: dict[str, Any]) -> tuple[str, float] | None:
    """The topic that is set or likeliest, with its likeness from 0 to 1."""
    if topic := known.get("topic"):
        return str(topic), 1.0
    return next(((str(topic), float(score)) for topic, score in known.get("topics", ())), None)


def _outcome(words: Words, catalog: Catalog, seen: WholeSuggestion, now: datetime, zone: str) -> list[Text]:
    row = seen.row
    if row.is_waiting:
        return []
    facts = {"who": seen.decider or words.say("desk.somebody"), "when": when_words(words, row.decided_at, now, zone)}
    if row.state == SuggestionState.APPROVED:
        entry = catalog.resource(row.resource_id or "")
        use = entry.use if entry else KINDS[Kind(seen.known.get("kind") or Kind.ARTICLE)].use
        return [words.text("desk.approved_dose" if use == "dose" else "desk.approved", **facts)]
    said = [words.text(f"desk.{row.state}", **facts)]
    return [*said, (Span(row.words, italic=True),)] if row.words else said


def when_words(words: Words, at: datetime | None, now: datetime, zone: str) -> str:
    """“14:02”, with the date if it is not today's."""
    if at is None:
        return "—"
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    hour = show_hour(local.time())
    return hour if local.date() == today else f"{show_date(local.date(), words.language, today=today)}, {hour}"


def _buttons(words: Words, seen: WholeSuggestion) -> Rows:
    number = seen.row.id
    opens = Button(words.say("button.open"), url=seen.row.url)
    if seen.row.state in (SuggestionState.APPROVED, SuggestionState.REJECTED):
        return ((Button(words.say("button.undo"), f"undo:{number}"), opens),)
    if not seen.row.is_waiting:
        return ((opens,),)
    return (
        (
            Button(words.say("button.approve"), f"approve:{number}"),
            Button(words.say("button.edit_it"), f"mend:{number}"),
            Button(words.say("button.reject"), f"refuse:{number}"),
        ),
        (Button(words.say("button.put_off"), f"putoff:{number}"), opens),
    )


def reason_choice(words: Words, reasons: Reasons, seen: WholeSuggestion, card: Message) -> Message:
    """The card with the reasons in place of its buttons."""
    number = seen.row.id
    choices = [
        Button(reason.button.in_(words.language), f"reject:{number}:{reason.id}"[:64]) for reason in reasons.values()
    ]
    back = (
        Button(words.say("button.own_words"), f"reject:{number}:words"),
        Button(words.say("button.back"), f"suggestion:{number}"),
    )
    return Message(card.text, (*rows(choices, 2), back), shows=card.shows)


def approve_all_the_same(words: Words, seen: WholeSuggestion, card: Message) -> Message:
    """The card of what leads to no page, asking once more."""
    number = seen.row.id
    buttons = (
        (
            Button(words.say("button.all_the_same"), f"anyway:{number}"),
            Button(words.say("button.open"), url=seen.row.url),
        ),
        (Button(words.say("button.back"), f"suggestion:{number}"),),
    )
    return Message(lines(card.text, (), words.text("decide.no_page")), buttons, shows=card.shows)


def no_page_line(words: Words, numbers: Sequence[int]) -> Text | None:
    """Which of several were left out."""
    if not numbers:
        return None
    return words.text("decide.left_out", numbers=", ".join(f"#{number}" for number in numbers))


def see_buttons(left_out: Sequence[WholeSuggestion]) -> Rows:
    """A way to the card of each that was left out, as far as a screen goes."""
    return rows((Button(f"#{seen.row.id}", f"queue:see:{seen.row.id}") for seen in left_out[:PAGE]), 4)


def topic_choice(
    words: Words, catalog: Catalog, seen: WholeSuggestion, card: Message, action: str, page: int
) -> Message:
    """The card with topics to choose from: the likeliest first, then the catalog's order."""
    likely = [topic for topic, _ in seen.known.get("topics", ()) if catalog.topic(topic)]
    every = list(dict.fromkeys([*likely, *(topic.id for topic in catalog.topics)]))
    return Message(
        lines(card.text, (), words.text("desk.which_topic")),
        paged(words, [(topic_name(catalog, words, topic), topic) for topic in every], action, page, seen.row.id),
        shows=card.shows,
    )


PAGE = 8


def paged(words: Words, choices: Sequence[tuple[str, str]], action: str, page: int, number: int | str) -> Rows:
    """Choices of `label, value` as buttons `action:value`, eight to a page, with a way on and a way back to the card."""
    pages = max(1, -(-len(choices) // PAGE))
    page = page % pages
    shown = choices[page * PAGE : page * PAGE + PAGE]
    buttons = rows((Button(shorten(label, 30), f"{action}:{value}"[:64]) for label, value in shown), 2)
    last = [Button(words.say("button.back"), f"suggestion:{number}")]
    if pages > 1:
        last.insert(0, Button(words.say("button.more"), f"{action}:+{page + 1}"))
    return (*buttons, tuple(last))
