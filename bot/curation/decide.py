"""Deciding: one conditional update each, with its line in the audit, its notice to the authors, and its cards brought up to date.

waiting ──approve──▶ approved ─┐        the entry is live for the next dose in every process
   ▲    ──reject───▶ rejected ─┤
   └──────────── undo ─────────┘        an approved entry is taken out of the doses again
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.entry import Catalog, Resource
from bot.catalog.naming import name_entry
from bot.chat import Address, MessageRef, Notice
from bot.curation.describe import likely_language
from bot.curation.intake import find_in_catalog
from bot.states import SuggestionState
from bot.store import audit, entries, outbox, people, shown_cards, suggestions, voices
from bot.store.suggestions import WholeSuggestion
from bot.store.tables import Suggestion

MADE_OF = ("topic", "kind", "level", "minutes", "language", "title", "author", "published")
"""What an entry takes over from what is known of a suggestion."""


def entry_of(seen: WholeSuggestion, topic: str) -> Resource:
    """The entry that a suggestion becomes. What nobody set is a guess, and says so."""
    known = seen.known
    facts: dict[str, Any] = {name: known[name] for name in MADE_OF if known.get(name)}
    facts |= {
        "id": name_entry(seen.title, seen.row.url, ()),
        "url": seen.row.url,
        "topic": topic,
        "title": seen.title[:300],
        "kind": known.get("kind") or "article",
        "language": likely_language(known, seen.told_title, seen.row.url),
    }
    if "minutes" in facts and "minutes" not in seen.row.edits:
        facts["estimated"] = ["minutes"]
    if note := note_of(known):
        facts["note"] = note
    return Resource.model_validate(facts)


def note_of(known: dict[str, Any]) -> dict[str, str] | None:
    """The note in both languages; one that was written in one language only stands in both."""
    en, pt = known.get("note.en"), known.get("note.pt")
    return {"en": str(en or pt), "pt": str(pt or en)} if en or pt else None


async def approve(
    session: AsyncSession,
    catalog: Catalog,
    seen: WholeSuggestion,
    topic: str,
    *,
    by: int,
    now: datetime,
    but: MessageRef | None = None,
) -> bool:
    """Take a suggestion into the catalog; False if somebody decided it before. Raises CatalogError where it makes no entry."""
    if not await suggestions.decide(session, seen.row.id, SuggestionState.APPROVED, by=by, now=now):
        return False
    there = find_in_catalog(catalog, seen.row.address)
    entry_id = there or (await entries.add(session, entry_of(seen, topic), by=by, at=now)).id
    row = await suggestions.find(session, seen.row.id)
    assert row is not None, "it was updated a moment ago"
    row.resource_id, row.edits = entry_id, {**row.edits, "topic": topic}
    after = {"entry": entry_id, "topic": topic, "was_there": there is not None}
    deed = await audit.write(session, "approve", _about(row), by=by, now=now, after=after)
    await _tell(session, row, deed.id, now, but=by)
    await shown_cards.refresh(session, row.id, now, but=but)
    return True


async def reject(
    session: AsyncSession,
    suggestion_id: int,
    reason: str,
    words: str,
    *,
    by: int,
    now: datetime,
    but: MessageRef | None = None,
) -> bool:
    """Refuse a suggestion for a reason of the table, with a curator's own words if there are any; False if it was decided before."""
    if not await suggestions.decide(
        session, suggestion_id, SuggestionState.REJECTED, by=by, now=now, reason=reason, words=words or None
    ):
        return False
    row = await suggestions.find(session, suggestion_id)
    assert row is not None, "it was updated a moment ago"
    deed = await audit.write(session, "reject", _about(row), by=by, now=now, after={"reason": reason, "words": words})
    await _tell(session, row, deed.id, now, but=by)
    await shown_cards.refresh(session, row.id, now, but=but)
    return True


async def undo(
    session: AsyncSession, row: Suggestion, *, by: int, now: datetime, but: MessageRef | None = None
) -> bool:
    """Take a decision back: it waits again where it stood, and an entry that came of it leaves the doses. False if it changed meanwhile."""
    before = {"state": row.state, "reason": row.reason, "words": row.words, "entry": row.resource_id}
    decided_at = row.decided_at
    if not await suggestions.take_back(session, row.id, row.state, decided_at):
        return False
    if before["entry"] and not await _was_there(session, row.id):
        await entries.retire(session, str(before["entry"]), by=by, at=now, why="undo")
    deed = await audit.write(session, "undo", _about(row), by=by, now=now, before=before)
    brought = await voices.people_of(session, row.id)
    if await outbox.withdraw_named(session, f"verdict:{row.id}:", brought):  # somebody has read of it already
        await _tell(session, row, deed.id, now, but=by)
    await shown_cards.refresh(session, row.id, now, but=but)
    return True


async def close_old(session: AsyncSession, row: Suggestion, now: datetime) -> bool:
    """Nobody decided in time: it leaves the queue with an apology."""
    if not await suggestions.decide(session, row.id, SuggestionState.CLOSED, by=None, now=now):
        return False
    deed = await audit.write(session, "close", _about(row), by=None, now=now)
    await _tell(session, row, deed.id, now)
    await shown_cards.refresh(session, row.id, now)
    return True


async def _was_there(session: AsyncSession, suggestion_id: int) -> bool:
    """Did the catalog have the link already when it was approved?"""
    deeds = await audit.newest(session, 0, 10, about=f"suggestion:{suggestion_id}")
    return next((bool(deed.row.after.get("was_there")) for deed in deeds if deed.row.did == "approve"), False)


async def _tell(session: AsyncSession, row: Suggestion, deed: int, now: datetime, *, but: int | None = None) -> None:
    """Let everybody who brought it hear how it stands, `but` the one who decided; the words are made when it goes."""
    notices = [
        Notice(
            key=f"verdict:{row.id}:{deed}:{person_id}",
            to=Address(identity.platform, identity.platform_id),
            kind="verdict",
            facts={"suggestion": str(row.id)},
            person=person_id,
        )
        for person_id in await voices.people_of(session, row.id)
        if person_id != but
        for identity in (await people.identities(session, person_id))[:1]
    ]
    await outbox.put_notices(session, notices, now)


def _about(row: Suggestion) -> str:
    return f"suggestion:{row.id}"
