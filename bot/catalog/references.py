"""Every place in a catalog that names the id of something else."""

from collections.abc import Iterator

from bot.catalog.document import Path
from bot.catalog.entry import Catalog, Mention, Places

Reference = tuple[Path, str, str, str]
"""Where it is, by keys and by names; the section it points into; the id it points to."""


def find_references(catalog: Catalog) -> Iterator[Reference]:
    """Yield every place in the catalog that names the id of something else."""
    for index, topic in enumerate(catalog.topics):
        path, name = ("topics", index), f"topics.{topic.id}"
        yield from _each(path, name, "after", "topics", topic.after)
        for key in ("concepts", "questions", "unlinked"):
            mentions: tuple[Mention, ...] = getattr(topic, key)
            for number, mention in enumerate(mentions):
                yield from _places((*path, key, number), f"{name}.{key}[{number}]", mention.lists)
    yield from _trail_references(catalog)
    for index, entry in enumerate(catalog.resources):
        path, name = ("resources", index), f"resources.{entry.id}"
        yield (*path, "topic"), f"{name}.topic", "topics", entry.topic
        yield from _each(path, name, "see_also", "resources", entry.see_also)
        yield from _places(path, name, entry.lists)
    yield from _advice_references(catalog)
    for index, feed in enumerate(catalog.feeds):
        yield ("feeds", index, "topic"), f"feeds[{index}].topic", "topics", feed.topic


def _trail_references(catalog: Catalog) -> Iterator[Reference]:
    for index, trail in enumerate(catalog.trails):
        for number, stop in enumerate(trail.topics):
            path, name = ("trails", index, "topics", number), f"trails.{trail.id}.topics.{stop.id}"
            yield (*path, "id"), name, "topics", stop.id
            yield from _each(path, name, "lists", "lists", stop.lists)


def _advice_references(catalog: Catalog) -> Iterator[Reference]:
    for index, checklist in enumerate(catalog.checklists):
        path, name = ("checklists", index), f"checklists.{checklist.id}"
        if checklist.topic is not None:
            yield (*path, "topic"), f"{name}.topic", "topics", checklist.topic
        yield from _places(path, name, checklist.lists)
        for number, step in enumerate(checklist.steps):
            yield from _each(
                (*path, "steps", number), f"{name}.steps.{step.id}", "see_also", "resources", step.see_also
            )
    for index, tip in enumerate(catalog.tips):
        path, name = ("tips", index), f"tips.{tip.id}"
        if tip.topic is not None:
            yield (*path, "topic"), f"{name}.topic", "topics", tip.topic
        yield from _places(path, name, tip.lists)


def _each(path: Path, name: str, key: str, section: str, targets: tuple[str, ...]) -> Iterator[Reference]:
    for number, target in enumerate(targets):
        yield (*path, key, number), f"{name}.{key}", section, target


def _places(path: Path, name: str, places: Places) -> Iterator[Reference]:
    for list_id in places:
        yield (*path, "lists", list_id), f"{name}.lists", "lists", list_id
