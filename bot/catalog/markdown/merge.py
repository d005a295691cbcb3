"""What a list adds to a catalog: new entries, places for entries it has already, and what a person should decide.

Nothing that a person wrote is changed: a known entry gains the list's place and fills that are empty, and where the
list says otherwise than the catalog it is only reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.catalog.address import AddressError, canonical
from bot.catalog.check import LARGEST_CORE
from bot.catalog.entry import Catalog, Resource
from bot.catalog.kinds import KINDS, Kind, Manner, Use
from bot.catalog.markdown.report import ImportReport, Item, counted
from bot.catalog.markdown.topics import TopicFinder
from bot.catalog.markdown.words import shorten, slug
from bot.catalog.naming import name_entry

LONGEST_AT = 300
FILLED = ("author", "published", "level", "minutes", "days", "free")
"""Fields that a list's word fills where the catalog has nothing."""


@dataclass(slots=True)
class NewEntry:
    """An entry that the catalog does not have: its fields as they go into the file, and remarks for the person."""

    fields: dict[str, Any]
    remarks: list[str] = field(default_factory=list)
    """What the lists say about it in their own words, to be said in ours."""
    doubts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Addition:
    """What an entry of the catalog gains: a place in a list, and fields that were empty."""

    resource_id: str
    list_id: str
    place: dict[str, Any]
    fills: dict[str, Any] = field(default_factory=dict)
    remark: str | None = None


@dataclass(slots=True)
class Proposal:
    """All that some lists propose to a catalog; nothing is done until it is written."""

    lists: list[dict[str, Any]] = field(default_factory=list)
    topics: list[dict[str, Any]] = field(default_factory=list)
    new: list[NewEntry] = field(default_factory=list)
    merged: list[Addition] = field(default_factory=list)
    known: int = 0
    """Occurrences that the catalog has already, with their list."""
    doubtful: list[str] = field(default_factory=list)
    reports: list[ImportReport] = field(default_factory=list)

    def in_words(self) -> list[str]:
        """Return the proposal in sentences: the counts, then each entry, then what is doubtful."""
        head = (
            f"{counted(len(self.new), 'new entry', 'new entries')}, {counted(len(self.merged), 'place')} for entries the catalog has, "
            f"{self.known} known already, {counted(len(self.topics), 'new topic')}, {len(self.doubtful)} doubtful"
        )
        new = [f"new: {entry.fields['id']}: {shorten(entry.fields['title'])}" for entry in self.new]
        merged = [
            f"merged: {addition.resource_id}: in {addition.list_id}"
            + "".join(f", {name} {value}" for name, value in addition.fills.items())
            for addition in self.merged
        ]
        return [head, *new, *merged, *(f"doubtful: {text}" for text in self.doubtful)]


def merge(reports: ImportReport | Sequence[ImportReport], catalog: Catalog | None = None) -> Proposal:
    """Return what lists that were read propose to a catalog (to an empty one if there is none).

    The same list read twice proposes nothing the second time. Ids of new entries are readable, unlike any the catalog
    has, and the same each time for the same lists and catalog.
    """
    merging = _Merging(catalog or Catalog(version=1))
    for report in [reports] if isinstance(reports, ImportReport) else reports:
        merging.take(report)
    return merging.proposal


