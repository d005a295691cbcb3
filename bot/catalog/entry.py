"""What a catalog consists of: lists, topics, trails, resources, checklists, tips, feeds (design, section 4).

Every class is a frozen model that refuses unknown keys. `Catalog`, at the end, is the whole file with its lookups.
The fixed words (kinds, uses, marks, languages) and what each kind implies are in `kinds.py`; what fields are made of
(ids, addresses, words in two languages) is in `fields.py`.
"""

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from bot.catalog.fields import (
    Bilingual,
    Count,
    Entry,
    Flag,
    Id,
    ListPlace,
    Mention,
    MentionedTerm,
    Places,
    Term,
    Title,
    Url,
)
from bot.catalog.kinds import KINDS, Kind, KindFacts, Language, Manner, Mark, Use

if TYPE_CHECKING:
    from bot.catalog.search import Index

__all__ = [
    "Bilingual",
    "Catalog",
    "Checklist",
    "CuratedList",
    "Entry",
    "Estimate",
    "Feed",
    "Kind",
    "Language",
    "ListPlace",
    "Manner",
    "Mark",
    "Mention",
    "Order",
    "Places",
    "Recall",
    "Resource",
    "Step",
    "Tip",
    "Topic",
    "Trail",
    "TrailTopic",
    "Use",
]

Order = Literal["file", "published"]
Estimate = Literal["minutes", "difficulty", "days"]
DATE = r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"


