"""Which items of a feed are news: each is known again by its id, its link, or its title and date.

Feeds lie about ids: they give one to many articles, or a new one to all of them at once, or none. So an id or a link counts only in a
feed where no two articles share one (once seen, for ever), and when all ids change while the links or titles stay, that is one event.
Edited titles and dates are no news.

    the document ─▶ traits ─▶ against what is known ─▶ News(new, held_back)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b

from bot.catalog.address import AddressError, canonical
from bot.feeds.item import Item

FIRST = 3
"""How many of a feed's items are news when it is read for the first time."""
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Traits:
    """What an item is known by, as digests: its id, its link, its title, and title with date."""

    id: str | None
    link: str | None
    title: str | None
    dated: str


@dataclass(frozen=True, slots=True)
class Habits:
    """What a feed was once seen to do: give one id, or one link, to different articles."""

    ids_repeat: bool = False
    links_repeat: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What to make of a document. `new` is oldest first; `held_back` is unknown too, but not for the curators' attention."""

    new: tuple[Item, ...]
    held_back: tuple[Item, ...]
    habits: Habits
    renewed: bool = False


def find_news(items: Sequence[Item], known: Iterable[Traits], habits: Habits, site: str | None, *, first: bool) -> News:
    """Sort the items of a document into known and news."""
    traits = {item: traits_of(item, site) for item in items}
    habits = _watch(traits, habits)
    memory = _Memory(known, habits)
    unknown: list[Item] = []
    there = {traits[item].dated for item in items}
    for item in dict.fromkeys(items):
        if not memory.knows(traits[item], there):
            unknown.append(item)
            memory.add(traits[item])  # what stands twice in the document is one
    renewed = not first and _all_ids_changed(items, traits, memory, unknown, habits)
    if renewed:
        unknown = [item for item in unknown if traits[item].title not in memory.old_titles]
    unknown = newest_first(unknown)
    most = FIRST if first else 1 if renewed else len(unknown)
    return News(tuple(reversed(unknown[:most])), tuple(unknown[most:]), habits, renewed)


def traits_of(item: Item, site: str | None) -> Traits:
    """What an item is known by. The front page of a site is the link of no article."""
    title = " ".join(item.title.casefold().split())
    when = f"{item.published:%Y-%m-%dT%H:%M}" if item.published else ""
    link = _address(item.link)
    if link is not None and (link == _address(site) or _is_front_page(link)):
        link = None
    return Traits(
        id=_digest(item.id) if item.id else None,
        link=_digest(link) if link else None,
        title=_digest(title) if title else None,
        dated=_digest("\n".join((title, when, *_more(item, bool(title and when))))),
    )


def _more(item: Item, says_enough: bool) -> tuple[str, ...]:
    """What tells two items apart where title and date do not."""
    if says_enough and (item.id or item.link):
        return ()
    return (item.id or "", item.link or "", item.summary)


def key_of(traits: Traits, habits: Habits) -> str:
    """The one trait that names the item in its feed."""
    if traits.id and not habits.ids_repeat:
        return f"id:{traits.id}"
    if traits.link and not habits.links_repeat:
        return f"link:{traits.link}"
    return f"text:{traits.dated}"


def newest_first(items: Iterable[Item]) -> list[Item]:
    """The newest first; those without a date come last, in the order in which the feed has them."""
    return sorted(items, key=lambda item: item.published or LONG_AGO, reverse=True)


class _Memory:
    """What a feed published before, by every trait that counts in it."""

    def __init__(self, known: Iterable[Traits], habits: Habits) -> None:
        self._habits = habits
        self._ids: set[str] = set()
        self._links: set[str] = set()
        self._dated: set[str] = set()
        self._dated_by_title: dict[str, set[str]] = defaultdict(set)
        for traits in known:
            self.add(traits)
        self.old_ids = frozenset(self._ids)
        self.old_titles = frozenset(self._dated_by_title)
        self._old_dated = frozenset(self._dated)

    def add(self, traits: Traits) -> None:
        if traits.id:
            self._ids.add(traits.id)
        if traits.link:
            self._links.add(traits.link)
        self._dated.add(traits.dated)
        if traits.title:
            self._dated_by_title[traits.title].add(traits.dated)

    def knows(self, traits: Traits, there: set[str]) -> bool:
        """`there` are the title-and-date digests of the whole document."""
        by_id = traits.id if not self._habits.ids_repeat else None
        by_link = traits.link if not self._habits.links_repeat else None
        if by_id in self._ids or by_link in self._links or traits.dated in self._dated:
            return True
        if by_id or by_link or not traits.title:
            return False
        # only a title left: the same one with another date is an edit, unless the earlier one still stands beside it
        earlier = self._dated_by_title.get(traits.title, set()) & self._old_dated
        return bool(earlier - there)


def _all_ids_changed(
    items: Sequence[Item], traits: dict[Item, Traits], memory: _Memory, unknown: Sequence[Item], habits: Habits
) -> bool:
    """No id of the document is known, and yet half of its items are, by link or title: the feed was renewed."""
    ids = {traits[item].id for item in items} - {None}
    if habits.ids_repeat or len(ids) < 2 or not memory.old_ids or ids & memory.old_ids:
        return False
    strange = [item for item in unknown if traits[item].title not in memory.old_titles]
    return len(strange) * 2 <= len(items)


def _watch(traits: dict[Item, Traits], habits: Habits) -> Habits:
    """Look whether articles that differ share an id or a link."""
    links_of_id: dict[str, set[str]] = defaultdict(set)
    ids_of_link: dict[str, set[str]] = defaultdict(set)
    for one in traits.values():
        if one.id:
            links_of_id[one.id].add(one.link or one.dated)
        if one.link:
            ids_of_link[one.link].add(one.id or one.dated)
    ids_repeat = habits.ids_repeat or any(len(links) > 1 for links in links_of_id.values())
    return replace(
        habits,
        ids_repeat=ids_repeat,
        links_repeat=habits.links_repeat or (not ids_repeat and any(len(ids) > 1 for ids in ids_of_link.values())),
    )


def _is_front_page(link: str) -> bool:
    """`https://example.org`: a canonical address ends with its host only there."""
    return "/" not in link.removeprefix("https://").rstrip("/") and "?" not in link


@lru_cache(maxsize=10_000)
def _address(link: str | None) -> str | None:
    try:
        return canonical(link) if link else None
    except AddressError:
        return None


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