class _Merging:
    """Takes lists one after the other."""

    def __init__(self, catalog: Catalog) -> None:
        self.proposal = Proposal()
        self._catalog = catalog
        self._known = dict(_by_address(catalog.resources))
        self._fresh: dict[str, NewEntry] = {}
        self._ids = {entry.id for entry in catalog.resources}
        self._titles = {slug(entry.title): entry.id for entry in catalog.resources}
        self._topics = TopicFinder(catalog)
        self._gained: dict[tuple[str, str], Addition] = {}
        self._cores = Counter(entry.topic for entry in catalog.resources if entry.core)

    def take(self, report: ImportReport) -> None:
        """Add what one list proposes."""
        list_id = self._list_id(report)
        self.proposal.reports.append(report)
        for item in report.items:
            if item.canonical in self._known:
                self._add_place(item, self._known[item.canonical], list_id)
            elif item.canonical in self._fresh:
                self._add_to_fresh(item, self._fresh[item.canonical], list_id)
            else:
                self._add_new(item, list_id)
        self.proposal.topics = self._topics.new

    def _list_id(self, report: ImportReport) -> str:
        """Return the id of the list in the catalog, found by id, file or title; write down a list that is new."""
        plain = slug(report.name.rpartition(".")[0] or report.name) or "list"
        for known in self._catalog.lists:
            if report.name in {known.id, known.file} or plain == known.id:
                return known.id
        entry = {"id": plain, "title": report.title or report.name, "file": report.name}
        if entry not in self.proposal.lists:
            self.proposal.lists.append(entry)
        return plain

    def _add_place(self, item: Item, entry: Resource, list_id: str) -> None:
        """Give an entry of the catalog its place in this list, and what it lacks."""
        self._compare(item, entry)
        if list_id in entry.lists or (entry.id, list_id) in self._gained:
            self.proposal.known += 1
            return
        fills = {name: value for name, value in _stated(item).items() if name in FILLED and not _says(entry, name)}
        addition = Addition(entry.id, list_id, _place(item), fills, item.note)
        self._gained[entry.id, list_id] = addition
        self.proposal.merged.append(addition)

    def _compare(self, item: Item, entry: Resource) -> None:
        """Report where a list states something else than the catalog."""
        for name, value in (("published", item.published), ("minutes", item.minutes), ("days", item.days)):
            if not _says(entry, name):
                continue
            own = getattr(entry, name)
            if name == "minutes" and entry.is_estimate("minutes") and value:
                self._doubt(item, f"the list says {value} minutes for {entry.id}, the catalog only estimates {own}")
            elif value and own and not str(value).startswith(str(own)) and not str(own).startswith(str(value)):
                self._doubt(item, f"the list says {name} {value} for {entry.id}, the catalog {own}")

    def _add_to_fresh(self, item: Item, entry: NewEntry, list_id: str) -> None:
        """A second list, or a second line, has an entry that is new to the catalog."""
        places = entry.fields["lists"]
        if list_id in places:
            self.proposal.known += 1
            return
        places[list_id] = _place(item)
        for name, value in _stated(item).items():
            entry.fields.setdefault(name, value)
        entry.fields["lists"] = entry.fields.pop("lists")
        entry.remarks += [item.note] if item.note and item.note not in entry.remarks else []

    def _add_new(self, item: Item, list_id: str) -> None:
        topic, doubt = self._topics.find(item)
        entry = NewEntry(self._fields(item, topic), [item.note] if item.note else [], [*item.doubts, *doubt])
        if item.core and "core" not in entry.fields:
            entry.doubts.append(f"the list stars it, but {self._why_no_core(item, topic)}")
        entry.fields["lists"] = {list_id: _place(item)}
        for text in entry.doubts:
            self._doubt(item, text)
        twin = self._titles.setdefault(slug(item.title) or item.canonical, entry.fields["id"])
        if twin != entry.fields["id"]:
            self._doubt(item, f"{entry.fields['id']} has the title of {twin} at another address: the same work?")
        self._fresh[item.canonical] = entry
        self.proposal.new.append(entry)

    def _fields(self, item: Item, topic: str) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "id": self._new_id(item),
            "title": item.title.strip(),
            "url": item.url,
            "topic": topic,
            "kind": item.kind.value,
            "language": item.language.value,
        }
        if item.core and not self._why_no_core(item, topic):
            fields["core"] = True
            self._cores[topic] += 1
        fields |= _stated(item)
        if item.practice != (KINDS[Kind(item.kind)].manner is Manner.BUILD):
            fields["practice"] = item.practice
        if item.parts:
            fields["parts"] = list(item.parts)
        return fields

    def _why_no_core(self, item: Item, topic: str) -> str | None:
        """What keeps an entry out of a topic's core."""
        if KINDS[item.kind].use is not Use.DOSE:
            return f"a {item.kind} is no dose"
        full = self._cores[topic] >= LARGEST_CORE
        return f"the topic {topic} has {LARGEST_CORE} core entries already" if full else None

    def _new_id(self, item: Item) -> str:
        """Return a readable id that nothing has yet: the title, else with the author, the site, a number."""
        candidate = name_entry(item.title, item.canonical, self._ids, (item.author, item.kind.value))
        self._ids.add(candidate)
        return candidate

    def _doubt(self, item: Item, text: str) -> None:
        self.proposal.doubtful.append(f"line {item.line}, “{shorten(item.title, 60)}”: {text}")


def _by_address(entries: Iterable[Resource]) -> Iterable[tuple[str, Resource]]:
    for entry in entries:
        try:
            yield canonical(entry.url), entry
        except AddressError:  # the catalog's check reports it; here it can only match itself
            yield entry.url, entry


def _says(entry: Resource, name: str) -> bool:
    """Whether the catalog itself has a value there, and not only the table of kinds."""
    return name in entry.model_fields_set and getattr(entry, name) is not None


def _stated(item: Item) -> dict[str, Any]:
    """Return what a list states about an entry, in the order of the schema."""
    stated = {
        "author": item.author.strip() if item.author else None,
        "published": item.published,
        "level": item.mark,
        "minutes": item.minutes,
        "days": item.days,
        "free": item.free,
    }
    return {name: _plain(value) for name, value in stated.items() if value is not None}


def _place(item: Item) -> dict[str, Any]:
    """Return where a list has an entry."""
    place: dict[str, Any] = {"at": shorten(item.place, LONGEST_AT) or "(no heading)", "line": item.line}
    if item.mark:
        place["mark"] = item.mark.value
    return place


def _plain(value: object) -> object:
    """Return a word of the schema as a plain text."""
    return getattr(value, "value", value)