def _topic_or_id(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


def _year_as_text(value: Any) -> Any:
    return str(value) if type(value) is int else value


def _facts(data: dict[str, Any]) -> KindFacts:
    return KINDS[data["kind"]]


Year = Annotated[int, Field(ge=1000, le=2999)]
DateText = Annotated[str, StringConstraints(pattern=DATE)]
Published = Annotated[DateText, BeforeValidator(_year_as_text, json_schema_input_type=DateText | Year)]


class CuratedList(Entry):
    """A list this catalog started from, with the credit it is due."""

    id: Id
    title: Title
    keeper: Title | None = None
    """Who keeps the list."""
    source: Title | None = None
    """Where the list lives, such as `github.com/someone/list`."""
    file: Title | None = None
    """The name of the file the list was read from."""
    language: Language | None = None
    about: Bilingual | None = None


class Topic(Entry):
    """A subject, small enough to be passed and large enough to be named on a map."""

    id: Id
    name: Term
    about: Bilingual | None = None
    after: tuple[Id, ...] = ()
    """Prerequisites: topics that come first. Those outside the person's trail do not count."""
    concepts: tuple[MentionedTerm, ...] = ()
    """What to look up, from the lists; the small thing of a dose."""
    questions: tuple[Mention, ...] = ()
    """Questions a list asks about the topic."""
    unlinked: tuple[MentionedTerm, ...] = ()
    """Tools, channels and works that a list names without a link."""


class TrailTopic(Entry):
    """A topic as one stop of a trail."""

    id: Id
    lists: tuple[Id, ...] = ()
    """Take only what these lists have (and what came from no list at all). Empty: everything."""
    order: Order = "file"
    """`file`: as the entries stand in the file. `published`: oldest first, entries without a date last."""


class Trail(Entry):
    """An ordered way through topics, from the general to the specific."""

    id: Id
    name: Term
    about: Bilingual
    topics: tuple[Annotated[TrailTopic, BeforeValidator(_topic_or_id, json_schema_input_type=Id | TrailTopic)], ...] = (
        Field(min_length=1)
    )


class Recall(Entry):
    """A question that brings a resource back, with its answer."""

    q: Bilingual
    a: Bilingual


class Resource(Entry):
    """One link with everything we know about it. What no list states is guessed from the kind and says so."""

    id: Id
    """Stable for ever: people's progress points to it."""
    title: Title
    url: Url
    topic: Id
    kind: Kind
    use: Use = Field(default_factory=lambda data: _facts(data).use)
    """As a dose, to follow, or as a reference. By kind unless said."""
    core: Flag = False
    """One of the at most eight entries that make up the topic."""
    language: Language
    author: Title | None = None
    published: Published | None = None
    """A year, a month or a day: `2017`, `2017-12`, `2017-12-06`."""
    level: Mark | None = None
    """Only where a list marks it."""
    difficulty: Count = Field(default_factory=lambda data: _facts(data).difficulty, le=3)
    """1 easy, 2 middling, 3 hard. By kind unless said."""
    minutes: Count = Field(default_factory=lambda data: _facts(data).minutes, le=60_000)
    """For the whole thing. By kind unless said."""
    estimated: tuple[Estimate, ...] = ()
    """Which of the values above were estimated because no list states them."""
    days: Count | None = Field(default=None, le=366)
    """Only where a list recommends a number of days."""
    practice: Flag = Field(default_factory=lambda data: _facts(data).manner is Manner.BUILD)
    """Whether one builds something. By kind unless said."""
    free: Flag | None = None
    """Only where known."""
    parts: tuple[Term, ...] = ()
    """Chapters or points a list names, in order."""
    see_also: tuple[Id, ...] = ()
    """The same work at another address."""
    recall: tuple[Recall, ...] = ()
    note: Bilingual | None = None
    """In our own words, only what a list says or what is common knowledge."""
    lists: Places = Field(default_factory=dict)
    """By list id: where that list has the link. Empty for what people and feeds brought."""

    @property
    def manner(self) -> Manner:
        """What one does with it: build if it is practice, else watch or read, by kind."""
        if self.practice:
            return Manner.BUILD
        manner = KINDS[self.kind].manner
        return Manner.READ if manner is Manner.BUILD else manner

    @property
    def is_long(self) -> bool:
        """Whether it runs over several days: by kind, or because a list recommends days for it."""
        return self.days is not None or KINDS[self.kind].long

    def is_estimate(self, field: Estimate) -> bool:
        """Whether a value is our guess: named in `estimated`, or left to the table of kinds."""
        return field in self.estimated or field not in self.model_fields_set

    def is_in(self, lists: tuple[str, ...]) -> bool:
        """Whether a trail narrowed to these lists takes the entry.

        An empty tuple takes everything. What came from no list at all passes every narrowing: else a link that
        people suggested would never be seen on a narrowed trail.
        """
        return not lists or not self.lists or any(name in self.lists for name in lists)


class Step(Bilingual):
    """One step of a checklist."""

    id: Id
    """Stable for ever, unique in its checklist: people's ticks point to it."""
    see_also: tuple[Id, ...] = ()
    """Resources that show how."""


class Checklist(Entry):
    """Steps to tick off, in order."""

    id: Id
    name: Term
    about: Bilingual | None = None
    topic: Id | None = None
    steps: tuple[Step, ...] = Field(min_length=1)
    lists: Places = Field(default_factory=dict)


class Tip(Entry):
    """One rule of the study method."""

    id: Id
    text: Bilingual
    topic: Id | None = None
    lists: Places = Field(default_factory=dict)


class Feed(Entry):
    """A feed whose items wait in the queue for a curator."""

    url: Url
    title: Title
    topic: Id
    minutes: Count | None = Field(default=None, le=600)
    """How long an item usually takes."""
    kind: Kind | None = None
    """What its items usually are."""
    language: Language | None = None


class Catalog(Entry):
    """The whole file, with lookups that are computed once.

    A lookup by id gives None for an id that the file does not (or no longer) have: progress outlives entries.
    """

    version: Literal[1]
    lists: tuple[CuratedList, ...] = ()
    topics: tuple[Topic, ...] = ()
    trails: tuple[Trail, ...] = ()
    resources: tuple[Resource, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    tips: tuple[Tip, ...] = ()
    feeds: tuple[Feed, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _empty_sections_are_none(cls, data: Any) -> Any:
        """Take `feeds:` with nothing below it as an empty section, as people leave it while writing."""
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return data

    def __copy__(self) -> "Catalog":
        """Copy the fields only, so that `model_copy(update=…)` starts with fresh lookups."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Catalog.model_construct(_fields_set=self.model_fields_set.copy(), **fields)

    def resource(self, resource_id: str) -> Resource | None:
        """Return the resource with this id."""
        return self._resources_by_id.get(resource_id)

    def topic(self, topic_id: str) -> Topic | None:
        """Return the topic with this id."""
        return self._topics_by_id.get(topic_id)

    def trail(self, trail_id: str) -> Trail | None:
        """Return the trail with this id."""
        return self._trails_by_id.get(trail_id)

    def of_topic(self, topic_id: str, lists: tuple[str, ...] = (), order: Order = "file") -> tuple[Resource, ...]:
        """Return a topic's resources of every use, narrowed to lists and ordered as a trail's stop asks."""
        entries = self._resources_by_topic.get(topic_id, ())
        if lists:
            entries = tuple(entry for entry in entries if entry.is_in(lists))
        if order == "published":
            entries = tuple(sorted(entries, key=lambda entry: entry.published or "9999"))
        return entries

    def of_use(self, use: Use) -> tuple[Resource, ...]:
        """Return all resources of a use, as they stand in the file."""
        return self._resources_by_use.get(use, ())

    def core_of(self, topic_id: str, lists: tuple[str, ...] = (), order: Order = "file") -> tuple[Resource, ...]:
        """Return the entries that make up a topic: it is passed when these are done, known, skipped or shelved."""
        return tuple(entry for entry in self.of_topic(topic_id, lists, order) if entry.core)

    def trail_entries(self, trail: Trail) -> tuple[Resource, ...]:
        """Return all resources of a trail, topic by topic, each stop narrowed and ordered as it says."""
        return tuple(entry for stop in trail.topics for entry in self.of_topic(stop.id, stop.lists, stop.order))

    def trail_core(self, trail: Trail) -> tuple[Resource, ...]:
        """Return the core entries of a trail in order: the 141 of “23 of 141”."""
        return tuple(entry for entry in self.trail_entries(trail) if entry.core)

    @cached_property
    def index(self) -> "Index":
        """What is found by words. Built once: half a second for 10,000 entries, so before the catalog serves (`bot/live_catalog.py`)."""
        from bot.catalog.search import Index  # it is made of what this file defines

        return Index(self)

    @cached_property
    def _resources_by_id(self) -> dict[str, Resource]:
        return {entry.id: entry for entry in self.resources}

    @cached_property
    def _topics_by_id(self) -> dict[str, Topic]:
        return {topic.id: topic for topic in self.topics}

    @cached_property
    def _trails_by_id(self) -> dict[str, Trail]:
        return {trail.id: trail for trail in self.trails}

    @cached_property
    def _resources_by_topic(self) -> dict[str, tuple[Resource, ...]]:
        by_topic: dict[str, list[Resource]] = {}
        for entry in self.resources:
            by_topic.setdefault(entry.topic, []).append(entry)
        return {topic: tuple(entries) for topic, entries in by_topic.items()}

    @cached_property
    def _resources_by_use(self) -> dict[Use, tuple[Resource, ...]]:
        return {use: tuple(entry for entry in self.resources if entry.use is use) for use in Use}
