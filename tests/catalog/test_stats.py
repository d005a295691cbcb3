"""Counting a catalog: a link that a list has twice is one resource and two occurrences."""

from bot.catalog.entry import Catalog
from bot.catalog.stats import ListCount, catalog_stats, write_stats

BASICS = {"language": "en", "topic": "nlp", "kind": "video"}
STATS = catalog_stats(
    Catalog.model_validate(
        {
            "version": 1,
            "lists": [{"id": name, "title": name} for name in ("trail", "notes", "empty")],
            "topics": [{"id": "nlp", "name": "NLP"}, {"id": "llms", "name": "LLMs"}],
            "resources": [
                {"id": "a", "title": "A", "url": "https://example.org/a", **BASICS, "core": True}
                | {"lists": {"trail": [{"at": "One"}, {"at": "Two"}], "notes": {"at": "Three"}}},
                {"id": "b", "title": "B", "url": "https://example.org/b", **BASICS, "lists": {"trail": {"at": "One"}}},
                {
                    "id": "c",
                    "title": "C",
                    "url": "https://example.org/c",
                    **BASICS,
                    "kind": "profile",
                    "language": "pt",
                },
            ],
        }
    )
)


def test_resources_and_occurrences_are_counted_by_list():
    assert STATS.by_list == {"trail": ListCount(2, 3), "notes": ListCount(1, 1), "empty": ListCount(0, 0)}
    assert (STATS.resources, STATS.core, STATS.occurrences) == (3, 1, 4)


def test_topics_keep_the_order_of_the_file_and_words_go_by_frequency():
    assert STATS.by_topic == {"nlp": 3, "llms": 0}
    assert list(STATS.by_kind.items()) == [("video", 2), ("profile", 1)]
    assert list(STATS.by_language.items()) == [("en", 2), ("pt", 1)]
    assert list(STATS.by_use.items()) == [("dose", 2), ("follow", 1)]


def test_the_table_sets_numbers_flush_right():
    table = write_stats(STATS)
    assert "list   resources  occurrences\ntrail          2            3\nnotes          1            1\n" in table
    assert "\n\nkind\nvideo    2\nprofile  1\n\n" in table
