"""What a catalog must hold beyond its form. Each test changes one thing in a catalog that has nothing wrong."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalog.check import LARGEST_CORE, check_catalog
from bot.catalog.entry import Catalog


def both(words: str) -> dict[str, str]:
    return {"en": f"{words} here.", "pt": f"{words} aqui."}


def resource(entry_id: str, **fields: Any) -> dict[str, Any]:
    basics = {"id": entry_id, "title": entry_id, "url": f"https://example.org/{entry_id}", "topic": "basics"}
    return {**basics, "kind": "article", "language": "en", **fields}


def trail(*stops: Any, **fields: Any) -> dict[str, Any]:
    return {"id": "all", "name": "All", "about": both("All of it"), "topics": list(stops), **fields}


GOOD: dict[str, Any] = {
    "version": 1,
    "lists": [{"id": "notes", "title": "Notes"}],
    "topics": [{"id": "basics", "name": "Basics"}, {"id": "models", "name": "Models", "after": ["basics"]}],
    "trails": [trail("basics", "models")],
    "resources": [
        resource("first", core=True, lists={"notes": {"at": "Top"}}),
        resource("second", topic="models", core=True, see_also=["first"]),
    ],
    "checklists": [
        {"id": "steps", "name": "Steps", "topic": "basics", "steps": [{"id": "one", **both("Begin")}]},
    ],
    "tips": [{"id": "rest", "text": both("Rest well"), "topic": "basics"}],
    "feeds": [{"url": "https://example.org/feed", "title": "Feed", "topic": "models"}],
}


def found(severity: str, **sections: Any) -> list[tuple[str, str]]:
    catalog = Catalog.model_validate(copy.deepcopy(GOOD) | sections)
    problems = check_catalog(catalog)
    return [(problem.path, problem.text) for problem in problems if problem.severity == severity]


def errors(**sections: Any) -> list[tuple[str, str]]:
    return found("error", **sections)


def warnings(**sections: Any) -> list[tuple[str, str]]:
    return found("warning", **sections)


def with_resource(**fields: Any) -> list[dict[str, Any]]:
    return [*GOOD["resources"], resource("third", **fields)]


def test_a_good_catalog_hears_nothing():
    assert errors() == warnings() == []


# --- references


@pytest.mark.parametrize(
    ("path", "sections"),
    [
        ("topics.late.after", {"topics": [*GOOD["topics"], {"id": "late", "name": "Late", "after": ["gone"]}]}),
        ("trails.all.topics.gone", {"trails": [trail("basics", "models", "gone")]}),
        ("resources.third.topic", {"resources": with_resource(topic="gone")}),
        (
            "checklists.c.topic",
            {"checklists": [{"id": "c", "name": "C", "topic": "gone", "steps": [{"id": "a", **both("A")}]}]},
        ),
        ("tips.t.topic", {"tips": [{"id": "t", "text": both("Rest"), "topic": "gone"}]}),
        ("feeds[0].topic", {"feeds": [{"url": "https://example.org/feed", "title": "Feed", "topic": "gone"}]}),
    ],
)
def test_a_topic_that_is_not_there_is_named(path, sections):
    assert errors(**sections) == [(path, "there is no topic “gone”")]


@pytest.mark.parametrize(
    ("path", "sections"),
    [
        ("resources.third.lists", {"resources": with_resource(lists={"gone": {"at": "Top"}})}),
        ("trails.all.topics.models.lists", {"trails": [trail("basics", {"id": "models", "lists": ["gone"]})]}),
        ("tips.t.lists", {"tips": [{"id": "t", "text": both("Rest"), "lists": {"gone": {"at": "Top"}}}]}),
        (
            "topics.basics.unlinked[0].lists",
            {
                "topics": [
                    {
                        "id": "basics",
                        "name": "B",
                        "unlinked": [{"en": "DVC", "pt": "DVC", "lists": {"gone": {"at": "Top"}}}],
                    },
                    GOOD["topics"][1],
                ]
            },
        ),
    ],
)
def test_a_list_that_is_not_there_is_named(path, sections):
    assert errors(**sections) == [(path, "there is no list “gone”")]


def test_a_resource_that_is_not_there_is_named_with_the_nearest_one():
    assert errors(resources=with_resource(see_also=["frist"])) == [
        ("resources.third.see_also", "there is no resource “frist”; did you mean “first”?")
    ]
    steps = [{"id": "one", **both("Begin"), "see_also": ["zzz"]}]
    assert errors(checklists=[{"id": "steps", "name": "Steps", "steps": steps}]) == [
        ("checklists.steps.steps.one.see_also", "there is no resource “zzz”")
    ]


def test_an_entry_does_not_point_to_itself():
    assert errors(resources=with_resource(see_also=["third"])) == [
        ("resources.third.see_also", "an entry cannot point to itself")
    ]


# --- things given twice


@pytest.mark.parametrize("section", ["lists", "topics", "trails", "resources", "checklists", "tips"])
def test_an_id_is_given_once_in_its_section(section):
    again = [*GOOD[section], GOOD[section][0]]
    name = GOOD[section][0]["id"]
    assert (f"{section}.{name}", f"“{name}” is given twice") in errors(**{section: again})


def test_the_same_id_in_two_sections_is_fine():
    assert errors(tips=[{"id": "basics", "text": both("Rest")}]) == []


def test_a_topic_is_one_stop_of_a_trail():
    assert errors(trails=[trail("basics", "models", "basics")]) == [
        ("trails.all.topics.basics", "“basics” is given twice")
    ]


def test_a_step_is_given_once():
    steps = [{"id": "one", **both("Begin")}, {"id": "one", **both("Again")}]
    assert errors(checklists=[{"id": "steps", "name": "Steps", "steps": steps}]) == [
        ("checklists.steps.steps.one", "“one” is given twice")
    ]


@pytest.mark.parametrize("url", ["http://www.example.org/first/", "https://example.org/first?utm_source=share"])
def test_two_addresses_of_one_page_are_one_entry(url):
    assert errors(resources=with_resource(url=url)) == [("resources.third.url", "the same address is “first”")]


def test_a_feed_is_followed_once():
    feeds = [*GOOD["feeds"], {"url": "http://example.org/feed/", "title": "Again", "topic": "basics"}]
    assert errors(feeds=feeds) == [("feeds[1].url", "the same address is “Feed”")]


def test_both_lines_are_told_where_lines_are_known():
    catalog = Catalog.model_validate(GOOD | {"resources": with_resource(url="https://example.org/first")})
    [problem] = check_catalog(catalog, lambda path: 10 * (int(path[1]) + 1))
    assert (problem.line, problem.text) == (30, "the same address is “first” on line 10")


# --- prerequisites


def topics_after(edges: dict[int, list[int]]) -> list[dict[str, Any]]:
    return [
        {"id": f"t{topic}", "name": "T", "after": [f"t{before}" for before in after]} for topic, after in edges.items()
    ]


def circles(edges: dict[int, list[int]]) -> list[str]:
    catalog = Catalog.model_validate({"version": 1, "topics": topics_after(edges)})
    said = [problem.text for problem in check_catalog(catalog) if problem.severity == "error"]
    return [text.removeprefix("these topics wait for each other: ") for text in said]


def test_topics_that_wait_for_each_other_are_all_named():
    assert circles({0: [1], 1: [2], 2: [0], 3: [0]}) == ["t0 → t1 → t2 → t0"]
    assert circles({0: [0]}) == ["t0 → t0"]


def test_every_circle_is_told():
    assert sorted(circles({0: [1], 1: [0], 2: [3], 3: [2]})) == ["t0 → t1 → t0", "t2 → t3 → t2"]


@given(st.data())
def test_a_circle_is_found_where_there_is_one_and_only_there(data):
    size = data.draw(st.integers(2, 8))
    edges = {
        topic: data.draw(st.lists(st.integers(0, topic - 1), unique=True)) if topic else [] for topic in range(size)
    }
    assert circles(edges) == []
    last = data.draw(st.integers(1, size - 1))
    for topic in range(1, last + 1):
        edges[topic] = sorted({*edges[topic], topic - 1})
    edges[0] = [last]
    assert circles(edges)


# --- core, estimates


def test_a_core_has_eight_entries_at_most():
    full = [resource(f"r{number}", core=True) for number in range(LARGEST_CORE)]
    rest = GOOD["resources"][1:]
    tips = {"checklists": [], "tips": []}
    assert errors(resources=[*full, resource("first"), *rest], **tips) == []
    assert errors(resources=[*full, resource("first", core=True), *rest], **tips) == [
        ("resources.first.core", "this is core entry number 9 of the topic “basics”; 8 are the most")
    ]


def test_a_core_entry_is_given_as_a_dose():
    [(path, text)] = errors(resources=with_resource(kind="docs", core=True))
    assert path == "resources.third.core"
    assert "“reference”" in text
    assert errors(resources=with_resource(kind="docs", core=True, use="dose")) == []


def test_what_is_called_an_estimate_is_given():
    assert errors(resources=with_resource(estimated=["minutes"])) == [
        ("resources.third.estimated", "“minutes” is called an estimate but not given")
    ]
    assert errors(resources=with_resource(estimated=["minutes"], minutes=5)) == []


# --- warnings


def test_a_topic_in_no_trail_is_a_warning():
    assert warnings(trails=[trail("basics")]) == [("topics.models", "no trail leads here")]


def test_a_topic_without_a_core_is_a_warning():
    only = [GOOD["resources"][0], resource("second", topic="models")]
    assert warnings(resources=only) == [
        ("topics.models", "the topic has no core entry, so it is passed before it begins")
    ]


def test_a_topic_and_a_trail_with_nothing_to_give_are_warnings():
    follow = [resource("first", kind="profile")]
    assert warnings(resources=follow) == [
        ("topics.basics", "the topic has nothing to give as a dose"),
        ("topics.models", "the topic has nothing to give as a dose"),
        ("trails.all", "the trail runs dry: it has nothing to give as a dose"),
    ]


def test_a_stop_that_narrows_its_core_away_is_a_warning():
    lists = [*GOOD["lists"], {"id": "other", "title": "Other"}]
    assert warnings(lists=lists, trails=[trail({"id": "basics", "lists": ["other"]}, "models")]) == [
        ("trails.all.topics.basics", "narrowed to other, the topic has no core entry left")
    ]
    assert warnings(lists=lists, trails=[trail({"id": "basics", "lists": ["other", "notes"]}, "models")]) == []


def test_a_trail_that_puts_a_topic_before_its_prerequisite_is_a_warning():
    assert warnings(trails=[trail("models", "basics")]) == [
        ("trails.all.topics.models", "“basics” should come first, but comes later on this trail")
    ]


def test_a_prerequisite_outside_the_trail_does_not_count():
    assert warnings(trails=[trail("models"), trail("basics", id="other")]) == []


def test_a_sentence_that_was_not_translated_is_a_warning_and_a_term_is_not():
    same = {"en": "Rest well tonight.", "pt": "Rest well tonight."}
    assert warnings(tips=[{"id": "rest", "text": same}]) == [
        ("tips.rest.text", "the English and the Portuguese are the same")
    ]
    assert warnings(tips=[{"id": "rest", "text": {"en": "Python", "pt": "Python"}}]) == []
    noted = with_resource(lists={"notes": {"at": "Top", "note": same}})
    assert [path for path, _ in warnings(resources=noted)] == ["resources.third.lists.notes.note"]


def test_two_languages_in_each_others_place_are_a_warning():
    swapped = {"en": "O que fazer com os dados", "pt": "What to do with the data"}
    assert warnings(tips=[{"id": "rest", "text": swapped}]) == [
        ("tips.rest.text", "the English and the Portuguese look swapped")
    ]


@pytest.mark.parametrize(
    ("field", "fields", "said"),
    [
        ("title", {"title": "ViT exemplo com dados"}, "the title is Portuguese"),
        ("title", {"title": "How to read the news in the wild", "language": "pt"}, "the title is English"),
        ("title", {"title": "A thing - "}, "is not written as a title"),
        ("title", {"title": "see https://example.org"}, "is not written as a title"),
        ("title", {"title": "**Bold** claims"}, "is not written as a title"),
        ("title", {"title": "Second", "topic": "models"}, "“second” has the same title, kind and author"),
        ("url", {"url": "https://example.org/a?utm_source=x&page=2&fbclid=y"}, "utm_source, fbclid: says only"),
        ("minutes", {"minutes": 900}, "900 minutes are much for one article"),
        ("minutes", {"minutes": 6, "kind": "course"}, "6 minutes are little for one course; are they hours?"),
    ],
)
def test_what_looks_like_a_slip_is_a_warning(field: str, fields: dict[str, Any], said: str):
    ((path, text),) = warnings(resources=with_resource(**fields))
    assert path == f"resources.third.{field}"
    assert said in text


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "The Magic of No Dropout"},
        {"title": "Research for Health", "language": "pt"},
        {"title": "Como é o trabalho?", "language": "pt"},
        {"title": "Second", "kind": "video"},
        {"title": "Second", "see_also": ["second"]},
        {"title": "Second", "author": "Somebody else"},
        {"title": "What is this?"},
        {"title": "C++ (again)"},
        {"title": ".NET for data"},
        {"minutes": 900, "kind": "course"},
        {"minutes": 900, "days": 10, "kind": "notebook"},
        {"url": "https://github.com/a/b?ref=main"},
    ],
)
def test_what_is_only_unusual_is_none(fields: dict[str, Any]):
    assert warnings(resources=with_resource(**fields)) == []
