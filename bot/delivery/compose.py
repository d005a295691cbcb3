"""Makes the message of an outbox row, in the person's language, at the moment it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.cards.digest import digest_message
from bot.cards.dose import Shown, dose_message
from bot.cards.feed import news_message, search_message
from bot.cards.linking import shown as platform_shown
from bot.cards.news import nudge_message, silence_message, with_milestone, with_news
from bot.cards.suggested import verdict_message
from bot.cards.suggestion import suggestion_message
from bot.cards.summary import summary_message
from bot.catalog.entry import Catalog
from bot.chat import Message, lines
from bot.curation.reasons import reasons_in
from bot.i18n.words import Words, words_in
from bot.settings import Settings
from bot.store.outbox import CARRY_DOSES, EDIT, REFUSED, SEEN, UNWANTED, Parcel
from bot.store.taken import TakenDose

DESK = ("card", EDIT, "verdict", "summary")
"""What goes to curators and to those who suggest."""
LATE = timedelta(minutes=20)
"""From when on a dose says that it is late. Queues at the platform's pace are shorter for some 30,000 people."""


def compose(parcel: Parcel, catalog: Catalog, settings: Settings, now: datetime) -> Message | None:
    """The message for a row, or None when there is nothing left to say (the dose is done already). A possible copy says so.

    Not an edit: it changes a message that is there, and twice is as good as once.
    """
    row = parcel.row
    words = words_in(parcel.language or row.facts.get("language") or settings.default_language)
    message = _message(words, parcel, catalog, settings, now)
    if message and (left := _left(parcel)):
        told = words.text("linking.no_longer_there", platform=platform_shown(left))
        message = replace(message, text=lines(told, (), message.text))
    if message and row.may_be_a_copy and row.kind != EDIT:
        return replace(message, text=lines(words.text("dose.copy"), message.text))
    return message


def _left(parcel: Parcel) -> str | None:
    """The platform that a dose comes from because nothing gets through there."""
    row = parcel.row
    if row.kind not in CARRY_DOSES or not row.facts.get(REFUSED):
        return None
    left: str = row.facts[REFUSED][-1].partition(":")[0]
    return left if left != row.platform else None  # they may have had it brought back


def _message(words: Words, parcel: Parcel, catalog: Catalog, settings: Settings, now: datetime) -> Message | None:
    row, dose = parcel.row, parcel.dose
    if row.kind == EDIT and dose:  # what it came as may be unknown: then it did not come
        return _dose_message(words, parcel, dose, catalog) if row.facts.get("message") else None
    if row.kind in DESK:
        return _desk_message(words, parcel, catalog, settings, now)
    if row.kind == "nudge":
        return nudge_message(words, row.facts)
    if row.kind == "silence":
        return silence_message(words)
    if row.kind == "digest":
        return digest_message(words, catalog, row.facts)
    if row.kind == "follow":
        return search_message(words, catalog, row.facts, now.date())
    if row.kind == "feed":
        return news_message(words, row.facts)
    if dose is None or parcel.trail is None:
        facts: dict[str, str | int] = {name: fact for name, fact in row.facts.items() if name != "says"}
        return Message(words.text(row.facts["says"], **facts))
    if dose.outcome or row.facts.get(SEEN) or row.facts.get(UNWANTED):
        return None
    late = row.kind == "dose" and now - dose.due_at > LATE
    return with_milestone(_dose_message(words, parcel, dose, catalog, late=late), dose.news)


def _dose_message(words: Words, parcel: Parcel, dose: TakenDose, catalog: Catalog, *, late: bool = False) -> Message:
    """A dose's card as it stands, with its news."""
    shown = Shown.of(
        words,
        catalog,
        dose,
        parcel.resource,
        parcel.beside,
        trail=parcel.trail or "",  # `why` says it
        late=late,
        again=parcel.row.kind == "snooze",
    )
    return with_news(words, dose_message(words, catalog, dose, shown), dose.news)


def _desk_message(words: Words, parcel: Parcel, catalog: Catalog, settings: Settings, now: datetime) -> Message | None:
    """What curators and the authors of suggestions get, as things stand at this moment."""
    row, seen = parcel.row, parcel.suggestion
    if row.kind == "summary":
        return summary_message(words, catalog, row.facts)
    if seen is None or (row.kind == "card" and not seen.row.is_waiting):
        return None
    if row.kind == "verdict":
        return verdict_message(words, catalog, reasons_in(settings.data_dir), seen)
    return suggestion_message(words, catalog, seen, now, settings.default_zone)
