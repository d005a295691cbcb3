"""What people and feeds bring goes in here: recognised at once, and never twice.

New ──canonical address──▶ in the catalog? waiting already? refused before? ──▶ Taken
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.catalog.address import AddressError, canonical, repair
from bot.catalog.entry import Catalog
from bot.catalog.fields import Url
from bot.chat import shorten
from bot.states import SuggestionState
from bot.store import rooms, shown_cards, suggestions, voices
from bot.store.tables import Suggestion
from bot.web.addresses import is_public_host

WHY = 500
"""Characters that are kept of what somebody says about a link."""
TITLE = 200
_URL: TypeAdapter[str] = TypeAdapter(Url)


@dataclass(frozen=True, slots=True)
class FromPerson:
    """Somebody who suggests a link; `name` is how they are called today."""

    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class FromFeed:
    """A feed that published it. `id` is the feed's own, the same for ever; `title` is shown on the card."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class New:
    """A link with what is known of it. `facts` may hold title, author, published, language, kind, minutes, topic."""

    url: str
    source: FromPerson | FromFeed
    why: str = ""
    title: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class TakenAs(StrEnum):
    """What became of a link."""

    NEW = "new"
    SECOND_VOICE = "second_voice"
    ALREADY_YOURS = "already_yours"
    IN_CATALOG = "in_catalog"
    REJECTED_BEFORE = "rejected_before"
    NOT_A_LINK = "not_a_link"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a link: the row of the queue, or the entry of the catalog that has it already."""

    kind: TakenAs
    suggestion: Suggestion | None = None
    resource_id: str | None = None

    @property
    def suggestion_id(self) -> int | None:
        """The number of the row, where there is one."""
        return self.suggestion.id if self.suggestion else None


async def take_in(session: AsyncSession, catalog: Catalog, new: New, now: datetime) -> Taken:
    """Put a link into the queue, or say what it is already."""
    return (await take_all_in(session, catalog, [new], now))[0]


async def is_unheard_of(session: AsyncSession, catalog: Catalog, new: New) -> bool:
    """Whether a link would get a number of its own: it is one, and neither the catalog nor the queue ever had it."""
    link = _look_at(catalog, new)
    return isinstance(link, _Link) and await suggestions.by_key(session, link.key) is None


async def take_all_in(session: AsyncSession, catalog: Catalog, news: Sequence[New], now: datetime) -> list[Taken]:
    """Put links into the queue in this order, or say of each what it is already; a few statements, however many links.

    The unique address of a row is the referee between processes.
    """
    known = [_look_at(catalog, new) for new in news]
    asked = [(new, link) for new, link in zip(news, known, strict=True) if isinstance(link, _Link)]
    rows, fresh = await suggestions.find_or_add(
        session,
        [
            {"address_key": link.key, "address": link.address, "url": link.url, "facts": _facts(new)}
            for new, link in asked
        ],
        now,
    )
    heard = await voices.add(
        session,
        [
            _voice(rows[link.key].id, new, link.url)
            for new, link in asked
            if rows[link.key].state != SuggestionState.REJECTED
        ],
        now,
    )
    return [
        link
        if isinstance(link, Taken)
        else await _take(session, rows[link.key], link.key, new.source, fresh, heard, now)
        for new, link in zip(news, known, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Link:
    """A link that the catalog does not have."""

    address: str
    key: str
    url: str


def _look_at(catalog: Catalog, new: New) -> _Link | Taken:
    try:
        address = canonical(new.url)
        url = _URL.validate_python(_with_scheme(repair(new.url)))
    except (AddressError, ValidationError):
        return Taken(TakenAs.NOT_A_LINK)
    if not is_public_host(urlsplit(url).hostname or ""):
        return Taken(TakenAs.PRIVATE)
    if entry := find_in_catalog(catalog, address):
        return Taken(TakenAs.IN_CATALOG, resource_id=entry)
    return _Link(address, address_key(address), url)


async def _take(
    session: AsyncSession,
    row: Suggestion,
    key: str,
    source: FromPerson | FromFeed,
    fresh: set[str],
    heard: set[voices.Brought],
    now: datetime,
) -> Taken:
    """What became of a link. `fresh` are the rows, `heard` the voices that were written just now; each counts once."""
    if row.state == SuggestionState.REJECTED:
        return Taken(TakenAs.REJECTED_BEFORE, row)
    brought = (row.id, source.person_id, None) if isinstance(source, FromPerson) else (row.id, None, source.id)
    is_new, voice_is_new = key in fresh, brought in heard
    fresh.discard(key)
    heard.discard(brought)
    if not row.is_waiting:  # withdrawn, closed, or approved and no longer in the catalog: it waits again
        suggestions.reopen(row, now)
        is_new = True
    if is_new:
        if isinstance(source, FromPerson):  # a feed may bring fifty at once; those are told in the summary
            await rooms.show(session, row.id, now)
        return Taken(TakenAs.NEW, row)
    if voice_is_new:
        await shown_cards.refresh(session, row.id, now)
    return Taken(TakenAs.SECOND_VOICE if voice_is_new else TakenAs.ALREADY_YOURS, row)


def find_in_catalog(catalog: Catalog, address: str) -> str | None:
    """The id of the entry at a canonical address."""
    return _by_address(catalog).get(address)


def address_key(address: str) -> str:
    """A canonical address as the key of its row."""
    return blake2b(address.encode(), digest_size=16).hexdigest()


def _voice(suggestion_id: int, new: New, url: str) -> dict[str, Any]:
    """Who brought it, as a row."""
    known = {"suggestion_id": suggestion_id, "url": url, "why": clean(new.why, WHY)}
    if isinstance(new.source, FromPerson):
        return {**known, "person_id": new.source.person_id, "feed": None, "name": ""}
    return {**known, "person_id": None, "feed": new.source.id, "name": clean(new.source.title, TITLE)}


def clean(words: str, most: int) -> str:
    """Words in one line, without characters that cannot be seen, cut at `most`."""
    if not words.isprintable():  # most are, and to look at each letter takes a while
        words = "".join(letter if letter.isprintable() else " " for letter in words)
    return shorten(" ".join(words.split()), most)


def _facts(new: New) -> dict[str, Any]:
    facts = dict(new.facts)
    if title := clean(new.title, TITLE):
        facts["title"] = title
    return facts


def _with_scheme(url: str) -> str:
    return url if "://" in url[:12] else f"https://{url.removeprefix('//')}"


def _by_address(catalog: Catalog) -> dict[str, str]:
    """The entries by canonical address, worked out once for a catalog."""
    global _known
    if _known is None or _known[0] is not catalog:
        addresses = {}
        for entry in reversed(catalog.resources):
            if address := _address_of(entry.url):
                addresses[address] = entry.id
        _known = (catalog, addresses)
    return _known[1]


_known: tuple[Catalog, dict[str, str]] | None = None


@lru_cache(maxsize=20_000)
def _address_of(url: str) -> str | None:
    try:
        return canonical(url)
    except AddressError:
        return None
