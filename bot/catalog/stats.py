"""Counts of a catalog: by list, topic, kind, language and use, as numbers and as a plain table."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.catalog.entry import Catalog


@dataclass(frozen=True, slots=True)
class ListCount:
    """How much of a catalog came from one list: distinct resources, and places in the list that link to them."""

    resources: int
    occurrences: int


@dataclass(frozen=True, slots=True)
class CatalogStats:
    """What a catalog holds. Every mapping is in the order of the file or, for fixed words, the most frequent first."""

    resources: int
    core: int
    occurrences: int
    sections: Mapping[str, int]
    by_list: Mapping[str, ListCount]
    by_topic: Mapping[str, int]
    by_kind: Mapping[str, int]
    by_language: Mapping[str, int]
    by_use: Mapping[str, int]


def catalog_stats(catalog: Catalog) -> CatalogStats:
    """Count a catalog. A link that one list has in three places is one resource and three occurrences."""
    by_list = {entry.id: _count_list(catalog, entry.id) for entry in catalog.lists}
    sections = ("lists", "topics", "trails", "checklists", "tips", "feeds")
    return CatalogStats(
        resources=len(catalog.resources),
        core=sum(entry.core for entry in catalog.resources),
        occurrences=sum(count.occurrences for count in by_list.values()),
        sections={section: len(getattr(catalog, section)) for section in sections},
        by_list=by_list,
        by_topic={topic.id: len(catalog.of_topic(topic.id)) for topic in catalog.topics},
        by_kind=_count_words(entry.kind.value for entry in catalog.resources),
        by_language=_count_words(entry.language.value for entry in catalog.resources),
        by_use=_count_words(entry.use.value for entry in catalog.resources),
    )


def write_stats(stats: CatalogStats) -> str:
    """Return the counts as a table in plain text, one block for each way of counting."""
    totals = {"resources": stats.resources, "in the core": stats.core, "occurrences": stats.occurrences}
    blocks = [
        _write_block("catalog", {**totals, **stats.sections}),
        _write_lists(stats.by_list),
        _write_block("topic", stats.by_topic),
        _write_block("kind", stats.by_kind),
        _write_block("language", stats.by_language),
        _write_block("use", stats.by_use),
    ]
    return "\n\n".join(blocks) + "\n"


def _count_list(catalog: Catalog, list_id: str) -> ListCount:
    places = [len(entry.lists[list_id]) for entry in catalog.resources if list_id in entry.lists]
    return ListCount(resources=len(places), occurrences=sum(places))


def _count_words(words: Iterable[str]) -> dict[str, int]:
    """Count words, the most frequent first, words of the same count by the alphabet."""
    return dict(sorted(Counter(words).items(), key=lambda item: (-item[1], item[0])))


def _write_block(title: str, counts: Mapping[str, int]) -> str:
    return _write_rows((title, ""), [(name, str(count)) for name, count in counts.items()])


def _write_lists(counts: Mapping[str, ListCount]) -> str:
    rows = [(name, str(count.resources), str(count.occurrences)) for name, count in counts.items()]
    return _write_rows(("list", "resources", "occurrences"), rows)


def _write_rows(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Set rows in columns, the first flush left and the others flush right."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = []
    for first, *others in [head, *rows]:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
