"""The topic of an entry that is new to a catalog: the one whose name its headings carry, else that of its neighbours."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bot.catalog.entry import Catalog
from bot.catalog.markdown.report import Item
from bot.catalog.markdown.words import slug

UNSORTED = "unsorted"


class TopicFinder:
    """Finds topics by name and by neighbourhood; `new` collects those that the catalog lacks."""

    def __init__(self, catalog: Catalog) -> None:
        self.new: list[dict[str, Any]] = []
        self._ids = {topic.id for topic in catalog.topics}
        self._by_name: dict[str, str] = {}
        for topic in catalog.topics:
            for name in (topic.id, topic.name.en, topic.name.pt):
                self._by_name.setdefault(slug(name), topic.id)
        self._by_heading = _by_heading(catalog)

    def find(self, item: Item) -> tuple[str, list[str]]:
        """Return the topic of an item and what is doubtful about it."""
        if item.topic and item.topic in self._ids:
            return item.topic, []
        labels = [*item.section, *(label.rstrip(": ") for label in item.group)]
        for label in reversed(labels):
            if topic := self._by_name.get(slug(label)):
                return topic, []
        for label in reversed(labels):
            if near := self._by_heading.get(slug(label)):
                topic = near.most_common(1)[0][0]
                return topic, [f"the topic {topic} was taken from its neighbours"]
        return self._open(item.topic or (item.section[0] if item.section else UNSORTED))

    def _open(self, name: str) -> tuple[str, list[str]]:
        """Propose a new topic."""
        topic = slug(name) or UNSORTED
        if topic not in self._ids:
            self._ids.add(topic)
            self._by_name[topic] = topic
            self.new.append({"id": topic, "name": name.strip(" :") or topic})
            return topic, [f"the topic {topic} is new"]
        return topic, []


def _by_heading(catalog: Catalog) -> dict[str, Counter[str]]:
    """Return by heading which topics the entries below it have."""
    found: dict[str, Counter[str]] = {}
    for entry in catalog.resources:
        for places in entry.lists.values():
            for place in places:
                for label in place.at.split(" > "):
                    found.setdefault(slug(label), Counter())[entry.topic] += 1
    return found
